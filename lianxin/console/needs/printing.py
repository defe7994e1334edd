"""打印: the menu of a place for the wall, and cards for the fridge, one or for a whole community."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _

from lianxin.base.access import page
from lianxin.base.refused import Refused
from lianxin.console.frame import signed_in
from lianxin.needs.documents.menu_sheets import Paper, fridge_cards, menu_sheet
from lianxin.needs.queries.residents import keepable_places
from lianxin.organisations.models import Kind, Node
from lianxin.organisations.queries import reach
from lianxin.people.queries import residents_under, with_call_number

MOST_CARDS = 500


@page(may="needs.keep_menu")
def menu_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The printed menu of a place, on A4 or (`paper=a3`) A3."""
    place = get_object_or_404(keepable_places(reach(signed_in(request), "needs.keep_menu")), pk=pk)
    paper: Paper = "a3" if request.GET.get("paper") == "a3" else "a4"
    return _pdf(menu_sheet(place, paper), f"menu-{place.pk}-{paper}.pdf")


@page(may="people.keep")
def fridge_card(request: HttpRequest, pk: int) -> HttpResponse:
    """One resident's card."""
    person = get_object_or_404(residents_under(reach(signed_in(request), "people.keep")), pk=pk)
    if person.home is None or not person.call_number:
        raise Refused(_("这位居民还没有点单号码，先登记再打印。"))
    return _pdf(fridge_cards(person.home, [person]), f"card-{person.pk}.pdf")


@page(may="people.keep")
def fridge_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """A card for everybody of a community who has a call number, in the order of these numbers' owners."""
    own = Node.objects.filter(path__under_any=reach(signed_in(request), "people.keep"), kind=Kind.COMMUNITY)
    place = get_object_or_404(own, pk=pk)
    people = list(with_call_number(place)[:MOST_CARDS])
    if not people:
        raise Refused(_("%(place)s还没有人有点单号码。") % {"place": place})
    return _pdf(fridge_cards(place, people), f"cards-{place.pk}.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


urlpatterns = [
    path("menus/<int:pk>/print/", menu_print, name="menu_print"),
    path("people/<int:pk>/card/", fridge_card, name="fridge_card"),
    path("people/cards/<int:pk>/", fridge_batch, name="fridge_batch"),
]
