"""An order takes a turn: rung back, paused, handed over, objected to, rescheduled, others asked to go."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.console.frame import signed_in
from lianxin.console.needs import rows, turn_forms
from lianxin.console.needs.dispatch import dispatch_after
from lianxin.console.needs.order import go_on_after
from lianxin.console.organisations.tree import suggested
from lianxin.needs.actions.again import order_again
from lianxin.needs.actions.duty import decide_objection, hand_over, object_to_dispatch
from lianxin.needs.actions.headcount import send_fewer
from lianxin.needs.actions.pausing import pause_order, resume_order
from lianxin.needs.actions.redirecting import state_outcome
from lianxin.needs.actions.releasing import release_volunteer, spare, spare_no_more
from lianxin.needs.actions.rescheduling import reschedule_order
from lianxin.needs.actions.teams import offer_to_team
from lianxin.needs.models.detours import Objection, Redirect
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from lianxin.needs.queries import candidates, desk
from lianxin.organisations.models import NodeSet
from lianxin.people.models import Person
from lianxin.users.models import User


@page(may="needs.confirm_for_resident")
@require_POST
def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody rang back: what came of what was handed on."""
    known = rows.known(signed_in(request), "needs.confirm_for_resident", pk)
    form = turn_forms.OutcomeForm(request.POST)

    def do(by: User, facts: Mapping[str, Any]) -> None:
        redirect = get_object_or_404(Redirect.objects.filter(order=known).order_by("-pk")[:1])
        state_outcome(redirect=redirect, by=by, came=Redirect.Came(facts["came"]), outcome=facts["outcome"])

    words = _("%(number)d 号「%(item)s」的结果记下了，会告诉居民。")
    if form.is_valid():
        do(signed_in(request), form.cleaned_data)
        return go_on_after(request, known, words)
    return _turn(request, known, form, do, words)


@page(may="needs.pause")
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """The clocks stand still until a day."""
    known, form = rows.known(signed_in(request), "needs.pause", pk), turn_forms.PauseForm(request.POST)

    def do(by: User, facts: Mapping[str, Any]) -> None:
        pause_order(order=known, by=by, **form.facts)

    return _turn(request, known, form, do, _("%(number)d 号「%(item)s」暂停了，原因会告诉居民。"))


@page(may="needs.pause")
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """On again before its time."""
    known = rows.known(signed_in(request), "needs.pause", pk)
    resume_order(order=known, by=signed_in(request))
    return _back(request, known, _("%(number)d 号「%(item)s」继续办。"))


@page(may="needs.see_orders")
@require_POST
def over(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody else is responsible from now on."""
    known = rows.known(signed_in(request), "needs.see_orders", pk)
    whole = Order.objects.get(pk=known.pk)
    form = turn_forms.HandOverForm(request.POST, possible=desk.who_may_answer_for(whole))

    def do(by: User, facts: Mapping[str, Any]) -> None:
        hand_over(order=known, to=facts["to"], by=by)

    return _turn(request, known, form, do, _("%(number)d 号「%(item)s」交接好了。"))


@page(may="needs.object")
@require_POST
def object_(request: HttpRequest, pk: int) -> HttpResponse:
    """It should not have come here."""
    known, form = rows.known(signed_in(request), "needs.object", pk), turn_forms.ObjectForm(request.POST)

    def do(by: User, facts: Mapping[str, Any]) -> None:
        object_to_dispatch(order=known, by=by, reason=facts["reason"])

    return _turn(request, known, form, do, _("%(number)d 号「%(item)s」的异议提交了，等上级决定。"))


@page(may="needs.decide_objection")
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep it where it is, or move it to another team."""
    known = rows.known(signed_in(request), "needs.decide_objection", pk)
    form = turn_forms.DecideForm(request.POST, order=pk, teams=_teams_near(known))

    def do(by: User, facts: Mapping[str, Any]) -> None:
        open_ones = Objection.objects.filter(order=known, state=Objection.State.OPEN)
        objection = get_object_or_404(open_ones)
        decide_objection(objection=objection, by=by, words=facts["words"], to=facts["to"])

    return _turn(request, known, form, do, _("%(number)d 号「%(item)s」的异议决定了，双方都会知道。"))


@page(may="needs.decide_objection")
def decide_teams(request: HttpRequest, pk: int) -> HttpResponse:
    """Names of the teams to which it may be moved, for the field in which one is typed."""
    return suggested(request, _teams_near(rows.known(signed_in(request), "needs.decide_objection", pk)))


def _teams_near(known: Order) -> NodeSet:
    return candidates.teams_near(Order.objects.select_related("place").get(pk=known.pk))


@page(may="needs.reschedule")
@require_POST
def reschedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Another time, as agreed with the resident."""
    known, form = rows.known(signed_in(request), "needs.reschedule", pk), turn_forms.WhenForm(request.POST)

    def do(by: User, facts: Mapping[str, Any]) -> None:
        reschedule_order(order=known, by=by, **form.facts)

    return _turn(request, known, form, do, _("%(number)d 号「%(item)s」改约好了，原来问过的人会重新问。"))


@page(may="needs.release")
@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Who did not come need not come any more."""
    known, form = rows.known(signed_in(request), "needs.release", pk), turn_forms.ReleaseForm(request.POST)

    def do(by: User, facts: Mapping[str, Any]) -> None:
        held = get_object_or_404(Assignment, order=known, pk=facts["assignment"].pk)
        release_volunteer(assignment=held, by=by, because=Assignment.Why(facts["because"]))

    return _turn(request, known, form, do, _("%(number)d 号「%(item)s」可以另外找人了，对那位志愿者没有影响。"))


@page(may="needs.send_fewer")
@require_POST
def fewer(request: HttpRequest, pk: int) -> HttpResponse:
    """One is enough here."""
    known, form = rows.known(signed_in(request), "needs.send_fewer", pk), turn_forms.FewerForm(request.POST)

    def do(by: User, facts: Mapping[str, Any]) -> None:
        send_fewer(order=known, by=by, reason=facts["reason"])

    return _turn(request, known, form, do, _("%(number)d 号「%(item)s」按项目原来的人数派。"))


@page(may="needs.spare")
@require_POST
def spare_(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody else next time; nobody is told why. With `again`, he may come again."""
    known, form = rows.known(signed_in(request), "needs.spare", pk), turn_forms.SpareForm(request.POST)
    resident = get_object_or_404(Person.objects.select_related("home"), orders=known)
    deed = spare_no_more if "again" in request.POST else spare

    def do(by: User, facts: Mapping[str, Any]) -> None:
        deed(resident=resident, volunteer=facts["volunteer"], by=by)

    return _turn(request, known, form, do, _("记下了：%(number)d 号的居民换不换人，以后都照这个办。"))


@page(may="needs.place_for_others")
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """The same once more, and who served last is asked first."""
    known = rows.known(signed_in(request), "needs.place_for_others", pk)
    placed = order_again(order=known, by=signed_in(request), way=Order.Way.CALL)
    messages.success(request, _("再点了一单，%(number)d 号，先问上次那位。") % {"number": placed.number})
    return SeeOther(f"{reverse('console:order', args=[placed.pk])}")


@page(may="needs.dispatch")
@require_POST
def ask_team(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a team; its captain hands it on."""
    known, form = rows.known(signed_in(request), "needs.dispatch", pk), turn_forms.TeamForm(request.POST)

    def do(by: User, facts: Mapping[str, Any]) -> None:
        offer_to_team(order=known, team=facts["team"], by=by)

    return _turn(request, known, form, do, _("%(number)d 号「%(item)s」问了这支队，等队长回应。"), to="dispatch")


def _turn(
    request: HttpRequest,
    known: Order,
    form: forms.Form,
    do: Callable[[User, Mapping[str, Any]], object],
    words: Promise,
    *,
    to: str = "",
) -> HttpResponse:
    """Do it if the form is filled in; else say what is missing.

    One stays with the order while it stands on the list from which it was opened, else goes on with the next.
    """
    if form.is_valid():
        do(signed_in(request), form.cleaned_data)
        return _back(request, known, words, to=to)
    for problems in form.errors.values():
        messages.error(request, str(problems[0]))
    return SeeOther(_address(request, known, to))


def _back(request: HttpRequest, known: Order, words: Promise, *, to: str = "") -> HttpResponse:
    if not _is_at_dispatch(request, to):
        return go_on_after(request, known, words, is_turn=True)
    messages.success(request, words % {"number": known.number, "item": known.item})
    return SeeOther(dispatch_after(request, known))


def _address(request: HttpRequest, known: Order, to: str) -> str:
    """Back to the order, about which something was missing."""
    query = request.GET.copy()
    if _is_at_dispatch(request, to):
        query.pop("list", None)
        query["order"] = str(known.pk)
        return f"{reverse('console:dispatch')}?{query.urlencode()}"
    return f"{reverse('console:order', args=[known.pk])}{'?' if query else ''}{query.urlencode()}"


def _is_at_dispatch(request: HttpRequest, to: str) -> bool:
    """Whether it is worked on the dispatch desk, or by somebody who sees no other page of it."""
    user = signed_in(request)
    at_dispatch = (to or request.GET.get("list")) == "dispatch" or not user.has_perm("needs.see_orders")
    return at_dispatch and user.has_perm("needs.dispatch")


urlpatterns = [
    path("orders/<int:pk>/outcome/", outcome, name="order_outcome"),
    path("orders/<int:pk>/pause/", pause, name="order_pause"),
    path("orders/<int:pk>/resume/", resume, name="order_resume"),
    path("orders/<int:pk>/over/", over, name="order_over"),
    path("orders/<int:pk>/object/", object_, name="order_object"),
    path("orders/<int:pk>/decide/", decide, name="order_decide"),
    path("orders/<int:pk>/decide/teams/", decide_teams, name="order_decide_teams"),
    path("orders/<int:pk>/reschedule/", reschedule, name="order_reschedule"),
    path("orders/<int:pk>/release/", release, name="order_release"),
    path("orders/<int:pk>/fewer/", fewer, name="order_fewer"),
    path("orders/<int:pk>/spare/", spare_, name="order_spare"),
    path("orders/<int:pk>/again/", again, name="order_again"),
    path("orders/<int:pk>/team/", ask_team, name="order_team"),
]
