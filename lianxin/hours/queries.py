"""Questions about service time."""

from collections.abc import Sequence
from datetime import datetime

from django.db import models
from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from lianxin.hours.models import Record
from lianxin.people.models import Person


def records_of(person: Person) -> QuerySet[Record]:
    """The person's records, newest first."""
    return Record.objects.filter(person=person).order_by("-pk")


def records_about(rows: Sequence[models.Model]) -> dict[int, Record]:
    """The latest record of each of these rows (of one model), by the row's key."""
    if not rows:
        return {}
    found = Record.objects.filter(about_type=rows[0]._meta.label_lower, about_id__in=[row.pk for row in rows])
    return {record.about_id: record for record in found.order_by("version", "pk")}


def records_keyed(keys: Sequence[int]) -> dict[int, Record]:
    """These records by their keys."""
    return Record.objects.in_bulk(keys)


def minutes_in_year(person: Person, year: int) -> int:
    """How many confirmed minutes the person served in that year; the day of service decides."""
    zone = timezone.get_current_timezone()
    since, until = datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    served = Record.objects.filter(
        person=person, state=Record.State.CONFIRMED, during__startswith__gte=since, during__startswith__lt=until
    )
    return int(served.aggregate(total=Coalesce(Sum("minutes"), 0))["total"])


def minutes_by_state(person: Person) -> dict[str, int]:
    """How many minutes the person has in each state."""
    sums = Record.objects.filter(person=person).values("state").annotate(total=Sum("minutes")).order_by()
    return {row["state"]: row["total"] for row in sums}
