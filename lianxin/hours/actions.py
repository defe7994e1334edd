"""Claiming service time, confirming it, settling a clash."""

from collections.abc import Sequence
from datetime import datetime

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action
from lianxin.base.moves import move
from lianxin.base.refused import Refused
from lianxin.hours.models import Grade, Record
from lianxin.journal.actions import Deed, note, note_many
from lianxin.organisations.models import Node
from lianxin.people.models import Person
from lianxin.timebank.actions import Deposit, deposit
from lianxin.users.models import User


@action
def claim_hours(
    *,
    person: Person,
    what: str,
    start: datetime,
    end: datetime,
    about: models.Model,
    team: Node,
    place: Node,
    by: User | None,
    grade: Grade = Grade.B,
) -> Record:
    """Write down that the person served from start to end; it counts once somebody else confirms it."""
    minutes = int((end - start).total_seconds() // 60)
    if minutes < 1:
        raise Refused(_("服务时间不到一分钟，请检查开始和结束时间。"))
    record = Record.objects.create(
        person=person,
        what=what,
        during=DateTimeTZRange(start, end),
        minutes=minutes,
        grade=grade,
        about_type=about._meta.label_lower,
        about_id=about.pk,
        team_path=team.path,
        place_path=place.path,
        recorder=by,
        claimed_at=clock.now(),
    )
    note("hours.claimed", record, by=by, scope=place.path, for_person=person.pk, minutes=minutes)
    return record


@action
def confirm_hours(*, about: Sequence[models.Model], by: User | None, how: str) -> Sequence[Record]:
    """Confirm all time claimed for these rows (of one model), and bank it.

    A record that overlaps another confirmed one of the same person becomes contested instead: it is neither counted nor
    banked, and what was served still completes. Records of one person are taken one confirmation at a time.
    """
    if not about:
        return []
    records = _lock_claimed(about)
    if by and any(record.person.user_id == by.pk for record in records):
        raise Refused(_("自己的服务时间不能自己确认，请由服务对象或另一个人确认。"))
    clashing = _clashing(records)
    for record in records:
        move(record, Record.State.CONTESTED if record.pk in clashing else Record.State.CONFIRMED)
        record.confirmer, record.confirmed_how, record.confirmed_at = by, how, clock.now()
    Record.objects.bulk_update(records, ["state", "confirmer", "confirmed_how", "confirmed_at"])
    confirmed = [record for record in records if record.state == Record.State.CONFIRMED]
    contested = [record for record in records if record.state == Record.State.CONTESTED]
    note_many("hours.confirmed", map(_deed, confirmed), by=by)
    note_many("hours.contested", map(_deed, contested), by=by)
    deposit([Deposit(record, record.person, record.minutes, record.place_path) for record in confirmed])
    return records


def _lock_claimed(about: Sequence[models.Model]) -> list[Record]:
    """The claimed records of these rows; their persons are locked with them, by key, so that clashes are seen."""
    claimed = Record.objects.filter(
        about_type=about[0]._meta.label_lower, about_id__in=[row.pk for row in about], state=Record.State.CLAIMED
    )
    both = claimed.select_related("person").select_for_update(of=("self", "person"), no_key=True)
    return list(both.order_by("person", "pk"))


def _clashing(records: Sequence[Record]) -> set[int]:
    """Which of them overlap a confirmed record of the same person, or one before them in the list."""
    confirmed = Record.objects.filter(
        person=OuterRef("person"), state=Record.State.CONFIRMED, during__overlap=OuterRef("during")
    )
    among = Record.objects.filter(pk__in=[record.pk for record in records])
    clashing = set(among.filter(Exists(confirmed)).values_list("pk", flat=True))
    for later, record in enumerate(records):
        if any(_overlap(record, earlier) for earlier in records[:later] if earlier.pk not in clashing):
            clashing.add(record.pk)
    return clashing


def _overlap(one: Record, other: Record) -> bool:
    if one.person_id != other.person_id:
        return False
    return bool(one.during.lower < other.during.upper and other.during.lower < one.during.upper)


def _deed(record: Record) -> Deed:
    return Deed(record, record.place_path, record.person_id, {"minutes": record.minutes})
