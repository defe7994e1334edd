"""Questions about trees and roles."""

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.paths import is_under
from lianxin.base.prepared import Prepared
from lianxin.base.refused import Forbidden
from lianxin.organisations.models import Node, Role, RoleHeld, Serves, Tree
from lianxin.organisations.rules import roles_with
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


_held_by = Prepared(
    lambda user, today: (
        RoleHeld.objects.filter(user_id=user, during__contains=today).select_related("node").order_by("pk")
    ),
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


def require(user: User, permission: str, *paths: str | None) -> None:
    """Refuse unless the user has the permission at one of these paths."""
    if not may(user, permission, *paths):
        raise Forbidden(_("这不在您负责的范围内，不能这样做。"))


def serving_teams(place: Node, on: date | None = None) -> QuerySet[Node]:
    """The teams that serve the place or a place above it, nearest place first."""
    serves = Serves.objects.filter(
        team=OuterRef("pk"), place__path__above=place.path, during__contains=on or clock.today()
    )
    nearest = Subquery(serves.order_by("-place__path").values("place__path")[:1])
    teams = Node.objects.filter(tree=Tree.SERVICE, closed_on=None).annotate(nearest=nearest)
    return teams.filter(nearest__isnull=False).order_by("-nearest", "pk")


def serving_paths(places: Iterable[Node], on: date | None = None) -> dict[int, str]:
    """For each of these places, by key, the path of the team that is asked first; none for a place without a team."""
    ways = {place.pk: place.path.split(".") for place in places}
    serves = Serves.objects.filter(
        place__in={key for way in ways.values() for key in way},
        during__contains=on or clock.today(),
        team__tree=Tree.SERVICE,
        team__closed_on=None,
    )
    rows = serves.order_by("team").values_list("place", "team__path")
    first: dict[str, str] = {}
    for place, path in rows:
        first.setdefault(str(place), path)
    nearest = {pk: next((first[key] for key in reversed(way) if key in first), None) for pk, way in ways.items()}
    return {pk: path for pk, path in nearest.items() if path}


def roots(tree: Tree) -> QuerySet[Node]:
    """The nodes on top of a tree."""
    return Node.objects.filter(tree=tree, parent=None, closed_on=None).order_by("pk")


def holders(role: Role, path: str) -> QuerySet[User]:
    """The users who hold the role at this path or above it today, nearest first."""
    held = RoleHeld.objects.filter(
        user=OuterRef("pk"), role=role, node__path__above=path, during__contains=clock.today()
    )
    nearest = Subquery(held.order_by("-node__path").values("node__path")[:1])
    return User.objects.annotate(nearest=nearest).filter(nearest__isnull=False).order_by("-nearest", "pk")
