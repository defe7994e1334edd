"""Whether the product can do its work."""

import sys
from collections.abc import Iterator

from django.db import connection
from django.utils import timezone

from lianxin.base import condition
from lianxin.base.models import Installation
from lianxin.cli.findings import Finding, State, danger_unless, gap_unless
from lianxin.config import health
from lianxin.config.migrations import applied, known
from lianxin.config.retention import RULES, overdue

AREA = "service 服务"
OLDEST_DATABASE, NEWEST_DATABASE = 15, 18
EXTENSIONS = {"ltree", "btree_gist"}
LONGEST_WAIT_SECONDS = 900


def python() -> Iterator[Finding]:
    """Python 3.11 or later."""
    version = sys.version.partition(" ")[0]
    yield Finding(AREA, gap_unless(sys.version_info >= (3, 11)), f"Python {version} (3.11 or later)", "pyproject.toml")


def database() -> Iterator[Finding]:
    """PostgreSQL 15 to 18 with the extensions that the tables need."""
    major = connection.cursor().connection.info.server_version // 10000
    is_known = OLDEST_DATABASE <= major <= NEWEST_DATABASE
    yield Finding(AREA, gap_unless(is_known), f"PostgreSQL {major} (15 to 18)", "config/embedded.py")
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        missing = EXTENSIONS - {name for (name,) in cursor.fetchall()}
    yield Finding(AREA, danger_unless(not missing), _missing("extensions", missing), "base/migrations")


def migrations() -> Iterator[Finding]:
    """Every migration of this release applied, and none of a later one."""
    missing = {".".join(name) for name in known() - applied()}
    yield Finding(AREA, danger_unless(not missing), _missing("migrations", missing), "config/migrations.py")


def jobs() -> Iterator[Finding]:
    """A worker whose heart beats, no failed job, and none that waits for long."""
    word, queue = health.worker(), condition.jobs()
    yield Finding(AREA, gap_unless(word == health.WELL), f"job worker: {word}", "config/jobs.py")
    waits = (timezone.now() - queue.oldest).total_seconds() if queue.oldest else 0
    words = f"{queue.waiting} jobs wait, the oldest for {waits:.0f} s ({LONGEST_WAIT_SECONDS} or less)"
    yield Finding(AREA, gap_unless(waits <= LONGEST_WAIT_SECONDS), words, "/console/health/")
    failed = ", ".join(f"{task} {times}" for task, times in condition.failed_tasks())
    yield Finding(AREA, gap_unless(not failed), f"failed jobs: {failed or 'none'}", "/console/health/")


def holidays() -> Iterator[Finding]:
    """The days off and worked weekends of this year and, from December on, of the next.

    The State Council publishes them in November; without them plain deadlines count wrong days.
    """
    missing = condition.years_without_holidays()
    words = f"holidays of {missing[0]} are missing: load the notice of the year" if missing else "holidays are known"
    yield Finding(AREA, gap_unless(not missing), words, "/console/holidays/, rule C2")


def retention() -> Iterator[Finding]:
    """Every rule of retention held."""
    late = {rule.table: count for rule in RULES if (count := overdue(rule))}
    words = f"rows kept too long: {late}" if late else "nothing is kept longer than the table of retention says"
    yield Finding(AREA, gap_unless(not late), words, "config/retention.py, rule B6")


def freezing() -> Iterator[Finding]:
    """Looks and exports that somebody stopped should not stay so unnoticed."""
    frozen = Installation.objects.filter(frozen_at__isnull=False).exists()
    words = "looks and exports are stopped (lianxin breach --unfreeze)" if frozen else "looks and exports are open"
    yield Finding(AREA, State.GAP if frozen else State.OK, words, "rule B5")


EXAMINATIONS = (python, database, migrations, jobs, holidays, retention, freezing)


def _missing(what: str, names: set[str]) -> str:
    return f"{what} missing: {', '.join(sorted(names))}" if names else f"all {what} are there"
