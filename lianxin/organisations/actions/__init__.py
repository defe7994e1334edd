"""Building the trees and giving roles; the nouns beside it change what stands."""

from datetime import date

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.actions import note
from lianxin.organisations.models import TREE_OF, Kind, Naming, Node, Parenthood, Role, RoleHeld, Serves, Tree
from lianxin.organisations.queries import forget_roles, require, require_everywhere
from lianxin.organisations.rules import ADMINISTRATORS, GIVEN_BY, roles_with
from lianxin.users.actions.sessions import end_sessions
from lianxin.users.models import User
from lianxin.users.rules import AT_A_DESK

SHAPE = 7_301
"""The first key of the advisory locks on the trees' shapes; nobody else uses it."""


@action
def open_node(
    *,
    kind: Kind,
    name: str,
    parent: Node | None,
    by: User | None,
    code: str = "",
    phone: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    since: date | None = None,
) -> Node:
    """Open an organisation, team or place below a parent of the same tree (rule G1).

    Whoever shapes the parent's subtree may; the machine itself acts as None.
    """
    tree = TREE_OF[kind]
    hold_shape(tree, shared=True)
    if by is not None:
        require(by, "organisations.shape", parent.path if parent else None)
    if parent is not None:
        parent = lock(Node, parent.pk)
        if parent.tree != tree or parent.closed_on:
            raise Refused(_("上级不在同一棵树上，或者已经撤销。"), field="parent")
    since = since or clock.today()
    pk = _next_key()
    path = f"{parent.path}.{pk}" if parent else str(pk)
    node = Node.objects.create(
        pk=pk,
        tree=tree,
        kind=kind,
        name=name,
        parent=parent,
        path=path,
        code=code,
        phone=phone,
        latitude=latitude,
        longitude=longitude,
        opened_on=since,
    )
    Parenthood.objects.create(node=node, parent=parent, during=DateRange(since, None))
    Naming.objects.create(node=node, name=name, during=DateRange(since, None))
    note("organisations.node_opened", node, by=by, scope=path, kind=kind)
    return node


@action
def let_serve(*, team: Node, place: Node, by: User | None, since: date | None = None) -> Serves:
    """From now on the place's orders are offered to this team first; whoever shapes team or place may say so."""
    if by is not None:
        require(by, "organisations.shape", team.path, place.path)
    if team.tree != Tree.SERVICE or place.tree != Tree.PLACE:
        raise Refused(_("请选一支服务队和一个地方。"))
    serves = Serves.objects.create(team=team, place=place, during=DateRange(since or clock.today(), None))
    note("organisations.team_serves", team, by=by, scope=team.path, place=place.pk)
    return serves


@action
def give_role(
    *, user: User, role: Role, node: Node, by: User | None, since: date | None = None, until: date | None = None
) -> RoleHeld:
    """The user holds the role on the node from `since` (today) to the day before `until` (open).

    By who may give it there (rule A10); an administrator's role is proposed instead (rule A11). The machine (None)
    gives any. A role at a desk ends his sessions, since those at a desk run out sooner than a resident's.
    """
    if by is not None:
        require_may_give(by, role, user, node)
        if role in ADMINISTRATORS:
            raise Refused(_("三员的身份要两个人定：请先提出，再由另一位管理员复核。"), field="role")
    return hold(user, role, node, DateRange(since or clock.today(), until), by)


def hold(user: User, role: Role, node: Node, during: DateRange, by: User | None) -> RoleHeld:
    held = RoleHeld.objects.create(user=user, role=role, node=node, during=during)
    forget_roles(user)
    note("organisations.role_given", node, by=by, scope=node.path, role=role, user=user.pk)
    if role in roles_with(AT_A_DESK):
        end_sessions(user=user, by=by)
    return held


def require_may_give(by: User, role: Role, user: User, node: Node) -> None:
    """By who may give this role at this node, and never to himself (rule A10)."""
    if by.pk == user.pk:
        raise Forbidden(_("不能给自己授予或结束身份，请另一位管理员来办。"))
    if role not in GIVEN_BY:
        raise Refused(_("居民和志愿者的身份随登记和审核而来，不用授予。"), field="role")
    require_everywhere(by, GIVEN_BY[role], node.path)


def hold_shape(tree: Tree, *, shared: bool = False) -> None:
    """Until the transaction ends, nobody else changes who stands below whom in this tree.

    Nodes are opened beside each other (`shared`), since that only adds a leaf; a move rewrites a whole subtree.
    """
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [SHAPE, list(Tree).index(tree)])


def _next_key() -> int:
    """The key is drawn before the insert, because the path holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('organisations_node', 'id'))")
        return int(cursor.fetchone()[0])
