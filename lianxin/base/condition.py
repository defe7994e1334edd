"""How the installation is: jobs, disk, database, what was last done for it; for the health page and `doctor`."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Count, Max, Q
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from lianxin.base.clock import today
from lianxin.base.models import HolidayNotice, Upkeep

WAITING = """
SELECT count(*), min(coalesce(scheduled_at, at)) FROM procrastinate_jobs
LEFT JOIN LATERAL (
    SELECT max(at) AS at FROM procrastinate_events WHERE job_id = procrastinate_jobs.id
) AS events ON true
WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()
"""


@dataclass(frozen=True)
class Jobs:
    """How many jobs wait and since when the oldest does, how many failed, when a worker's heart beat last."""

    waiting: int
    oldest: datetime | None
    doing: int
    failed: int
    heartbeat: datetime | None


def jobs() -> Jobs:
    """The queue now."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        waiting, oldest = cursor.fetchone()
    counted = ProcrastinateJob.objects.aggregate(
        doing=Count("pk", filter=Q(status="doing")), failed=Count("pk", filter=Q(status="failed"))
    )
    heartbeat = ProcrastinateWorker.objects.aggregate(at=Max("last_heartbeat"))["at"]
    return Jobs(waiting, oldest, counted["doing"], counted["failed"], heartbeat)


def failed_tasks() -> list[tuple[str, int]]:
    """Which tasks failed, and how often."""
    failed = ProcrastinateJob.objects.filter(status="failed").values_list("task_name")
    return list(failed.annotate(times=Count("pk")).order_by("-times", "task_name"))


def database_bytes() -> int:
    """How big the database is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def largest_tables() -> list[tuple[str, int]]:
    """The five largest tables, with their indexes, in bytes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, pg_total_relation_size(oid) AS bytes FROM pg_class "
            "WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY bytes DESC, relname LIMIT 5"
        )
        return list(cursor.fetchall())


def free_bytes(folder: Path | None = None) -> int:
    """Room left where data lives, or at `folder`."""
    return shutil.disk_usage(folder or settings.VAR_FOLDER).free


def last_done() -> Mapping[str, Upkeep]:
    """The newest of each kind of upkeep."""
    return {row.kind: row for row in Upkeep.objects.order_by("kind", "-pk").distinct("kind")}


def years_without_holidays() -> list[int]:
    """This year, and from December on the next, if their holidays are not loaded (rule C2)."""
    day = today()
    years = [day.year] if day.month < 12 else [day.year, day.year + 1]
    return [year for year in years if not _knows(year)]


def _knows(year: int) -> bool:
    return HolidayNotice.objects.filter(year=year).exists()
