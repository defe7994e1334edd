"""Opening a node of one of the trees, and holding a tree's shape while it changes."""

from datetime import date

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.refused import Refused
from lianxin.journal.actions import note
from lianxin.organisations.models import TREE_OF, Kind, Naming, Node, Parenthood, Tree
from lianxin.organisations.queries import require
from lianxin.users.models import User

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
    [pk] = next_keys(1)
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


def hold_shape(tree: Tree, *, shared: bool = False) -> None:
    """Until the transaction ends, nobody else changes who stands below whom in this tree.

    Nodes are opened beside each other (`shared`), since that only adds a leaf; a move rewrites a whole subtree.
    """
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [SHAPE, list(Tree).index(tree)])


def next_keys(many: int) -> list[int]:
    """Keys for nodes, drawn before the insert, because the paths hold them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('organisations_node', 'id')) FROM generate_series(1, %s)", [many]
        )
        return [int(key) for (key,) in cursor.fetchall()]
