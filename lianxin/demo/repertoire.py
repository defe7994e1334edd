"""Which stories are told in the demo city: how many of each kind, and those that the visitors' faces are in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from random import Random

from django.utils import timezone

from lianxin.base import working_time
from lianxin.demo import faces, menu
from lianxin.demo.cast import Cast
from lianxin.demo.days import EVENING, Days, at_hour, chance_of
from lianxin.demo.deeds import Story
from lianxin.demo.stories import (
    ASKED_ON_THE_WEB,
    Plan,
    draw,
    draw_before,
    draw_standing,
    visit_going_on,
    visit_just_over,
)
from lianxin.needs.models.menu import Clock
from lianxin.needs.models.orders import Order

SEED = "stories"
WEEKS = 8
PAST = {
    "rated": 52,
    "unrated": 26,
    "declined": 15,
    "lapsed": 7,
    "withdrawn": 5,
    "cancelled": 10,
    "returned": 8,
    "redirected": 7,
}
STANDING = {
    "handed_on": 2,
    "paused": 2,
    "checking": 12,
    "waiting": 10,
    "offered": 9,
    "accepted": 11,
    "serving": 4,
    "to_confirm": 8,
}
CALM = "陪伴聊天"
FAVOURITE_SHARE, CALM_SHARE, LONG = 0.6, 0.7, 90


@dataclass(frozen=True)
class Wanted:
    """A story that must be told: its kind and, where it matters, the item, the resident, the volunteer, the day."""

    kind: str
    item: str | None = None
    is_elder: bool = False
    favourite: str | None = None
    days_ago: int | None = None
    hour: float | None = None


WITH_FACES = (
    Wanted("checking", item="小修小补", is_elder=True),
    Wanted("to_confirm", item=menu.COMPANY_TO_CLINIC, is_elder=True, favourite=faces.RETIRED_VOLUNTEER),
    Wanted("accepted", item="上门理发", is_elder=True, favourite=faces.RETIRED_VOLUNTEER),
    Wanted("rated", item="手机教学", is_elder=True, favourite=faces.YOUNG_VOLUNTEER, days_ago=16, hour=18.5),
    Wanted("rated", item="小修小补", is_elder=True, favourite=faces.CAPTAIN, days_ago=29, hour=9.5),
    Wanted("unrated", item="助餐送餐", is_elder=True, days_ago=37, hour=10.0),
    Wanted("cancelled", item=menu.RIDE, is_elder=True),
    Wanted("offered", item=CALM, favourite=faces.YOUNG_VOLUNTEER, days_ago=-2, hour=18.5),
    Wanted("offered", item="小修小补", favourite=faces.RETIRED_VOLUNTEER, days_ago=-3, hour=9.5),
    Wanted("accepted", item=CALM, favourite=faces.YOUNG_VOLUNTEER, days_ago=-1, hour=18.5),
    Wanted("accepted", item=CALM, favourite=faces.CAPTAIN, days_ago=-1, hour=14.0),
    Wanted("checking", item=menu.URGENT),
    # Two visits of one volunteer, the first of which overruns into the second: the time is contested.
    Wanted("overrun", item=CALM, favourite=faces.RETIRED_VOLUNTEER, days_ago=12, hour=14.0),
    Wanted("rated", item=CALM, favourite=faces.RETIRED_VOLUNTEER, days_ago=12, hour=15.0),
)


def stories(cast: Cast, present: datetime, share: float) -> list[Story]:
    """This share of all stories and every one with faces; the same ones for the same present moment."""
    off = working_time.exceptions((present - timedelta(weeks=WEEKS + 2)).date(), (present + timedelta(weeks=4)).date())
    return [_story(number, wanted, cast, present, off) for number, wanted in enumerate(_wanted(share))]


def _wanted(share: float) -> Iterator[Wanted]:
    yield from WITH_FACES
    for kind, many in (PAST | STANDING).items():
        yield from [Wanted(kind)] * ceil(many * share)


def _story(number: int, wanted: Wanted, cast: Cast, present: datetime, off: dict[date, bool]) -> Story:
    days = Days(chance_of(f"{SEED}:{number}"), off)
    item = menu.BY_NAME[wanted.item] if wanted.item else _item(wanted.kind, present, days.rng)
    favourite = wanted.favourite or _favourite(item, days)
    plan = _plan(number, wanted, item, days, present, favourite)
    is_urgent = item.clock == Clock.URGENT
    on_the_web = wanted.kind in ASKED_ON_THE_WEB or wanted.is_elder or is_urgent or days.chance(0.45)
    resident = cast.elder() if wanted.is_elder else cast.somebody(days.rng, on_the_web=on_the_web, has_family=is_urgent)
    return Story(
        kind=wanted.kind,
        item=item.name,
        resident=resident,
        way=Order.Way.WEB if on_the_web else _way(plan, days),
        plan=plan,
        rng=days.rng,
        favourite=cast.favourites.get(favourite or ""),
    )


def _favourite(item: menu.Offered, days: Days) -> str | None:
    """At times one of the volunteers among the faces who can do this, so that visitors find a history with them."""
    able = [name for name, skills in faces.CAN_DO.items() if not item.skill or item.skill in skills]
    return days.rng.choice(able) if able and days.chance(FAVOURITE_SHARE) else None


def _item(kind: str, present: datetime, rng: Random) -> menu.Offered:
    """Something from the menu that fits the season and the kind of story."""
    fit = [item for item in menu.MENU if item.name != menu.SNOW or timezone.localtime(present).month in menu.WINTER]
    if kind in STANDING or kind in ASKED_ON_THE_WEB:
        fit = [item for item in fit if item.clock != Clock.URGENT]
    if kind in ASKED_ON_THE_WEB:
        fit = [item for item in fit if not item.is_low_risk]
    if kind == "offered" or (kind in {"checking", "waiting"} and rng.random() < CALM_SHARE):
        fit = [item for item in fit if item.clock == Clock.PLAIN]
    if kind in {"serving", "to_confirm"}:
        fit = [item for item in fit if item.people == 1 and item.minutes <= LONG]
    return rng.choice(fit)


def _plan(
    number: int, wanted: Wanted, item: menu.Offered, days: Days, present: datetime, favourite: str | None
) -> Plan:
    visit = _given_visit(wanted, item, days, present)
    if favourite == faces.YOUNG_VOLUNTEER and wanted.kind in PAST and item.clock == Clock.PLAIN:
        visit = visit or at_hour(present - timedelta(days=days.rng.randint(2, WEEKS * 7 - 9)), EVENING)
    if wanted.kind in STANDING:
        return draw_standing(number, wanted.kind, item, days, present, visit)
    if visit:
        return draw_before(number, wanted.kind, item, days, visit)
    day = present - timedelta(days=days.rng.uniform(3, _days_back(item, present)))
    return draw(number, wanted.kind, item, days, at_hour(day, days.rng.uniform(7, 20.5)))


def _days_back(item: menu.Offered, present: datetime) -> int:
    """How far back such orders go: over the whole history, but snow falls from November on."""
    today = timezone.localdate(present)
    first_snow = date(today.year - (today.month < menu.WINTER[0]), menu.WINTER[0], 1)
    return min(WEEKS * 7, max((today - first_snow).days, 4)) if item.name == menu.SNOW else WEEKS * 7


def _given_visit(wanted: Wanted, item: menu.Offered, days: Days, present: datetime) -> datetime | None:
    if wanted.days_ago is not None and wanted.hour is not None:
        return at_hour(present - timedelta(days=wanted.days_ago), wanted.hour)
    if wanted.kind == "serving":
        return visit_going_on(present, item.minutes, days.rng.uniform(8, item.minutes - 5))
    return visit_just_over(present, item.minutes, days) if wanted.kind == "to_confirm" else None


def _way(plan: Plan, days: Days) -> Order.Way:
    """By telephone, or told to the worker who came by while the station was open."""
    return Order.Way.VISIT if days.is_open(plan.steps[0].at) and days.chance(0.35) else Order.Way.CALL
