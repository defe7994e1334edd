"""The pieces of the growth, in their order, and the one action that does the next."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from lianxin.base.actions import action, lock
from lianxin.base.models import Installation
from lianxin.base.refused import Refused
from lianxin.demo.days import at_hour, chance_of
from lianxin.demo.growth import aids, crowd, land, living, neighbourhood, offices, rolls, turns
from lianxin.demo.growth.sizes import Size
from lianxin.journal.actions import note
from lianxin.journal.bell import heard_at_once
from lianxin.journal.models import Entry
from lianxin.needs.models.orders import Order
from lianxin.volunteers.models import Volunteer

logger = logging.getLogger(__name__)

BEGUN, PIECE_DONE, GROWN = "demo.growth_begun", "demo.piece_done", "demo.grown"
WEEKS_BEFORE = 26
"""When the first of the added streets came to the service."""


@dataclass(frozen=True)
class Growth:
    """What the city grows to, and around which moment its history lies."""

    size: Size
    present: datetime

    @property
    def since(self) -> datetime:
        """The morning on which it begins."""
        return at_hour(self.present - timedelta(weeks=WEEKS_BEFORE), 8.0)


@dataclass(frozen=True)
class Piece:
    """One transaction's worth of it."""

    kind: str
    number: int = 0

    def __str__(self) -> str:
        return f"{self.kind}:{self.number}"


Maker = Callable[[Growth, int, Random], list[str] | None]


def _aids(growth: Growth, number: int, rng: Random) -> None:
    aids.STEPS[number](growth.size, growth.since, growth.present, rng)


def _street(growth: Growth, number: int, rng: Random) -> None:
    land.open_street(growth.size, number, growth.since.date())


def _staff(growth: Growth, number: int, rng: Random) -> None:
    crowd.settle_staff(growth.size, number, crowd.arrival(growth.since, number), rng)


def _residents(growth: Growth, number: int, rng: Random) -> None:
    crowd.settle_residents(growth.size, number, crowd.arrival(growth.since, number) + timedelta(days=1), rng)


def _volunteers(growth: Growth, number: int, rng: Random) -> None:
    crowd.settle_volunteers(growth.size, number, crowd.arrival(growth.since, number) + timedelta(days=2), rng)


def _roster(growth: Growth, number: int, rng: Random) -> None:
    rolls.bring_in(growth.size, number, crowd.arrival(growth.since, number) + timedelta(days=4), rng)


def _sheets(growth: Growth, number: int, rng: Random) -> None:
    rolls.sign(growth.size, number, crowd.arrival(growth.since, number) + timedelta(days=8), rng)


def _past(growth: Growth, number: int, rng: Random) -> list[str]:
    return living.live_past(growth.size, number, growth.present)


def _open(growth: Growth, number: int, rng: Random) -> list[str]:
    return living.live_open(growth.size, number, growth.present)


def _turns(growth: Growth, number: int, rng: Random) -> list[str] | None:
    mark = living.last_card()
    refused = TURNS[number](growth.size, growth.present, rng)
    living.settle_calls(mark, turns.operators(), growth.present)
    return refused


TURNS: tuple[turns.Step, ...] = (*turns.STEPS, *neighbourhood.STEPS, *offices.STEPS)
MAKERS: dict[str, Maker] = {
    "aids": _aids,
    "street": _street,
    "staff": _staff,
    "residents": _residents,
    "volunteers": _volunteers,
    "roster": _roster,
    "sheets": _sheets,
    "past": _past,
    "open": _open,
    "turns": _turns,
}


def pieces(size: Size) -> Iterator[Piece]:
    """All pieces, in their order: places and people first, then what happened, and at last what waits today."""
    past, standing = living.past_and_open(size)
    yield Piece("aids", 0)
    for street in range(size.streets):
        yield from (Piece(kind, street) for kind in ("street", "staff", "residents", "volunteers"))
    yield from (Piece("aids", number) for number in range(1, len(aids.STEPS)))
    for street in range(size.streets):
        yield from (Piece(kind, street) for kind in ("roster", "sheets"))
    # From the oldest to the newest, as lists and journal tell it.
    yield from (Piece("past", number) for number in range(living.pieces_of(past)))
    yield from (Piece("open", number) for number in range(living.pieces_of(standing)))
    yield from (Piece("turns", number) for number in range(len(TURNS)))


@action
def begin_growth(*, size: Size) -> Growth:
    """Write down to what size the city grows; begun before, it goes on as it was begun."""
    installation = lock(Installation, Installation.objects.get(is_demo=True).pk)
    begun = standing_growth()
    if begun is None:
        note(BEGUN, installation, by=None, **asdict(size))
    return begun or Growth(size, installation.made_at)


def standing_growth() -> Growth | None:
    """The growth that was begun, finished or not."""
    begun = Entry.objects.filter(name=BEGUN).order_by("pk").first()
    return Growth(Size(**begun.facts), Installation.objects.get().made_at) if begun else None


def next_piece(growth: Growth) -> Piece | None:
    """The first that is not done yet."""
    done = set(Entry.objects.filter(name=PIECE_DONE).values_list("facts__piece", flat=True))
    return next((piece for piece in pieces(growth.size) if str(piece) not in done), None)


def is_grown() -> bool:
    """Whether the last piece is done."""
    return Entry.objects.filter(name=GROWN).exists()


def do_next_piece() -> Piece | None:
    """Do the next piece and note it, all in one transaction; None when all is there.

    Whoever comes second waits at the lock, and then does the one after.
    """
    with transaction.atomic():
        return _do_next_piece()


def _do_next_piece() -> Piece | None:
    installation = lock(Installation, Installation.objects.get(is_demo=True).pk)
    growth = standing_growth()
    if growth is None or is_grown():
        return None
    piece = next_piece(growth)
    if piece is None:
        note(GROWN, installation, by=None)
        _say(installation, "")
        return None
    for refusal in _make(growth, piece):
        logger.warning("refused on the way: %s", refusal, extra={"piece": str(piece)})
    note(PIECE_DONE, installation, by=None, piece=str(piece))
    _say(installation, progress_in_words(growth))
    return piece


def _make(growth: Growth, piece: Piece) -> list[str]:
    """As one action which the actions within join; a group of orders may be lived a second time, and sees to itself."""
    make = MAKERS[piece.kind] if piece.kind in LIVED else action(MAKERS[piece.kind])
    with heard_at_once():
        try:
            return make(growth, piece.number, chance_of(f"growth:{piece}")) or []
        except Refused as refusal:
            if piece.kind != "turns":
                raise
            return [str(refusal)]  # the city is complete without this one


LIVED = {"past", "open"}


def _say(installation: Installation, words: str) -> None:
    installation.being_made = words
    installation.save(update_fields=["being_made"])


def progress_in_words(growth: Growth) -> str:
    """How far the city has come, as its pages say it."""
    volunteers, orders = counts()
    return (
        f"演示城市（虚构）正在长大：志愿者 {min(volunteers, growth.size.volunteers):,} / {growth.size.volunteers:,}，"
        f"订单 {min(orders, growth.size.orders):,} / {growth.size.orders:,}"
    )


def counts() -> tuple[int, int]:
    """How many volunteers serve, or rest for a while, and how many orders there are."""
    states = [Volunteer.State.ACTIVE, Volunteer.State.SUSPENDED]
    return Volunteer.objects.filter(state__in=states).count(), Order.objects.count()
