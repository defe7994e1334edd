"""The to-do list as its address asks for it: one kind, one place, what is overdue, what was searched for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianxin.base.paths import is_under
from lianxin.base.todos import Kind, Rows, Waiting
from lianxin.console.frame import signed_in
from lianxin.console.todos import BY_NAME, waiting_for
from lianxin.organisations.models import Kind as NodeKind
from lianxin.organisations.models import Node
from lianxin.organisations.queries import ancestors_of, roles_of
from lianxin.organisations.rules import PRIVATE
from lianxin.users.models import User

INDENT = "\N{IDEOGRAPHIC SPACE}"
FINER = (NodeKind.STATION, NodeKind.GRID)
"""Nothing waits at a place below the community."""


def offer_places(form: forms.Form, places: Sequence[tuple[str, str]]) -> None:
    """What can be chosen as its place; where there is but one, the form does not ask."""
    form.fields["place"].choices = [("", _("全部")), *places]  # type: ignore[attr-defined]
    if len(places) < 2 and not form.data.get("place"):
        del form.fields["place"]


class Filters(forms.Form):
    """The filters of the list; what makes no sense is passed over."""

    q = forms.CharField(
        label=_("单号、姓名或内容"), max_length=20, required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = forms.ChoiceField(required=False, choices=[(name, name) for name in BY_NAME], widget=forms.HiddenInput)
    place = forms.ChoiceField(label=_("地方或队伍"), required=False)
    late = forms.BooleanField(label=_("只看超时"), required=False)

    def __init__(self, data: QueryDict, places: Sequence[tuple[str, str]], own: Kind | None = None) -> None:
        super().__init__(data, auto_id="list-%s")
        if own is not None:
            self._become_those_of(own)
        offer_places(self, places)

    def _become_those_of(self, own: Kind) -> None:
        """The filters of one kind's list: with those that only it has, without what makes no sense there."""
        del self.fields["kind"]
        if not own.due:
            del self.fields["late"]
        for each in own.choices:
            choices = [("", _("全部")), *each.choices]
            self.fields[each.name] = forms.ChoiceField(label=str(each.words), choices=choices, required=False)


class ByPlace(forms.Form):
    """The filters of a list of its own kind, one of them a place, team or branch in the user's reach (`node`); what
    makes no sense is passed over."""

    place = forms.ChoiceField(label=_("地方或队伍"), required=False)

    def __init__(self, user: User, query: QueryDict) -> None:
        super().__init__(query, auto_id="list-%s")
        self.node = place_asked(user, query.get("place", ""))
        offer_places(self, place_choices(user, self.node))

    def asked(self) -> dict[str, Any]:
        """What was asked for and makes sense."""
        self.is_valid()
        return self.cleaned_data


@dataclass(frozen=True)
class Listed:
    """What stands on the list: everything, what the address asks for without its kind, and with it."""

    filters: Filters
    of_all_kinds: Waiting
    shown: Waiting

    @property
    def asked(self) -> Mapping[str, Any]:
        """What was asked for and makes sense."""
        return self.filters.cleaned_data


def listed(user: User, query: QueryDict) -> Listed:
    """The to-do list of this user as the address asks for it."""
    filters, narrow = _filters(user, query)
    found = waiting_for(user).narrowed(narrow)
    wanted = filters.cleaned_data.get("kind")
    return Listed(filters, found, found.narrowed(lambda kind, rows: rows if wanted in {"", None, kind.name} else None))


def narrowed(request: HttpRequest, name: str, rows: Rows) -> tuple[Rows, dict[str, Any]]:
    """A module's own list of one kind with the same filters in its address: its rows, and what filters.html shows."""
    return narrowed_as(request, BY_NAME[name], f"console:{BY_NAME[name].route}", rows)


def narrowed_as(request: HttpRequest, kind: Kind, route: str, rows: Rows) -> tuple[Rows, dict[str, Any]]:
    """The same for a list that is no to-do, at this route."""
    filters, narrow = _filters(signed_in(request), request.GET, kind)
    is_narrowed = any(filters.cleaned_data.values())
    return narrow(kind, rows), {"form": filters, "is_narrowed": is_narrowed, "action": reverse(route)}


def as_asked(user: User, query: QueryDict, name: str, rows: Rows) -> Rows:
    """The rows of such a list that its address asks for, for who takes it away as it stands (rule X1)."""
    return as_asked_of(user, query, BY_NAME[name], rows)


def as_asked_of(user: User, query: QueryDict, kind: Kind, rows: Rows) -> Rows:
    """The same for a list that is no to-do."""
    return _filters(user, query, kind)[1](kind, rows)


def _filters(user: User, query: QueryDict, own: Kind | None = None) -> tuple[Filters, Callable[[Kind, Rows], Rows]]:
    """What the address asks for, and what does so to the rows of a kind."""
    node = place_asked(user, query.get("place", ""))
    filters = Filters(query, place_choices(user, node), own)
    filters.is_valid()
    asked = filters.cleaned_data
    by_name = user.has_perm("needs.see_resident")

    def narrow(kind: Kind, rows: Rows) -> Rows:
        rows = rows.filter(kind.chosen(query))
        if asked.get("late"):
            rows = rows.filter(kind.is_late())
        if node is not None:
            rows = rows.filter(kind.below(node.path))
        return rows.filter(kind.finds(asked["q"], by_name)) if asked.get("q") else rows

    return filters, narrow


def _tops(user: User) -> list[Node]:
    """The topmost nodes at which this user holds a role of the desk."""
    nodes = {held.node.path: held.node for held in roles_of(user) if held.role not in PRIVATE}
    tops = [node for path, node in nodes.items() if not any(is_under(path, top) and path != top for top in nodes)]
    return sorted(tops, key=lambda node: (node.tree, node.path))


def place_asked(user: User, typed: str) -> Node | None:
    """The place or team that the address names, if it lies within the user's reach."""
    paths = [node.path for node in _tops(user)]
    return Node.objects.open().under_any(paths).filter(pk=int(typed)).first() if typed.isdecimal() else None


def place_choices(user: User, chosen: Node | None) -> list[tuple[str, str]]:
    """What can be chosen: the tops of the reach, the way down to what was chosen, and what stands below that."""
    tops = _tops(user)
    opened = chosen or (tops[0] if len(tops) == 1 else None)
    if opened is None:
        return [(str(node.pk), node.name) for node in tops]
    way = [each for each in [*ancestors_of(opened), opened] if any(is_under(each.path, top.path) for top in tops)]
    below = Node.objects.open().filter(parent=opened).exclude(kind__in=FINER).order_by("name", "pk")
    others = [node for node in tops if node.pk != way[0].pk]
    steps = [(each, depth) for depth, each in enumerate(way)] + [(each, len(way)) for each in below]
    return [(str(each.pk), f"{INDENT * depth}{each.name}") for each, depth in [*steps, *((each, 0) for each in others)]]
