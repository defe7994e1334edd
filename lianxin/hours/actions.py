"""Claiming service time, confirming it, settling a clash."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock, working_time
from lianxin.base.actions import action, lock
from lianxin.base.bulk import insert_many, update_many
from lianxin.base.moves import move
from lianxin.base.prepared import Prepared, PreparedValues, is_any_of
from lianxin.base.refused import Forbidden, Refused
from lianxin.hours import rules
from lianxin.hours.models import Dispute, Grade, Record
from lianxin.journal.actions import Deed, note, note_many
from lianxin.organisations.models import Node
from lianxin.organisations.queries import require
from lianxin.people.models import Person
from lianxin.timebank.actions import Deposit, deposit, take_back
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
    claimed = Record(
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
    [record] = insert_many([claimed])
    note("hours.claimed", record, by=by, scope=place.path, for_person=person.pk, minutes=minutes)
    return record


@action
def confirm_hours(*, about: Sequence[models.Model], by: User | None, how: str) -> Sequence[Record]:
    """Confirm all time claimed for these rows (of one model), and bank it; one that `by` may not refuses all."""
    records = lock_claimed(about)
    for record in records:
        rules.require_may_confirm(record, by)
    return confirm_records(records=records, by=by, how=how)


@action
def confirm_records(
    *, records: Sequence[Record], by: User | None, how: str, at_best: Grade = Grade.A
) -> Sequence[Record]:
    """Confirm these records, locked by `lock_claimed`, and bank them; none is then known better than `at_best`.

    A record that overlaps another confirmed one of the same person becomes contested instead: it is neither counted nor
    banked, and what was served still completes. Records of one person are taken one confirmation at a time.
    """
    if not records:
        return []
    clashing = _clashing(records)
    for record in records:
        move(record, Record.State.CONTESTED if record.pk in clashing else Record.State.CONFIRMED)
        record.confirmer, record.confirmed_how, record.confirmed_at = by, how, clock.now()
        record.grade = max(record.grade, at_best)
    update_many(records, "state", "confirmer", "confirmed_how", "confirmed_at", "grade")
    confirmed = [record for record in records if record.state == Record.State.CONFIRMED]
    contested = [record for record in records if record.state == Record.State.CONTESTED]
    note_many("hours.confirmed", map(_deed, confirmed), by=by)
    note_many("hours.contested", map(_deed, contested), by=by)
    deposit([_deposit(record) for record in confirmed])
    return records


@action
def lock_claimed(about: Sequence[models.Model]) -> list[Record]:
    """The claimed records of these rows; their persons are locked with them, by key, so that clashes are seen."""
    if not about:
        return []
    return _claimed_locked(about[0]._meta.label_lower, [row.pk for row in about])


_claimed_locked = Prepared(
    lambda about_type, about: (
        Record.objects.filter(is_any_of("about_id", about), about_type=about_type, state=Record.State.CLAIMED)
        .select_related("person")
        .select_for_update(of=("self", "person"), no_key=True)
        .order_by("person", "pk")
    ),
    models.CharField(),
    ArrayField(models.BigIntegerField()),
)


_overlapping_confirmed = PreparedValues(
    lambda records: Record.objects.filter(
        is_any_of("pk", records),
        Exists(
            Record.objects.filter(
                person=OuterRef("person"), state=Record.State.CONFIRMED, during__overlap=OuterRef("during")
            )
        ),
    ).values_list("pk"),
    ArrayField(models.BigIntegerField()),
)


def _clashing(records: Sequence[Record]) -> set[int]:
    """Which of them overlap a confirmed record of the same person, or one before them in the list."""
    clashing = {pk for (pk,) in _overlapping_confirmed([record.pk for record in records])}
    for later, record in enumerate(records):
        if any(_overlap(record, earlier) for earlier in records[:later] if earlier.pk not in clashing):
            clashing.add(record.pk)
    return clashing


def _overlap(one: Record, other: Record) -> bool:
    if one.person_id != other.person_id:
        return False
    return bool(one.during.lower < other.during.upper and other.during.lower < one.during.upper)


@dataclass(frozen=True)
class Ruling:
    """What stands of one record: from `start` to `end`, or nothing of it where both are None."""

    record: Record
    start: datetime | None = None
    end: datetime | None = None


@action
def settle(*, rulings: Sequence[Ruling], reason: str, by: User) -> Sequence[Record]:
    """Say which records of one person stand, at which times, and which are void, with a reason (rules H3 and H6).

    Other times make a new version, whose recorder stays who wrote the first; the old one stays, void. What was banked
    for a void one is taken back. Gives the records that stand.
    """
    if not reason.strip():
        raise Refused(_("请写明理由，本人会看到。"), field="reason")
    records = _lock_records([ruling.record.pk for ruling in rulings])
    wanted = {ruling.record.pk: ruling for ruling in rulings}
    touched = [record for record in records if not _stands_as(record, wanted[record.pk])]
    for record in touched:
        _require_may_settle(record, by)
    was_confirmed = [record for record in touched if record.state == Record.State.CONFIRMED]
    states = {record.pk: Record.State(record.state) for record in touched}
    gone = [record for record in touched if _is_replaced(record, wanted[record.pk])]
    _void(gone, reason, by)
    take_back([_deposit(record) for record in was_confirmed])
    fresh = [
        _version(record, wanted[record.pk], states[record.pk], reason, by) for record in gone if wanted[record.pk].start
    ]
    kept = [record for record in touched if record not in gone and states[record.pk] == Record.State.CONTESTED]
    for record in kept:
        move(record, Record.State.CONFIRMED)
        record.confirmer, record.confirmed_how, record.confirmed_at = by, "settled", clock.now()
        record.reason, record.settled_by, record.settled_at = reason, by, clock.now()
        record.save()
    confirmed = [record for record in [*fresh, *kept] if record.state == Record.State.CONFIRMED]
    deposit([_deposit(record) for record in confirmed])
    note_many("hours.settled", map(_deed, [*gone, *fresh, *kept]), by=by)
    return [record for record in [*records, *fresh] if record.state != Record.State.VOID]


@action
def dispute_record(*, record: Record, start: datetime, end: datetime, reason: str, by: User) -> Dispute:
    """The person credited says what his time should be; the record stands until somebody answers (rule H7)."""
    record = lock(Record, record.pk, "person")
    if record.person.user_id != by.pk:
        raise Forbidden(_("这不是您的服务时间。"))
    if record.state == Record.State.VOID:
        raise Refused(_("这条时间已经作废，请看更正以后的那一条。"))
    if not reason.strip():
        raise Refused(_("请写一句哪里不对。"), field="reason")
    rules.minutes_between(start, end)
    now = clock.now()
    dispute = Dispute.objects.create(
        record=record,
        during=DateTimeTZRange(start, end),
        reason=reason,
        raised_by=by,
        raised_at=now,
        due_at=working_time.after(now, rules.ANSWER_WITHIN),
    )
    note("hours.disputed", record, by=by, scope=record.place_path, for_person=record.person_id)
    return dispute


@action
def answer_dispute(*, dispute: Dispute, is_right: bool, answer: str, by: User) -> Dispute:
    """Captain or worker, never who disputes: the record is corrected as he says, or stays (rule H7)."""
    record = _lock_records([dispute.record_id])[0]
    dispute = lock(Dispute, dispute.pk)
    _require_may_settle(record, by)
    if not answer.strip():
        raise Refused(_("请写一句答复，本人会看到。"), field="answer")
    move(dispute, Dispute.State.CORRECTED if is_right else Dispute.State.KEPT)
    dispute.answer, dispute.answered_by, dispute.answered_at = answer, by, clock.now()
    dispute.save()
    if is_right:
        settle(rulings=[Ruling(record, dispute.during.lower, dispute.during.upper)], reason=answer, by=by)
    note("hours.dispute_answered", record, by=by, scope=record.place_path, for_person=record.person_id)
    return dispute


def _lock_records(keys: Sequence[int]) -> list[Record]:
    """These records, their persons locked first, by key."""
    people = Person.objects.filter(service_records__in=keys).order_by("pk").select_for_update(of=("self",), no_key=True)
    list(people.values_list("pk"))
    locked = Record.objects.filter(pk__in=keys).select_related("person").order_by("pk")
    return list(locked.select_for_update(of=("self",), no_key=True))


def _require_may_settle(record: Record, by: User) -> None:
    require(by, "hours.settle", record.team_path, record.place_path)
    rules.require_another(record, by)
    if record.state == Record.State.VOID:
        raise Refused(_("这条时间已经作废，可能有人刚刚处理过。请刷新页面看最新情况。"))


def _stands_as(record: Record, ruling: Ruling) -> bool:
    """Whether nothing changes: confirmed already, at these very times."""
    return record.state == Record.State.CONFIRMED and not _is_replaced(record, ruling)


def _is_replaced(record: Record, ruling: Ruling) -> bool:
    return (ruling.start, ruling.end) != (record.during.lower, record.during.upper)


def _void(records: Sequence[Record], reason: str, by: User) -> None:
    for record in records:
        move(record, Record.State.VOID)
        record.reason, record.settled_by, record.settled_at = reason, by, clock.now()
    update_many(records, "state", "reason", "settled_by", "settled_at")


def _version(old: Record, ruling: Ruling, state: Record.State, reason: str, by: User) -> Record:
    """The next version of a record that is void now; what was only claimed still waits to be confirmed."""
    start, end = ruling.start, ruling.end
    if start is None or end is None:
        raise Refused(_("请填开始和结束时间。"), field="end")
    minutes, is_claim = rules.minutes_between(start, end), state == Record.State.CLAIMED
    now = clock.now()
    return Record.objects.create(
        person=old.person,
        what=old.what,
        during=DateTimeTZRange(start, end),
        minutes=minutes,
        grade=rules.grade_of_correction(old),
        state=Record.State.CLAIMED if is_claim else Record.State.CONFIRMED,
        about_type=old.about_type,
        about_id=old.about_id,
        team_path=old.team_path,
        place_path=old.place_path,
        recorder=old.recorder,
        confirmer=None if is_claim else by,
        confirmed_how="" if is_claim else "settled",
        confirmed_at=None if is_claim else now,
        claimed_at=now,
        version=old.version + 1,
        corrects=old,
        reason=reason,
        settled_by=by,
        settled_at=now,
    )


def _deposit(record: Record) -> Deposit:
    return Deposit(record, record.person, record.minutes, record.place_path)


def _deed(record: Record) -> Deed:
    return Deed(record, record.place_path, record.person_id, {"minutes": record.minutes})
