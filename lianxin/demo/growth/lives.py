"""The life of one order among many: who asks for what, and when each step is taken, along the rounds of the desks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from lianxin.demo import menu
from lianxin.demo.days import UP, at_hour, hour_of
from lianxin.demo.growth.rounds import TELEPHONES_UNTIL, Rounds
from lianxin.needs.models.menu import Clock, MenuItem
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from lianxin.people.models import Person
from lianxin.volunteers.models import Volunteer

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WINDOW = 2 * HOUR
EVENING, EVENING_SHARE = 18.5, 0.22
HOURS_OF_VISITS = (8.5, 9.0, 9.0, 9.5, 10.0, 10.5, 13.5, 14.0, 14.0, 14.5, 15.0, 15.5, 16.0)
SLIP_SHARE, WEB_CONFIRM_SHARE = 0.4, 0.15

PAST = {
    "rated": 44, "unrated": 27, "declined": 8, "lapsed": 3, "withdrawn": 3, "cancelled": 7, "returned": 3,
    "redirected": 4, "reopened": 1,
}  # fmt: skip
OPEN = {
    "checking": 19, "waiting": 15, "offered": 18, "accepted": 28, "serving": 1, "to_confirm": 13, "paused": 3,
    "handed_on": 3,
}  # fmt: skip
BY_STATION = {"returned", "redirected", "handed_on", "paused", "checking"}
"""What ends or rests at the station was asked for on the web: what is told there is checked as it is written down."""

LATE_SHARE = 0.1


FAR_AWAY = datetime(2999, 1, 1, tzinfo=UTC)
"""Until it is planned, a visit is never."""


@dataclass
class Line:
    """One order: what is known of it beforehand, and what has come of it so far."""

    kind: str
    item: MenuItem
    resident: Person
    way: Order.Way
    rng: Random
    steps: list[tuple[datetime, str]] = field(default_factory=list)
    visit: datetime = FAR_AWAY
    second: datetime = FAR_AWAY
    wanted: datetime | None = None
    order: Order | None = None
    asked: list[tuple[Offer, Volunteer]] = field(default_factory=list)
    held: list[tuple[Assignment, Volunteer]] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)
    stars: int = 0

    @property
    def offered(self) -> menu.Offered:
        """What people say who order this."""
        return menu.BY_NAME[self.item.name]

    @property
    def end(self) -> datetime:
        """Until when it is wanted."""
        return self.visit + max(WINDOW, timedelta(minutes=self.item.minutes))

    def at(self, moment: datetime, deed: str) -> datetime:
        """Have this done at that moment."""
        self.steps.append((moment, deed))
        return moment


def plan(line: Line, asked: datetime, rounds: Rounds, present: datetime) -> None:
    """All steps of an order about which the desk asks in this round."""
    PLANS.get(line.kind, _served)(line, asked, rounds, present)


def _served(line: Line, asked: datetime, rounds: Rounds, present: datetime) -> None:
    _begin(line, asked, rounds)
    again = _no_at_first(line, line.at(asked, "offer"), rounds)
    accepted = line.at(_soon(line.rng, again, 0.4, 5), "accept")
    if line.kind == "withdrawn":
        left = line.at(_soon(line.rng, accepted, 0.5, 3), "withdraw")
        again = line.at(rounds.after(left), "offer")
        accepted = line.at(_soon(line.rng, again, 0.4, 4), "accept")
    line.visit = _visit(line, accepted, rounds)
    if line.kind != "accepted":
        _end(line, _at_the_door(line, rounds), rounds)


def _no_at_first(line: Line, asked: datetime, rounds: Rounds) -> datetime:
    """Who was asked first says no, or nothing: then another is asked."""
    if line.kind == "declined":
        line.at(_soon(line.rng, asked, 0.3, 3), "decline")
        return line.at(rounds.after(line.steps[-1][0]), "offer")
    if line.kind == "lapsed":
        return line.at(rounds.after(rounds.after(asked, at_least=30 * HOUR), at_least=HOUR), "offer")
    return asked


def _at_the_door(line: Line, rounds: Rounds) -> datetime:
    """When the time is on record: by the volunteer's own telephone, or from a slip on the next morning."""
    began = line.visit + line.rng.uniform(-4, 7) * MINUTE
    ended = began + line.rng.uniform(0.7, 0.98) * line.item.minutes * MINUTE
    if line.kind != "serving" and line.rng.random() < SLIP_SHARE:
        return line.at(at_hour(line.visit + DAY, 8.6 + line.rng.uniform(0, 0.6)), "record")
    line.at(began, "start")
    return began if line.kind == "serving" else line.at(ended, "finish")


def _end(line: Line, served: datetime, rounds: Rounds) -> None:
    if line.kind in {"serving", "to_confirm"}:
        return
    is_own = line.resident.user is not None and line.rng.random() < WEB_CONFIRM_SHARE
    confirmed = _soon(line.rng, served, 0.4, 4) if is_own else rounds.calls_of(served + DAY)
    line.at(confirmed, "confirm" if is_own else "call")
    if line.kind not in {"unrated", "reopened"}:
        line.at(confirmed + line.rng.uniform(1, 9) * MINUTE, "rate")
        line.at(rounds.after(confirmed, at_least=DAY), "follow_up")
    if line.kind == "reopened":
        _again(line, line.at(confirmed + 20 * HOUR, "reopen"), rounds)


def _again(line: Line, reopened: datetime, rounds: Rounds) -> None:
    """The same volunteer comes once more."""
    line.second = at_hour(reopened + 2 * DAY, line.rng.choice(HOURS_OF_VISITS))
    line.at(line.second + 2 * MINUTE, "start")
    ended = line.at(line.second + 0.6 * line.item.minutes * MINUTE, "finish")
    line.at(rounds.calls_of(ended + DAY), "call")


def _cancelled(line: Line, asked: datetime, rounds: Rounds, present: datetime) -> None:
    _begin(line, asked, rounds)
    line.visit = _visit(line, asked + 6 * HOUR, rounds)
    line.at(_soon(line.rng, line.at(asked, "offer"), 0.3, 5), "cancel")


def _at_the_station(line: Line, asked: datetime, rounds: Rounds, present: datetime) -> None:
    _begin(line, asked, rounds, verify=STATION[line.kind][0])
    line.visit = _visit(line, asked + DAY, rounds)
    if line.kind == "redirected":
        line.at(rounds.after(asked, at_least=10 * HOUR), "ring_back")
    if line.kind == "paused":
        line.at(rounds.checked_before(asked) + line.rng.uniform(20, 50) * MINUTE, "pause")


STATION = {"returned": ("return",), "redirected": ("redirect",), "handed_on": ("redirect",), "paused": ("verify",)}


def _just_in(line: Line, asked: datetime, rounds: Rounds, present: datetime) -> None:
    """It has come in during the last hours; at times it lies there for two days."""
    is_late = line.rng.random() < LATE_SHARE
    placed = rounds.before(present, 4) if is_late else _awake_before(present, line.rng)
    line.visit = _visit(line, present + 20 * HOUR, rounds)
    line.at(placed, "place")


def _begin(line: Line, asked: datetime, rounds: Rounds, verify: str = "verify") -> None:
    checked = rounds.checked_before(asked)
    line.at(_placed(line, checked), "place")
    if line.way == Order.Way.WEB:
        line.at(checked, verify)


def _placed(line: Line, checked: datetime) -> datetime:
    """What is quick came in this morning; the rest since the day before, while people were awake."""
    if line.item.clock == Clock.QUICK:
        return checked - line.rng.uniform(0.1, 1.2) * HOUR
    earlier = checked - line.rng.uniform(1, 26) * HOUR
    if UP <= hour_of(earlier) < TELEPHONES_UNTIL:
        return earlier
    return at_hour(checked - DAY, line.rng.uniform(8, TELEPHONES_UNTIL))


def _visit(line: Line, after: datetime, rounds: Rounds) -> datetime:
    """The first fit time: on the same day or the next for what is quick, else within the next days."""
    if line.wanted:
        return line.wanted
    days = (0, 1) if line.item.clock == Clock.QUICK else (1, 2, 2, 3, 4, 5)
    day = after + line.rng.choice(days) * DAY
    while True:
        is_evening = rounds.days.is_worked(day) and line.rng.random() < EVENING_SHARE
        hour = EVENING if is_evening and line.item.name in AFTER_WORK else line.rng.choice(HOURS_OF_VISITS)
        if (visit := at_hour(day, hour)) >= after + 1.3 * HOUR:
            return visit
        day += DAY


AFTER_WORK = {"手机教学", "作业辅导", "法律咨询", "陪伴聊天", "小修小补"}


def _soon(rng: Random, moment: datetime, least: float, most: float) -> datetime:
    """Some hours later, before people go to bed."""
    later = moment + rng.uniform(least, most) * HOUR
    return later if UP < hour_of(later) < TELEPHONES_UNTIL else moment + rng.uniform(0.1, 0.4) * HOUR


def _awake_before(present: datetime, rng: Random) -> datetime:
    while True:
        moment = present - rng.uniform(0.1, 20) * HOUR
        if UP <= hour_of(moment) < TELEPHONES_UNTIL:
            return moment


Planner = Callable[[Line, datetime, Rounds, datetime], None]
PLANS: dict[str, Planner] = {
    "cancelled": _cancelled,
    "returned": _at_the_station,
    "redirected": _at_the_station,
    "handed_on": _at_the_station,
    "paused": _at_the_station,
    "checking": _just_in,
    "waiting": _just_in,
}
