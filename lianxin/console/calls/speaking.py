"""Ringing people: whom to ring next, what to tell, and whether it was done; every step is one key (rule L11)."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.refused import Refused
from lianxin.console.calls.call import own_call
from lianxin.console.calls.desk import TAKE
from lianxin.console.frame import show, signed_in
from lianxin.needs.actions.calls import speaking
from lianxin.needs.models.calls import Call
from lianxin.needs.models.orders import Order
from lianxin.needs.queries import calls
from lianxin.organisations.queries import reach
from lianxin.people.models import Person

STARS = (
    (5, gettext_lazy("5 星，很满意")),
    (4, gettext_lazy("4 星，满意")),
    (3, gettext_lazy("3 星，一般")),
    (2, gettext_lazy("2 星，不太满意")),
    (1, gettext_lazy("1 星，不满意")),
    (0, gettext_lazy("做好了，没有问星级")),
)


class SaidForm(forms.Form):
    """What the voice on the telephone says: how many stars, or that it is not done."""

    stars = forms.TypedChoiceField(coerce=int, empty_value=None, choices=STARS, required=False)
    not_done = forms.BooleanField(required=False)
    words = forms.CharField(label=gettext_lazy("对方的原话"), max_length=200, required=False)


@page(may=TAKE)
@require_POST
def ring_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Ring this person."""
    within = Person.objects.filter(home__path__under_any=reach(signed_in(request), TAKE), restricted_at=None)
    call = speaking.ring_out(person=get_object_or_404(within.select_related("home"), pk=pk), by=signed_in(request))
    return SeeOther("console:desk_call", call.pk)


@page(may=TAKE)
@require_POST
def told(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that waited for him was told."""
    tried = speaking.told_all(call=own_call(request, pk), by=signed_in(request))
    messages.success(request, _("%(count)d 件事都告诉了，记下了。") % {"count": len(tried.done)})
    return SeeOther("console:desk_call", pk)


@page(may=TAKE)
@require_POST
def nobody(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody answered; it is tried again."""
    speaking.nobody_answered(call=own_call(request, pk), by=signed_in(request))
    messages.success(request, _("记下了：没打通，到时再打。"))
    return SeeOther("console:desk")


@page(may=TAKE)
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether it was done, and how well; with one order only, the question comes at once."""
    call = own_call(request, pk)
    waiting = list(calls.orders_to_ask_about(call.person, reach(signed_in(request), TAKE)) if call.person else [])
    order = _chosen(request, waiting)
    form = SaidForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and order and form.is_valid():
        try:
            return _said(request, call, order, form.cleaned_data)
        except Refused as refused:
            form.add_error("words" if refused.field == "words" else None, str(refused))
    facts = {"call": call, "orders": waiting, "order": order, "form": form, "stars": STARS}
    return show(request, "console/calls/done.html", facts, status=422 if form.errors else 200)


def _said(request: HttpRequest, call: Call, order: Order, said: Mapping[str, Any]) -> HttpResponse:
    by = signed_in(request)
    if said["not_done"]:
        speaking.reopen_in_call(call=call, order=order, words=said["words"], by=by)
        words = _("%(number)d 号「%(item)s」还没做好，另外找人再上门。")
    else:
        stars = said["stars"] or None
        speaking.confirm_in_call(call=call, order=order, stars=stars, words=said["words"], by=by)
        words = _("%(number)d 号「%(item)s」回访确认，志愿者的时间已经记入。")
    messages.success(request, words % {"number": order.number, "item": order.item})
    return SeeOther("console:desk_call", call.pk)


def _chosen(request: HttpRequest, waiting: list[Order]) -> Order | None:
    wanted = request.GET.get("order", "")
    if not wanted:
        return waiting[0] if len(waiting) == 1 else None
    return next((each for each in waiting if str(each.pk) == wanted), None)


urlpatterns = [
    path("people/<int:pk>/ring/", ring_out, name="ring_out"),
    path("desk/<int:pk>/told/", told, name="desk_told"),
    path("desk/<int:pk>/nobody/", nobody, name="desk_nobody"),
    path("desk/<int:pk>/done/", done, name="desk_done"),
]
