"""Backup and restore: 数据备份恢复."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from lianxin.base import condition
from lianxin.base.models import Upkeep
from lianxin.cli.findings import Finding, State, gap_unless
from lianxin.cli.findings.identity import is_demo
from lianxin.config import environment
from lianxin.config.archive import AT_LEAST_EVERY_SECONDS

AREA = "backup 备份"
BACKUP_EVERY, TEST_EVERY = timedelta(hours=26), timedelta(days=35)
ARCHIVER = "SELECT archived_count, last_failed_time > coalesce(last_archived_time, '-infinity') FROM pg_stat_archiver"


def taken() -> Iterator[Finding]:
    """A backup of the last day, and one that was restored for a try within the last month."""
    done = condition.last_done()
    yield _within(done.get(Upkeep.Kind.BACKUP), BACKUP_EVERY, "last backup", "lianxin backup")
    yield _within(done.get(Upkeep.Kind.RESTORE_TEST), TEST_EVERY, "last restore test", "lianxin backup --check")


def log_archive() -> Iterator[Finding]:
    """The embedded database's log is archived, so that a minute at the most is lost."""
    if not environment.is_embedded():
        words = "a server of your own: its log (WAL) is archived by whoever runs it, or not; ask"
        yield Finding(AREA, State.NOTE, words, "docs/operate.md")
        return
    with connection.cursor() as cursor:
        cursor.execute(ARCHIVER)
        count, is_failing = cursor.fetchone()
    is_on = environment.wal_folder().is_dir()
    words = (
        f"log archived to {environment.wal_folder()}, {count} pieces, every {AT_LEAST_EVERY_SECONDS} s at the latest"
    )
    words = "the archive refuses the log: see the database's own log" if is_failing else words
    words = words if is_on else "no archive of the log yet: the first backup begins it"
    yield Finding(AREA, _unless_demo(is_on and not is_failing), words, "config/archive.py, rule B2")


def elsewhere() -> Iterator[Finding]:
    """Backups on the disk of the data die with it."""
    folder, var = environment.backup_folder(), environment.var_folder()
    is_elsewhere = folder.exists() and folder.stat().st_dev != var.stat().st_dev
    words = f"backups in {folder} {'lie' if is_elsewhere else 'do not lie'} on another disk than the data"
    yield Finding(AREA, _unless_demo(is_elsewhere), words, "LIANXIN_BACKUP_FOLDER")
    yield Finding(
        AREA, State.NOTE, "no second site and no standby by Lianxin itself: level 3 asks for both", "docs/operate.md"
    )


EXAMINATIONS = (taken, log_archive, elsewhere)


def _within(last: Upkeep | None, span: timedelta, what: str, where: str) -> Finding:
    if last is None:
        return Finding(AREA, _unless_demo(False), f"{what}: never", where)
    is_well = timezone.now() - last.at < span and last.facts.get("is_good", True)
    words = f"{what}: {timezone.localtime(last.at):%Y-%m-%d %H:%M}, {last.facts.get('seconds', 0)} s"
    return Finding(AREA, _unless_demo(is_well), words, where)


def _unless_demo(is_well: bool) -> State:
    """A demo may be lost."""
    return gap_unless(is_well) if not is_demo() else (State.OK if is_well else State.NOTE)
