"""A roster's lines beside what we hold: what is new, changed, known or wrong (rules I3 to I5)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lianxin.base.sealed import keyed_hash
from lianxin.base.workbooks.reading import Row
from lianxin.exchange.models.roll import OnRoll
from lianxin.exchange.models.rosters import Field, Outcome
from lianxin.exchange.queries.names import Places
from lianxin.exchange.rules.lines import Draft, draft_of
from lianxin.exchange.rules.reasons import ELSEWHERE
from lianxin.people.models import Person
from lianxin.volunteers.models import Volunteer

LINES_AT_ONCE = 2_000
GONE = {
    Volunteer.State.LEFT,
    Volunteer.State.REFUSED,
    Volunteer.State.RESTRICTED,
}
"""Who is one of these asks himself when he wants to serve again."""


@dataclass(slots=True)
class Held:
    """What we hold about somebody on a line."""

    person: Person
    on_roll: OnRoll | None = None
    volunteer: Volunteer | None = None

    @property
    def team_id(self) -> int | None:
        """The team that he belongs to, or is on roll with."""
        if self.volunteer:
            return self.volunteer.team_id
        return self.on_roll.team_id if self.on_roll else None


@dataclass(slots=True)
class Checked:
    """A line with its outcome, and what it would write."""

    draft: Draft
    outcome: Outcome
    team_id: int | None = None
    home_id: int | None = None
    skills: list[int] | None = None
    held: Held | None = None


class Check:
    """One pass over a roster: line by line, in batches that take a fixed number of queries each."""

    def __init__(self, *, mapping: Mapping[Field, int], places: Places, today: date) -> None:
        self.mapping = mapping
        self.places = places
        self.today = today
        self._seen: dict[bytes, tuple[int, str, int | None]] = {}

    def batches(self, rows: Iterable[Row]) -> Iterator[list[Checked]]:
        """The lines that are not blank, checked."""
        drafts = (draft for row in rows if (draft := draft_of(row, self.mapping, self.today)))
        for batch in _batched(drafts, LINES_AT_ONCE):
            yield self._checked(batch)

    def _checked(self, drafts: list[Draft]) -> list[Checked]:
        hashes = [keyed_hash(draft.id_number) if draft.id_number else b"" for draft in drafts]
        held = _held(drafts, hashes)
        return [self._line(draft, number, held) for draft, number in zip(drafts, hashes, strict=True)]

    def _line(self, draft: Draft, id_hash: bytes, held: "_Holdings") -> Checked:
        team_id, home_id = self.places.team(draft), self.places.home(draft)
        skills = self.places.skills_of(draft)
        if id_hash:
            self._compare_in_file(draft, id_hash, team_id)
        known = held.of(draft, id_hash)
        if known:
            self._compare_with(draft, known, team_id)
        if draft.problems:
            return Checked(draft, Outcome.WRONG)
        if id_hash:
            self._seen[id_hash] = (draft.number, draft.name, team_id)
        return Checked(draft, _outcome(draft, known, home_id, skills), team_id, home_id, skills, known)

    def _compare_in_file(self, draft: Draft, id_hash: bytes, team_id: int | None) -> None:
        """The first good line of a person stands; a later one is handed back."""
        if id_hash not in self._seen:
            return
        number, name, team = self._seen[id_hash]
        if name != draft.name:
            draft.wrong(Field.ID_NUMBER, "other_name_here", number)
        elif team_id is not None and team != team_id:
            draft.wrong(Field.TEAM, "two_teams_here", number)
        else:
            draft.wrong(Field.ID_NUMBER, "repeated", number)

    def _compare_with(self, draft: Draft, held: Held, team_id: int | None) -> None:
        if held.person.name != draft.name:
            draft.wrong(Field.ID_NUMBER, "id_of_other")
        elif held.volunteer and held.volunteer.state in GONE:
            draft.wrong(Field.NAME, "left_before")
        elif held.on_roll and held.on_roll.left_at:
            draft.wrong(Field.NAME, "declined")
        elif team_id is not None and held.team_id not in {None, team_id}:
            name = self.places.teams.names.get(held.team_id or 0, str(ELSEWHERE))
            draft.wrong(Field.TEAM, "two_teams", name)


class _Holdings:
    """Everybody we hold who may be on one of these lines."""

    def __init__(self, by_id: dict[bytes, Held], by_phone: dict[tuple[bytes, str], list[Held]]) -> None:
        self._by_id = by_id
        self._by_phone = by_phone

    def of(self, draft: Draft, id_hash: bytes) -> Held | None:
        """By ID number; else the one person of that name and phone of whom we hold no ID number."""
        if id_hash in self._by_id:
            return self._by_id[id_hash]
        same = self._by_phone.get((keyed_hash(draft.phone), draft.name), []) if draft.phone and id_hash else []
        return same[0] if len(same) == 1 else None


def _held(drafts: list[Draft], hashes: list[bytes]) -> _Holdings:
    phones = [keyed_hash(draft.phone) for draft in drafts if draft.phone]
    numbered = Person.objects.filter(id_hash__in=[number for number in hashes if number])
    unnumbered = Person.objects.filter(id_hash=None, phone_hash__in=phones)
    people = [*numbered.order_by("pk"), *unnumbered.order_by("pk")]
    keys = [person.pk for person in people]
    on_roll = {row.person_id: row for row in OnRoll.objects.filter(person__in=keys)}
    volunteers = {row.person_id: row for row in Volunteer.objects.filter(person__in=keys)}
    by_id: dict[bytes, Held] = {}
    by_phone: dict[tuple[bytes, str], list[Held]] = {}
    for person in people:
        held = Held(person, on_roll.get(person.pk), volunteers.get(person.pk))
        if person.id_hash is not None:
            by_id[bytes(person.id_hash)] = held
        else:
            by_phone.setdefault((bytes(person.phone_hash or b""), person.name), []).append(held)
    return _Holdings(by_id, by_phone)


def _outcome(draft: Draft, held: Held | None, home_id: int | None, skills: list[int]) -> Outcome:
    """What a person has confirmed himself an office's list does not change (rule I5)."""
    if held is None or held.team_id is None:
        return Outcome.NEW
    if held.person.claimed_at or held.on_roll is None:
        return Outcome.KNOWN
    return Outcome.CHANGED if changes(draft, held, home_id, skills) else Outcome.KNOWN


def changes(draft: Draft, held: Held, home_id: int | None, skills: list[int]) -> dict[str, Any]:
    """What the line says otherwise than we hold; what it leaves empty is left alone."""
    person, found = held.person, dict[str, Any]()
    if draft.phone and keyed_hash(draft.phone) != bytes(person.phone_hash or b""):
        found["phone"] = draft.phone
    if home_id is not None and home_id != person.home_id:
        found["home_id"] = home_id
    if person.id_hash is None:
        found["id_number"] = draft.id_number
    if skills and held.on_roll and skills != sorted(held.on_roll.skills):
        found["skills"] = skills
    return found


def _batched(drafts: Iterator[Draft], size: int) -> Iterator[list[Draft]]:
    batch: list[Draft] = []
    for draft in drafts:
        batch.append(draft)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
