"""How quickly a city is made (`bench.city`): rows a second, beside a bare COPY of the same rows into tables without
indexes. With `town` or `tiny` as argument, a smaller one.
"""

import os
import subprocess
import sys
from tempfile import TemporaryDirectory

from bench.figures import Figure, say
from lianxin.config.embedded import temporary_server


def main() -> int:
    """A server of its own, and `bench.drive.filling` in it."""
    size = sys.argv[1] if sys.argv[1:] else "city"
    with TemporaryDirectory(prefix="lianxin-bench-") as var, temporary_server() as url:
        surroundings = {"DATABASE_URL": url, "LIANXIN_VAR": var, "DJANGO_SETTINGS_MODULE": "lianxin.config.settings"}
        drive = [sys.executable, "-m", "bench.drive.filling", size]
        return subprocess.run(drive, env=os.environ | surroundings, check=False).returncode


def report(size: str, *, rows: int, filling: float, checking: float, bare: float, megabytes: float) -> None:
    """Say how long the rows took to make and write, and the indexes and constraints to stand; `bare` is COPY alone."""
    whole = filling + checking
    say(
        "filling",
        [
            Figure(f"{size}: rows", rows, "rows", "on disk", round(megabytes), "MB"),
            Figure(f"{size}: made and written", round(filling), "s", "bare COPY of the same", round(bare), "s"),
            Figure(f"{size}: indexes and constraints", round(checking), "s", "of all", round(whole), "s"),
            Figure(f"{size}: all", round(rows / whole), "rows/s", "bare COPY", round(rows / bare), "rows/s"),
        ],
    )


if __name__ == "__main__":
    sys.exit(main())
