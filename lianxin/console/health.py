"""运行状况: for the system administrator alone: jobs, worker, disk, database, backups; figures, nobody's data."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone

from lianxin.base import condition
from lianxin.base.access import page
from lianxin.base.models import Installation, Upkeep
from lianxin.console.frame import show

HEARTBEAT_WITHIN_SECONDS = 30
LEAST_FREE_BYTES = 2 * 1024**3
FRESH_DAYS = {Upkeep.Kind.BACKUP: 1.1, Upkeep.Kind.RESTORE_TEST: 35, Upkeep.Kind.RETENTION: 1.1}
SHOWN = (Upkeep.Kind.BACKUP, Upkeep.Kind.RESTORE_TEST, Upkeep.Kind.RETENTION, Upkeep.Kind.RESTORE, Upkeep.Kind.RESEALED)


@page(may="organisations.see_health")
def health(request: HttpRequest) -> HttpResponse:
    """One page with what a system administrator looks at in the morning; `lianxin doctor` tells more."""
    jobs, free = condition.jobs(), condition.free_bytes()
    facts = {
        "jobs": jobs,
        "is_working": bool(jobs.heartbeat) and _seconds_since(jobs.heartbeat) < HEARTBEAT_WITHIN_SECONDS,
        "failed_tasks": condition.failed_tasks(),
        "free": free,
        "is_roomy": free >= LEAST_FREE_BYTES,
        "database": condition.database_bytes(),
        "tables": condition.largest_tables(),
        "done": _done(),
        "missing_years": condition.years_without_holidays(),
        "installation_frozen_at": Installation.objects.values_list("frozen_at", flat=True).first(),
    }
    return show(request, "console/health/health.html", facts)


def _done() -> list[tuple[str, Upkeep | None, bool]]:
    """Each kind of upkeep by name, when it was done last, and whether that is as it should be."""
    last = condition.last_done()
    return [(str(kind.label), last.get(kind), _is_fresh(kind, last.get(kind))) for kind in SHOWN]


def _is_fresh(kind: Upkeep.Kind, row: Upkeep | None) -> bool:
    days = FRESH_DAYS.get(kind)
    if days is None:
        return True
    return row is not None and _seconds_since(row.at) < days * 86_400 and bool(row.facts.get("is_good", True))


def _seconds_since(moment: object) -> float:
    return (timezone.now() - moment).total_seconds()  # type: ignore[operator, no-any-return]


urlpatterns = [path("health/", health, name="health")]
