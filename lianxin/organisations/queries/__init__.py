"""Questions about trees and roles."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from itertools import chain
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock, search
from lianxin.base.paths import is_under
from lianxin.base.prepared import Prepared, PreparedValues, Slot, is_any_of
from lianxin.base.refused import Forbidden
from lianxin.organisations.models import (
    CORPS_KINDS,
    Kind,
    Naming,
    Node,
    NodeSet,
    Opening,
    Parenthood,
    PlaceAlias,
    Role,
    RoleHeld,
    RoleProposal,
    Serves,
    Tree,
)
from lianxin.organisations.rules import ADMINISTRATORS, GIVEN_BY, NEVER_LENT, REVIEWED_EVERY, roles_with
from lianxin.users.models import User

KEPT = "_roles_of_a_day"


def roles_of(user: User) -> list[RoleHeld]:
    """The roles the user holds today, with their nodes; asked once per request and day, and kept on the user."""
    today = clock.today()
    day, kept = getattr(user, KEPT, (None, []))
    if day != today:
        kept = _held_by(user.pk, today)
        setattr(user, KEPT, (today, kept))
    return kept


def standing_roles(day: date | Slot) -> QuerySet[RoleHeld]:
    """The roles held on that day; one that was lent only while its holder has it himself (rule G9)."""
    own = Q(lent_from=None) | Q(lent_from__during__contains=day)
    return RoleHeld.objects.filter(own, during__contains=day)


_held_by = Prepared(
    lambda user, today: standing_roles(today).filter(user_id=user).select_related("node").order_by("pk"),
    models.BigIntegerField(),
    models.DateField(),
)


def forget_roles(user: User) -> None:
    """What was kept on this user holds no longer."""
    vars(user).pop(KEPT, None)


def reach(user: User, permission: str) -> list[str]:
    """The paths below which the user has the permission."""
    allowed = roles_with(permission)
    return [held.node.path for held in roles_of(user) if held.role in allowed]


def may(user: User, permission: str, *paths: str | None) -> bool:
    """Whether the user has the permission at one of these paths."""
    tops = reach(user, permission)
    return any(is_under(path, top) for path in paths if path for top in tops)


def administers_all(user: User, permission: str) -> bool:
    """Whether the user is one of the three administrators on top of a tree, and so has the permission in every tree."""
    held = [each for each in roles_of(user) if each.role in ADMINISTRATORS and each.node.parent_id is None]
    return any(each.role in roles_with(permission) for each in held)


def require_everywhere(user: User, permission: str, path: str) -> None:
    """Refuse unless the user has the permission at this path, or in every tree."""
    if not administers_all(user, permission):
        require(user, permission, path)


def require(user: User, permission: str, *paths: str | None) -> None:
    """Refuse unless the user has the permission at one of these paths."""
    if not may(user, permission, *paths):
        raise Forbidden(_("这不在您负责的范围内，不能这样做。"))


def serving_paths(places: Iterable[Node], on: date | None = None) -> dict[int, str]:
    """For each of these places, by key, the path of the team that is asked first; none for a place without a team."""
    ways = {place.pk: place.path.split(".") for place in places}
    keys = {int(key) for way in ways.values() for key in way}
    first: dict[str, str] = {}
    for place, path in _serving(list(keys), on or clock.today()):
        first.setdefault(str(place), path)
    nearest = {pk: next((first[key] for key in reversed(way) if key in first), None) for pk, way in ways.items()}
    return {pk: path for pk, path in nearest.items() if path}


_serving = PreparedValues(
    lambda places, on: (
        Serves.objects.filter(
            is_any_of("place", places), during__contains=on, team__tree=Tree.SERVICE, team__closed_on=None
        )
        .order_by("team")
        .values_list("place", "team__path")
    ),
    ArrayField(models.BigIntegerField()),
    models.DateField(),
)


def serving_teams_of(places: Iterable[Node], on: date | None = None) -> dict[int, list[Node]]:
    """For each of these places, by key, the teams that serve it or a place above it, nearest place first; one query."""
    above = {place.pk: [int(key) for key in place.path.split(".")] for place in places}
    serves = Serves.objects.filter(
        place__in=set(chain.from_iterable(above.values())),
        during__contains=on or clock.today(),
        team__tree=Tree.SERVICE,
        team__closed_on=None,
    )
    by_place: dict[int, list[Node]] = defaultdict(list)
    for each in serves.select_related("team").order_by("team"):
        by_place[each.place_id].append(each.team)
    nearest_first = {key: chain.from_iterable(by_place[each] for each in reversed(keys)) for key, keys in above.items()}
    return {key: list(dict.fromkeys(teams)) for key, teams in nearest_first.items()}


def roots(tree: Tree) -> QuerySet[Node]:
    """The nodes on top of a tree."""
    return Node.objects.filter(tree=tree, parent=None, closed_on=None).order_by("pk")


def holders(role: Role, path: str) -> QuerySet[User]:
    """The users who hold the role at this path or above it today, nearest first."""
    held = standing_roles(clock.today()).filter(user=OuterRef("pk"), role=role, node__path__above=path)
    nearest = Subquery(held.order_by("-node__path").values("node__path")[:1])
    return User.objects.annotate(nearest=nearest).filter(nearest__isnull=False).order_by("-nearest", "pk")


def nodes_within(user: User, permission: str) -> NodeSet:
    """The open nodes of every tree over which the user has the permission."""
    return Node.objects.open().under_any(reach(user, permission))


def tops_of(user: User, permission: str) -> list[Node]:
    """The topmost nodes over which the user has the permission, each once, none below another."""
    allowed = roles_with(permission)
    nodes = {held.node.path: held.node for held in roles_of(user) if held.role in allowed and not held.node.closed_on}
    tops = [node for path, node in nodes.items() if not any(is_under(path, top) and path != top for top in nodes)]
    return sorted(tops, key=lambda node: (node.tree, node.path))


def with_children(nodes: NodeSet) -> NodeSet:
    """Annotated with `many_children`: how many open nodes stand directly below each."""
    below = Node.objects.open().filter(parent=OuterRef("pk")).order_by().values("parent")
    return nodes.annotate(many_children=Coalesce(Subquery(below.annotate(many=Count("pk")).values("many")), 0))


def children_of(*nodes: Node) -> NodeSet:
    """The open nodes directly below these, by name."""
    return with_children(Node.objects.open().filter(parent__in=nodes)).order_by("kind", "name", "pk")


def nodes_matching(nodes: NodeSet, query: str) -> NodeSet:
    """Of these nodes those whose name, code or tag is meant: two characters, pinyin initials, a code, a tag."""
    pieces = search.pieces_of_query(query)
    found = Q(code=query) | Q(credit_code=query.upper()) | Q(tags__contains=[query])
    return nodes.filter(found | Q(search__contains=pieces)) if pieces else nodes.none()


def ancestors_of(node: Node) -> QuerySet[Node]:
    """The way from the root down to above the node."""
    return Node.objects.filter(path__above=node.path).exclude(pk=node.pk).order_by("path")


def what_stands_on(node: Node) -> dict[str, int]:
    """How much that is open stands on this very node, by what it is in words; empty when it may be closed (rule G5).

    Every model that points at nodes says itself when a row of it is open: `STANDS_ON`, by the name of the field.
    """
    counted: dict[str, int] = {}
    for relation in Node._meta.related_objects:
        model: Any = relation.related_model
        said = getattr(model, "STANDS_ON", {}).get(relation.field.name)
        if said is None:
            continue
        is_open, words = said
        many = model._default_manager.filter(is_open, **{relation.field.name: node}).count()
        counted[str(words)] = counted.get(str(words), 0) + many
    return {words: many for words, many in counted.items() if many}


def roles_on(node: Node) -> QuerySet[RoleHeld]:
    """Who holds or will hold a role on this very node, residents and volunteers left out."""
    ours = RoleHeld.objects.filter(node=node).exclude(role__in=[Role.RESIDENT, Role.VOLUNTEER])
    today = clock.today()
    standing = ours.filter(Q(during__endswith=None) | Q(during__endswith__gt=today))
    return standing.select_related("user", "lent_from__user").order_by("role", "pk")


def lendable_roles(user: User) -> QuerySet[RoleHeld]:
    """The roles that this user holds today himself and may let somebody stand in for."""
    held = RoleHeld.objects.filter(user=user, lent_from=None, during__contains=clock.today())
    return held.exclude(role__in=NEVER_LENT).select_related("node").order_by("pk")


def lent_by(user: User) -> QuerySet[RoleHeld]:
    """Who stands in for this user now or will."""
    today = clock.today()
    lent = RoleHeld.objects.filter(Q(during__endswith=None) | Q(during__endswith__gt=today), lent_from__user=user)
    return lent.select_related("user", "node").order_by("during", "pk")


def namings_of(node: Node) -> QuerySet[Naming]:
    """What the node has been called, newest first."""
    return Naming.objects.filter(node=node).order_by("-during", "-pk")


def parents_of(node: Node) -> QuerySet[Parenthood]:
    """Under whom the node has stood, newest first."""
    return Parenthood.objects.filter(node=node).select_related("parent").order_by("-during", "-pk")


def served_by(team: Node) -> QuerySet[Serves]:
    """Which places the team serves now."""
    return Serves.objects.filter(team=team, during__contains=clock.today()).select_related("place").order_by("pk")


def teams_serving(place: Node) -> QuerySet[Serves]:
    """Which teams serve this very place now."""
    return Serves.objects.filter(place=place, during__contains=clock.today()).select_related("team").order_by("pk")


def places_without_station(paths: list[str]) -> QuerySet[Node]:
    """Communities below these paths in which no station stands."""
    stations = Node.objects.open().filter(kind=Kind.STATION).values_list("path", flat=True)
    above = set(chain.from_iterable(path.split(".") for path in stations))
    return _blank(paths, lambda way: way[-1] not in above)


def places_without_team(paths: list[str]) -> QuerySet[Node]:
    """Communities below these paths that no team serves, neither they nor a place above them below the city."""
    serving = Serves.objects.filter(during__contains=clock.today(), team__closed_on=None).exclude(place__parent=None)
    return _blank(paths, set(map(str, serving.values_list("place", flat=True))).isdisjoint)


def teams_without_captain(paths: list[str]) -> QuerySet[Node]:
    """Teams and professional teams below these paths without a captain of their own today."""
    captain = standing_roles(clock.today()).filter(node=OuterRef("pk"), role=Role.CAPTAIN)
    teams = Node.objects.open().under_any(paths).filter(kind__in=[Kind.TEAM, Kind.PROFESSIONAL])
    return teams.exclude(Exists(captain)).select_related("parent").order_by("path", "pk")


def _blank(paths: list[str], is_blank: Callable[[list[str]], bool]) -> QuerySet[Node]:
    """The communities of which that is so by their way from the root; the database would walk the tree for each."""
    ways = Node.objects.open().under_any(paths).filter(kind=Kind.COMMUNITY).values_list("pk", "path")
    blank = Node.objects.filter(pk__in=[pk for pk, path in ways if is_blank(path.split("."))])
    return blank.select_related("parent").order_by("path", "pk")


def teams_of(paths: list[str]) -> QuerySet[Node]:
    """The open nodes of the service corps below these paths."""
    return Node.objects.open().under_any(paths).filter(kind__in=CORPS_KINDS).order_by("path", "pk")


def openings_under(paths: list[str]) -> QuerySet[Opening]:
    """The figures from before the system below these paths, what waits to be checked first."""
    found = Opening.objects.filter(node__path__under_any=paths).exclude(state=Opening.State.WITHDRAWN)
    return found.select_related("node", "entered_by", "approved_by").order_by("-state", "node__path", "what", "pk")


def openings_to_check(paths: list[str]) -> QuerySet[Opening]:
    """Figures below these paths that wait for a second person, the first entered on top (rule G10)."""
    return openings_under(paths).filter(state=Opening.State.ENTERED).order_by("entered_at", "pk")


def opening_sums(node: Node) -> list[dict[str, object]]:
    """The checked figures from before the system of a node and all below it, added up by what they are."""
    checked = Opening.objects.filter(state=Opening.State.APPROVED, node__path__under=node.path)
    sums = checked.values("what", "unit").annotate(
        total=models.Sum("number"),
        many=Count("pk"),
        first=models.Min("as_of"),
        last=models.Max("as_of"),
        sources=ArrayAgg("source", distinct=True),
    )
    return [dict(row) | {"words": Opening.What(row["what"]).label} for row in sums.order_by("what", "unit")]


def communities_called(query: str, paths: list[str]) -> QuerySet[Node]:
    """The communities below these paths whose name, or a nickname of it, holds the query; none for an empty one."""
    pieces = search.pieces_of_query(query)
    if not pieces:
        return Node.objects.none()
    named = Q(search__contains=pieces) | Q(pk__in=PlaceAlias.objects.filter(search__contains=pieces).values("place"))
    return Node.objects.filter(named, kind=Kind.COMMUNITY, closed_on=None, path__under_any=paths).order_by("pk")


def aliases_under(paths: list[str]) -> QuerySet[PlaceAlias]:
    """What people call places below these paths."""
    return PlaceAlias.objects.filter(place__path__under_any=paths).select_related("place").order_by("place__name", "pk")


def holders_under(roles: Iterable[Role], paths: list[str]) -> QuerySet[RoleHeld]:
    """Who holds one of these roles today at a node below these paths."""
    held = RoleHeld.objects.filter(role__in=list(roles), node__path__under_any=paths, during__contains=clock.today())
    return held.select_related("user", "node").order_by("node__path", "pk")


def roles_to_review(*, unseen_since: datetime | None = None, due_on: date | None = None) -> QuerySet[RoleHeld]:
    """Who holds which role that somebody gave, today or from a later day; the longest unseen first.

    `seen_at` is when he last came in or, if he never did, when his account was made; only those unseen since then.
    With `due_on` only those, of a holder's own, that nobody has looked at for a quarter on that day (rule A8).
    """
    held = RoleHeld.objects.filter(Q(during__endswith=None) | Q(during__endswith__gt=clock.today()), role__in=GIVEN_BY)
    seen = held.annotate(seen_at=Coalesce("user__last_in_at", "user__made_at"))
    if unseen_since:
        seen = seen.filter(seen_at__lt=unseen_since)
    if due_on:
        since = due_on - REVIEWED_EVERY
        unseen = Q(reviewed_on__lt=since) | Q(reviewed_on=None, during__startswith__lt=since)
        seen = seen.filter(unseen, lent_from=None)
    return seen.select_related("user", "node").order_by("seen_at", "pk")


def roles_ever_of(user: User) -> QuerySet[RoleHeld]:
    """The roles this user holds, held, or will hold, the latest first."""
    return RoleHeld.objects.filter(user=user, during__isempty=False).select_related("node").order_by("-during", "-pk")


def roles_held_by(users: Iterable[User]) -> dict[int, list[RoleHeld]]:
    """Today's roles of these users, by user; one query for all."""
    held = RoleHeld.objects.filter(user__in=list(users), during__contains=clock.today())
    found: dict[int, list[RoleHeld]] = {}
    for each in held.select_related("node").order_by("pk"):
        found.setdefault(each.user_id, []).append(each)
    return found


def open_proposals() -> QuerySet[RoleProposal]:
    """Administrators' roles that wait for a second word, the oldest first."""
    found = RoleProposal.objects.filter(state=RoleProposal.State.OPEN)
    return found.select_related("user", "node", "proposed_by").order_by("pk")


def nodes_for_roles(words: str) -> QuerySet[Node]:
    """Open nodes whose name holds these words, the highest first; without words the roots."""
    found = Node.objects.open().order_by("path", "pk")
    return nodes_matching(found, words) if words else found.filter(parent=None)


def holders_at(path: str, *roles: Role) -> list[User]:
    """Who holds one of these roles today at the node nearest to this path, on it or above it, where anybody does."""
    held = standing_roles(clock.today()).filter(role__in=roles, node__path__above=path).select_related("user", "node")
    found = list(held.order_by("-node__path", "pk"))
    return list(dict.fromkeys(each.user for each in found if each.node_id == found[0].node_id))
