"""Orders of years, each lived through up to the present, with what was offered and told."""

from random import Random

from bench.city.aside import Aside
from bench.city.copying import Table
from bench.city.diary import Deed, Diary
from bench.city.ground import Ground
from bench.city.lived import Lived, Lives, State
from bench.city.moments import DAY, Moments
from bench.city.people import Helper, Society
from bench.city.sealing import sealer
from bench.city.service import Service
from bench.city.telling import Telling
from lianxin.demo.menu import MENU, Offered
from lianxin.needs.models.detours import Redirect
from lianxin.needs.models.menu import MenuItem
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.rules import DOOR_WORDS
from lianxin.organisations.models import Role

PROMISE, TO_VERIFY, TO_DISPATCH, TO_ACCEPT, TO_CONFIRM = 3 * DAY, DAY, DAY, DAY, 3 * DAY
ASKED_BEFORE = 0.25


class History:
    """The tables of orders and of everything that hangs on them."""

    def __init__(
        self, ground: Ground, society: Society, diary: Diary, moments: Moments, luck: Random, aside: Aside
    ) -> None:
        self.ground, self.society, self.diary, self.moments, self.luck = ground, society, diary, moments, luck
        self._aside = aside
        self._lives = Lives(ground, society, moments, luck)
        self._telling = Telling(ground, moments)
        self._service = Service(ground, society, diary, moments, luck)
        self._items = Table(
            MenuItem,
            *("id", "place", "name", "words", "icon", "minutes", "people", "materials", "clock", "is_low_risk"),
            *("is_alone_at_first", "rank"),
        )
        self._orders = Table(
            Order,
            *("id", "item", "resident", "placed_by", "way", "state", "clock", "people", "minutes", "window"),
            *("starts_at", "details", "door_word", "place", "place_path", "team_path", "placed_at", "promised_at"),
            *("due_at", "rises_at", "responsible", "verified_by", "verified_at", "reason", "confirmed_how"),
            "confirmed_at",
        )
        self._offers = Table(
            Offer, "id", "order", "volunteer", "state", "offered_by", "offered_at", "lapses_at", "answered_at", "metres"
        )
        self._redirects = Table(
            Redirect, "id", "order", "to", "words", "made_by", "made_at", "called_by", "called_at", "came", "outcome"
        )
        own = (self._items, self._orders, self._offers, self._redirects)
        self.tables = (*own, *self._service.tables, *self._telling.tables)
        self._seal = sealer(Order, "details")
        self._menu = [self._item(rank, offered) for rank, offered in enumerate(MENU)]

    def live(self, orders: int, days: int) -> None:
        """So many orders, day after day: more each year, fewer at weekends, most of them in the morning."""
        luck, weekday = self.luck, self.moments.first.weekday()
        shares = [(0.7 + 0.6 * day / days) * (0.55 if (day + weekday) % 7 > 4 else 1.18) for day in range(days + 1)]
        unit, until = orders / sum(shares), 0.0
        for day, share in enumerate(shares):
            since, until = until, until + share * unit
            hours = sorted(min(luck.triangular(7, 21, 9.5), 20.9) for _ in range(round(until) - round(since)))
            for hour in hours:
                self._live_through(self._lives.draw(self._orders.key(), self.moments.local(day, hour), self._menu))
            self.diary.write_until(self.moments.local(day, 0))
        self._service.close_the_book()

    def _item(self, rank: int, offered: Offered) -> tuple[int, Offered]:
        key = self._items.key()
        facts = (offered.name, offered.words, offered.icon, offered.minutes, offered.people, offered.materials.value)
        flags = (offered.clock.value, str(offered.is_low_risk), "True", rank)
        self._items.add((key, self.ground.city.key, *facts, *flags))
        return key, offered

    def _live_through(self, lived: Lived) -> None:
        now = self.moments.now
        if lived.placed > now:
            return
        self._place(lived)
        if lived.ended_as == State.SETTLED and lived.verified <= now:
            self._redirect(lived)
        if lived.helper and lived.asked <= now:
            self._offer(lived, lived.helper)
            if lived.accepted <= now:
                self._service.serve(lived, lived.helper)
                self._aside.befall(lived)

    def _place(self, lived: Lived) -> None:
        moments, resident = self.moments, lived.resident
        place, worker = self.ground.communities[resident.community], self._worker(lived)
        state = lived.state(moments.now)
        placed_by = worker if lived.is_called else resident.user
        is_checked, is_dated = lived.verified <= moments.now, lived.helper and lived.accepted <= moments.now
        is_done = state == State.DONE
        due, rises = self._due(lived, state)
        self._orders.add(
            (
                *(lived.key, lived.item, resident.key, placed_by, "call" if lived.is_called else "web", state.value),
                *(lived.offered.clock.value, lived.offered.people, lived.offered.minutes),
                moments.range(*lived.window),
                moments.text(lived.start) if is_dated else None,
                self._seal(self.luck.choice(lived.offered.wishes)),
                *(self.luck.choice(DOOR_WORDS), place.key, place.path, self.ground.teams[resident.community].path),
                *(moments.text(lived.placed), moments.text(lived.placed + PROMISE), due, rises),
                *(worker if lived.is_called else None, worker if is_checked else None),
                moments.past(lived.verified),
                "不需要了" if state == State.CANCELLED else "",
                *("call" if is_done else "", moments.text(lived.confirmed) if is_done else None),
            )
        )
        note = self._deed(lived, lived.placed, "order_placed", placed_by, {"item": lived.item, "state": "checking"})
        self.diary.note(note)
        if not lived.is_called:
            self.diary.note(self._deed(lived, lived.verified, "order_verified", worker, {"how": "call"}))
        if state == State.CANCELLED and lived.ended:
            self.diary.note(self._deed(lived, lived.ended, "order_cancelled", placed_by, {}))
        words = f"「{lived.offered.name}」我们记下了，{moments.day((lived.placed + PROMISE) // DAY)} 前给您回话。"
        self._telling.tell(resident, f"placed:{lived.key}", lived.placed, words, f"/orders/{lived.key}/")

    def _due(self, lived: Lived, state: Order.State) -> tuple[str | None, str | None]:
        """By when the next step is due, and when the order would rise."""
        moments = {
            State.CHECKING: lived.placed + TO_VERIFY,
            State.WAITING: lived.verified + TO_DISPATCH,
            State.OFFERED: lived.asked + TO_ACCEPT,
            State.REDIRECTED: lived.verified + DAY,
            State.ACCEPTED: lived.planned_end,
            State.SERVING: lived.planned_end,
            State.TO_CONFIRM: lived.end + TO_CONFIRM,
        }
        due = self.moments.text(moments[state]) if state in moments else None
        return due, due if state in {State.WAITING, State.OFFERED} else None

    def _redirect(self, lived: Lived) -> None:
        worker, now = self._worker(lived), self.moments.now
        is_over = lived.ended is not None and lived.ended <= now
        called = self.moments.text(lived.ended) if is_over and lived.ended else None
        facts = (lived.key, "property", "公共设施归物业管", worker, self.moments.text(lived.verified))
        came = (worker, called, "settled", "已经修好") if is_over else (None, None, "", "")
        self._redirects.add((self._redirects.key(), *facts, *came))

    def _offer(self, lived: Lived, helper: Helper) -> None:
        """Now and then somebody else was asked before, and declined."""
        moments, by = self.moments, self._dispatcher(lived)
        at, lapses = moments.text(lived.asked), moments.text(lived.asked + TO_ACCEPT)
        other = self.luck.choice(self.society.crews[lived.resident.community])
        if self.luck.random() < ASKED_BEFORE and other.key != helper.key:
            answered = moments.text(min(lived.asked + 2, moments.now))
            declined = (lived.key, other.key, "declined", by, at, lapses, answered, self.luck.randrange(50, 3_000))
            self._offers.add((self._offers.key(), *declined))
        answered_at = moments.past(lived.accepted)
        row = (lived.key, helper.key, "accepted" if answered_at else "open", by, at, lapses, answered_at)
        key = self._offers.key()
        self._offers.add((key, *row, self.luck.randrange(50, 3_000)))
        deed = self._deed(lived, lived.asked, "offered", by, {"order": lived.key})
        self.diary.note(deed._replace(subject_type="needs.offer", subject=key, called=str(lived.key)))
        words = f"有一个「{lived.offered.name}」想请您去，看看您方便吗？"
        self._telling.tell(helper, f"offered:{key}", lived.asked, words, f"/tasks/offers/{key}/")

    def _deed(self, lived: Lived, at: int, name: str, by: int | None, facts: dict[str, object]) -> Deed:
        scope = self.ground.communities[lived.resident.community].path
        who = "工作人员" if by else "系统"
        kind = Order._meta.label_lower
        return Deed(at, f"needs.{name}", kind, lived.key, lived.called, scope, by, who, lived.resident.key, facts)

    def _worker(self, lived: Lived) -> int:
        return self.society.desks[Role.STATION_WORKER][lived.resident.community]

    def _dispatcher(self, lived: Lived) -> int:
        """Of the street; the first dispatcher is the city's."""
        dispatchers = self.society.desks[Role.DISPATCHER]
        return dispatchers[1 + lived.resident.community * (len(dispatchers) - 1) // len(self.ground.communities)]
