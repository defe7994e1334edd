"""物品在外: what of the kit is in whose hands, and what came back."""

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.pages import page_of
from lianxin.console.frame import show, signed_in
from lianxin.console.going_on import filtered
from lianxin.console.listed import ByPlace
from lianxin.organisations.queries import reach
from lianxin.users.models import User
from lianxin.volunteers.actions import keeping
from lianxin.volunteers.models import Kit
from lianxin.volunteers.queries.kit import kit_matching, kit_out

LEAD = "volunteers.lead"
ROWS_A_PAGE = 50


class Narrowing(ByPlace):
    """The filters of the list; what makes no sense is passed over."""

    q = forms.CharField(
        label=_("姓名、编号或尺码"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = forms.ChoiceField(label=_("物品"), choices=[("", _("全部")), *Kit.Kind.choices], required=False)
    place = forms.ChoiceField(label=_("队伍"), required=False)
    field_order = ("q", "kind", "place")


@page(may=LEAD)
def kit(request: HttpRequest) -> HttpResponse:
    """What is out, by kind."""
    user = signed_in(request)
    form = Narrowing(user, request.GET)
    facts = {
        "page": page_of(request, _narrowed(user, form), ROWS_A_PAGE),
        "form": form,
        "is_narrowed": any(form.asked().values()),
    }
    return show(request, "console/volunteers/kit.html", facts)


@page(may=LEAD)
@require_POST
def kit_return(request: HttpRequest, pk: int) -> HttpResponse:
    """A piece came back; from the list one goes on with the list."""
    within = reach(signed_in(request), LEAD)
    found = get_object_or_404(Kit, pk=pk, volunteer__team__path__under_any=within)
    returned = keeping.return_kit(kit=found, by=signed_in(request))
    messages.success(request, _("已登记归还。"))
    if "list" in request.POST:
        return SeeOther(filtered("console:kit_out", request))
    return SeeOther("console:volunteer", returned.volunteer_id)


def asked_for(user: User, query: QueryDict) -> QuerySet[Kit]:
    """The pieces that were asked for."""
    return _narrowed(user, Narrowing(user, query))


def _narrowed(user: User, form: Narrowing) -> QuerySet[Kit]:
    asked, found = form.asked(), kit_out(reach(user, LEAD))
    if form.node is not None:
        found = found.filter(volunteer__team__path__under=form.node.path)
    if asked.get("kind"):
        found = found.filter(kind=asked["kind"])
    return kit_matching(found, asked["q"]) if asked.get("q") else found


urlpatterns = [
    path("volunteers/kit/", kit, name="kit_out"),
    path("volunteers/kit/<int:pk>/return/", kit_return, name="kit_return"),
]
