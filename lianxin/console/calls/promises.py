"""答应的回电 and 交接班: what was promised on the telephone, and who keeps it."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.pages import page_of
from lianxin.console.calls.desk import TAKE
from lianxin.console.frame import show, signed_in
from lianxin.console.listed import as_asked, narrowed
from lianxin.needs.actions.calls.promises import hand_over, read_handover, ring_back, take_over
from lianxin.needs.models.calls import CallBack, Handover
from lianxin.needs.queries import calls
from lianxin.organisations.queries import reach
from lianxin.users.models import User

ROWS_A_PAGE, MINE = 50, "mine"


@page(may=TAKE)
def call_backs(request: HttpRequest) -> HttpResponse:
    """Mine, or those of the whole desk; what is overdue stands on top, in red."""
    user = signed_in(request)
    found, filters = narrowed(request, "call_backs", _open(user, request.GET))
    is_mine = MINE in request.GET
    facts = {
        "page": page_of(request, found, ROWS_A_PAGE),
        "is_mine": is_mine,
        "kept": MINE if is_mine else "",
        **filters,
    }
    return show(request, "console/calls/call_backs.html", facts)


def asked_for(user: User, query: QueryDict) -> QuerySet[CallBack]:
    """The promises that were asked for."""
    return as_asked(user, query, "call_backs", _open(user, query))


def _open(user: User, query: QueryDict) -> QuerySet[CallBack]:
    found = calls.open_call_backs(reach(user, TAKE))
    return found.filter(owner=user) if MINE in query else found


@page(may=TAKE)
@require_POST
def promise_keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Ring back: a call of our own begins."""
    found = get_object_or_404(calls.open_call_backs(reach(signed_in(request), TAKE)), pk=pk)
    call = ring_back(promise=found, by=signed_in(request))
    return SeeOther("console:desk_call", call.pk)


@page(may=TAKE)
def shift(request: HttpRequest) -> HttpResponse:
    """Leave the shift; or see what a shift before left, and take over."""
    user = signed_in(request)
    if request.method == "POST":
        hand_over(words=request.POST.get("words", "")[:500], by=user)
        messages.success(request, _("交班了。下一班接班以前，这些回电还在您名下。"))
        return SeeOther("console:shift")
    return _shift(request)


@page(may=TAKE)
@require_POST
def handover_take(request: HttpRequest, pk: int) -> HttpResponse:
    """I have read it, and it is mine now."""
    take_over(handover=_found(request, pk), by=signed_in(request))
    messages.success(request, _("接班了，没回的电话现在归您。"))
    return SeeOther("console:shift")


@page(may=TAKE)
@require_POST
def handover_read(request: HttpRequest, pk: int) -> HttpResponse:
    """The note, opened for this answer and noted."""
    found = _found(request, pk)
    return _shift(request, read=found.pk, words=read_handover(handover=found, by=signed_in(request)))


def _shift(request: HttpRequest, **opened: object) -> HttpResponse:
    user = signed_in(request)
    paths = reach(user, TAKE)
    facts = {
        "handovers": calls.open_handovers(paths),
        "promises": calls.open_call_backs(paths).filter(owner=user),
        **opened,
    }
    return show(request, "console/calls/shift.html", facts)


def _found(request: HttpRequest, pk: int) -> Handover:
    return get_object_or_404(calls.open_handovers(reach(signed_in(request), TAKE)), pk=pk)


urlpatterns = [
    path("call-backs/", call_backs, name="call_backs"),
    path("call-backs/<int:pk>/keep/", promise_keep, name="promise_keep"),
    path("shift/", shift, name="shift"),
    path("shift/<int:pk>/take/", handover_take, name="handover_take"),
    path("shift/<int:pk>/read/", handover_read, name="handover_read"),
]
