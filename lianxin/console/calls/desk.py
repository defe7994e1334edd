"""The desk between two calls: type a number or take what rings; what was promised, who is on duty."""

import re

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.base import clock
from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.refused import Refused
from lianxin.console.frame import show, signed_in
from lianxin.needs.actions.calls.rings import take_ring
from lianxin.needs.actions.calls.taking import start_call
from lianxin.needs.models.calls import Call, Ring
from lianxin.needs.queries import calls
from lianxin.notices.queries import whom_to_ring
from lianxin.organisations.queries import reach
from lianxin.users.models import User

TAKE = "needs.take_calls"
MOST_ROWS, TO_RING = 8, 5
SHORTEST_PHONE = 7
SLIPS = [(each.value, each.label) for each in (Call.Source.SLIP, Call.Source.MESSAGE)]
SEPARATORS = re.compile(r"[\s\-()+（）]")


class SlipForm(forms.Form):
    """A call that was written on paper, or left as a message, with the time at which it came."""

    started_at = forms.DateTimeField(
        label=gettext_lazy("什么时候打来的"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": gettext_lazy("请填打来的时间。"), "invalid": gettext_lazy("请填打来的时间。")},
    )
    source = forms.ChoiceField(label=gettext_lazy("怎么记下的"), choices=SLIPS)
    number = forms.CharField(label=gettext_lazy("来电号码"), max_length=20, required=False)


@page(may=TAKE)
def desk(request: HttpRequest) -> HttpResponse:
    """The number box; below it what rings, what was promised and who is on duty. In a call: the call."""
    user = signed_in(request)
    if running := calls.open_call_of(user):
        return SeeOther("console:desk_call", running.pk)
    paths = reach(user, TAKE)
    promises = calls.open_call_backs(paths)
    facts = {
        "own_promises": promises.filter(owner=user)[:MOST_ROWS],
        "late_count": promises.filter(due_at__lt=clock.now()).count(),
        "handovers": calls.open_handovers(paths),
        "duties": calls.duties_under(paths)[:MOST_ROWS],
        "last_calls": calls.own_calls(user)[:MOST_ROWS],
        "events": calls.open_events(paths)[:MOST_ROWS],
        "to_ring": whom_to_ring(reach(user, "people.call"), TO_RING),
        **_rings(user),
    }
    return show(request, "console/calls/desk.html", facts)


@page(may=TAKE)
def ringing(request: HttpRequest) -> HttpResponse:
    """What rings now, asked for every few seconds by the page itself, which is no use of the desk (rule A5)."""
    request.session.look_on()  # type: ignore[attr-defined]  # our own store
    return render(request, "console/calls/desk.html#ringing", _rings(signed_in(request)))


@page(may=TAKE)
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """A call begins: what was typed is a number, a short number or a name; nothing typed takes what rings longest."""
    user, typed = signed_in(request), SEPARATORS.sub("", request.POST.get("typed", ""))[:20]
    if not typed and (ring := calls.ringing(reach(user, TAKE)).first()):
        return _taken(request, ring)
    is_phone = typed.isdecimal() and len(typed) >= SHORTEST_PHONE
    call = start_call(by=user, number=typed if is_phone else "")
    address = reverse("console:desk_call", args=[call.pk])
    return SeeOther(address if is_phone or not typed else f"{address}?{urlencode({'q': typed})}")


@page(may=TAKE)
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take this very ring, or ring back one that was missed."""
    return _taken(request, get_object_or_404(Ring, pk=pk, scope__under_any=reach(signed_in(request), TAKE)))


@page(may=TAKE)
def slip(request: HttpRequest) -> HttpResponse:
    """Enter a call of last night, or of the hour when the line was down; then it is worked like any other."""
    form = SlipForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            call = start_call(
                by=signed_in(request),
                number=SEPARATORS.sub("", asked["number"]),
                source=Call.Source(asked["source"]),
                started_at=asked["started_at"],
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            return SeeOther("console:desk_call", call.pk)
    return show(request, "console/calls/slip.html", {"form": form}, status=422 if form.errors else 200)


def _taken(request: HttpRequest, ring: Ring) -> HttpResponse:
    try:
        call = take_ring(ring=ring, by=signed_in(request))
    except Refused as refused:
        messages.warning(request, _("%(why)s请接下一个。") % {"why": refused.words})
        return SeeOther("console:desk")
    return SeeOther("console:desk_call", call.pk)


def _rings(user: User) -> dict[str, object]:
    paths = reach(user, TAKE)
    now, before = list(calls.ringing(paths)[:MOST_ROWS]), list(calls.missed(paths)[:MOST_ROWS])
    names = calls.names_behind([*now, *before], paths)
    return {
        "rings": [(ring, names.get(bytes(ring.number_hash or b""), [])) for ring in now],
        "missed": [(ring, names.get(bytes(ring.number_hash or b""), [])) for ring in before],
    }


urlpatterns = [
    path("desk/", desk, name="desk"),
    path("desk/ringing/", ringing, name="desk_ringing"),
    path("desk/answer/", answer, name="desk_answer"),
    path("desk/slip/", slip, name="desk_slip"),
    path("rings/<int:pk>/take/", take, name="ring_take"),
]
