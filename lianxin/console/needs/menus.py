"""服务菜单: what can be ordered at a place, kept by those who answer for it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.pages import page_of
from lianxin.base.refused import Refused
from lianxin.console.frame import show, signed_in
from lianxin.console.needs.menu_form import ItemForm
from lianxin.journal.models import Entry
from lianxin.journal.queries import entries_about
from lianxin.needs.actions.menus import change_item, move_item, open_item, set_item_open, set_item_open_at
from lianxin.needs.models.menu import MenuItem
from lianxin.needs.queries.residents import keepable_places, menu_of, whole_menu
from lianxin.organisations.models import Node
from lianxin.organisations.queries import may, reach
from lianxin.people.queries import hotline
from lianxin.users.models import User

PLACES_A_PAGE, A_FEW_DEEDS = 30, 8
MAY = "needs.keep_menu"
DEEDS = {
    "needs.item_opened": gettext_lazy("加进菜单"),
    "needs.item_changed": gettext_lazy("改了内容"),
    "needs.item_moved": gettext_lazy("调了顺序"),
    "needs.item_closed": gettext_lazy("停了"),
    "needs.item_reopened": gettext_lazy("重新开放"),
    "needs.item_closed_at": gettext_lazy("在一个地方停了"),
    "needs.item_reopened_at": gettext_lazy("在一个地方重新开放"),
}


@page(may=MAY)
def menus(request: HttpRequest) -> HttpResponse:
    """The menu of one place: its own items, and those from above; places are searched beside it."""
    found = keepable_places(reach(signed_in(request), MAY), request.GET.get("q", ""))
    place = _named_place(request)
    facts: dict[str, Any] = {
        "page": page_of(request, found, PLACES_A_PAGE),
        "q": request.GET.get("q", ""),
        "place": place,
    }
    if place:
        items = list(whole_menu(place))
        facts["own"] = [each for each in items if each.place_id == place.pk]
        facts["inherited"] = [each for each in items if each.place_id != place.pk]
    return show(request, "console/needs/menus.html", facts)


@page(may=MAY)
def menu_preview(request: HttpRequest) -> HttpResponse:
    """The menu as a resident of the place sees it."""
    place = _place(request)
    facts = {"place": place, "items": menu_of(place), "hotline": hotline(place)}
    return show(request, "console/needs/menu_preview.html", facts)


@page(may=MAY)
def menu_new(request: HttpRequest) -> HttpResponse:
    """Another item for a place."""
    place, form = _place(request), ItemForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            item = open_item(place=place, facts=form.facts(), by=signed_in(request))
        except Refused as refused:
            _say(form, refused)
        else:
            messages.success(request, _("「%(item)s」加进了%(place)s的菜单。") % {"item": item, "place": place})
            return _back_to(place)
    return _sheet(request, place, form)


@page(may=MAY)
def menu_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One item: what it says, and what was done with it; POST changes it."""
    item = _found(request, pk)
    form = ItemForm(request.POST if request.method == "POST" else None, instance=item)
    if request.method == "POST" and form.is_valid():
        try:
            change_item(item=item, facts=form.facts(), by=signed_in(request))
        except Refused as refused:
            _say(form, refused)
        else:
            messages.success(request, _("「%(item)s」改好了。已经下的单不变。") % {"item": form.cleaned_data["name"]})
            return _back_to(item.place)
    return _sheet(request, item.place, form, item)


@page(may=MAY)
@require_POST
def menu_item_move(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up (`up`) or down."""
    item = _found(request, pk)
    move_item(item=item, up="up" in request.POST, by=signed_in(request))
    return _back_to(item.place)


@page(may=MAY)
@require_POST
def menu_item_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an item (`closed`), or open it again."""
    item = _found(request, pk)
    set_item_open(item=item, is_open="closed" not in request.POST, by=signed_in(request))
    return _back_to(item.place)


@page(may=MAY)
@require_POST
def menu_inherited(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an item of a place above at this place (`place`) and below, or open it there again."""
    place = _place(request)
    item = get_object_or_404(whole_menu(place), pk=pk)
    set_item_open_at(item=item, place=place, is_open="closed" not in request.POST, by=signed_in(request))
    return _back_to(place)


def place_asked(user: User, named: str) -> Node | None:
    """The place that was named; else the highest one in reach."""
    places = keepable_places(reach(user, MAY))
    return get_object_or_404(places, pk=int(named) if named.isdecimal() else 0) if named else places.first()


def _named_place(request: HttpRequest) -> Node | None:
    """That which the form or the address names."""
    return place_asked(signed_in(request), request.POST.get("place") or request.GET.get("place", ""))


def _place(request: HttpRequest) -> Node:
    place = _named_place(request)
    if place is None:
        raise Http404
    return place


def _found(request: HttpRequest, pk: int) -> MenuItem:
    items = MenuItem.objects.select_related("place").filter(place__path__under_any=reach(signed_in(request), MAY))
    return get_object_or_404(items, pk=pk)


def _sheet(request: HttpRequest, place: Node, form: ItemForm, item: MenuItem | None = None) -> HttpResponse:
    facts = {
        "place": place,
        "form": form,
        "item": item,
        "deeds": [_deed(entry) for entry in entries_about(item).order_by("-pk")[:A_FEW_DEEDS]] if item else [],
        "may_keep": may(signed_in(request), MAY, place.path),
    }
    return show(request, "console/needs/menu_item.html", facts, status=422 if form.errors else 200)


def _deed(entry: Entry) -> dict[str, object]:
    return {"who": entry.actor_name, "at": entry.at, "what": DEEDS.get(entry.name, entry.name)}


def _say(form: ItemForm, refused: Refused) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))


def _back_to(place: Node) -> HttpResponse:
    return SeeOther(f"{reverse('console:menus')}?place={place.pk}")


urlpatterns = [
    path("menus/", menus, name="menus"),
    path("menus/preview/", menu_preview, name="menu_preview"),
    path("menus/new/", menu_new, name="menu_new"),
    path("menus/<int:pk>/", menu_item, name="menu_item"),
    path("menus/<int:pk>/move/", menu_item_move, name="menu_item_move"),
    path("menus/<int:pk>/open/", menu_item_open, name="menu_item_open"),
    path("menus/<int:pk>/here/", menu_inherited, name="menu_inherited"),
]
