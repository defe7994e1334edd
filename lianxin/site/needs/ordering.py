"""点单 in three taps: what, when, and a last look."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.base import clock
from lianxin.base.access import SIGNED_IN, page
from lianxin.base.answers import SeeOther
from lianxin.base.day_parts import DayPart, Part, days_with_parts, next_decent, next_half_hour
from lianxin.base.refused import Refused
from lianxin.base.words import moment_in_words
from lianxin.needs.actions.placing import place_order
from lianxin.needs.models.menu import Clock, MenuItem
from lianxin.needs.models.orders import Order
from lianxin.needs.queries.residents import item_on_the_menu, menu_of
from lianxin.needs.rules import CLOCKS, may_be_had_at_once
from lianxin.people.models import Helper, Person
from lianxin.people.queries import hotline, may_act_for, orders_for
from lianxin.site.known import Me, known

DAYS_SHOWN, DAYS_AHEAD = 4, 60


@dataclass(frozen=True)
class Wish:
    """What is asked for whom, and for whom else he who asks may order."""

    item: MenuItem
    resident: Person
    residents: list[Person]


@dataclass(frozen=True)
class Chosen:
    """When it is wanted, in words and as a window."""

    words: str
    start: datetime
    end: datetime


class WhenForm(forms.Form):
    """A day and a part of it; or as soon as may be."""

    soon = forms.BooleanField(required=False)
    day = forms.DateField(
        label=gettext_lazy("哪一天"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("请选一个日期。")},
    )
    part = forms.ChoiceField(label=gettext_lazy("什么时候"), required=False, choices=Part.choices)

    def chosen(self, item: MenuItem) -> Chosen | None:
        """The window, or None if nothing was chosen or it is over."""
        if not self.is_valid():
            return None
        if self.cleaned_data["soon"] and may_be_had_at_once(item, clock.now()):
            return _as_soon_as_may_be(item)
        day, part = self.cleaned_data["day"], self.cleaned_data["part"]
        if not day or not part or not _first_day(item) <= day <= _last_day():
            return None
        wanted = DayPart(day, Part(part))
        return Chosen(str(wanted), wanted.start, wanted.end) if wanted.has_room_for(item.minutes) else None


class PlaceForm(forms.Form):
    """The last look: for whom, and a line for who comes."""

    resident = forms.TypedChoiceField(label=gettext_lazy("替谁点"), coerce=int, widget=forms.RadioSelect)
    details = forms.CharField(
        label=gettext_lazy("还有什么要说的"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("例如：厨房的灯不亮了，灯泡我有")}),
        help_text=gettext_lazy("加密保存，只有接单的志愿者看得到。"),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, me: Person, residents: list[Person], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(each.pk, _("我自己") if each == me else each.name) for each in residents]
        self.fields["resident"].choices = choices  # type: ignore[attr-defined]


@page(SIGNED_IN)
@known
def menu(request: HttpRequest, me: Me) -> HttpResponse:
    """First tap: what."""
    residents = residents_of(me.person)
    resident = _resident(request, residents)
    items = menu_of(resident.home) if resident and resident.home else []
    facts = {
        "items": items,
        "resident": resident,
        "others": [each for each in residents if each != resident],
        "is_for_another": resident != me.person,
        "hotline": hotline((resident or me.person).home),
    }
    return render(request, "site/needs/menu.html", facts)


@page(SIGNED_IN)
@known
def order_when(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """Second tap: a part of a day. A date of one's own comes back here as a form and is sent on."""
    wish = _wish(request, me, pk)
    item = wish.item
    form = WhenForm(request.GET) if "day" in request.GET else WhenForm()
    if form.is_bound and form.chosen(item):
        return redirect(f"place/?{request.GET.urlencode()}")
    if form.is_bound and not form.errors:
        form.add_error("day", _("这个时间不能点，请另选一天。"))
    first = _first_day(item)
    form.fields["day"].widget.attrs |= {"min": first.isoformat(), "max": _last_day().isoformat()}
    days = list(days_with_parts(first, DAYS_SHOWN, item.minutes))
    facts = {
        "item": item,
        "resident": wish.resident,
        "is_for_another": wish.resident != me.person,
        "days": days,
        "parts": Part,
        "form": form,
        "soon": _as_soon_as_may_be(item) if may_be_had_at_once(item, clock.now()) else None,
        "is_late": item.clock == Clock.QUICK and not may_be_had_at_once(item, clock.now()),
    }
    return render(request, "site/needs/order_when.html", facts, status=422 if form.errors else 200)


@page(SIGNED_IN)
@known
def order_place(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """Third tap: look once and place it. The same form sent twice is still one order."""
    wish = _wish(request, me, pk)
    item = wish.item
    chosen = WhenForm(request.GET).chosen(item)
    if chosen is None:
        messages.info(request, _("请选一个时间。"))
        return redirect("site:order_when", pk=item.pk)
    initial = {"resident": wish.resident.pk, "key": uuid4()}
    form = PlaceForm(request.POST or None, me=me.person, residents=wish.residents, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            order = _place(form, wish, chosen, me)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            until = moment_in_words(order.promised_at)
            messages.success(request, _("记下了。%(until)s前给您回话。") % {"until": until})
            if may_act_for(me.person, order.resident, Helper.Scope.FOLLOW):
                return SeeOther("site:order", order.pk)
            return SeeOther("site:relative", order.resident_id)
    now, limits = clock.now(), CLOCKS[Clock(item.clock)]
    facts = {
        "item": item,
        "resident": wish.resident,
        "chosen": chosen,
        "form": form,
        "promised_at": limits.after(now, limits.promise, latest_start=chosen.end - timedelta(minutes=item.minutes)),
        "is_alone": len(wish.residents) == 1,
    }
    return render(request, "site/needs/order_place.html", facts, status=422 if form.errors else 200)


def residents_of(person: Person) -> list[Person]:
    """For whom this person may order: himself first, then his family; whoever has no home yet cannot be visited."""
    return [each for each in (person, *orders_for(person)) if each.home]


def _place(form: PlaceForm, wish: Wish, chosen: Chosen, me: Me) -> Order:
    wanted = next(each for each in wish.residents if each.pk == form.cleaned_data["resident"])
    return place_order(
        item=wish.item,
        resident=wanted,
        start=chosen.start,
        end=chosen.end,
        by=me.user,
        way=Order.Way.WEB,
        details=form.cleaned_data["details"],
        key=form.cleaned_data["key"],
    )


def _resident(request: HttpRequest, residents: list[Person]) -> Person | None:
    """Whom the address names (`for`), or else the first; None for whoever cannot order at all."""
    named = request.GET.get("for")
    return next((each for each in residents if str(each.pk) == named), residents[0] if residents else None)


def _wish(request: HttpRequest, me: Me, pk: int) -> Wish:
    residents = residents_of(me.person)
    resident = _resident(request, residents)
    if resident is None or resident.home is None:
        raise Http404
    item = item_on_the_menu(resident.home, pk)
    if item is None:
        raise Http404
    return Wish(item, resident, residents)


def _as_soon_as_may_be(item: MenuItem) -> Chosen:
    """From now on if it is urgent, else from the next decent hour, until somebody is promised to answer."""
    soon = next_half_hour(clock.now())
    start = soon if item.clock == Clock.URGENT else next_decent(soon)
    window = max(CLOCKS[Clock(item.clock)].promise, timedelta(minutes=item.minutes))
    return Chosen(_("尽快"), start, start + window)


def _first_day(item: MenuItem) -> date:
    """A plain wish is looked at by the community first, so it starts tomorrow; the others start at once."""
    return clock.today() + timedelta(days=1 if item.clock == Clock.PLAIN else 0)


def _last_day() -> date:
    return clock.today() + timedelta(days=DAYS_AHEAD)


urlpatterns = [
    path("order/", menu, name="menu"),
    path("order/<int:pk>/", order_when, name="order_when"),
    path("order/<int:pk>/place/", order_place, name="order_place"),
]
