"""Living through a group of orders of one county, day by day, with the clock pretending."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from random import Random

from django.utils import timezone

from lianxin.base import clock, working_time
from lianxin.base.actions import action
from lianxin.base.refused import Refused
from lianxin.demo import menu
from lianxin.demo.days import at_hour, chance_of, hour_of
from lianxin.demo.growth.county import County, county
from lianxin.demo.growth.deeds import call_off_what_failed, try_all
from lianxin.demo.growth.land import counties
from lianxin.demo.growth.lives import BY_STATION, OPEN, PAST, Line, plan
from lianxin.demo.growth.rounds import Rounds
from lianxin.demo.growth.sizes import OPEN_SHARE, Size
from lianxin.journal.bell import heard_at_once
from lianxin.needs.models.menu import Clock, MenuItem
from lianxin.needs.models.orders import Order
from lianxin.notices.actions import try_calls
from lianxin.notices.models import CallCard, CallTry, Sms
from lianxin.notices.tasks import carry
from lianxin.people.models import Person
from lianxin.users.models import User

WEEKS = 22
AT_ONCE = 40
"""Orders in one piece."""
LEFT_ALONE = timedelta(hours=20)
"""Calls younger than this are left to the visitors of the demo."""
DAY_ENDS, CALLS_AT = 17.8, 17.2
FAR = timedelta(days=120)


def pieces_of(many: int) -> int:
    """How many pieces so many orders take."""
    return -(-many // AT_ONCE)


def past_and_open(size: Size) -> tuple[int, int]:
    """How many of the added orders belong to the past, and how many to today."""
    standing = round(size.added * OPEN_SHARE)
    return size.added - standing, standing


def live_past(size: Size, number: int, present: datetime) -> list[str]:
    """A group whose visits fell into the same days some weeks ago."""
    past, _open = past_and_open(size)
    pieces = pieces_of(past)
    since, until = present - timedelta(weeks=WEEKS), present - timedelta(days=9)
    first = since + (until - since) * (number / pieces)
    return _live(size, f"past:{number}", PAST, _share(past, pieces, number), number, first, present)


def live_open(size: Size, number: int, present: datetime) -> list[str]:
    """A group that has not ended yet."""
    _past, standing = past_and_open(size)
    pieces = pieces_of(standing)
    return _live(size, f"open:{number}", OPEN, _share(standing, pieces, number), number, None, present)


def _share(many: int, pieces: int, number: int) -> int:
    return many * (number + 1) // pieces - many * number // pieces


def _live(
    size: Size, seed: str, kinds: dict[str, int], many: int, number: int, first: datetime | None, present: datetime
) -> list[str]:
    """All in one go; in the rare case that something is refused, once more, with a savepoint for each action."""

    def live(*, passes_over: bool) -> list[str]:
        here = county(counties(size)[number % len(counties(size))], first or present, passes_over=passes_over)
        return _live_through(_lines(here, seed, kinds, many, first, present), here, present)

    try:
        return action(live)(passes_over=False)
    except Refused:
        return live(passes_over=True)


def _lines(
    here: County, seed: str, kinds: dict[str, int], many: int, first: datetime | None, present: datetime
) -> list[Line]:
    rng = chance_of(f"growth:{seed}")
    off = working_time.exceptions((here.middle - FAR).date(), (here.middle + FAR).date())
    rounds = Rounds(here.node.name, off)
    return [_line(kind, here, rounds, first, present, rng) for kind in _kinds(kinds, many, rng)]


def _kinds(kinds: dict[str, int], many: int, rng: Random) -> list[str]:
    """Each kind by its weight, as evenly as can be, so that none is missing in the long run."""
    drawn = rng.choices(list(kinds), list(kinds.values()), k=many)
    rng.shuffle(drawn)
    return drawn


def _line(kind: str, here: County, rounds: Rounds, first: datetime | None, present: datetime, rng: Random) -> Line:
    """An order of this kind; where it cannot stand now, as a visit that goes on cannot by night, one that waits."""
    own = chance_of(f"{rng.random()}")
    for each in (kind, "waiting"):
        way = _way(each, own)
        resident = _resident(here, way, own)
        line = Line(each, _item(here, each, first or present, own), resident, way, own)
        for _ in range(TRIES):
            line.steps.clear()
            if each == "serving":
                line.wanted = _half_an_hour_before(present)
            plan(line, _asked(each, rounds, first, present, own), rounds, present)
            if _fits(line, first, present):
                return line
    raise AssertionError(f"no order could wait at {present}")


TRIES = 40


def _half_an_hour_before(present: datetime) -> datetime:
    """The last full or half hour that is more than five minutes ago."""
    half = timedelta(minutes=30)
    midnight = at_hour(present, 0.0)
    return midnight + (present - timedelta(minutes=5) - midnight) // half * half


def _asked(kind: str, rounds: Rounds, first: datetime | None, present: datetime, rng: Random) -> datetime:
    """In which round the desk asks: somewhere in these days; what stands today, in one of the last rounds."""
    if first:
        return rounds.after(at_hour(first + timedelta(days=rng.uniform(0, 2)), 0.0))
    back = {"offered": (0, 0), "accepted": (0, 4), "to_confirm": (3, 8), "serving": (3, 8), "handed_on": (0, 1)}
    least, most = back.get(kind, (0, 2))
    return rounds.before(present, rng.randint(least, most))


def _fits(line: Line, first: datetime | None, present: datetime) -> bool:
    """What belongs to the past has ended by now; what stands is as far as it should be, with its visit to come."""
    last = line.steps[-1][0]
    if first:
        return last <= present - timedelta(hours=2)
    if line.kind == "serving":
        return 8 <= hour_of(line.visit) < 20 and last + timedelta(minutes=2) < present < last + _most(line)
    if line.kind == "to_confirm":
        return present - timedelta(days=2.5) < last <= present - timedelta(minutes=20)
    return last <= present - timedelta(minutes=1) and line.visit > present + timedelta(hours=14)


def _most(line: Line) -> timedelta:
    """How long such a visit takes, but for a little."""
    return timedelta(minutes=line.item.minutes - 5)


def _way(kind: str, rng: Random) -> Order.Way:
    if kind in BY_STATION:
        return Order.Way.WEB
    if kind == "waiting":
        return Order.Way.CALL
    return rng.choices((Order.Way.WEB, Order.Way.CALL, Order.Way.VISIT), (40, 45, 15))[0]


def _resident(here: County, way: Order.Way, rng: Random) -> Person:
    fit = [person for person in here.residents if way != Order.Way.WEB or person.user]
    return rng.choice(fit)


def _item(here: County, kind: str, moment: datetime, rng: Random) -> MenuItem:
    """Something that fits the season and the kind of story."""
    fit = [item for item in here.items if item.clock != Clock.URGENT and item.name in menu.BY_NAME]
    if timezone.localtime(moment).month not in menu.WINTER:
        fit = [item for item in fit if item.name != menu.SNOW]
    if kind in BY_STATION:
        fit = [item for item in fit if not item.is_low_risk]
    if kind in OPEN:
        fit = [item for item in fit if item.clock == Clock.PLAIN]
    return rng.choices(fit, [menu.WEIGHTS.get(item.name, 5) for item in fit])[0]


def _live_through(lines: Sequence[Line], here: County, present: datetime) -> list[str]:
    """All steps in the order of time; at the end of each day the calls are made and the messages leave."""
    mark = last_card()
    steps = [(at, deed, number) for number, line in enumerate(lines) for at, deed in line.steps if at <= present]
    refused, day = [], None
    for (at, deed), group in groupby(sorted(steps), key=lambda step: step[:2]):
        while day is not None and at > day:
            _end_day(day, mark, here, present)
            day += timedelta(days=1)
        day = day or at_hour(at, DAY_ENDS)
        with clock.at(at), heard_at_once():
            refused += try_all(deed, [lines[number] for _at, _deed, number in group], here)
    with heard_at_once():
        call_off_what_failed([line for line in lines if line.kind in PAST], here)
    while day is not None and day < present and _end_day(day, mark, here, present):
        day += timedelta(days=1)
    with clock.at(present), heard_at_once():
        _call_before_now(mark, here, present)
        carry(timestamp=0)
    return refused


def _call_before_now(mark: int, here: County, present: datetime) -> None:
    """Most of what was due this morning has been called; a few are left to the visitors of the demo."""
    rng = chance_of(f"this morning:{mark}")
    due = CallCard.objects.filter(pk__gt=mark, done_at=None, due_at__lte=present - timedelta(minutes=40)).order_by("pk")
    if called := [card for card in due if rng.random() < CALLED_SHARE]:
        try_calls(cards=called, result=CallTry.Result.REACHED, by=here.operator(rng))


CALLED_SHARE = 0.9


def _end_day(day: datetime, mark: int, here: County, present: datetime) -> int:
    """What the hotline did in the afternoon; how many calls are left."""
    rng = chance_of(f"calls:{day}:{mark}")
    called = at_hour(day, CALLS_AT + rng.uniform(0, 0.5))
    cards = CallCard.objects.filter(pk__gt=mark, done_at=None)
    with clock.at(min(called, present)), heard_at_once():
        carry(timestamp=0)
        due = list(cards.filter(due_at__lte=clock.now()).order_by("pk").prefetch_related("tries"))
        if present - called > LEFT_ALONE:
            _call_all(due, rng, here)
    return cards.count() + Sms.objects.filter(state=Sms.State.WAITING).count()


def settle_calls(mark: int, operators: Sequence[User], present: datetime) -> None:
    """Calls that what went another way has asked for, each made on the day on which it was due."""
    cards = CallCard.objects.filter(pk__gt=mark, done_at=None, due_at__lt=present - LEFT_ALONE)
    by_day: dict[datetime, list[CallCard]] = {}
    for card in cards.order_by("pk"):
        by_day.setdefault(at_hour(card.due_at, DAY_ENDS), []).append(card)
    for number, (day, due) in enumerate(sorted(by_day.items())):
        with clock.at(day), heard_at_once():
            try_calls(cards=due, result=CallTry.Result.REACHED, by=operators[number % len(operators)])


def last_card() -> int:
    """The newest call that is to be made or was made."""
    return CallCard.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _call_all(due: Sequence[CallCard], rng: Random, here: County) -> None:
    """On most afternoons everybody is reached; who was not twice, is the third time."""
    result = rng.choices(list(RESULTS), list(RESULTS.values()))[0]
    last = [card for card in due if len(card.tries.all()) == CallCard.TRIES - 1]
    others = [card for card in due if card not in last]
    for chosen, said in ((last, CallTry.Result.REACHED), (others, result)):
        if chosen:
            try_calls(cards=chosen, result=said, by=here.operator(rng))


RESULTS = {CallTry.Result.REACHED: 80, CallTry.Result.FAMILY: 8, CallTry.Result.NO_ANSWER: 12}
