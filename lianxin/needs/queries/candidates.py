"""Whom to ask: who could take an order, ranked, and why nobody where nobody can."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, QuerySet

from lianxin.base.paths import is_under
from lianxin.needs.matching.ranking import Candidate, Ranked, metres_between, rank
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from lianxin.organisations.models import Tree
from lianxin.organisations.queries import roots, serving_teams
from lianxin.people.models import Person
from lianxin.volunteers import queries as volunteers
from lianxin.volunteers.models import Volunteer

ENOUGH = 5
ANSWERED_OR_OPEN = (Offer.State.OPEN, Offer.State.ACCEPTED, Offer.State.DECLINED)
MOST_SUGGESTIONS = 8
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Suggestion:
    """A volunteer whom the desk may ask, and why he stands where he stands."""

    volunteer: Volunteer
    ranked: Ranked


def suggestions(order: Order) -> Sequence[Suggestion]:
    """The best volunteers for an order: of the serving teams, and of the teams beside them where those are too few."""
    teams = list(serving_teams(order.place))
    own = [team.path for team in teams]
    found = _able(order, own)
    if len(found) < ENOUGH:
        found = _able(order, _beside(own))
    visits = _visits_to(order.resident, found)
    ranked = rank(_candidate(order, volunteer, own, visits) for volunteer in found)
    by_key = {volunteer.pk: volunteer for volunteer in found}
    return [Suggestion(by_key[each.candidate.key], each) for each in ranked[:MOST_SUGGESTIONS]]


def able(order: Order) -> QuerySet[Volunteer]:
    """All who could take the order: active, skilled, free, promised to nobody, not spared, and not those who are being
    asked, have accepted or have declined; whoever let an offer lapse may be asked again (rule D1)."""
    start, end = order.planned_start, order.planned_end
    known = Volunteer.objects.filter(state=Volunteer.State.ACTIVE).exclude(person=order.resident_id)
    skilled = volunteers.skilled(known, order.item.skill)
    free = volunteers.free_at(volunteers.without_promise(skilled, start, end), start, end)
    asked = Offer.objects.filter(order=order, state__in=ANSWERED_OR_OPEN).values("volunteer")
    return volunteers.not_blocked_by(free, order.resident).exclude(pk__in=asked)


def offers_of(order: Order) -> QuerySet[Offer]:
    """Who was asked so far, the last first."""
    return order.offers.select_related("volunteer__person", "volunteer__team", "team").order_by("-pk")


def why_nobody(order: Order) -> dict[str, int]:
    """How many of the volunteers near an order remain after each question: team, skill, free, promise, asked."""
    start, end = order.planned_start, order.planned_end
    nearby = _beside([team.path for team in serving_teams(order.place)])
    known = Volunteer.objects.filter(state=Volunteer.State.ACTIVE, team__path__under_any=nearby)
    others = known.exclude(person=order.resident_id)
    skilled = volunteers.skilled(others, order.item.skill)
    free = volunteers.free_at(skilled, start, end)
    unpromised = volunteers.without_promise(free, start, end)
    left = able(order).filter(team__path__under_any=nearby)
    steps = {"team": others, "skill": skilled, "free": free, "promise": unpromised, "asked": left}
    return {name: found.count() for name, found in steps.items()}


def metres_to(order: Order, volunteer: Volunteer) -> int | None:
    """The way from the volunteer's home to the resident's, both rounded to the grid; None when one is unknown."""
    home, goal = volunteer.person, order.resident
    if home.latitude is None or home.longitude is None or goal.latitude is None or goal.longitude is None:
        return None
    return metres_between(home.latitude, home.longitude, goal.latitude, goal.longitude)


def _able(order: Order, paths: list[str]) -> list[Volunteer]:
    start = order.planned_start
    nearby = able(order).filter(team__path__under_any=paths)
    return list(volunteers.with_load(nearby, start - WEEK, start + WEEK).select_related("person", "team"))


def _visits_to(resident: Person, found: Sequence[Volunteer]) -> dict[int, int]:
    earlier = Assignment.objects.filter(
        order__resident=resident, volunteer__in=found, visits__finished_at__isnull=False
    )
    return dict(earlier.values_list("volunteer").annotate(times=Count("pk")).order_by())


def _candidate(order: Order, volunteer: Volunteer, own: list[str], visits: dict[int, int]) -> Candidate:
    return Candidate(
        key=volunteer.pk,
        metres=metres_to(order, volunteer),
        load=getattr(volunteer, "load", 0),
        visits=visits.get(volunteer.pk, 0),
        is_serving_team=any(is_under(volunteer.team.path, path) for path in own),
    )


def _beside(own: list[str]) -> list[str]:
    """The paths above these teams, below which the teams beside them stand; the whole corps where nobody serves."""
    return [path.rpartition(".")[0] or path for path in own] or [corps.path for corps in roots(Tree.SERVICE)]
