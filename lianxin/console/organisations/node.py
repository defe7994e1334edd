"""One organisation, team or place: what it is, who answers for it, how many are in it, and what may be changed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.refused import Forbidden, Refused
from lianxin.console.frame import show, signed_in
from lianxin.console.journal import WORDS
from lianxin.console.organisations.forms import (
    CodeForm,
    DescribeForm,
    LeaderForm,
    OpenForm,
    RenameForm,
    ToForm,
)
from lianxin.exchange.queries.standing import standing_with_roll, waiting_within
from lianxin.journal.queries import entries_about
from lianxin.organisations import queries
from lianxin.organisations.actions import shaping
from lianxin.organisations.actions.appointing import end_role, give_role
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.actions.serving import let_serve, stop_serving
from lianxin.organisations.models import CORPS_KINDS, Kind, Node, Role, RoleHeld, Serves, Tree
from lianxin.organisations.rules import GIVE_TEAM_ROLES, GIVEN_BY
from lianxin.users.models import User
from lianxin.users.proofs import fresh
from lianxin.volunteers.models import Volunteer
from lianxin.volunteers.queries import volunteers_within

SEE, SHAPE = "organisations.see", "organisations.shape"
CHILDREN, EARLIER = 30, 10

Do = Callable[[Node, dict[str, Any], User], Node | None]


@page(may=SEE)
def node(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one node."""
    return _sheet(request, _found(request, pk))


@page(may=SEE)
def join_code(request: HttpRequest, pk: int) -> HttpResponse:
    """A page to hang up: scan it, and you register with this team."""
    found = _found(request, pk)
    if found.kind not in CORPS_KINDS:
        raise Refused(_("只有服务队有报名码。"))
    address = request.build_absolute_uri(f"{reverse('site:join')}?team={found.pk}")
    drawing = segno.make(address, error="m").svg_inline(scale=8, border=2)
    return show(request, "console/organisations/join_code.html", {"node": found, "address": address, "code": drawing})


def _move(found: Node, said: dict[str, Any], by: User) -> None:
    shaping.move_node(node=found, to=said["to"], by=by)


def _merge(found: Node, said: dict[str, Any], by: User) -> Node:
    shaping.merge_node(node=found, into=said["to"], by=by)
    into: Node = said["to"]
    return into


def _serve(found: Node, said: dict[str, Any], by: User) -> None:
    pair = (found, said["to"]) if found.tree == Tree.SERVICE else (said["to"], found)
    let_serve(team=pair[0], place=pair[1], by=by)


def _open(found: Node, said: dict[str, Any], by: User) -> Node:
    return open_node(kind=Kind(said["kind"]), name=said["name"], parent=found, by=by)


def _rename(found: Node, said: dict[str, Any], by: User) -> None:
    shaping.rename_node(node=found, name=said["name"], by=by)


def _describe(found: Node, said: dict[str, Any], by: User) -> None:
    shaping.describe_node(node=found, by=by, **said)


def _code(found: Node, said: dict[str, Any], by: User) -> None:
    shaping.set_division_code(node=found, by=by, **said)


DEEDS: dict[str, tuple[Any, Do, Any]] = {
    "open": (_("新建下级"), _open, _("已新建「%(name)s」。")),
    "rename": (_("改名"), _rename, _("已改名，原来的名称留在历史里。")),
    "move": (_("调整上级"), _move, _("已调整上级，下级一起过去了。")),
    "merge": (_("并入另一个"), _merge, _("已合并。成员、居民和没办完的单会在一分钟内跟过去。")),
    "serve": (_("新增对接"), _serve, _("已对接。以后的单先问这支队伍。")),
    "describe": (_("电话、代码和标签"), _describe, _("已保存。")),
    "code": (_("区划代码"), _code, _("已保存区划代码。")),
}
"""What may be changed, by the last word of its address: its name, what does it, and what is said afterwards."""


def _changing(name: str) -> Callable[..., HttpResponse]:
    @page(may=SHAPE)
    @require_POST
    def change(request: HttpRequest, pk: int) -> HttpResponse:
        found = _found(request, pk)
        form = _form(request, found, name, request.POST)
        _words, do, done = DEEDS[name]
        if form.is_valid():
            try:
                then = do(found, form.cleaned_data, signed_in(request)) or found
            except Forbidden:
                raise
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            else:
                messages.success(request, str(done) % {"name": then.name})
                return SeeOther("console:node", then.pk)
        return _sheet(request, found, bound={name: form}, status=422)

    return change


@page(may=SHAPE)
@require_POST
def node_close(request: HttpRequest, pk: int) -> HttpResponse:
    """It ends today, if nothing stands on it."""
    found = shaping.close_node(node=_found(request, pk), by=signed_in(request))
    messages.success(request, _("「%(name)s」已经撤销。") % {"name": found.name})
    return SeeOther("console:node", found.parent_id) if found.parent_id else SeeOther("console:organisations")


@page(may=GIVE_TEAM_ROLES)
@require_POST
@fresh
def node_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody leads here from today on."""
    found = _found(request, pk)
    form = LeaderForm(request.POST, tree=Tree(found.tree))
    if form.is_valid():
        said = form.cleaned_data
        until = said["until"] + timedelta(days=1) if said["until"] else None
        try:
            give_role(user=said["who"], role=Role(said["role"]), node=found, by=signed_in(request), until=until)
        except Forbidden:
            raise
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("安排好了，他重新登录就能用。"))
            return SeeOther("console:node", pk)
    return _sheet(request, found, role_form=form, status=422)


@page(may=GIVE_TEAM_ROLES)
@require_POST
@fresh
def node_role_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody leads here no longer; whoever stood in for him neither."""
    within = queries.reach(signed_in(request), GIVE_TEAM_ROLES)
    held = get_object_or_404(RoleHeld.objects.filter(node__path__under_any=within).select_related("user"), pk=pk)
    end_role(held=held, by=signed_in(request))
    messages.success(request, _("身份已经结束，他在各处的登录都退出了。"))
    return SeeOther("console:node", held.node_id)


@page(may=SHAPE)
@require_POST
def serves_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """The team no longer serves the place."""
    within = queries.reach(signed_in(request), SHAPE)
    ours = Serves.objects.select_related("team").filter(team__path__under_any=within)
    theirs = Serves.objects.select_related("team").filter(place__path__under_any=within)
    serves = get_object_or_404(ours | theirs, pk=pk)
    stop_serving(serves=serves, by=signed_in(request))
    messages.success(request, _("已停止对接。"))
    return SeeOther("console:node", serves.team_id)


def _found(request: HttpRequest, pk: int) -> Node:
    """A node within reach, closed ones too: they have a past."""
    within = Node.objects.under_any(queries.reach(signed_in(request), SEE))
    return get_object_or_404(within.select_related("parent", "merged_into"), pk=pk)


def _form(request: HttpRequest, found: Node, name: str, data: Any = None) -> forms.Form:
    simple = {"open": OpenForm, "rename": RenameForm, "describe": DescribeForm, "code": CodeForm}
    if name in simple:
        return simple[name](data, node=found)
    nodes = queries.nodes_within(signed_in(request), SHAPE).exclude(pk=found.pk)
    other = {Tree.SERVICE: Tree.PLACE, Tree.PLACE: Tree.SERVICE}.get(Tree(found.tree))
    tree = str(other) if name == "serve" and other else found.tree
    return ToForm(data, nodes=nodes.filter(tree=tree), tree=tree, prefix=name)


def _deeds(found: Node) -> list[str]:
    names = list(DEEDS) if not found.closed_on else []
    if found.tree == Tree.PARTY:
        names = [name for name in names if name != "serve"]
    if found.tree != Tree.PLACE:
        names = [name for name in names if name != "code"]
    return names if found.parent_id else [name for name in names if name not in {"move", "merge"}]


def _sheet(
    request: HttpRequest,
    found: Node,
    *,
    bound: dict[str, forms.Form] | None = None,
    role_form: LeaderForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = signed_in(request)
    may_give = not found.closed_on and found.tree != Tree.PLACE and queries.may(user, GIVE_TEAM_ROLES, found.path)
    roles = list(queries.roles_on(found))
    may_shape = queries.may(user, SHAPE, found.path)
    names = _deeds(found) if may_shape else []
    changes = [(name, DEEDS[name][0], (bound or {}).get(name) or _form(request, found, name)) for name in names]
    facts = {
        "node": found,
        "ancestors": queries.ancestors_of(found),
        "standing": standing_with_roll(volunteers_within([found.path]), waiting_within([found.path])),
        "openings": queries.opening_sums(found),
        "children": queries.children_of(found)[: CHILDREN + 1],
        "most": CHILDREN,
        "roles": roles,
        "endable": {each.pk for each in roles if may_give and each.user_id != user.pk and _is_of_a_team(each)},
        "role_form": (role_form or LeaderForm(None, tree=Tree(found.tree))) if may_give else None,
        "serves": queries.served_by(found) if found.tree == Tree.SERVICE else queries.teams_serving(found),
        "namings": queries.namings_of(found),
        "parents": queries.parents_of(found),
        "codes": found.division_codes.order_by("-during", "pk"),
        "entries": [(each, WORDS.get(each.name, each.name)) for each in entries_about(found).reverse()[:EARLIER]],
        "changes": changes,
        "opened": next(iter(bound or {}), ""),
        "may_close": may_shape and not found.closed_on,
        "is_team": found.kind in CORPS_KINDS,
        "states": Volunteer.State,
    }
    return show(request, "console/organisations/node.html", facts, status=status)


def _is_of_a_team(held: RoleHeld) -> bool:
    return GIVEN_BY.get(Role(held.role)) == GIVE_TEAM_ROLES and held.lent_from_id is None


urlpatterns = [
    path("organisations/<int:pk>/", node, name="node"),
    path("organisations/<int:pk>/role/", node_role, name="node_role"),
    path("organisations/roles/<int:pk>/end/", node_role_end, name="node_role_end"),
    path("organisations/<int:pk>/join/", join_code, name="node_join"),
    path("organisations/<int:pk>/close/", node_close, name="node_close"),
    *[path(f"organisations/<int:pk>/{name}/", _changing(name), name=f"node_{name}") for name in DEEDS],
    path("organisations/serves/<int:pk>/stop/", serves_stop, name="serves_stop"),
]
