"""States move by a table on the model, checked under the row's lock (house rule 7)."""

from collections.abc import Collection, Mapping
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from lianxin.base.refused import Refused


class Stateful(Protocol):
    """A row with a `state` and the table of its allowed moves."""

    state: Any

    @property
    def MOVES(self) -> Mapping[Any, Collection[Any]]: ...  # noqa: N802 a constant table, read-only to us


def may_move(row: Stateful, to: Any) -> bool:
    """Whether the table allows the row to go from its state to `to`."""
    return to in row.MOVES.get(row.state, ())


def require_move(row: Stateful, to: Any) -> None:
    """Refuse, in words that name both states, unless the table allows the row to go from its state to `to`."""
    if not may_move(row, to):
        now = type(to)(row.state).label
        if row.state == to:
            raise Refused(_("已经是「%(now)s」了，可能有人刚刚办过。请刷新页面看最新情况。") % {"now": now})
        raise Refused(_("现在是「%(now)s」，不能改为「%(to)s」。请刷新页面看最新情况。") % {"now": now, "to": to.label})


def move(row: Stateful, to: Any) -> None:
    """Set the row's state to `to`, or refuse in words that name both states; the caller holds the lock."""
    require_move(row, to)
    row.state = to
