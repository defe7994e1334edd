"""Writing into the journal, and ringing for those who listen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import models

from lianxin.base import clock
from lianxin.base.actions import at_the_end
from lianxin.base.bulk import insert_many
from lianxin.journal.bell import is_heard_at_once, ring
from lianxin.journal.models import Entry


class Actor(Protocol):
    """Whoever acts: a signed-in user. The machine itself acts as None."""

    pk: Any

    @property
    def display_name(self) -> str: ...


@dataclass(frozen=True)
class Deed:
    """One subject of a bulk entry, with its place in the trees and the facts that are its own."""

    subject: models.Model
    scope: str | None = None
    for_person: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def note(
    name: str,
    subject: models.Model,
    *,
    by: Actor | None,
    scope: str | None = None,
    for_person: int | None = None,
    **facts: Any,
) -> Entry:
    """Write one entry, in the transaction that does the deed, and ring if anybody listens to `name`."""
    return note_many(name, [Deed(subject, scope, for_person, facts)], by=by)[0]


def note_many(name: str, deeds: Iterable[Deed], *, by: Actor | None) -> Sequence[Entry]:
    """One entry per deed. All that an action notes is written by one statement, just before it ends.

    Not where it is heard at once: there the deeds of a whole history are one action, and what follows builds on it.
    """
    entries = [_entry(name, deed, by) for deed in deeds]
    if is_heard_at_once():
        _write(entries)
    else:
        at_the_end(_write, entries)
    return entries


def _write(entries: list[Entry]) -> None:
    ring(insert_many(entries))


def _entry(name: str, deed: Deed, by: Actor | None) -> Entry:
    return Entry(
        name=name,
        at=clock.now(),
        actor_id=by.pk if by else None,
        actor_name=by.display_name if by else "系统",
        for_person_id=deed.for_person,
        subject_type=deed.subject._meta.label_lower,
        subject_id=deed.subject.pk,
        subject_name=str(deed.subject)[:120],
        scope=deed.scope,
        facts=deed.facts,
    )
