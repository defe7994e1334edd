"""Whole loops a second over HTTP (order, verify, offer, accept, start, finish, confirm, rate), and queries per page.

The real product runs on the same cores as the load: embedded PostgreSQL, fully durable, web server, job worker.
"""

import os
import subprocess
import sys

from tests.drill.product import RunningProduct


def main() -> int:
    """Run the product, and `bench.drive.loop` against it."""
    with RunningProduct() as product:
        surroundings = {
            "DATABASE_URL": product.database_url,
            "LIANXIN_VAR": str(product.var),
            "DJANGO_SETTINGS_MODULE": "lianxin.config.settings",
            "BENCH_URL": product.url,
        }
        drive = [sys.executable, "-m", "bench.drive.loop"]
        return subprocess.run(drive, env=os.environ | surroundings, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
