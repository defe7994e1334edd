"""One order: in the side sheet or as a page, with what this user may do about it now."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.moves import may_move
from lianxin.base.refused import Refused
from lianxin.console.frame import show, signed_in
from lianxin.console.going_on import HOME, go_on
from lianxin.console.needs import rows
from lianxin.console.needs.forms import AnswerForm, CancelForm, HowForm, RedirectForm, ReopenForm, ReturnForm
from lianxin.console.needs.turn_facts import turns
from lianxin.needs.actions.checking import look_at_resident, return_order, verify_order
from lianxin.needs.actions.closing import confirm_order, rate_order
from lianxin.needs.actions.placing import cancel_order
from lianxin.needs.actions.redirecting import redirect_order
from lianxin.needs.actions.reopening import reopen_order
from lianxin.needs.models.orders import Order
from lianxin.needs.models.ratings import Rating
from lianxin.needs.queries import desk, timeline
from lianxin.organisations.queries import may, reach
from lianxin.users.models import User

KINDS = {
    Order.State.CHECKING: "verify",
    Order.State.REDIRECTED: "redirected",
    Order.State.TO_CONFIRM: "to_confirm",
}
"""As which kind of to-do an order in this state is worked on this page."""


@page(may="needs.see_orders")
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """The order, its course, and earlier ones of the same resident."""
    return _sheet(request, _found(request, pk, "needs.see_orders"))


@page(may="needs.see_resident")
@require_POST
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """Phone, address and wishes, opened for this one answer and noted."""
    found = _found(request, pk, "needs.see_resident")
    contact = look_at_resident(order=found, by=signed_in(request))
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "console/needs/order.html#contact", {"order": found, "contact": contact})
    return _sheet(request, found, contact=contact)


@page(may="needs.verify")
@require_POST
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """The need is real."""
    known, form = rows.known(signed_in(request), "needs.verify", pk), HowForm(request.POST)
    if not form.is_valid():
        return _sheet(request, _found(request, pk, "needs.verify"), status=422)
    verify_order(order=known, by=signed_in(request), how=form.cleaned_data["how"])
    return go_on_after(request, known, _("%(number)d 号「%(item)s」核实通过，转去派单。"))


@page(may="needs.verify")
@require_POST
def return_(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the resident, with the reason."""
    known, form = rows.known(signed_in(request), "needs.verify", pk), ReturnForm(request.POST)
    if not form.is_valid():
        return _sheet(request, _found(request, pk, "needs.verify"), status=422, return_form=form)
    return_order(order=known, by=signed_in(request), reason=form.told)
    return go_on_after(request, known, _("%(number)d 号「%(item)s」已退回，原因会告诉居民。"))


@page(may="needs.verify")
@require_POST
def redirect(request: HttpRequest, pk: int) -> HttpResponse:
    """On to whoever is competent."""
    known, form = rows.known(signed_in(request), "needs.verify", pk), RedirectForm(request.POST)
    if not form.is_valid():
        return _sheet(request, _found(request, pk, "needs.verify"), status=422, redirect_form=form)
    redirect_order(order=known, by=signed_in(request), **form.facts)
    return go_on_after(request, known, _("%(number)d 号「%(item)s」已转办，会告诉居民转给了谁。"))


@page(may="needs.confirm_for_resident")
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The resident said on the telephone that it was done, and perhaps gave stars."""
    known, form = rows.known(signed_in(request), "needs.confirm_for_resident", pk), AnswerForm(request.POST)
    if not form.is_valid():
        return _sheet(request, _found(request, pk, "needs.confirm_for_resident"), status=422, answer_form=form)
    by, answer = signed_in(request), form.cleaned_data
    confirm_order(order=known, by=by, how=form.way)
    if answer["stars"]:
        how = Rating.How.PAPER if form.way == "slip" else Rating.How.CALL
        rate_order(order=known, by=by, stars=answer["stars"], words=answer["words"], how=how)
    return go_on_after(request, known, _("%(number)d 号「%(item)s」回访确认，志愿者的时间已经记入。"))


@page(may="needs.confirm_for_resident")
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """The resident says that it is not done."""
    known, form = rows.known(signed_in(request), "needs.confirm_for_resident", pk), ReopenForm(request.POST)
    if form.is_valid():
        try:
            reopen_order(order=known, by=signed_in(request), **form.cleaned_data)
        except Refused as refused:
            if refused.field not in form.fields:
                raise
            form.add_error(refused.field, str(refused))
        else:
            return go_on_after(request, known, _("%(number)d 号「%(item)s」还没做好，再安排上门。"))
    return _sheet(request, _found(request, pk, "needs.confirm_for_resident"), status=422, reopen_form=form)


@page(may="needs.place_for_others")
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Called off at the resident's wish."""
    known, form = rows.known(signed_in(request), "needs.place_for_others", pk), CancelForm(request.POST)
    if not form.is_valid():
        return _sheet(request, _found(request, pk, "needs.place_for_others"), status=422, cancel_form=form)
    cancel_order(order=known, by=signed_in(request), reason=form.cleaned_data["words"])
    return go_on_after(request, known, _("%(number)d 号「%(item)s」已取消。"))


def _found(request: HttpRequest, pk: int, permission: str) -> Order:
    return get_object_or_404(desk.orders_under(reach(signed_in(request), permission)), pk=pk)


def _sheet(
    request: HttpRequest, found: Order, *, contact: dict[str, str] | None = None, status: int = 200, **forms: Any
) -> HttpResponse:
    user = signed_in(request)
    facts = {
        "order": found,
        "contact": contact,
        "resident_name": desk.name_seen_by(user, found),
        "steps": timeline.timeline(found),
        "others": desk.other_orders(found, reach(user, "needs.see_orders")),
        "is_promised": found.state in {Order.State.CHECKING, *desk.WAITS},
        "list": request.GET.get("list", "orders"),
        **_possible(user, found),
        **turns(user, found),
        **({"return_form": ReturnForm(), "redirect_form": RedirectForm(), "answer_form": AnswerForm()} | forms),
        "reopen_form": forms.get("reopen_form", ReopenForm()),
    }
    facts.setdefault("cancel_form", CancelForm())
    return show(request, "console/needs/order.html", facts, status=status)


def _possible(user: User, found: Order) -> dict[str, bool]:
    """What this user may do with the order as it stands."""
    place = found.place_path
    is_verifier = may(user, "needs.verify", place)
    return {
        "may_look": may(user, "needs.see_resident", place),
        "may_ring": may(user, "needs.take_calls", place),
        "may_verify": is_verifier and found.state == Order.State.CHECKING,
        "may_redirect": is_verifier and may_move(found, Order.State.REDIRECTED),
        "may_confirm": may(user, "needs.confirm_for_resident", place) and may_move(found, Order.State.DONE),
        "may_reopen": may(user, "needs.confirm_for_resident", place)
        and found.state in {Order.State.TO_CONFIRM, Order.State.DONE},
        "may_cancel": may(user, "needs.place_for_others", place) and may_move(found, Order.State.CANCELLED),
        "may_dispatch": may(user, "needs.dispatch", place, found.team_path) and may_move(found, Order.State.OFFERED),
    }


def go_on_after(request: HttpRequest, known: Order, words: Promise, *, is_turn: bool = False) -> HttpResponse:
    """Say what happened; in the side sheet go on with the next row of the list, else back to the list.

    A turn (`is_turn`) need not be the end of it: as long as the order stands on the list, one stays with it.
    """
    messages.success(request, words % {"number": known.number, "item": known.item})
    name, query = request.GET.get("list", ""), request.GET.copy()
    if is_turn and _still_stands(request, name, known):
        return SeeOther(f"{reverse('console:order', args=[known.pk])}?{query.urlencode()}")
    if name == HOME and known.state in KINDS:
        return go_on(request, KINDS[Order.State(known.state)], known)
    if name not in rows.BY_DUE:
        return SeeOther(f"{reverse('console:order', args=[known.pk])}?{query.urlencode()}")
    following = rows.after(rows.BY_DUE[name](signed_in(request), request.GET), known)
    if following and request.htmx:  # type: ignore[attr-defined]
        return SeeOther(f"{reverse('console:order', args=[following])}?{query.urlencode()}")
    del query["list"]
    return SeeOther(f"{reverse(f'console:{name}')}?{query.urlencode()}")


def _still_stands(request: HttpRequest, name: str, known: Order) -> bool:
    """Whether the order still stands on the list from which it was opened, as it was then."""
    if name in rows.BY_DUE:
        return rows.BY_DUE[name](signed_in(request), request.GET).filter(pk=known.pk).exists()
    return Order.objects.filter(pk=known.pk, state=known.state).exists()


urlpatterns = [
    path("orders/<int:pk>/", order, name="order"),
    path("orders/<int:pk>/look/", look, name="order_look"),
    path("orders/<int:pk>/verify/", verify, name="order_verify"),
    path("orders/<int:pk>/return/", return_, name="order_return"),
    path("orders/<int:pk>/redirect/", redirect, name="order_redirect"),
    path("orders/<int:pk>/confirm/", confirm, name="order_confirm"),
    path("orders/<int:pk>/reopen/", reopen, name="order_reopen"),
    path("orders/<int:pk>/cancel/", cancel, name="order_cancel"),
]
