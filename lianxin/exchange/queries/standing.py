"""在册 in full: those whom an office named and who have not confirmed yet, beside the volunteers (rule G11)."""

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
from operator import and_

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from lianxin.exchange.models.roll import OnRoll, RollCount
from lianxin.organisations.models import Node
from lianxin.volunteers.models import Volunteer
from lianxin.volunteers.queries import Asked, Standing, all_volunteers_within, standing
from lianxin.volunteers.queries.headcounts import standing_within


def waiting_within(paths: list[str], asked: Asked | None = None) -> QuerySet[OnRoll]:
    """Who is on roll of teams, or lives in places, below these paths, and has said neither yes nor no.

    Whoever is a volunteer already is counted as one. Nobody on roll has a skill or a state yet.
    """
    asked = asked or Asked()
    found = _below(OnRoll.objects.filter(confirmed_at=None, left_at=None), paths)
    # Of «has none» by a join PostgreSQL believes that it holds for nobody.
    found = found.exclude(Exists(Volunteer.objects.filter(person=OuterRef("person"))))
    if asked.words or asked.state or asked.skill:
        return found.none()
    if asked.team:
        found = found.filter(team__path__under=asked.team.path)
    return found.filter(person__home__path__under=asked.place.path) if asked.place else found


def _below(rows: QuerySet[OnRoll], paths: list[str]) -> QuerySet[OnRoll]:
    """Of teams or places below these paths; below many nodes each row is looked at, below few they are looked up."""
    nodes = Node.objects.under_any(paths)
    if nodes.are_many():
        return rows.filter(Q(team__in=nodes.values("pk")) | Q(person__home__in=nodes.values("pk")))
    of_teams = rows.filter(team__path__under_any=paths).values("pk")
    return rows.filter(pk__in=of_teams.union(rows.filter(person__home__path__under_any=paths).values("pk")))


def many_waiting(paths: list[str], asked: Asked | None = None, below: Iterable[Node] = ()) -> int:
    """How many they are, of these paths and below each of these nodes; in a wide reach of a large city as of the last
    count.
    """
    reaches = [paths, *([node.path] for node in below)]
    if Node.objects.under_any(paths).are_many() and RollCount.objects.exists():
        return _counted(reaches, asked or Asked())
    return reduce(and_, (waiting_within(reach, asked) for reach in reaches)).order_by().count()


def _counted(reaches: list[list[str]], asked: Asked) -> int:
    if asked.words or asked.state or asked.skill:
        return 0
    found = RollCount.objects.all()
    for paths in reaches:
        nodes = Node.objects.under_any(paths).values("pk")
        found = found.filter(Q(team__in=nodes) | Q(home__in=nodes))
    if asked.team:
        found = found.filter(team__in=Node.objects.under(asked.team).values("pk"))
    if asked.place:
        found = found.filter(home__in=Node.objects.under(asked.place).values("pk"))
    return int(found.aggregate(sum=Coalesce(Sum("many"), 0))["sum"])


def with_roll(found: Standing, many: int) -> Standing:
    """The figures of volunteers and of those who are only on roll, each person once."""
    return replace(found, on_roll=found.on_roll + many, imported=found.imported + many, unconfirmed=many)


def standing_below(path: str) -> Standing:
    """The figures of everybody below this path."""
    found = standing_within([path]) or standing(all_volunteers_within([path]))
    return with_roll(found, many_waiting([path]))
