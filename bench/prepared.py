"""What a prepared look-up saves: the same rows by an ordinary queryset and by one that was compiled before."""

import os
import subprocess
import sys

from lianxin.config.embedded import temporary_server


def main() -> int:
    """Run `bench.drive.prepared` against a database of its own."""
    with temporary_server() as url:
        surroundings = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "lianxin.config.settings"}
        drive = [sys.executable, "-m", "bench.drive.prepared"]
        return subprocess.run(drive, env=os.environ | surroundings, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
