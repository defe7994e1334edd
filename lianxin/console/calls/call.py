"""One call: who it is, what it is about, and how it ends. Every step is one key."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.base import clock, working_time
from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.refused import Refused
from lianxin.console.calls.desk import TAKE
from lianxin.console.frame import show, signed_in
from lianxin.needs.actions.calls import events, orders, taking
from lianxin.needs.models.calls import Call
from lianxin.needs.models.events import Event
from lianxin.needs.models.orders import Order
from lianxin.needs.queries import calls
from lianxin.notices.queries import open_calls_to
from lianxin.organisations.models import Node
from lianxin.organisations.queries import communities_called, reach
from lianxin.people.models import Person

ENDINGS = (
    ("q", Call.Kind.QUESTION),
    ("g", Call.Kind.THANKS),
    ("w", Call.Kind.WRONG),
    ("s", Call.Kind.SILENT),
)
"""What ends a call in one key."""
MOST_PLACES = 9


class EndForm(forms.Form):
    """What it was, what was said, and by when we ring back."""

    kind = forms.ChoiceField(choices=[("", ""), *Call.Kind.choices], required=False)
    words = forms.CharField(
        label=gettext_lazy("备注（封存，只有本台接线员和市里能看）"), max_length=500, required=False
    )
    call_back = forms.ChoiceField(
        label=gettext_lazy("答应什么时候回电"),
        required=False,
        choices=[
            ("", gettext_lazy("不用回电")),
            ("30", gettext_lazy("半小时内")),
            ("60", gettext_lazy("一小时内")),
            ("240", gettext_lazy("四小时内")),
            ("day", gettext_lazy("下个工作日上午 10 点")),
        ],
    )
    not_reached = forms.BooleanField(required=False)

    def call_back_at(self) -> datetime | None:
        """The moment that was promised."""
        asked, now = self.cleaned_data["call_back"], clock.now()
        if asked == "day":
            midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
            return working_time.after(midnight + timedelta(days=1), timedelta(hours=1.5))
        return now + timedelta(minutes=int(asked)) if asked else None


class NewForm(forms.Form):
    """Somebody whom we do not know: name, community by part of its name or nickname, door."""

    name = forms.CharField(
        label=gettext_lazy("姓名"), max_length=50, error_messages={"required": gettext_lazy("请写下姓名。")}
    )
    where = forms.CharField(label=gettext_lazy("社区（打一部分，俗称也行）"), max_length=40, required=False)
    address = forms.CharField(label=gettext_lazy("门牌"), max_length=100, required=False)
    born_on = forms.DateField(
        label=gettext_lazy("出生日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    is_neighbours = forms.BooleanField(label=gettext_lazy("借的邻居电话，不要记成本人号码"), required=False)


@page(may=TAKE)
def desk_call(request: HttpRequest, pk: int) -> HttpResponse:
    """The call as it stands."""
    return _page(request, own_call(request, pk))


@page(may=TAKE)
@require_POST
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """It is this person."""
    call = own_call(request, pk)
    paths = reach(signed_in(request), TAKE)
    key = request.POST.get("person", "")
    person = get_object_or_404(Person, pk=key if key.isdecimal() else 0, home__path__under_any=paths)
    relation = request.POST.get("relation", "")
    known = relation if relation in Call.Relation.values else Call.Relation.SELF
    taking.choose_caller(call=call, person=person, relation=Call.Relation(known), by=signed_in(request))
    return SeeOther("console:desk_call", pk)


@page(may=TAKE)
@require_POST
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """Number, telephone and address; the call is the reason."""
    call = own_call(request, pk)
    contact = taking.look_at_caller(call=call, by=signed_in(request))
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "console/calls/call.html#contact", {"call": call, "contact": contact})
    return _page(request, call, contact=contact)


@page(may=TAKE)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down who rings, without leaving the call."""
    call, paths = own_call(request, pk), reach(signed_in(request), TAKE)
    form = NewForm(request.POST if request.method == "POST" else None)
    places, same = _places(request, paths), []
    if request.method == "POST" and form.is_valid():
        if len(places) == 1:
            try:
                _meet(request, call, places[0], form)
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, str(refused))
                same = calls.perhaps_the_same(call, form.cleaned_data["name"], places[0])
            else:
                return SeeOther("console:desk_call", pk)
        else:
            several = _("有几个社区对得上，请选一个。")
            form.add_error("where", several if places else _("没找到这个社区，请换个说法，或写社区的全名。"))
    facts = {"call": call, "form": form, "places": places, "same": same}
    return show(request, "console/calls/new.html", facts, status=422 if form.errors else 200)


def _meet(request: HttpRequest, call: Call, home: Node, form: NewForm) -> Person:
    asked = form.cleaned_data
    return taking.meet_caller(
        call=call,
        name=asked["name"],
        home=home,
        address=asked["address"],
        born_on=asked["born_on"],
        is_own_number=not asked["is_neighbours"],
        unlike=[int(key) for key in request.POST.getlist("unlike") if key.isdecimal()],
        by=signed_in(request),
    )


@page(may=TAKE)
def places(request: HttpRequest) -> HttpResponse:
    """The communities that fit what is being typed."""
    found = _places(request, reach(signed_in(request), TAKE))
    return render(request, "console/calls/new.html#places", {"places": found})


@page(may=TAKE)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The call is over."""
    call, form = own_call(request, pk), EndForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, call)
    asked = form.cleaned_data
    try:
        taking.end_call(
            call=call,
            by=signed_in(request),
            kind=asked["kind"],
            words=asked["words"],
            call_back_at=form.call_back_at(),
            is_reached=not asked["not_reached"],
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, call, form=form, status=422)
    messages.success(request, _("记下了。"))
    return SeeOther("console:desk")


@page(may=TAKE)
def urge(request: HttpRequest, pk: int) -> HttpResponse:
    """Which order is urged; with one only, the key alone does it."""
    call = own_call(request, pk)
    open_orders = _open_orders(request, call)
    if request.method == "POST":
        order = get_object_or_404(open_orders, pk=_number(request, "order"))
        is_repeat = "is_repeat" in request.POST
        urged = orders.urge_order(call=call, order=order, by=signed_in(request), is_repeat=is_repeat)
        facts = {"number": order.number, "item": order.item, "times": urged.urged}
        words = _("%(number)d 号「%(item)s」催了第 %(times)d 次，派单员已经知道。")
        if is_repeat:
            words = _("并到 %(number)d 号「%(item)s」了，没有另点，派单员已经知道。")
        messages.success(request, words % facts)
        return SeeOther("console:desk_call", pk)
    return show(request, "console/calls/urge.html", {"call": call, "orders": open_orders})


@page(may=TAKE)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Which order is called off, and why; at the word of a relative the resident is asked first (rule O9)."""
    call = own_call(request, pk)
    open_orders = _open_orders(request, call)
    if request.method == "POST":
        order = get_object_or_404(open_orders, pk=_number(request, "order"))
        if "ask" in request.POST:
            orders.ask_to_cancel_by_call(call=call, order=order, by=signed_in(request))
            words = _("先不取消。已经排了电话问本人，请告诉对方：本人说不要了，我们就取消。")
            messages.success(request, words)
            return SeeOther("console:desk_call", pk)
        reason = request.POST.get("reason", "").strip()[:60] or _("本人来电取消")
        orders.cancel_by_call(call=call, order=order, reason=reason, by=signed_in(request))
        messages.success(request, _("%(number)d 号「%(item)s」取消了。") % {"number": order.number, "item": order.item})
        return SeeOther("console:desk_call", pk)
    return show(request, "console/calls/cancel.html", {"call": call, "orders": open_orders})


@page(may=TAKE)
def complaint(request: HttpRequest, pk: int) -> HttpResponse:
    """What displeases the caller; he is told a number."""
    call = own_call(request, pk)
    if request.method == "POST":
        made = taking.complain_by_call(call=call, text=request.POST.get("text", "")[:1000], by=signed_in(request))
        messages.success(request, _("投诉记下了，查询号码 %(number)s，请念给对方。") % {"number": made.number})
        return SeeOther("console:desk_call", pk)
    return show(request, "console/calls/complaint.html", {"call": call})


@page(may=TAKE)
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """Which event the call is about; the script is read out."""
    call = own_call(request, pk)
    going_on = calls.open_events(reach(signed_in(request), TAKE))
    if request.method == "POST":
        found: Event = get_object_or_404(going_on, pk=_number(request, "event"))
        events.link_event(call=call, event=found, by=signed_in(request))
        return SeeOther("console:desk_call", pk)
    return show(request, "console/calls/event_of_call.html", {"call": call, "events": going_on[:9]})


@page(may=TAKE)
def pass_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Look it up; with a number in the entry, pass the caller on and end."""
    call, paths = own_call(request, pk), reach(signed_in(request), TAKE)
    if request.method == "POST":
        entry = get_object_or_404(calls.knowledge_for(paths), pk=_number(request, "entry"))
        taking.end_call(
            call=call, by=signed_in(request), kind=Call.Kind.PASSED, passed_to=f"{entry.words} {entry.number}"[:40]
        )
        messages.success(request, _("已转给 %(number)s。") % {"number": entry.number or entry.words})
        return SeeOther("console:desk")
    query = request.GET.get("q", "")[:20]
    facts = {"call": call, "query": query, "entries": calls.knowledge_for(paths, query)[:20]}
    part = "#entries" if request.htmx else ""  # type: ignore[attr-defined]
    return show(request, f"console/calls/pass_on.html{part}", facts)


def own_call(request: HttpRequest, pk: int) -> Call:
    """The user's own call that goes on, or none."""
    return get_object_or_404(calls.own_calls(signed_in(request)), pk=pk, ended_at=None)


def _page(
    request: HttpRequest,
    call: Call,
    *,
    contact: dict[str, str] | None = None,
    form: EndForm | None = None,
    status: int = 200,
) -> HttpResponse:
    paths = reach(signed_in(request), TAKE)
    query = request.GET.get("q", "")[:20]
    person = calls.caller(call)
    is_choosing = person is None or bool(query) or "who" in request.GET
    facts: dict[str, Any] = {
        "call": call,
        "query": query,
        "caller": person,
        "contact": contact,
        "form": form or EndForm(),
        "endings": ENDINGS,
        "relations": Call.Relation.choices,
        "is_choosing": is_choosing,
        "people": calls.callers(call, query, paths) if is_choosing else [],
        "elsewhere": calls.count_out_of_reach(call, paths) if is_choosing else 0,
        "last_calls": calls.calls_of(person, call, paths) if person else [],
        "to_tell": open_calls_to(person.pk) if person else [],
        "to_ask": calls.orders_to_ask_about(person, paths) if person else [],
    }
    return show(request, "console/calls/call.html", facts, status=status)


def _open_orders(request: HttpRequest, call: Call) -> Any:
    if call.person is None:
        return Order.objects.none()
    return calls.open_orders_of(call.person, reach(signed_in(request), TAKE))


def _places(request: HttpRequest, paths: list[str]) -> list[Node]:
    asked = request.POST or request.GET
    chosen = asked.get("place", "")
    found = communities_called(asked.get("where", "")[:40], paths)
    if chosen.isdecimal():
        return list(found.filter(pk=int(chosen)))
    return list(found[:MOST_PLACES])


def _number(request: HttpRequest, name: str) -> int:
    typed = request.POST.get(name, "")
    return int(typed) if typed.isdecimal() else 0


urlpatterns = [
    path("desk/places/", places, name="desk_places"),
    path("desk/<int:pk>/", desk_call, name="desk_call"),
    path("desk/<int:pk>/caller/", choose, name="desk_choose"),
    path("desk/<int:pk>/look/", look, name="desk_look"),
    path("desk/<int:pk>/new/", new, name="desk_new"),
    path("desk/<int:pk>/end/", end, name="desk_end"),
    path("desk/<int:pk>/urge/", urge, name="desk_urge"),
    path("desk/<int:pk>/cancel/", cancel, name="desk_cancel"),
    path("desk/<int:pk>/complaint/", complaint, name="desk_complaint"),
    path("desk/<int:pk>/event/", event, name="desk_event"),
    path("desk/<int:pk>/pass/", pass_on, name="desk_pass"),
]
