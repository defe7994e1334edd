"""A list of 110,000 rows taken away as a workbook: seconds and peak memory, beside a short one to show it is constant.

Each size runs in a process of its own against a fresh embedded PostgreSQL: `python -m bench.export [ROWS …]`.
"""

import os
import resource
import subprocess
import sys
from tempfile import TemporaryDirectory

from bench.figures import Figure, say
from lianxin.config.embedded import temporary_server

SIZES = (1_000, 110_000)
LIMIT, ROWS_OF_LIMIT = 60.0, 110_000
MOST_GROWTH = 120.0


def main() -> int:
    """Each size after the other."""
    for size in [int(words) for words in sys.argv[1:]] or SIZES:
        with TemporaryDirectory(prefix="lianxin-bench-") as var, temporary_server() as url:
            surroundings = {
                "DATABASE_URL": url,
                "LIANXIN_VAR": var,
                "DJANGO_SETTINGS_MODULE": "lianxin.config.settings",
            }
            command = [sys.executable, "-m", "bench.drive.export", str(size)]
            done = subprocess.run(command, env=os.environ | surroundings, check=False)
            if done.returncode:
                return done.returncode
    return 0


def report(size: int, seconds: float, *, before: float, file_bytes: int) -> None:
    """Say what one size took, and how far the memory rose above what the process had before."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    limit = round(LIMIT * size / ROWS_OF_LIMIT, 1)
    name = f"export of {size} rows"
    say(
        "export",
        [
            Figure(f"{name}: all", round(seconds, 1), "s", "limit", limit, "s"),
            Figure(f"{name}: peak memory", round(peak), "MB", "before it", round(before), "MB"),
            Figure(f"{name}: growth", round(peak - before), "MB", "limit", MOST_GROWTH, "MB"),
            Figure(f"{name}: file", round(file_bytes / 1e6, 1), "MB", "rows", size, "rows"),
        ],
    )


if __name__ == "__main__":
    sys.exit(main())
