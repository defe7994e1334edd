"""Every list and search page at a city's size: queries, and milliseconds of server time (p95), beside their limits.

164,000 people and ten million rows are made first (`bench.city`); with `town` as argument, 28,000 volunteers and
100,000 orders. Time is that of the whole request in the process that serves it, the database's included; the sessions
are made before. Each page is asked with other words, filters and pages, the last ones too.
"""

import os
import subprocess
import sys
from tempfile import TemporaryDirectory

from bench.figures import Figure, say
from lianxin.config.embedded import temporary_server

LIMIT, TREE_LIMIT = 100.0, 50.0
TREE = "organisations"


def main() -> int:
    """A server, a city, and `bench.drive.pages` in it."""
    size = sys.argv[1] if sys.argv[1:] else "city"
    with TemporaryDirectory(prefix="lianxin-bench-") as var, temporary_server() as url:
        surroundings = {"DATABASE_URL": url, "LIANXIN_VAR": var, "DJANGO_SETTINGS_MODULE": "lianxin.config.settings"}
        drive = [sys.executable, "-m", "bench.drive.pages", size]
        return subprocess.run(drive, env=os.environ | surroundings, check=False).returncode


def report(size: str, measured: dict[str, tuple[int, int, float, float]]) -> None:
    """For each page, by name: the fewest and the most queries, p95 and the median in milliseconds."""
    figures = []
    for name, (fewest, most, slow, median) in measured.items():
        limit = TREE_LIMIT if name.endswith(TREE) else LIMIT
        queries = f"{fewest}" if fewest == most else f"{fewest} to {most}"
        about = f"median {median:.1f} ms, {queries} queries; limit"
        figures.append(Figure(f"{size}: {name}: p95", round(slow, 1), "ms", about, limit, "ms"))
    say("pages", figures)


if __name__ == "__main__":
    sys.exit(main())
