"""The order by telephone: what, when, a look at the script, read back, done."""

from datetime import datetime, timedelta
from itertools import chain
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.base import clock
from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.day_parts import DayPart, Part, days_with_parts, next_decent, next_half_hour
from lianxin.base.words import moment_in_words
from lianxin.console.calls.call import own_call
from lianxin.console.calls.desk import TAKE
from lianxin.console.frame import show, signed_in
from lianxin.needs.actions.calls.orders import order_by_call
from lianxin.needs.models.calls import Call
from lianxin.needs.models.menu import Clock, MenuItem
from lianxin.needs.queries import calls
from lianxin.needs.queries.residents import menu_of
from lianxin.needs.rules import CLOCKS
from lianxin.people.models import Person

DAYS_SHOWN = 5
KEYS = "123456789abcdefghilmnopqrstuvwxyz"
"""What a list is chosen by; without j and k, which walk."""


class OrderForm(forms.Form):
    """The last step: what the caller said, and a key so that it is ordered once."""

    details = forms.CharField(
        label=gettext_lazy("对方怎么说的（封存，只给接单的人看）"), max_length=300, required=False
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


@page(may=TAKE)
def what(request: HttpRequest, pk: int) -> HttpResponse:
    """What can be ordered where the person lives."""
    call, person = _about(request, pk)
    items = list(zip(KEYS, menu_of(person.home), strict=False)) if person.home else []
    return show(request, "console/calls/order_what.html", {"call": call, "caller": person, "items": items})


@page(may=TAKE)
def when(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """The same once more? If not: when."""
    call, person = _about(request, pk)
    wanted = _item(person, item)
    same = None if "another" in request.GET else calls.same_matter(person, wanted)
    facts = {
        "call": call,
        "caller": person,
        "item": wanted,
        "same": same,
        "parts": parts_ahead(wanted.minutes),
        "may_be_soon": wanted.clock != Clock.PLAIN,
    }
    return show(request, "console/calls/order_when.html", facts)


@page(may=TAKE)
def order(request: HttpRequest, pk: int, item: int, when: str) -> HttpResponse:
    """Ask by the script, write down what is said, read back; Enter orders."""
    call, person = _about(request, pk)
    wanted = _item(person, item)
    words, start, end = _window(when, wanted)
    form = OrderForm(request.POST if request.method == "POST" else None, initial={"key": uuid4()})
    if request.method == "POST" and form.is_valid():
        placed = order_by_call(
            call=call,
            item=wanted,
            start=start,
            end=end,
            details=form.cleaned_data["details"],
            key=form.cleaned_data["key"],
            by=signed_in(request),
        )
        said = {"number": placed.number, "item": wanted, "until": moment_in_words(placed.promised_at)}
        messages.success(request, _("%(number)d 号「%(item)s」记下了，请告诉对方：%(until)s前回话。") % said)
        return SeeOther("console:desk_call", pk)
    facts = {"call": call, "caller": person, "item": wanted, "when": words, "form": form}
    return show(request, "console/calls/order_last.html", facts, status=422 if form.errors else 200)


def _about(request: HttpRequest, pk: int) -> tuple[Call, Person]:
    call = own_call(request, pk)
    if call.person is None:
        raise Http404
    return call, call.person


def _item(person: Person, pk: int) -> MenuItem:
    if person.home is None:
        raise Http404
    return get_object_or_404(menu_of(person.home), pk=pk)


def _window(when: str, item: MenuItem) -> tuple[str, datetime, datetime]:
    """What stands in the address: `soon`, or a day and its part as in 2026-11-23-morning."""
    if when == "soon" and item.clock != Clock.PLAIN:
        now = next_half_hour(clock.now())
        start = now if item.clock == Clock.URGENT else next_decent(now)
        return _("尽快"), start, start + max(CLOCKS[Clock(item.clock)].promise, timedelta(minutes=item.minutes))
    chosen = day_part(when)
    return str(chosen), chosen.start, chosen.end


def parts_ahead(minutes: int) -> list[tuple[str, DayPart]]:
    """The parts of the next days that have room for so many minutes, each with its key."""
    parts = chain.from_iterable(parts for _day, parts in days_with_parts(clock.today(), DAYS_SHOWN, minutes))
    return list(zip(KEYS, parts, strict=False))


def day_part(slug: str) -> DayPart:
    """A day and its part as they stand in an address: 2026-11-23-morning."""
    day, _dash, part = slug.rpartition("-")
    try:
        return DayPart(datetime.strptime(day, "%Y-%m-%d").date(), Part(part))  # noqa: DTZ007 a day has no zone
    except ValueError as error:
        raise Http404 from error


urlpatterns = [
    path("desk/<int:pk>/order/", what, name="desk_order"),
    path("desk/<int:pk>/order/<int:item>/", when, name="desk_when"),
    path("desk/<int:pk>/order/<int:item>/<slug:when>/", order, name="desk_place"),
]
