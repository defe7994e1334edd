"""The journal: deeds come as orders are lived through, and are written in the order in which they happened, sealed."""

import heapq
import json
from hashlib import sha256
from typing import NamedTuple

from bench.city.copying import Table, array, raw
from bench.city.moments import Moments
from lianxin.journal.models import Entry, Seal, Sealing
from lianxin.journal.seals import BATCH


class Deed(NamedTuple):
    """What was done, when, by whom, about which row."""

    at: int
    name: str
    subject_type: str
    subject: int
    called: str
    scope: str
    actor: int | None
    actor_name: str
    for_person: int | None
    facts: dict[str, object]


class Diary:
    """Deeds on their way into the journal; a seal closes every few thousand of them, as the job does it."""

    def __init__(self, moments: Moments) -> None:
        self._moments = moments
        self._entries = Table(
            Entry,
            *("id", "name", "at", "written_at", "actor_id", "actor_name", "for_person_id", "subject_type"),
            *("subject_id", "subject_name", "scope", "facts"),
        )
        self._seals = Table(Seal, "id", "entries", "settled", "previous", "digest")
        self._sealings = Table(Sealing, "entry", "seal")
        self.tables = (self._entries, self._seals, self._sealings)
        self._coming: list[tuple[int, int, Deed]] = []
        self._count = 0
        self._unsealed: list[int] = []
        self._digest = sha256()
        self._last: tuple[int, bytes] | None = None

    def note(self, deed: Deed) -> None:
        """Keep it until everything that happened before it is known; what is still to come is none."""
        if deed.at <= self._moments.now:
            self._count += 1
            heapq.heappush(self._coming, (deed.at, self._count, deed))

    def write_until(self, minute: int) -> None:
        """Nothing that happened before this minute will be noted any more: write it down."""
        while self._coming and self._coming[0][0] < minute:
            self._write(heapq.heappop(self._coming)[2])

    def close(self) -> None:
        """Write down the rest and seal it."""
        self.write_until(self._moments.now + 1)
        if self._unsealed:
            self._seal()

    def _write(self, deed: Deed) -> None:
        key, at = self._entries.key(), self._moments.text(deed.at)
        facts = json.dumps(deed.facts, ensure_ascii=False, sort_keys=True)
        row = (
            *(key, deed.name, at, at, deed.actor, deed.actor_name, deed.for_person, deed.subject_type),
            *(deed.subject, deed.called, deed.scope),
        )
        self._entries.add((*row, facts))
        canonical = json.dumps(row, ensure_ascii=False)
        self._digest.update(f"{canonical[:-1]}, {facts}]".encode())
        self._unsealed.append(key)
        if len(self._unsealed) == BATCH:
            self._seal()

    def _seal(self) -> None:
        key, previous = self._seals.key(), self._last[0] if self._last else None
        digest = self._digest.digest()
        self._seals.add((key, array(self._unsealed), self._unsealed[-1], previous, raw(digest)))
        for entry in self._unsealed:
            self._sealings.add((entry, key))
        self._last, self._unsealed = (key, digest), []
        self._digest = sha256(digest)
