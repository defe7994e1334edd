"""Whole loops a second over HTTP (order, verify, offer, accept, start, finish, confirm, rate), and queries per page.

The real product runs on the same cores as the load: embedded PostgreSQL, fully durable, web server, job worker. First
in a small city, each deed by itself and then the desk's in bulk; then in a town of 28,000 volunteers and 100,000 orders
(`bench.city`), where a station orders for lists of people and confirms by list too. With `small` or `town` as argument,
only there.
"""

import os
import subprocess
import sys

from tests.drill.product import RunningProduct

PLACES = ("small", "town")


def main() -> int:
    """Run the product in each place, and `bench.drive.loop` against it."""
    return max(_drive(place) for place in sys.argv[1:] or PLACES)


def _drive(place: str) -> int:
    with RunningProduct() as product:
        surroundings = {
            "DATABASE_URL": product.database_url,
            "LIANXIN_VAR": str(product.var),
            "DJANGO_SETTINGS_MODULE": "lianxin.config.settings",
            "BENCH_URL": product.url,
        }
        drive = [sys.executable, "-m", "bench.drive.loop", place]
        return subprocess.run(drive, env=os.environ | surroundings, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
