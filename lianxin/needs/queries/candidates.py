"""Whom to ask: who could take an order, ranked, and why nobody where nobody can."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import BigIntegerField, Count, DateField, Exists, F, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from lianxin.base.paths import is_under
from lianxin.base.prepared import PreparedValues, Slot, is_any_of
from lianxin.needs import rules
from lianxin.needs.matching.picking import Want, pick
from lianxin.needs.matching.ranking import Candidate, Ranked, metres_between, rank
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from lianxin.organisations.models import Node, NodeSet, Tree
from lianxin.organisations.queries import roots, serving_teams_of
from lianxin.volunteers import queries as volunteers
from lianxin.volunteers.models import Volunteer
from lianxin.volunteers.rules import slots

ENOUGH = 5
ANSWERED_OR_OPEN = (Offer.State.OPEN, Offer.State.ACCEPTED, Offer.State.DECLINED)
MOST_SUGGESTIONS = 8
MOST_TEAMS = 20
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Suggestion:
    """A volunteer whom the desk may ask, and why he stands where he stands."""

    volunteer: Volunteer
    ranked: Ranked


class Able(NamedTuple):
    """What is read of who could take an order."""

    order: int
    volunteer: int
    load: int
    latitude: float | None
    longitude: float | None
    team_path: str


Kind: TypeAlias = tuple[bool, bool]
"""Whether a skill is asked for, and an age: then there is a condition more."""


class Asked(NamedTuple):
    """What an order asks of who takes it; or, for a statement made once, the slots of it."""

    order: int | Slot
    asking: int | Slot
    resident: int | Slot
    during: DateTimeTZRange | Slot
    week: int | Slot
    skill: int | Slot | None
    born_by: date | Slot | None

    @property
    def kind(self) -> Kind:
        return self.skill is not None, self.born_by is not None


KEY, KEYS = BigIntegerField(), ArrayField(BigIntegerField())
SLOTS = (KEY, KEY, KEY, DateTimeRangeField(), BigIntegerField(), KEY, DateField(), KEYS)
"""The fields of `Asked`, and the keys of the volunteers who are wanted."""


def suggestions(order: Order) -> Sequence[Suggestion]:
    """The best volunteers for an order: of the circle in which it is asked about, and of the teams beside it where
    those are too few."""
    return suggestions_for([order])[order.pk]


def suggestions_for(orders: Sequence[Order]) -> Mapping[int, list[Suggestion]]:
    """The best volunteers for each order, by its key; as many queries for a hundred orders as for one."""
    circles = circles_of(orders)
    found = _able_in([(order, circles[order.pk]) for order in orders])
    few = [order for order in orders if len(found[order.pk]) < ENOUGH]
    corps = _corps() if any(not circles[order.pk] for order in few) else []
    found |= _able_in([(order, _beside(circles[order.pk]) or corps) for order in few])
    visits = _visits_to(orders)
    ranked = {
        order.pk: rank(_candidate(order, each, circles[order.pk], visits) for each in found[order.pk])
        for order in orders
    }
    best = {key: each[:MOST_SUGGESTIONS] for key, each in ranked.items()}
    return _with_volunteers(best)


def picks_for(orders: Sequence[Order]) -> Mapping[int, list[Volunteer]]:
    """For each order its best suggestions, as many as it still needs, and nobody twice for the same time."""
    missing = _missing(orders)
    suggested = suggestions_for(orders)
    wants = [
        Want(
            order.pk,
            missing[order.pk],
            order.planned_start,
            order.planned_end,
            [each.volunteer.pk for each in suggested[order.pk]],
        )
        for order in orders
    ]
    known = {each.volunteer.pk: each.volunteer for found in suggested.values() for each in found}
    return {key: [known[each] for each in picked] for key, picked in pick(wants).items()}


def circles_of(orders: Sequence[Order]) -> dict[int, list[str]]:
    """The paths of the teams among whom each order is asked about first: those that serve the place; once it has risen,
    all below the rung that answers, and once it was moved, the team it was moved to (rules C4 and D11)."""
    teams = serving_teams_of({order.place for order in orders})
    serving = {key: [team.path for team in found] for key, found in teams.items()}
    return {order.pk: _circle(order, serving[order.place_id]) for order in orders}


def _circle(order: Order, serving: list[str]) -> list[str]:
    answering = order.answering_path
    is_elsewhere = order.tier > 0 or (bool(serving) and answering not in serving)
    return [answering] if answering and is_elsewhere else serving


def able(order: Order) -> QuerySet[Volunteer]:
    """All who could take the order: active, skilled, free, promised to nobody, not spared, and not those who are being
    asked, have accepted or have declined; whoever let an offer lapse, or answered for another time, may be asked again
    (rules D1 and D17). Minors only where they may serve (rule W12)."""
    return _able(_asked_by(order))


def able_pairs(wanted: Mapping[Order, Iterable[int]]) -> set[tuple[int, int]]:
    """Which of the volunteers wanted for each order could take it, as pairs of keys; one query for any number."""
    if not wanted:
        return set()
    asked = sorted(((_asked_by(order), list(keys)) for order, keys in wanted.items()), key=lambda each: each[0].kind)
    values = [value for (facts, keys) in asked for value in (*facts, keys)]
    return set(_who_is_able(tuple(facts.kind for facts, _keys in asked))(*values))


def _asked_by(order: Order) -> Asked:
    start, end = order.planned_start, order.planned_end
    by = None if rules.is_for_minors_too(order) else volunteers.grown_up_if_born_by(timezone.localdate(start))
    during, week = DateTimeTZRange(start, end), slots(start, end)
    return Asked(order.pk, order.asking, order.resident_id, during, week, order.item.skill_id, by)


def _able(asked: Asked) -> QuerySet[Volunteer]:
    known = Volunteer.objects.filter(state=Volunteer.State.ACTIVE).exclude(person=asked.resident)
    grown_up = volunteers.born_by(known, asked.born_by) if asked.born_by else known
    skilled = volunteers.skilled(grown_up, asked.skill)
    free = volunteers.free_at(volunteers.without_promise(skilled, asked.during), asked.week)
    offers = _answered_or_open(asked.order, asked.asking).filter(volunteer__isnull=False)
    return volunteers.not_blocked_by(free, asked.resident).exclude(pk__in=offers.values("volunteer"))


@lru_cache(maxsize=128)
def _who_is_able(kinds: tuple[Kind, ...]) -> PreparedValues:
    """For orders of these kinds, and volunteers for each: one statement, made once for as many orders of each kind."""

    def pairs(*slots: Slot) -> QuerySet[Volunteer, Any]:
        width = len(SLOTS)
        parts = [slots[start : start + width] for start in range(0, len(slots), width)]
        return _together([_pairs(kind, *part) for kind, part in zip(kinds, parts, strict=True)])

    return PreparedValues(pairs, *(field for _each in kinds for field in SLOTS))


def _pairs(kind: Kind, *slots: Slot) -> QuerySet[Volunteer, Any]:
    *facts, keys = slots
    asked = Asked(*facts)
    has_skill, has_age = kind
    able = _able(asked._replace(skill=asked.skill if has_skill else None, born_by=asked.born_by if has_age else None))
    return able.filter(is_any_of("pk", keys)).annotate(order_key=asked.order).values_list("order_key", "pk")


def asked_about(order: Order) -> QuerySet[Offer]:
    """Who need not be asked again for the order as it is now: is being asked, or has answered (rule D17)."""
    return _answered_or_open(order.pk, order.asking)


def _answered_or_open(order: int | Slot, asking: int | Slot) -> QuerySet[Offer]:
    return Offer.objects.filter(order=order, asking=asking, state__in=ANSWERED_OR_OPEN)


def is_anybody_left(order: Order) -> bool:
    """Whether somebody in the order's circle could still be asked."""
    return able(order).filter(team__path__under_any=circles_of([order])[order.pk]).exists()


def able_of_team(order: Order, team: Node) -> QuerySet[Volunteer]:
    """The members of a team who could take the order, fewest promises of that fortnight first."""
    start = order.planned_start
    members = able(order).filter(team__path__under=team.path).select_related("person", "team")
    return volunteers.with_load(members, start - WEEK, start + WEEK).order_by(F("load"), "pk")


def teams_to_ask(order: Order) -> QuerySet[Node]:
    """The teams of the order's circle, and beside it, that have active volunteers and neither are being asked nor have
    declined."""
    paths = circles_of([order])[order.pk]
    asked = asked_about(order).filter(team__isnull=False).values("team")
    members = Volunteer.objects.filter(team=OuterRef("pk"), state=Volunteer.State.ACTIVE)
    nearby = Node.objects.filter(path__under_any=_beside(paths) or _corps(), tree=Tree.SERVICE, closed_on=None)
    possible = nearby.filter(Exists(members)).exclude(pk__in=asked)
    ranked: QuerySet[Node] = possible.annotate(is_near=Q(path__under_any=paths)).order_by("-is_near", "pk")
    return ranked[:MOST_TEAMS]


def teams_near(order: Order) -> NodeSet:
    """The other teams to which an order could be moved: beside those of its circle, and those above them."""
    paths = _beside(circles_of([order])[order.pk]) or _corps()
    others = Node.objects.filter(path__under_any=paths, tree=Tree.SERVICE, closed_on=None)
    return others.exclude(path=order.answering_path).order_by("path", "pk") if order.answering_path else others


def offers_of(order: Order) -> QuerySet[Offer]:
    """Who was asked so far, the last first."""
    return order.offers.select_related("volunteer__person", "volunteer__team", "team").order_by("-pk")


def why_nobody(order: Order) -> dict[str, int]:
    """How many of the volunteers near an order remain after each question: team, skill, free, promise, asked."""
    start, end = order.planned_start, order.planned_end
    nearby = _beside(circles_of([order])[order.pk]) or _corps()
    known = Volunteer.objects.filter(state=Volunteer.State.ACTIVE, team__path__under_any=nearby)
    others = known.exclude(person=order.resident_id)
    skilled = volunteers.skilled(others, order.item.skill_id)
    free = volunteers.free_at(skilled, slots(start, end))
    unpromised = volunteers.without_promise(free, DateTimeTZRange(start, end))
    left = able(order).filter(team__path__under_any=nearby)
    steps = {"team": others, "skill": skilled, "free": free, "promise": unpromised, "asked": left}
    return {name: found.count() for name, found in steps.items()}


def metres_to(order: Order, volunteer: Volunteer) -> int | None:
    """The way from the volunteer's home to the resident's, both rounded to the grid; None when one is unknown."""
    return _metres(order, volunteer.person.latitude, volunteer.person.longitude)


def _metres(order: Order, latitude: float | None, longitude: float | None) -> int | None:
    goal = order.resident
    if latitude is None or longitude is None or goal.latitude is None or goal.longitude is None:
        return None
    return metres_between(latitude, longitude, goal.latitude, goal.longitude)


def _able_in(wanted: Sequence[tuple[Order, list[str]]]) -> dict[int, list[Able]]:
    """Who could take each order below these paths, by the order's key; one query for all of them."""
    branches = []
    for order, paths in wanted:
        near, start = able(order).filter(team__path__under_any=paths), order.planned_start
        loaded = volunteers.with_load(near, start - WEEK, start + WEEK)
        keyed = loaded.annotate(order_key=Value(order.pk, BigIntegerField()))
        branches.append(
            keyed.values_list("order_key", "pk", "load", "person__latitude", "person__longitude", "team__path")
        )
    found: dict[int, list[Able]] = {order.pk: [] for order, _paths in wanted}
    for row in _together(branches) if branches else []:
        found[row[0]].append(Able(*row))
    return found


def _together(branches: "Sequence[QuerySet[Volunteer, Any]]") -> "QuerySet[Volunteer, Any]":
    first, *others = branches
    return first.union(*others, all=True) if others else first


def _visits_to(orders: Sequence[Order]) -> dict[tuple[int, int], int]:
    """How often each volunteer has served each of these residents, by both keys."""
    earlier = Assignment.objects.filter(
        order__resident__in={order.resident_id for order in orders}, visits__finished_at__isnull=False
    )
    rows = earlier.values_list("order__resident", "volunteer").annotate(times=Count("pk")).order_by()
    return {(resident, volunteer): times for resident, volunteer, times in rows}


def _candidate(order: Order, found: Able, own: list[str], visits: dict[tuple[int, int], int]) -> Candidate:
    return Candidate(
        key=found.volunteer,
        metres=_metres(order, found.latitude, found.longitude),
        load=found.load,
        visits=visits.get((order.resident_id, found.volunteer), 0),
        is_serving_team=any(is_under(found.team_path, path) for path in own),
        is_wished=found.volunteer == order.wished_id,
    )


def _with_volunteers(best: Mapping[int, list[Ranked]]) -> dict[int, list[Suggestion]]:
    keys = {each.candidate.key for ranked in best.values() for each in ranked}
    known = Volunteer.objects.select_related("person", "team").in_bulk(keys)
    return {key: [Suggestion(known[each.candidate.key], each) for each in ranked] for key, ranked in best.items()}


def _missing(orders: Sequence[Order]) -> dict[int, int]:
    """How many more people each order needs, beside who holds it and who is being asked."""
    busy: dict[int, int] = defaultdict(int)
    held = Assignment.objects.filter(order__in=orders, state=Assignment.State.HELD).values_list("order")
    asked = Offer.objects.filter(order__in=orders, state=Offer.State.OPEN, volunteer__isnull=False)
    for rows in (held, asked.values_list("order")):
        for key, count in rows.annotate(count=Count("pk")).order_by():
            busy[key] += count
    return {order.pk: max(0, order.people - busy[order.pk]) for order in orders}


def _beside(own: list[str]) -> list[str]:
    """The paths above these teams, below which the teams beside them stand."""
    return [path.rpartition(".")[0] or path for path in own]


def _corps() -> list[str]:
    """The whole corps, for places that nobody serves."""
    return [corps.path for corps in roots(Tree.SERVICE)]
