"""Calls that the desk took: questions, thanks, complaints, wrong numbers."""

from random import Random

from bench.city.copying import Table
from bench.city.ground import Ground
from bench.city.moments import DAY, Moments
from bench.city.people import Society
from bench.city.sealing import hashed, sealer
from lianxin.needs.models.calls import Call
from lianxin.organisations.models import Role

KINDS, KIND_WEIGHTS = ("question", "thanks", "complaint", "call_back", "wrong", "silent"), (60, 12, 4, 14, 7, 3)
NAMELESS = {"wrong", "silent"}


class Calls:
    """The table of calls."""

    def __init__(self, ground: Ground, society: Society, moments: Moments, luck: Random) -> None:
        self.ground, self.society, self.moments, self.luck = ground, society, moments, luck
        self._calls = Table(
            Call,
            *("id", "operator", "scope", "started_at", "ended_at", "entered_at", "number", "number_hash"),
            *("number_ending", "person", "relation", "kind", "outcome"),
        )
        self.tables = (self._calls,)
        self._seal = sealer(Call, "number")

    def take(self, many: int) -> None:
        """So many calls over the whole time, all of them over."""
        luck, span = self.luck, self.moments.now - DAY
        operators = self.society.desks[Role.CALL_OPERATOR]
        for number in range(many):
            self._take(span * number // many, luck.choice(operators))

    def _take(self, at: int, operator: int) -> None:
        luck, moments = self.luck, self.moments
        [kind] = luck.choices(KINDS, KIND_WEIGHTS)
        caller = None if kind in NAMELESS else luck.choice(self.society.clients)
        number = f"13{luck.randrange(10**9):09}"
        started, ended = moments.text(at), moments.text(at + luck.randint(1, 9))
        who = (caller.key, "self") if caller else (None, "")
        sealed = (self._seal(number), hashed(number), number[-4:])
        facts = (operator, self.ground.city.path, started, ended, ended, *sealed, *who, kind, "done")
        self._calls.add((self._calls.key(), *facts))
