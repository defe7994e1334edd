"""Changing what stands in a tree: names, places in it, merging, closing. What was, stays on record with its days."""

from datetime import date

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.paths import is_under
from lianxin.base.refused import Refused
from lianxin.journal.actions import note
from lianxin.organisations import rules
from lianxin.organisations.actions.belonging import hand_over_roles, hand_over_service
from lianxin.organisations.actions.building import hold_shape
from lianxin.organisations.models import DivisionCode, Naming, Node, Parenthood, Tree
from lianxin.organisations.queries import require, what_stands_on
from lianxin.users.models import User


@action
def rename_node(*, node: Node, name: str, by: User | None) -> Node:
    """The node is called otherwise from today on; what it was called stays on record (rule G2)."""
    node = _open_node(node, by)
    name = name.strip()
    if not name or name == node.name:
        raise Refused(_("请填一个新名称。"), field="name")
    today = clock.today()
    end_on(Naming.objects.filter(node=node), today)
    Naming.objects.create(node=node, name=name, during=DateRange(today, None))
    node.name = name
    node.save(update_fields=["name", "search"])
    note("organisations.node_renamed", node, by=by, scope=node.path)
    return node


@action
def move_node(*, node: Node, to: Node, by: User | None) -> Node:
    """The node, with all below it, stands under `to` from today on (rule G3).

    Roles go with it, and open orders follow by the journal; what is done keeps the path of its day.
    """
    hold_shape(Tree(node.tree))
    node = _open_node(node, by)
    to = lock(Node, to.pk)
    _require_parent(node, to, by)
    was = node.path
    _stand_below(node, to)
    note("organisations.node_moved", node, by=by, scope=node.path, was=was, now=node.path)
    return node


@action
def merge_node(*, node: Node, into: Node, by: User | None) -> Node:
    """The node ends today and goes on in another of its kind (rule G4).

    What stands below it, its roles and the places it serves go over at once; members, residents and open orders
    follow by the journal. The closed node stands below its successor, so that its past is counted there.
    """
    hold_shape(Tree(node.tree))
    node = _open_node(node, by)
    into = lock(Node, into.pk)
    if node.kind != into.kind:
        raise Refused(_("只能并入另一个「%(kind)s」，请重新选。") % {"kind": node.get_kind_display()}, field="to")
    _require_parent(node, into, by)
    was = node.path
    for child in list(Node.objects.open().filter(parent=node).order_by("pk")):
        _stand_below(child, into)
    hand_over_roles(node, into)
    hand_over_service(node, into)
    _stand_below(node, into)
    node.merged_into, node.closed_on = into, clock.today()
    node.save(update_fields=["merged_into", "closed_on"])
    note("organisations.node_merged", node, by=by, scope=into.path, was=was, now=into.path, into=into.pk)
    return node


@action
def close_node(*, node: Node, by: User | None) -> Node:
    """The node ends today; refused, with what they are, while open things stand on it (rule G5)."""
    hold_shape(Tree(node.tree))
    node = _open_node(node, by)
    standing = what_stands_on(node)
    if standing:
        raise Refused(
            _("「%(name)s」还有%(what)s，不能撤销。请先转走或结束；也可以用「合并」一次并到别处。")
            % {"name": node.name, "what": "、".join(f" {many} {words}" for words, many in standing.items())}
        )
    node.closed_on = clock.today()
    node.save(update_fields=["closed_on"])
    note("organisations.node_closed", node, by=by, scope=node.path)
    return node


@action
def describe_node(*, node: Node, phone: str, credit_code: str, tags: str, by: User | None) -> Node:
    """Public telephone, credit code and tags (rules G6 and G8)."""
    node = _open_node(node, by)
    node.phone, node.credit_code, node.tags = phone, rules.credit_code(credit_code), rules.tags(tags)
    node.save(update_fields=["phone", "credit_code", "tags"])
    note("organisations.node_described", node, by=by, scope=node.path)
    return node


@action
def set_division_code(*, node: Node, code: str, since: date, source: str, by: User | None) -> DivisionCode:
    """The place has this division code from `since` on, by the list named in `source` (rule G7)."""
    node = _open_node(node, by)
    if node.tree != Tree.PLACE:
        raise Refused(_("只有地方才有区划代码。"), field="code")
    code = rules.division_code(code)
    end_on(DivisionCode.objects.filter(node=node, during__startswith__lt=since), since)
    kept = DivisionCode.objects.create(node=node, code=code, during=DateRange(since, None), source=source)
    if since <= clock.today():
        node.code = code
        node.save(update_fields=["code"])
    note("organisations.division_code_set", node, by=by, scope=node.path, code=code)
    return kept


def end_on(rows: "QuerySet[Naming] | QuerySet[Parenthood] | QuerySet[DivisionCode]", day: date) -> None:
    """Rows that still run end on this day; one that began on it never was."""
    running = rows.filter(during__upper_inf=True).order_by("pk")
    for row in running:
        if row.during.lower == day:
            row.delete()
        else:
            row.during = DateRange(row.during.lower, day)
            row.save(update_fields=["during"])


def _open_node(node: Node, by: User | None) -> Node:
    """The node under its lock, within reach of who acts, not closed."""
    node = lock(Node, node.pk)
    if by is not None:
        require(by, "organisations.shape", node.path)
    if node.closed_on:
        raise Refused(_("「%(name)s」已经撤销，不能再改。") % {"name": node.name})
    return node


def _require_parent(node: Node, to: Node, by: User | None) -> None:
    if by is not None:
        require(by, "organisations.shape", to.path)
    if to.closed_on or to.tree != node.tree:
        raise Refused(_("「%(name)s」不在同一棵树上，或者已经撤销。请换一个。") % {"name": to.name}, field="to")
    if is_under(to.path, node.path):
        raise Refused(_("不能放到自己或自己的下级下面。请换一个。"), field="to")


def _stand_below(node: Node, parent: Node) -> None:
    """Write the new parent with its day, and the new paths of the whole subtree in one statement."""
    today, was = clock.today(), node.path
    if node.parent_id != parent.pk:
        end_on(Parenthood.objects.filter(node=node), today)
        Parenthood.objects.create(node=node, parent=parent, during=DateRange(today, None))
    node.parent, node.path = parent, f"{parent.path}.{node.pk}"
    Node.objects.filter(pk=node.pk).update(parent=parent)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE organisations_node SET path = (%s || substr(path::text, %s))::ltree WHERE path <@ %s::ltree",
            [node.path, len(was) + 1, was],
        )
