"""How long a backup, its proof and the way back take (RTO), and how much is lost (RPO), on the real product.

The city is the demo's. The disaster: everything is killed and the data folder removed; the way back ends with a page.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from bench.figures import Figure, say
from lianxin.config.archive import AT_LEAST_EVERY_SECONDS
from tests.drill.product import RunningProduct

TARGET_RTO, TARGET_RPO = 1800.0, 300.0
ENTRIES = "SELECT count(*) FROM journal_entry"


def main() -> int:
    """Measure, with the demo city when it is whole."""
    os.environ["LIANXIN_DEMO_SIZE"] = "small"
    with tempfile.TemporaryDirectory() as folder, RunningProduct("--demo") as product:
        backups = Path(folder, "backups")
        product.wait_for(lambda: _has(product, "demo.history_lived"), "the demo city is not made")
        size = _one(product, "SELECT pg_database_size(current_database()) / 1048576.0")
        taken = _seconds(lambda: _lianxin(product, "backup", str(backups)))
        proven = _seconds(lambda: _lianxin(product, "backup", "--check", str(backups)))
        before = _one(product, ENTRIES)
        _archive(product)
        restored, answered = _disaster(product, backups)
        lost = before - _one(product, ENTRIES)
    figures = [
        Figure("backup", taken, "s", "database", round(size), "MB"),
        Figure("proof of a backup", proven, "s", "database", round(size), "MB"),
        Figure("restore with log and proof", restored, "s", "RTO wanted", TARGET_RTO, "s"),
        Figure("from loss to first page", answered, "s", "RTO wanted", TARGET_RTO, "s"),
        Figure("log archived at the latest after", AT_LEAST_EVERY_SECONDS, "s", "RPO wanted", TARGET_RPO, "s"),
        Figure("entries lost of what was archived", max(lost, 0), "entries", "entries before", before, "entries"),
    ]
    say("restore", figures)
    return 0


def _disaster(product: RunningProduct, backups: Path) -> tuple[float, float]:
    since = time.monotonic()
    product.kill("supervisor")
    product.wait_gone()
    shutil.rmtree(product.var / "postgresql")
    restored = _seconds(lambda: _lianxin(product, "restore", str(backups)))
    product.start()
    product.wait_healthy()
    return restored, round(time.monotonic() - since, 1)


def _lianxin(product: RunningProduct, *words: str) -> None:
    command = [sys.executable, "-m", "lianxin.cli.main", *words]
    subprocess.run(command, env=product.surroundings, check=True, stdout=subprocess.DEVNULL)


def _seconds(work: Callable[[], None]) -> float:
    since = time.monotonic()
    work()
    return round(time.monotonic() - since, 1)


def _archive(product: RunningProduct) -> None:
    with psycopg.connect(product.database_url, autocommit=True) as database:
        [piece] = database.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone() or [""]
        asked = "SELECT last_archived_wal >= %s FROM pg_stat_archiver"
        product.wait_for(lambda: database.execute(asked, [piece]).fetchone() == (True,), "the log is not archived")


def _has(product: RunningProduct, name: str) -> bool:
    with psycopg.connect(product.database_url) as database:
        found = database.execute("SELECT 1 FROM journal_entry WHERE name = %s", [name]).fetchone()
    return found is not None


def _one(product: RunningProduct, question: str) -> float:
    with psycopg.connect(product.database_url) as database:
        [value] = database.execute(question).fetchone() or [0]
    return float(value)


if __name__ == "__main__":
    sys.exit(main())
