"""对接: which team is asked first for which place."""

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import path
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.access import page
from lianxin.base.pages import page_of
from lianxin.base.search import pieces_of_query
from lianxin.console.frame import show, signed_in
from lianxin.console.listed import ByPlace
from lianxin.organisations.models import Serves
from lianxin.organisations.queries import reach
from lianxin.users.models import User

SEE = "organisations.see"
ROWS_A_PAGE = 50


class Narrowing(ByPlace):
    """The filters of the list; what makes no sense is passed over."""

    q = forms.CharField(
        label=_("名称或拼音首字母"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    field_order = ("q", "place")


@page(may=SEE)
def serving(request: HttpRequest) -> HttpResponse:
    """Each team with the places that it serves, and from when."""
    form = Narrowing(signed_in(request), request.GET)
    facts = {
        "page": page_of(request, _narrowed(signed_in(request), form), ROWS_A_PAGE),
        "form": form,
        "is_narrowed": any(form.asked().values()),
    }
    return show(request, "console/organisations/serving.html", facts)


def asked_for(user: User, query: QueryDict) -> QuerySet[Serves]:
    """What was asked for of who serves what."""
    return _narrowed(user, Narrowing(user, query))


def _narrowed(user: User, form: Narrowing) -> QuerySet[Serves]:
    standing = Serves.objects.filter(_below(reach(user, SEE)), during__contains=clock.today())
    if form.node is not None:
        standing = standing.filter(_below([form.node.path]))
    if words := form.asked().get("q"):
        pieces = pieces_of_query(words)
        standing = standing.filter(Q(team__search__contains=pieces) | Q(place__search__contains=pieces))
    return standing.select_related("team", "place").order_by("team__path", "place__path", "pk")


def _below(paths: list[str]) -> Q:
    """Whose team or place stands below these paths."""
    return Q(team__path__under_any=paths) | Q(place__path__under_any=paths)


urlpatterns = [path("organisations/serving/", serving, name="serving")]
