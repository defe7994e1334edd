"""Opening many nodes at once, from a list pasted out of Excel (rule G13)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock, search
from lianxin.base.actions import action, lock
from lianxin.base.bulk import insert_many
from lianxin.base.refused import Refused
from lianxin.journal.actions import Deed, note_many
from lianxin.organisations.actions.building import hold_shape, next_keys
from lianxin.organisations.models import TREE_OF, Kind, Naming, Node, Parenthood, Tree
from lianxin.organisations.queries import require
from lianxin.organisations.rules import Line
from lianxin.users.models import User


@dataclass(frozen=True)
class Plan:
    """What a list would open below a node: names below itself, and names below those; what is there is left alone."""

    upper: tuple[str, ...]
    lower: tuple[Line, ...]
    known: int

    @property
    def many(self) -> int:
        """How many nodes it opens."""
        return len(self.upper) + len(self.lower)

    @property
    def mark(self) -> str:
        """By which it is known again: another list, or another tree, makes another plan."""
        return sha256(repr((self.upper, self.lower)).encode()).hexdigest()


def plan(*, parent: Node, lines: Sequence[Line]) -> Plan:
    """Compare a list with what stands below the node now."""
    children = _children_named(parent, [upper for upper, _lower in lines])
    grandchildren = _names_below(children.values())
    upper = [name for name in dict.fromkeys(upper for upper, _lower in lines) if name not in children]
    lower = [line for line in dict.fromkeys(lines) if line[1] and line not in grandchildren]
    return Plan(tuple(upper), tuple(lower), known=len(children) + len(grandchildren & set(lines)))


@action
def open_nodes(
    *, parent: Node, kind: Kind, lower_kind: Kind | None, lines: Sequence[Line], by: User, seen: str | None = None
) -> Plan:
    """Open what the list names and is not there yet; done twice, the second time opens nothing.

    The first column stands directly below `parent`, the second below the first. `seen` is the mark of the plan that
    was shown; if the tree has changed since, it is shown again.
    """
    hold_shape(Tree(parent.tree), shared=True)
    require(by, "organisations.shape", parent.path)
    parent = lock(Node, parent.pk)
    if parent.closed_on or any(TREE_OF[each] != parent.tree for each in (kind, lower_kind) if each):
        raise Refused(_("上级不在同一棵树上，或者已经撤销。"))
    planned = plan(parent=parent, lines=lines)
    if seen is not None and planned.mark != seen:
        raise Refused(_("名单或组织刚刚变了，请把要新建的再看一遍。"))
    if planned.lower and lower_kind is None:
        raise Refused(_("有第二列，请选第二列是什么类型。"), field="lower_kind")
    _open([(name, parent) for name in planned.upper], kind, by)
    if planned.lower and lower_kind:
        tops = _children_named(parent, [upper for upper, _lower in planned.lower])
        _open([(lower, tops[upper]) for upper, lower in planned.lower], lower_kind, by)
    return planned


def _open(wanted: Sequence[tuple[str, Node]], kind: Kind, by: User) -> None:
    today = clock.today()
    nodes = [
        Node(
            pk=pk,
            tree=parent.tree,
            kind=kind,
            name=name,
            parent=parent,
            path=f"{parent.path}.{pk}",
            opened_on=today,
            search=search.grams(name),
        )
        for (name, parent), pk in zip(wanted, next_keys(len(wanted)), strict=True)
    ]
    Node.objects.bulk_create(nodes)
    during = DateRange(today, None)
    insert_many(Parenthood(node=node, parent=node.parent, during=during) for node in nodes)
    insert_many(Naming(node=node, name=node.name, during=during) for node in nodes)
    note_many("organisations.node_opened", [Deed(node, node.path, facts={"kind": kind}) for node in nodes], by=by)


def _children_named(parent: Node, names: Collection[str]) -> dict[str, Node]:
    return {node.name: node for node in Node.objects.open().filter(parent=parent, name__in=set(names))}


def _names_below(parents: Collection[Node]) -> set[Line]:
    found = Node.objects.open().filter(parent__in=list(parents))
    return set(found.values_list("parent__name", "name"))
