"""Writing the good lines of a roster: set by set, all in one transaction (rule I4)."""

from collections.abc import Mapping

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.bulk import insert_many, update_many
from lianxin.base.moves import move
from lianxin.base.sealed import seal
from lianxin.exchange.actions.rosters import alone_with_rosters, checked_again, line_of
from lianxin.exchange.models.roll import OnRoll
from lianxin.exchange.models.rosters import Line, Outcome, Roster
from lianxin.exchange.queries.checking import Checked, Held, changes
from lianxin.exchange.rules.identity import is_mobile
from lianxin.journal.actions import Deed, note, note_many
from lianxin.organisations.models import Node
from lianxin.people import rules as people_rules
from lianxin.people.actions.registering import register_people
from lianxin.people.models import ContactBy, Person
from lianxin.users.models import User

PUT_ON_ROLL, LISTED = "exchange.put_on_roll", "exchange.resident_listed"


@action
def write_roster(*, roster: Roster, by: User | None) -> Roster:
    """Check the lines once more against what we hold now, and write the good ones: all of them, or none.

    Lines that were good when the clerk looked, and are not any more, are marked as lost.
    """
    alone_with_rosters()
    roster = lock(Roster, roster.pk, "uploaded_by")
    if roster.state != Roster.State.ACCEPTING:
        return roster
    counts = dict.fromkeys(Outcome.values, 0)
    for batch in checked_again(roster):
        _mark_lost(roster, batch)
        for checked in batch:
            counts[checked.outcome] += 1
        _write([checked for checked in batch if checked.outcome == Outcome.NEW], roster, by)
        _change([checked for checked in batch if checked.outcome == Outcome.CHANGED], by)
    move(roster, Roster.State.ACCEPTED)
    roster.counts, roster.accepted_at = counts, clock.now()
    roster.save(update_fields=["state", "counts", "accepted_at"])
    note("exchange.roster_written", roster, by=by, scope=roster.scope, counts=counts)
    return roster


def _write(lines: list[Checked], roster: Roster, by: User | None) -> None:
    unknown = [checked for checked in lines if checked.held is None]
    people = register_people(people=[_person(checked) for checked in unknown], by=by)
    for checked, person in zip(unknown, people, strict=True):
        checked.held = Held(person)
    teams = Node.objects.in_bulk({checked.team_id for checked in lines if checked.team_id})
    rows = [_on_roll(checked, roster, teams) for checked in lines]
    insert_many(rows)
    note_many(PUT_ON_ROLL, [_deed(row) for row in rows if not row.person.claimed_at], by=by)
    note_many(LISTED, [_deed(row) for row in rows if row.person.claimed_at], by=by)


def _person(checked: Checked) -> Person:
    draft = checked.draft
    usual = people_rules.usual_contact(draft.born_on, clock.today())
    return Person(
        name=draft.name,
        born_on=draft.born_on,
        id_number=draft.id_number,
        phone=draft.phone,
        home_id=checked.home_id,
        contact_by=ContactBy.CALL if draft.phone and not is_mobile(draft.phone) else usual,
        is_imported=True,
        made_at=clock.now(),
    )


def _on_roll(checked: Checked, roster: Roster, teams: Mapping[int | None, Node]) -> OnRoll:
    held = checked.held
    assert held is not None  # noqa: S101 `_write` has just seen to it
    return OnRoll(
        person=held.person,
        team=teams[checked.team_id],
        skills=checked.skills or [],
        roster=roster,
        made_at=clock.now(),
    )


def _deed(row: OnRoll) -> Deed:
    return Deed(row, scope=row.team.path, for_person=row.person_id, facts={"roster": row.roster_id})


def _change(lines: list[Checked], by: User | None) -> None:
    """Only people who have not confirmed get here; there are few of them in any one batch."""
    deeds = []
    for checked in lines:
        held = checked.held
        if held is None or held.on_roll is None:
            continue
        found = changes(checked.draft, held, checked.home_id, checked.skills or [])
        deeds.append(Deed(held.on_roll, None, held.person.pk, {"fields": sorted(found)}))
        held.on_roll.skills = found.pop("skills", held.on_roll.skills)
        for name, value in found.items():
            setattr(held.person, name, value)
    people = [checked.held.person for checked in lines if checked.held]
    for person in people:
        seal(person)
    rows = [checked.held.on_roll for checked in lines if checked.held and checked.held.on_roll]
    update_many(people, *CHANGEABLE)
    OnRoll.objects.bulk_update(rows, ["skills"], batch_size=500)
    note_many("exchange.roll_changed", deeds, by=by)


CHANGEABLE = [
    "phone",
    "phone_hash",
    "phone_ending",
    "home",
    "id_number",
    "id_hash",
    "id_ending",
]


def _mark_lost(roster: Roster, batch: list[Checked]) -> None:
    """Lines whose outcome is not what the clerk saw: the first office was quicker."""
    numbers = {checked.draft.number: checked for checked in batch}
    shown = Line.objects.filter(roster=roster, number__in=numbers, outcome__in=[Outcome.NEW, Outcome.CHANGED])
    for line in shown.only("number", "outcome"):
        checked = numbers[line.number]
        if checked.outcome not in {Outcome.NEW, Outcome.CHANGED}:
            now = line_of(roster, checked)
            line.outcome, line.problems = Outcome.LOST, now.problems
            line.save(update_fields=["outcome", "problems"])
            checked.outcome = Outcome.LOST
