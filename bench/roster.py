"""A roster of 28,000 people and one of 110,000: opened, checked and written, with seconds and peak memory.

Each size runs in a process of its own against a fresh embedded PostgreSQL, so that the peak is the job worker's own.
With a number as argument, that size alone: `python -m bench.roster 2000`.
"""

import os
import resource
import subprocess
import sys
import time
from tempfile import TemporaryDirectory

from bench.figures import Figure, say
from lianxin.config.embedded import temporary_server

SIZES = {28_000: 60.0, 110_000: 240.0}
MOST_MEGABYTES = 500.0


def main() -> int:
    """Each size after the other."""
    sizes = [int(words) for words in sys.argv[1:]] or list(SIZES)
    for size in sizes:
        with TemporaryDirectory(prefix="lianxin-bench-") as var, temporary_server() as url:
            surroundings = {
                "DATABASE_URL": url,
                "LIANXIN_VAR": var,
                "DJANGO_SETTINGS_MODULE": "lianxin.config.settings",
            }
            command = [sys.executable, "-m", "bench.drive.roster", str(size)]
            done = subprocess.run(command, env=os.environ | surroundings, check=False)
            if done.returncode:
                return done.returncode
    return 0


def report(size: int, seconds: dict[str, float], *, made: int, file_bytes: int) -> None:
    """Say what one size took, beside its limits."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    limit = SIZES.get(size, 240.0 * size / 110_000)
    figures = [
        Figure(f"roster of {size}: {name}", round(took, 1), "s", "limit of all together", limit, "s")
        for name, took in seconds.items()
    ]
    figures.append(Figure(f"roster of {size}: all", round(sum(seconds.values()), 1), "s", "limit", limit, "s"))
    figures.append(Figure(f"roster of {size}: peak memory", round(peak), "MB", "limit", MOST_MEGABYTES, "MB"))
    figures.append(Figure(f"roster of {size}: people made", made, "people", "file", round(file_bytes / 1e6, 1), "MB"))
    say("roster", figures)


class Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()

    def stage(self, name: str) -> None:
        """What has just ended was this."""
        now = time.perf_counter()
        self.seconds[name], self._since = now - self._since, now


if __name__ == "__main__":
    sys.exit(main())
