"""Stories of orders: who asks for what, and when each step of it is done. Pure plans; `deeds` does them.

A *route* is the list of deeds of a story. Past stories may be cut off by the present and then stand wherever they are;
standing ones are drawn again until they stand at the present where they should.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from lianxin.base.day_parts import DECENT
from lianxin.demo.days import DOWN, UP, Days, at_hour, hour_of
from lianxin.demo.menu import Offered
from lianxin.needs.models.menu import Clock
from lianxin.needs.rules import CLOCKS

SERVED = "place verify offer accept start finish"
ROUTES = {
    "rated": f"{SERVED} confirm rate",
    "unrated": f"{SERVED} confirm",
    "declined": "place verify offer decline offer accept start finish confirm rate",
    "lapsed": "place verify offer lapse offer accept start finish confirm rate",
    "withdrawn": "place verify offer accept withdraw offer accept start finish confirm rate",
    "overrun": f"{SERVED} confirm rate",
    "cancelled": "place verify offer cancel",
    "returned": "place return",
    "redirected": "place redirect ring_back",
    "handed_on": "place redirect",
    "paused": "place verify pause",
    "checking": "place",
    "waiting": "place verify",
    "offered": "place verify offer",
    "accepted": "place verify offer accept",
    "serving": "place verify offer accept start",
    "to_confirm": SERVED,
}
ASKED_ON_THE_WEB = {"checking", "returned", "redirected", "handed_on", "paused"}
OVERRUN = 1.35
DAYBREAK, NIGHTFALL = DECENT[0].hour, DECENT[1].hour
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True)
class Gap:
    """How many hours pass before a deed, and by when in the day it is done; at a desk only while it is open."""

    least: float
    most: float
    until: float = DOWN
    is_at_desk: bool = False

    def after(self, at: datetime, days: Days) -> datetime:
        """A moment so much later."""
        if self.is_at_desk:
            return days.at_desk_after(at, self.least, self.most)
        return days.after(at, self.least, self.most, self.until)


ANY_CLOCK = {"rate": Gap(0.02, 0.08), "confirm": Gap(0.3, 22, until=18), "withdraw": Gap(1, 9), "cancel": Gap(1, 9)}
# Answers come well within the time that the product gives for them (needs.rules.CLOCKS); a lapse needs more than it.
QUICK = {
    "by the desk": Gap(0.1, 1.5, until=20),
    "accept": Gap(0.1, 1.2),
    "decline": Gap(0.1, 1.2),
    "lapse": Gap(27, 30),
}
PLAIN = {
    "by the desk": Gap(0.2, 4, is_at_desk=True),
    "accept": Gap(0.3, 4),
    "decline": Gap(0.3, 4),
    "lapse": Gap(27, 34, is_at_desk=True),
}


@dataclass(frozen=True)
class Step:
    """A deed of a story at its moment."""

    at: datetime
    story: int
    deed: str


@dataclass(frozen=True)
class Plan:
    """When everything in one story happens."""

    visit: datetime
    steps: tuple[Step, ...]

    @property
    def answered_at(self) -> datetime:
        """When the last deed before the visit was done."""
        return [step.at for step in self.steps if step.deed not in AT_THE_VISIT][-1]


AT_THE_VISIT = {"start", "finish", "confirm", "rate"}


def draw(number: int, kind: str, item: Offered, days: Days, placed: datetime, visit: datetime | None = None) -> Plan:
    """A plan of this kind for an order placed at that moment; the visit is set by the answers unless it is given."""
    at, steps = placed, []
    deeds = ROUTES[kind].split()
    if item.people > 1:
        deeds = [again for deed in deeds for again in [deed] * (item.people if deed == "accept" else 1)]
    for deed in deeds:
        if deed in {"start", "finish"}:
            visit = visit or _visit(item, days, at)
            at = _at_the_door(deed, kind, item, days, visit)
        elif deed != "place":
            at = _next(deed, item, days, at)
        steps.append(Step(at, number, deed))
    return Plan(visit or _visit(item, days, at), tuple(steps))


def _next(deed: str, item: Offered, days: Days, at: datetime) -> datetime:
    if deed in ANY_CLOCK:
        return ANY_CLOCK[deed].after(at, days)
    if item.clock == Clock.URGENT:
        return at + days.rng.uniform(3, 7) * MINUTE
    gaps = QUICK if item.clock == Clock.QUICK else PLAIN
    return gaps.get(deed, gaps["by the desk"]).after(at, days)


def _visit(item: Offered, days: Days, at: datetime) -> datetime:
    if item.clock == Clock.URGENT:
        return at + 20 * MINUTE
    return days.visit_after(at, 0, 1) if item.clock == Clock.QUICK else days.visit_after(at, 1, 4)


def _at_the_door(deed: str, kind: str, item: Offered, days: Days, visit: datetime) -> datetime:
    if deed == "start":
        return visit + days.rng.uniform(0, 5) * MINUTE
    share = OVERRUN if kind == "overrun" else days.rng.uniform(0.75, 0.97)
    return visit + share * item.minutes * MINUTE


def draw_standing(number: int, kind: str, item: Offered, days: Days, present: datetime, visit: datetime | None) -> Plan:
    """A plan of this kind that stands at its end now, as lately as can be."""
    for span in _spans():
        plan = draw(number, kind, item, days, present - days.rng.uniform(0.003, span) * 24 * HOUR, visit)
        if _stands(plan, item, present):
            return plan
    raise AssertionError(f"no {kind} order could stand at {present}")


def draw_before(number: int, kind: str, item: Offered, days: Days, visit: datetime) -> Plan:
    """A plan of this kind for a visit in the past."""
    while True:
        placed = at_hour(visit - days.rng.uniform(2, 9) * 24 * HOUR, days.rng.uniform(8, 20))
        plan = draw(number, kind, item, days, placed, visit)
        if _is_early_enough(plan, item):
            return plan


def _spans() -> Iterator[float]:
    """Days back from now: first one, in the end weeks."""
    for tenths in range(10, 200):
        yield from [tenths / 10] * 6


def _stands(plan: Plan, item: Offered, present: datetime) -> bool:
    last = plan.steps[-1]
    is_awake = UP <= hour_of(plan.steps[0].at) < DOWN or item.clock == Clock.URGENT
    if last.at > present or not is_awake or not _is_early_enough(plan, item):
        return False
    if last.deed == "offer":
        limits = CLOCKS[item.clock]
        return plan.visit > present and limits.after(last.at, limits.accept, latest_start=plan.visit) > present + HOUR
    return plan.visit > present or last.deed in AT_THE_VISIT


def _is_early_enough(plan: Plan, item: Offered) -> bool:
    return plan.visit - plan.answered_at >= (15 * MINUTE if item.clock == Clock.URGENT else HOUR)


def visit_going_on(present: datetime, minutes: int, ago: float) -> datetime:
    """When a visit began that is going on now; at night, one of last evening that was never ended.

    It has room before night falls: to one at night two would go (rule D8).
    """
    began, latest = (
        max(present - ago * MINUTE, at_hour(present, DAYBREAK)),
        at_hour(present, NIGHTFALL) - minutes * MINUTE,
    )
    if began < present - 5 * MINUTE and began <= latest:
        return began
    return latest if latest < present else latest - timedelta(days=1)


def visit_just_over(present: datetime, minutes: int, days: Days) -> datetime:
    """When a visit began that has ended by now, today or on one of the last two days."""
    while True:
        visit = at_hour(present - days.rng.uniform(0, 2) * 24 * HOUR, days.rng.choice((9.0, 10.0, 14.0, 15.5)))
        if visit + minutes * MINUTE < present:
            return visit
