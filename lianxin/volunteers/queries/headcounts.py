"""The figures of a large city, added up from its headcounts instead of from everybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from lianxin.organisations.models import Node, Tree
from lianxin.volunteers.models import Headcount, Skill, Volunteer
from lianxin.volunteers.queries import GONE, MOST_LINES, Asked, Counts, Standing

FIGURES = ("many", "imported", "confirmed", "active", "party")


@dataclass(frozen=True)
class Figures:
    """What the ledger says of these volunteers as of the moment at which heads were counted."""

    counts: Counts
    standing: Standing
    counted_at: datetime


def figures_within(paths: Sequence[str], asked: Asked, at: Node | None = None) -> Figures | None:
    """The figures of whom the ledger shows for these paths, this question and below this node; None where each is to
    be counted: below few nodes, by words, by membership, or before the first count.
    """
    tops = _tops(paths)
    if asked.words or not tops or (at and at.tree == Tree.PARTY):
        return None
    counted_at = Headcount.objects.values_list("counted_at", flat=True).first()
    if counted_at is None:
        return None
    found = _asked(_below(Headcount.objects.all(), tops), asked)
    found = _below(found, {at.path: at.tree}) if at else found
    measure = "unclaimed" if asked.imported else "many"
    alike = found.filter(skill=asked.skill)
    return Figures(_counts(found, alike, measure, asked), _standing(alike, asked), counted_at)


def standing_within(paths: Sequence[str]) -> Standing | None:
    """How many are on roll, have confirmed, are active and of the Party below these paths; None as above."""
    tops = _tops(paths)
    if not tops or not Headcount.objects.exists():
        return None
    return _standing(_below(Headcount.objects.filter(skill=None), tops), Asked())


def skills_with_holders() -> QuerySet[Skill]:
    """All skills, each with how many active volunteers have it, in a large city by its headcounts; closed ones last."""
    active = Coalesce(Subquery(_holders_of_a_skill()), 0) if Headcount.objects.exists() else _active_holders()
    return Skill.objects.annotate(holders=active).order_by(F("closed_on").desc(nulls_first=True), "name", "pk")


def _active_holders() -> Count:
    return Count("volunteers", filter=Q(volunteers__state=Volunteer.State.ACTIVE))


def _holders_of_a_skill() -> QuerySet[Headcount, Any]:
    heads = Headcount.objects.filter(skill=OuterRef("pk"), state=Volunteer.State.ACTIVE).order_by()
    return heads.values("skill").annotate(sum=Sum("many")).values("sum")


def _tops(paths: Sequence[str]) -> Mapping[str, str]:
    """The paths with their trees, if many nodes stand below them and nobody is found by his membership alone."""
    if not paths or not Node.objects.under_any(paths).are_many():
        return {}
    nodes = list(Node.objects.filter(path__in=list(paths)).values_list("path", "tree", "parent"))
    has_all = any(tree == Tree.SERVICE and parent is None for _path, tree, parent in nodes)
    by_membership = any(tree == Tree.PARTY for _path, tree, _parent in nodes)
    return {} if by_membership and not has_all else {path: tree for path, tree, _parent in nodes}


def _below(heads: QuerySet[Headcount], tops: Mapping[str, str]) -> QuerySet[Headcount]:
    """Teams stand in one tree and homes in another, so each path is asked for in its own; of a whole tree none is."""
    whole, below = _whole_trees(tops), Q(pk__in=[])
    for name, tree in (("team", Tree.SERVICE), ("home", Tree.PLACE)):
        if tree in whole:
            below |= Q(**{f"{name}__isnull": False})
        elif paths := [path for path, its_tree in tops.items() if its_tree == tree]:
            below |= Q(**{f"{name}__in": Node.objects.under_any(paths).values("pk")})
    return heads.filter(below)


def _whole_trees(tops: Mapping[str, str]) -> set[str]:
    """The trees of which all that there is stands below these paths."""
    highest = set(Node.objects.filter(parent=None, tree__in=tops.values()).values_list("path", "tree"))
    return set(tops.values()) - {tree for path, tree in highest if path not in tops}


def _asked(heads: QuerySet[Headcount], asked: Asked) -> QuerySet[Headcount]:
    if asked.state:
        heads = heads.filter(state=asked.state)
    if asked.team:
        heads = heads.filter(team__in=Node.objects.under(asked.team).values("pk"))
    return heads.filter(home__in=Node.objects.under(asked.place).values("pk")) if asked.place else heads


def _counts(found: QuerySet[Headcount], alike: QuerySet[Headcount], measure: str, asked: Asked) -> Counts:
    states = dict(_summed(alike, "state", measure))
    having = alike if asked.skill else found.exclude(skill=None)
    names = Skill.objects.in_bulk()
    return Counts(
        by_skill=[(names[pk], many) for pk, many in _summed(having, "skill", measure)],
        by_state=[(state.value, str(state.label), states[state]) for state in Volunteer.State if state in states],
        by_team=_by_node(alike, "team", measure),
        by_area=_by_node(alike.exclude(home=None), "home", measure),
    )


def _summed(heads: QuerySet[Headcount], name: str, measure: str) -> QuerySet[Headcount, tuple[Any, int]]:
    """The most first; nobody is not counted."""
    return heads.values_list(name).annotate(sum=Sum(measure)).filter(sum__gt=0).order_by("-sum", name)


def _by_node(heads: QuerySet[Headcount], name: str, measure: str) -> list[tuple[Node, int]]:
    found = dict(_summed(heads, name, measure)[:MOST_LINES])
    nodes = Node.objects.in_bulk(list(found))
    return [(nodes[pk], many) for pk, many in found.items()]


def _standing(heads: QuerySet[Headcount], asked: Asked) -> Standing:
    standing = heads.exclude(state__in=GONE)
    if asked.imported:
        many = standing.aggregate(many=Coalesce(Sum("unclaimed"), 0))["many"]
        return Standing(on_roll=many, imported=many)
    sums = standing.aggregate(**{f"sum_{name}": Coalesce(Sum(name), 0) for name in FIGURES})
    on_roll, imported, confirmed, active, party = (sums[f"sum_{name}"] for name in FIGURES)
    return Standing(on_roll=on_roll, imported=imported, confirmed=confirmed, active=active, party=party)
