"""组织: the trees within reach, a level at a time; search; blank spots."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.base.access import page
from lianxin.base.choosing import SUGGESTED
from lianxin.base.pages import page_of
from lianxin.base.paths import is_under
from lianxin.base.templatetags.parts import icon
from lianxin.console.frame import show, signed_in
from lianxin.organisations import queries
from lianxin.organisations.models import Kind, Node, NodeSet, Tree
from lianxin.users.models import User
from lianxin.volunteers.queries import agreed_members_below, members_below, residents_below

SEE, OPEN = "organisations.see", "organisations.open_console"
FOUND, BLANKS = 50, 100
COUNTED: dict[str, Callable[[Node], dict[int, int]]] = {
    Tree.SERVICE: members_below,
    Tree.PLACE: residents_below,
    Tree.PARTY: agreed_members_below,
}


class Search(forms.Form):
    q = forms.CharField(
        label=_("名称、拼音首字母、代码或标签"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


@page(may=SEE)
def tree(request: HttpRequest) -> HttpResponse:
    """The tops of my trees, or the way down to a node (`at`), or what a search found."""
    user = signed_in(request)
    form = Search(request.GET)
    form.is_valid()
    words = form.cleaned_data.get("q", "")
    facts: dict[str, Any] = {"form": form, "is_narrowed": bool(words)}
    if words:
        facts["page"] = page_of(request, asked_for(user, request.GET), FOUND)
    else:
        facts["lines"] = _opened(queries.tops_of(user, SEE), _at(request))
    return show(request, "console/organisations/tree.html", facts)


def asked_for(user: User, query: QueryDict) -> QuerySet[Node]:
    """What a search found, or else every node of my trees, each below its parent."""
    form = Search(query)
    form.is_valid()
    nodes, words = queries.nodes_within(user, SEE), form.cleaned_data.get("q", "")
    found = queries.nodes_matching(nodes, words) if words else nodes
    return found.select_related("parent").order_by("path", "pk")


@page(may=SEE)
def children(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands directly below a node, for the tree to unfold."""
    node = get_object_or_404(queries.nodes_within(signed_in(request), SEE), pk=pk)
    return render(request, "console/organisations/branch.html", {"lines": _below(node)})


@page(may=OPEN)
def suggest(request: HttpRequest) -> HttpResponse:
    """Names for a field in which a node is typed: of those over which one has the field's permission (`may`)."""
    asked = request.GET
    nodes = queries.nodes_within(signed_in(request), asked.get("may") or SEE)
    if asked.get("tree") in Tree.values:
        nodes = nodes.filter(tree=asked["tree"])
    if kinds := asked.getlist("kind"):
        nodes = nodes.filter(kind__in=kinds)
    return suggested(request, nodes)


def suggested(request: HttpRequest, nodes: NodeSet) -> HttpResponse:
    """Those of these nodes whose names are meant by what was typed (`q`), the first few."""
    found = queries.nodes_matching(nodes, request.GET.get("q", "")[:30]).select_related("parent")
    facts = {"found": found.order_by("path", "pk")[:SUGGESTED]}
    return render(request, "console/organisations/suggest.html", facts)


@page(may=SEE)
def blank_spots(request: HttpRequest) -> HttpResponse:
    """Communities without a station or without a serving team of their own, teams without a captain."""
    blanks = [(words, rows.count(), rows[:BLANKS]) for words, rows in blanks_of(signed_in(request))]
    return show(request, "console/organisations/blank.html", {"blanks": blanks, "most": BLANKS})


def blanks_of(user: User) -> list[tuple[str, QuerySet[Node]]]:
    """Each kind of blank spot with the nodes where it is."""
    paths = queries.reach(user, SEE)
    return [
        (gettext("没有服务站的社区"), queries.places_without_station(paths)),
        (gettext("没有队伍对接的社区"), queries.places_without_team(paths)),
        (gettext("没有队长的队伍"), queries.teams_without_captain(paths)),
    ]


def _at(request: HttpRequest) -> Node | None:
    """The node down to which the tree is to be unfolded, if it is one within reach."""
    pk = request.GET.get("at", "")
    if not pk.isdecimal():
        return None
    return queries.nodes_within(signed_in(request), SEE).filter(pk=int(pk)).first()


@dataclass(frozen=True)
class Line:
    """A node of the tree: what is written in its line, and what is below it where it is unfolded."""

    node: Node
    written: SafeString
    below: "list[Line] | None"


def _opened(tops: list[Node], at: Node | None) -> list[Line]:
    """Each top, unfolded where the way to `at` leads; a tree with one top alone is unfolded too."""
    counted = queries.with_children(Node.objects.filter(pk__in=[top.pk for top in tops])).in_bulk()
    nodes = [counted[top.pk] for top in tops]
    if at is None and len(nodes) == 1:
        return [_line(nodes[0], None, _below(nodes[0]))]
    return [_line(node, None, _below(node, at) if at and is_under(at.path, node.path) else None) for node in nodes]


def _below(node: Node, at: Node | None = None) -> list[Line]:
    """The children of a node with how many volunteers each has, unfolded down to `at`; as many queries for any depth.

    Above the streets of a large city everybody would be counted for each who looks at the tree; there it says how many
    nodes stand below instead.
    """
    way = [node, *queries.ancestors_of(at).filter(path__under=node.path).exclude(pk=node.pk), at] if at else [node]
    children = _children(way)
    few = next((each for each in way if not Node.objects.under(each).are_many()), None)
    counted = COUNTED[few.tree](few) if few else {}

    def lines(parent: Node, is_counted: bool) -> list[Line]:
        is_counted = is_counted or parent == few
        return [
            _line(
                child,
                counted.get(child.pk, 0) if is_counted else None,
                lines(child, is_counted) if child in way else None,
            )
            for child in children[parent.pk]
        ]

    return lines(node, False)


def _line(node: Any, many: int | None, below: list[Line] | None) -> Line:
    return Line(node, _written(node, _count(node, many), is_unfolded=below is not None), below)


def _count(node: Any, many: int | None) -> str:
    if many is not None:
        return gettext("%(many)d 人") % {"many": many}
    return gettext("%(many)d 个下级") % {"many": node.many_children} if node.many_children else ""


TOGGLE = (
    '<a class="tree-toggle" href="{tree}?at={pk}" aria-expanded="{is_unfolded}" aria-controls="below-{pk}"'
    ' hx-get="{address}children/" hx-target="#below-{pk}" hx-swap="innerHTML" hx-trigger="unfold" data-fold>'
    '{arrow}<span class="visually-hidden">{unfold}</span></a>'
)
NAME = '{toggle}<a class="tree-name" href="{address}" data-step>{name}</a><span class="tag">{kind}</span>{count}'


def _written(node: Any, count: str, *, is_unfolded: bool) -> SafeString:
    """The line, put together here: of hundreds of them the template would take longer than all else of the page."""
    address, toggle = _address(node.pk), SafeString('<span class="tree-toggle"></span>')
    if node.many_children:
        unfold, state = gettext("展开%(name)s") % {"name": node.name}, "true" if is_unfolded else "false"
        facts = {"tree": _tree_address(), "pk": node.pk, "address": address, "arrow": icon("chevron-right")}
        toggle = format_html(TOGGLE, unfold=unfold, is_unfolded=state, **facts)
    counted = format_html('<span class="tree-count">{}</span>', count) if count else ""
    # Django's own `get_kind_display` puts every kind into words to find the one.
    return format_html(NAME, toggle=toggle, address=address, name=node.name, kind=Kind(node.kind).label, count=counted)


def _address(pk: int) -> str:
    """The page of the node with this key."""
    head, tail = _around_a_key()
    return f"{head}{pk}{tail}"


@cache
def _tree_address() -> str:
    return reverse("console:organisations")


@cache
def _around_a_key() -> tuple[str, str]:
    """What stands before and after the key in such an address: to have it reversed for each line takes longest."""
    head, _zero, tail = reverse("console:node", args=[0]).rpartition("0")
    return head, tail


def _children(parents: list[Node]) -> dict[int | None, list[Node]]:
    found: dict[int | None, list[Node]] = {each.pk: [] for each in parents}
    for child in queries.children_of(*parents):
        found[child.parent_id].append(child)
    return found


urlpatterns = [
    path("organisations/", tree, name="organisations"),
    path("organisations/suggest/", suggest, name="nodes_suggest"),
    path("organisations/blank/", blank_spots, name="blank_spots"),
    path("organisations/<int:pk>/children/", children, name="node_children"),
]
