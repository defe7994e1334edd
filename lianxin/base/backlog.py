"""How much waits on a list, in one query."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from lianxin.base import clock


@dataclass(frozen=True)
class Backlog:
    """How many rows wait, since when the oldest of them does, and how many are over their time."""

    count: int
    since: datetime | None
    late: int


def backlog(rows: QuerySet[Any], since: str) -> Backlog:
    """The backlog of rows that have a `due_at`; `since` names the moment from which each has waited."""
    is_late = Q(due_at__lt=clock.now())
    found = rows.order_by().aggregate(count=Count("pk"), oldest=Min(since), late=Count("pk", filter=is_late))
    return Backlog(found["count"], found["oldest"], found["late"])
