"""历史台账: figures from before the system, with source and day; entered by one, checked by another."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.pages import page_of
from lianxin.base.refused import Forbidden, Refused
from lianxin.console.frame import show, signed_in
from lianxin.console.organisations.forms import OpeningForm
from lianxin.organisations import queries
from lianxin.organisations.actions import opening as actions
from lianxin.organisations.models import Opening

ENTER, APPROVE = "organisations.enter_opening", "organisations.approve_opening"
ROWS_A_PAGE = 50


@page(may=ENTER)
def openings(request: HttpRequest) -> HttpResponse:
    """The figures within reach, what waits to be checked on top, and a form for one more."""
    user = signed_in(request)
    form = OpeningForm(request.POST if request.method == "POST" else None, nodes=queries.nodes_within(user, ENTER))
    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.enter_opening(by=user, **form.cleaned_data)
        except Forbidden:
            raise
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("已登记「%(what)s」，等另一个人对照出处复核。") % {"what": kept})
            return SeeOther("console:openings")
    found = queries.openings_under(queries.reach(user, ENTER))
    shown = page_of(request, found, ROWS_A_PAGE)
    facts = {"page": shown, "form": form, "may_approve": bool(queries.reach(user, APPROVE))}
    return show(request, "console/organisations/openings.html", facts, status=422 if form.errors else 200)


@page(may=APPROVE)
@require_POST
def opening_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """It agrees with its source."""
    kept = actions.approve_opening(opening=_found(request, pk), by=signed_in(request))
    messages.success(request, _("「%(what)s」已复核。") % {"what": kept})
    return SeeOther("console:openings")


@page(may=ENTER)
@require_POST
def opening_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """It was wrong."""
    kept = actions.withdraw_opening(opening=_found(request, pk), by=signed_in(request))
    messages.success(request, _("「%(what)s」已撤回。") % {"what": kept})
    return SeeOther("console:openings")


def _found(request: HttpRequest, pk: int) -> Opening:
    return get_object_or_404(queries.openings_under(queries.reach(signed_in(request), ENTER)), pk=pk)


urlpatterns = [
    path("openings/", openings, name="openings"),
    path("openings/<int:pk>/approve/", opening_approve, name="opening_approve"),
    path("openings/<int:pk>/withdraw/", opening_withdraw, name="opening_withdraw"),
]
