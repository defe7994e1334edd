"""Roles and services that follow from something else: being a volunteer, or a merger. Set-based."""

from collections.abc import Mapping, Sequence

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action
from lianxin.base.refused import Refused
from lianxin.journal.actions import Deed, note_many
from lianxin.organisations.models import Node, Role, RoleHeld, Serves
from lianxin.organisations.queries import forget_roles
from lianxin.organisations.rules import PRIVATE
from lianxin.users.models import User


@action
def let_belong(*, users: Mapping[User, Node], role: Role, by: User | None) -> None:
    """Each user has the role on his node from today on, by what he is and not by appointment; twice is harmless."""
    if role not in PRIVATE:
        raise Refused(_("这个身份要由管理员授予。"), field="role")
    today = clock.today()
    has = RoleHeld.objects.filter(user__in=list(users), role=role, during__contains=today).values_list("user", "node")
    kept = set(has)
    new = [
        RoleHeld(user=user, role=role, node=node, during=DateRange(today, None))
        for user, node in users.items()
        if (user.pk, node.pk) not in kept
    ]
    RoleHeld.objects.bulk_create(new)
    for held in new:
        forget_roles(held.user)
    note_many("organisations.role_given", [_deed(held) for held in new], by=by)


@action
def stop_belonging(*, users: Sequence[User], role: Role, by: User | None) -> None:
    """These users no longer have the role anywhere."""
    held = RoleHeld.objects.filter(user__in=users, role=role, during__upper_inf=True).select_related("node")
    ended = list(held.order_by("pk"))
    _end(held)
    for user in users:
        forget_roles(user)
    note_many("organisations.role_ended", [_deed(each) for each in ended], by=by)


def hand_over_roles(node: Node, into: Node) -> None:
    """Whoever has a role on the node has it on its successor from today on; who has it there, keeps that one."""
    today = clock.today()
    rest = Q(during__endswith=None) | Q(during__endswith__gt=today)
    there = RoleHeld.objects.filter(
        user=OuterRef("user"), role=OuterRef("role"), node=into, during__overlap=OuterRef("during")
    )
    standing = RoleHeld.objects.filter(rest, node=node)
    going_on = list(standing.exclude(Exists(there)).order_by("pk"))
    successors = {each.pk: _successor(each, into) for each in going_on}
    _end(standing)
    RoleHeld.objects.bulk_create(successors.values())
    for each in going_on:
        if each.lent_from_id in successors:
            successors[each.pk].lent_from = successors[each.lent_from_id]
    RoleHeld.objects.bulk_update(successors.values(), ["lent_from"])


def _successor(held: RoleHeld, into: Node) -> RoleHeld:
    since = max(clock.today(), held.during.lower or clock.today())
    return RoleHeld(user_id=held.user_id, role=held.role, node=into, during=DateRange(since, held.during.upper))


def hand_over_service(node: Node, into: Node) -> None:
    """What the team serves, or the place is served by, goes on with its successor."""
    for ours, other in (("team", "place"), ("place", "team")):
        running = Serves.objects.filter(**{ours: node}, during__upper_inf=True)
        there = Serves.objects.filter(**{ours: into, other: OuterRef(other)}, during__overlap=OuterRef("during"))
        _end(running.filter(Exists(there)))
        today = clock.today()
        going_on = list(running.order_by("pk"))
        _end(running)
        Serves.objects.bulk_create(
            Serves(**{ours: into, f"{other}_id": getattr(each, f"{other}_id")}, during=DateRange(today, None))
            for each in going_on
        )


def _end(rows: "QuerySet[RoleHeld] | QuerySet[Serves]") -> None:
    """They end today; what began today never was."""
    today = clock.today()
    keys = {row.pk: row.during.lower for row in rows}
    rows.model._default_manager.filter(pk__in=[pk for pk, since in keys.items() if since and since >= today]).delete()
    for since in {since for since in keys.values() if since and since < today}:
        begun_then = [pk for pk, lower in keys.items() if lower == since]
        rows.model._default_manager.filter(pk__in=begun_then).update(during=DateRange(since, today))


def _deed(held: RoleHeld) -> Deed:
    return Deed(held.node, held.node.path, None, {"role": held.role, "user": held.user_id})
