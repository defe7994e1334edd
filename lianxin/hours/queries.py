"""Questions about service time."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from lianxin.base.prepared import Prepared, is_any_of
from lianxin.hours.models import Dispute, Record
from lianxin.people.models import Person


def records_of(person: Person) -> QuerySet[Record]:
    """The person's records, newest first."""
    return Record.objects.filter(person=person).order_by("-pk")


def records_about(rows: Sequence[models.Model]) -> dict[int, Record]:
    """The latest record of each of these rows (of one model), by the row's key."""
    if not rows:
        return {}
    found = _records_about(rows[0]._meta.label_lower, [row.pk for row in rows])
    return {record.about_id: record for record in found}


_records_about = Prepared(
    lambda about_type, about: Record.objects.filter(is_any_of("about_id", about), about_type=about_type).order_by(
        "version", "pk"
    ),
    models.CharField(),
    ArrayField(models.BigIntegerField()),
)


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


def contested_under(paths: list[str]) -> QuerySet[Record]:
    """Records below these places or teams whose time is contested, the oldest first."""
    contested = Record.objects.filter(state=Record.State.CONTESTED).filter(_under(paths))
    return contested.select_related("person", "recorder").order_by("pk")


def clashing_with(record: Record) -> QuerySet[Record]:
    """The confirmed records of the same person that overlap this one."""
    confirmed = Record.objects.filter(person=record.person_id, state=Record.State.CONFIRMED)
    return confirmed.filter(during__overlap=record.during).select_related("person", "recorder").order_by("pk")


def disputes_under(paths: list[str]) -> QuerySet[Dispute]:
    """All disputes about records below these places or teams, the first to be answered on top."""
    disputes = Dispute.objects.filter(_under(paths, "record__"))
    return disputes.select_related("record__person", "raised_by", "answered_by").order_by("due_at", "pk")


def open_disputes(paths: list[str]) -> QuerySet[Dispute]:
    """Those that wait for an answer."""
    return disputes_under(paths).filter(state=Dispute.State.OPEN)


def versions_of(record: Record) -> QuerySet[Record]:
    """All versions of what is known about this service, the first on top."""
    versions = Record.objects.filter(about_type=record.about_type, about_id=record.about_id, person=record.person_id)
    return versions.select_related("recorder", "confirmer", "settled_by").order_by("version", "pk")


def _under(paths: list[str], prefix: str = "") -> Q:
    return Q(**{f"{prefix}place_path__under_any": paths}) | Q(**{f"{prefix}team_path__under_any": paths})


def records_under(paths: list[str]) -> QuerySet[Record]:
    """All records below these places or teams."""
    return Record.objects.filter(_under(paths)).select_related("person", "recorder").order_by("pk")
