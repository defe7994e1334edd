"""Another time within a call: which order, when, read back, done. With one order only, the first step is skipped."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _

from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.words import moment_in_words
from lianxin.console.calls.call import own_call
from lianxin.console.calls.desk import TAKE
from lianxin.console.calls.ordering import KEYS, day_part, parts_ahead
from lianxin.console.frame import show, signed_in
from lianxin.needs.actions.calls.orders import reschedule_by_call
from lianxin.needs.models.calls import Call
from lianxin.needs.models.orders import Order, OrderSet
from lianxin.needs.queries import calls
from lianxin.needs.queries.timeline import who_comes
from lianxin.needs.rules import called
from lianxin.organisations.queries import reach


@page(may=TAKE)
def which(request: HttpRequest, pk: int) -> HttpResponse:
    """Which order is wanted at another time."""
    call = own_call(request, pk)
    orders = list(_possible(request, call))
    if len(orders) == 1:
        return SeeOther("console:desk_reschedule_when", pk, orders[0].pk)
    return show(
        request, "console/calls/reschedule.html", {"call": call, "orders": list(zip(KEYS, orders, strict=False))}
    )


@page(may=TAKE)
def when(request: HttpRequest, pk: int, order: int) -> HttpResponse:
    """To when."""
    call = own_call(request, pk)
    wanted = get_object_or_404(_possible(request, call), pk=order)
    facts = {"call": call, "order": wanted, "parts": parts_ahead(wanted.minutes)}
    return show(request, "console/calls/reschedule_when.html", facts)


@page(may=TAKE)
def last(request: HttpRequest, pk: int, order: int, when: str) -> HttpResponse:
    """Read back; Enter does it."""
    call, part = own_call(request, pk), day_part(when)
    wanted = get_object_or_404(_possible(request, call), pk=order)
    if request.method == "POST":
        moved = reschedule_by_call(call=call, order=wanted, start=part.start, end=part.end, by=signed_in(request))
        facts = {"number": moved.number, "item": wanted.item, "when": part, "until": moment_in_words(moved.promised_at)}
        messages.success(request, _("%(number)d 号「%(item)s」改到%(when)s，请告诉对方：%(until)s前回话。") % facts)
        return SeeOther("console:desk_call", pk)
    comers = [called(each.volunteer.person.name) for each in who_comes(wanted)]
    facts = {"call": call, "order": wanted, "when": part, "comers": "、".join(comers)}
    return show(request, "console/calls/reschedule_last.html", facts)


def _possible(request: HttpRequest, call: Call) -> OrderSet:
    if call.person is None:
        return Order.objects.none()
    return calls.orders_to_reschedule(call.person, reach(signed_in(request), TAKE))


urlpatterns = [
    path("desk/<int:pk>/reschedule/", which, name="desk_reschedule"),
    path("desk/<int:pk>/reschedule/<int:order>/", when, name="desk_reschedule_when"),
    path("desk/<int:pk>/reschedule/<int:order>/<slug:when>/", last, name="desk_reschedule_last"),
]
