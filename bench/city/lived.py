"""One order with the moments of its life, drawn as a city's orders go."""

from dataclasses import dataclass
from random import Random

from bench.city.ground import Ground
from bench.city.moments import DAY, Moments
from bench.city.people import Helper, Society, Somebody
from lianxin.demo.menu import Offered
from lianxin.needs.models.orders import Order

State = Order.State
CANCELLED, REDIRECTED, CALLED = 0.05, 0.015, 0.55
MENU_WEIGHTS = (14, 20, 16, 9, 6, 5, 7, 3, 4, 12, 1)
VISITING_HOURS = (9, 9, 9.5, 10, 10, 10.5, 14, 14, 14.5, 15, 16)


@dataclass(slots=True)
class Lived:
    """An order and when each step of it happens; what lies after the present has not happened."""

    key: int
    item: int
    offered: Offered
    resident: Somebody
    is_called: bool
    placed: int
    verified: int
    asked: int
    accepted: int
    start: int
    end: int
    confirmed: int
    ended: int | None = None
    ended_as: Order.State | None = None
    helper: Helper | None = None

    @property
    def called(self) -> str:
        """What the journal calls it."""
        return f"{self.key} {self.offered.name}"

    @property
    def window(self) -> tuple[int, int]:
        """From when to when the visit was wanted."""
        return self.start - 30, self.start - 30 + max(180, self.offered.minutes + 60)

    @property
    def planned_end(self) -> int:
        return self.start + self.offered.minutes

    def state(self, now: int) -> Order.State:
        """Where it stands at that moment."""
        if self.ended_as and self.ended is not None and self.ended <= now:
            return self.ended_as
        if self.ended_as == State.SETTLED and self.verified <= now:
            return State.REDIRECTED
        steps = (
            (self.verified, State.CHECKING),
            (self.asked, State.WAITING),
            (self.accepted, State.OFFERED),
            (self.start, State.ACCEPTED),
            (self.end, State.SERVING),
            (self.confirmed, State.TO_CONFIRM),
        )
        return next((before for moment, before in steps if moment > now), State.DONE)


class Lives:
    """Draws orders: who asks for what, when, and which volunteer is free for it."""

    def __init__(self, ground: Ground, society: Society, moments: Moments, luck: Random) -> None:
        self.ground, self.society, self.moments, self.luck = ground, society, moments, luck
        self._busy: set[tuple[int, int]] = set()

    def draw(self, key: int, placed: int, menu: list[tuple[int, Offered]]) -> Lived:
        """The next order, placed at that minute. Some residents order often, most seldom."""
        luck, clients = self.luck, self.society.clients
        resident = clients[int(len(clients) * luck.random() ** 1.5)]
        item, offered = luck.choices(menu, MENU_WEIGHTS)[0]
        is_called = resident.user is None or luck.random() < CALLED
        verified = placed + (0 if is_called else luck.randint(5, 900))
        asked = verified + luck.randint(5, 1_500)
        accepted = asked + luck.randint(3, DAY)
        start = self.moments.local(accepted // DAY + luck.choice((1, 1, 2, 3)), luck.choice(VISITING_HOURS))
        end = start + max(10, int(offered.minutes * luck.uniform(0.6, 1.3)))
        confirmed = end + luck.randint(10, 2 * DAY)
        lived = Lived(key, item, offered, resident, is_called, placed, verified, asked, accepted, start, end, confirmed)
        self._end_otherwise(lived)
        if lived.ended_as is None:
            lived.helper = self._free_helper(lived)
        return lived

    def _end_otherwise(self, lived: Lived) -> None:
        chance = self.luck.random()
        if chance < CANCELLED:
            lived.ended_as, lived.ended = State.CANCELLED, lived.verified + 3
        elif chance < CANCELLED + REDIRECTED:
            lived.ended_as, lived.ended = State.SETTLED, lived.verified + self.luck.randint(30, 2 * DAY)

    def _free_helper(self, lived: Lived) -> Helper | None:
        """Somebody of the serving team with nothing else on that day; nobody is found now and then."""
        crew = self.society.crews[lived.resident.community]
        for helper in self.luck.sample(crew, min(4, len(crew))):
            day = (helper.key, lived.start // DAY)
            if day not in self._busy and helper.person != lived.resident.key:
                self._busy.add(day)
                return helper
        lived.ended_as, lived.ended = State.CANCELLED, lived.asked + DAY
        return None
