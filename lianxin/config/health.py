"""`/healthz`: true only if the product can do its work, not merely answer."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateWorker

from lianxin.base.access import EVERYBODY, page
from lianxin.config.jobs import STALLED_AFTER
from lianxin.config.migrations import applied, known

WELL = "ok"


@page(may=EVERYBODY)
def healthz(request: HttpRequest) -> JsonResponse:
    """200 if the database answers, has every migration, and a worker's heart beat lately; else 503 and which fails."""
    try:
        found = {"database": WELL} | {name: examine() for name, examine in EXAMINATIONS.items()}
    except DatabaseError:
        found = {"database": "unreachable"}
    is_well = set(found.values()) == {WELL}
    return JsonResponse({"healthy": is_well} | found, status=200 if is_well else 503)


def migrations() -> str:
    """Whether every migration of this release is applied."""
    return WELL if _known() <= applied() else "unapplied"


def worker() -> str:
    """Whether some worker's heart beat within the time after which it counts as stalled."""
    since = timezone.now() - timedelta(seconds=STALLED_AFTER)
    return WELL if ProcrastinateWorker.objects.filter(last_heartbeat__gte=since).exists() else "no heartbeat"


# A release does not change under a running server, so its migrations are read from disk once.
_known = cache(known)

EXAMINATIONS: dict[str, Callable[[], str]] = {"migrations": migrations, "worker": worker}
