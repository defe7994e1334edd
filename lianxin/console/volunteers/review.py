"""审核: who wants to serve, who wants to come from another team."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianxin.base import clock
from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.pages import page_of
from lianxin.base.refused import Refused
from lianxin.console.frame import show, signed_in
from lianxin.console.going_on import filtered
from lianxin.console.listed import narrowed
from lianxin.console.many import tell_what_became
from lianxin.organisations.queries import reach
from lianxin.people.rules import name_in_lists
from lianxin.volunteers.actions.reviewing import approve_volunteers
from lianxin.volunteers.actions.transferring import accept_transfer, decline_transfer
from lianxin.volunteers.models import Transfer, Volunteer
from lianxin.volunteers.queries import to_review, transfers_to

APPROVE, LEAD = "volunteers.approve", "volunteers.lead"
ROWS_A_PAGE = 50


@page(may=APPROVE)
def review(request: HttpRequest) -> HttpResponse:
    """Who waits to be taken on, the longest on top; several can be taken on at once."""
    found, filters = narrowed(request, "review", to_review(reach(signed_in(request), APPROVE)))
    shown = page_of(request, found, ROWS_A_PAGE)
    return show(request, "console/volunteers/review.html", {"page": shown, **filters})


@page(may=APPROVE)
@require_POST
def review_approve(request: HttpRequest) -> HttpResponse:
    """Take on who was ticked; who cannot be is named with the reason, the others are taken on."""
    user, keys = signed_in(request), [int(pk) for pk in request.POST.getlist("volunteer") if pk.isdecimal()]
    within = Volunteer.objects.filter(team__path__under_any=reach(user, APPROVE), pk__in=keys)
    chosen = {each.pk: each for each in within.select_related("person").order_by("pk")}
    if not chosen:
        raise Refused(_("请先勾选要通过的人。"))
    taken = approve_volunteers(volunteers=list(chosen.values()), by=user)
    today = clock.today()
    words = _("已通过 %(many)d 人。") % {"many": len(taken.done)} if taken.done else ""
    refused = ((name_in_lists(chosen[pk].person, today), why) for pk, why in taken.refused.items())
    tell_what_became(request, words, refused)
    return SeeOther(filtered("console:review", request))


@page(may=LEAD)
def transfers(request: HttpRequest) -> HttpResponse:
    """Who wants to come to my teams."""
    found, filters = narrowed(request, "transfers", transfers_to(reach(signed_in(request), LEAD)))
    return show(request, "console/volunteers/transfers.html", {"page": page_of(request, found, ROWS_A_PAGE), **filters})


@page(may=LEAD)
@require_POST
def transfer_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes, or no with a reason."""
    found = get_object_or_404(Transfer.objects.filter(to_team__path__under_any=reach(signed_in(request), LEAD)), pk=pk)
    if request.POST.get("answer") == "yes":
        volunteer = accept_transfer(transfer=found, by=signed_in(request))
        messages.success(request, _("已接收 %(name)s。") % {"name": volunteer.person.name})
    else:
        decline_transfer(transfer=found, reason=request.POST.get("reason", "")[:200], by=signed_in(request))
        messages.success(request, _("已答复：这次不接收。"))
    return SeeOther("console:transfers")


urlpatterns = [
    path("review/", review, name="review"),
    path("review/approve/", review_approve, name="review_approve"),
    path("transfers/", transfers, name="transfers"),
    path("transfers/<int:pk>/answer/", transfer_answer, name="transfer_answer"),
]
