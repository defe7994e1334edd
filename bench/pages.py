"""Every list and search page at a city's size: queries, and milliseconds of server time (p95), beside their limits.

164,000 people and ten million rows are made first (`bench.city`); with `town` as argument, 28,000 volunteers and
100,000 orders. Time is that of the whole request in the process that serves it, the database's included; beside it
stands the processor time of both, which says more on a machine that does other things. The sessions are made before.
Each page is asked with other words, filters and pages, the last ones too. With `LIANXIN_BENCH_CITY=FOLDER` the city is
kept in that folder and is there the next time.
"""

import sys
from typing import NamedTuple

from bench.figures import Figure, say
from bench.standing import driven

LIMIT, TREE_LIMIT = 100.0, 50.0
TREE = "organisations"


def main() -> int:
    """A server, a city, and `bench.drive.pages` in it; further arguments are names of pages."""
    size, *only = sys.argv[1:] or ["city"]
    return driven("bench.drive.pages", size, *only)


class Measured(NamedTuple):
    """One page: the fewest and the most queries, p95 and the median, and p95 of processor time, in milliseconds."""

    fewest: int
    most: int
    slow: float
    median: float
    worked: float


def limit_of(name: str) -> float:
    """Within how many milliseconds this page is wanted, for 95 of 100 requests."""
    return TREE_LIMIT if name.endswith(TREE) else LIMIT


def report(size: str, name: str, found: Measured) -> None:
    """Say what one page took."""
    limit = limit_of(name)
    queries = f"{found.fewest}" if found.fewest == found.most else f"{found.fewest} to {found.most}"
    about = f"median {found.median:.0f} ms, processor {found.worked:.0f} ms (p95), {queries} queries; limit"
    say("pages", [Figure(f"{size}: {name}: p95", round(found.slow, 1), "ms", about, limit, "ms")])


if __name__ == "__main__":
    sys.exit(main())
