"""How quickly a city is made (`bench.city`): rows a second, beside a bare COPY of the same rows into tables without
indexes. With `town` or `tiny` as argument, a smaller one.
"""

import sys

from bench.figures import Figure, say
from bench.standing import driven


def main() -> int:
    """A server, and `bench.drive.filling` in it; the folder `LIANXIN_BENCH_CITY`, if it is named, must be empty."""
    return driven("bench.drive.filling", *(sys.argv[1:2] or ["city"]))


def report(size: str, *, rows: int, filling: float, checking: float, bare: float, megabytes: float) -> None:
    """Say how long the rows took to make and write, and the indexes and constraints to stand; `bare` is COPY alone."""
    whole = filling + checking
    say(
        "filling",
        [
            Figure(f"{size}: rows", rows, "rows", "on disk", round(megabytes), "MB"),
            Figure(f"{size}: made and written", round(filling), "s", "bare COPY of the same", round(bare), "s"),
            Figure(f"{size}: indexes, constraints and sweeping", round(checking), "s", "of all", round(whole), "s"),
            Figure(f"{size}: all", round(rows / whole), "rows/s", "bare COPY", round(rows / bare), "rows/s"),
        ],
    )


if __name__ == "__main__":
    sys.exit(main())
