"""地方俗称: what people call a place, so that the desk finds it by that."""

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.choosing import offer
from lianxin.base.pages import page_of
from lianxin.base.refused import Refused
from lianxin.console.frame import show, signed_in
from lianxin.console.organisations.forms import NodeField
from lianxin.organisations.actions.aliases import name_place, unname_place
from lianxin.organisations.models import Kind, Node, Tree
from lianxin.organisations.queries import aliases_under, reach

NAME = "organisations.name_places"
ROWS_A_PAGE = 50
HIGHER = (Kind.CITY, Kind.COUNTY, Kind.STREET, Kind.COMMUNITY)


class AliasForm(forms.Form):
    """A place and what people call it."""

    words = forms.CharField(
        label=gettext_lazy("大家怎么叫"),
        max_length=40,
        help_text=gettext_lazy("例如：铁西老粮店后头"),
        error_messages={"required": gettext_lazy("请写下俗称。")},
    )
    place = NodeField(
        label=gettext_lazy("是哪个社区"),
        tree=Tree.PLACE,
        may=NAME,
        kinds=[Kind.COMMUNITY],
        error_messages={"required": gettext_lazy("请选社区。")},
    )

    def __init__(self, data: object, places: QuerySet[Node]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        offer(self, "place", places)


def below(paths: list[str]) -> QuerySet[Node]:
    """The city, counties, streets and communities below these paths."""
    places = Node.objects.filter(tree=Tree.PLACE, kind__in=HIGHER, closed_on=None, path__under_any=paths)
    return places.order_by("path", "pk")


@page(may=NAME)
def aliases(request: HttpRequest) -> HttpResponse:
    """What places are called; POST adds one."""
    paths = reach(signed_in(request), NAME)
    form = AliasForm(request.POST if request.method == "POST" else None, below(paths).filter(kind=Kind.COMMUNITY))
    if request.method == "POST" and form.is_valid():
        try:
            name_place(**form.cleaned_data, by=signed_in(request))
        except Refused as refused:
            form.add_error("words", str(refused))
        else:
            messages.success(request, _("记下了，接线员现在可以按这个叫法找到。"))
            return SeeOther("console:aliases")
    shown = page_of(request, aliases_under(paths), ROWS_A_PAGE)
    return show(
        request, "console/calls/aliases.html", {"form": form, "page": shown}, status=422 if form.errors else 200
    )


@page(may=NAME)
@require_POST
def alias_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody calls it that any more."""
    found = get_object_or_404(aliases_under(reach(signed_in(request), NAME)), pk=pk)
    unname_place(alias=found, by=signed_in(request))
    messages.success(request, _("「%(words)s」去掉了。") % {"words": found})
    return SeeOther("console:aliases")


urlpatterns = [
    path("aliases/", aliases, name="aliases"),
    path("aliases/<int:pk>/drop/", alias_drop, name="alias_drop"),
]
