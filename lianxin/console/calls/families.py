"""In a call: «I can't reach my mother», and a relative who shall not act any more; two keys each."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _

from lianxin.base import clock
from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.console.calls.call import own_call
from lianxin.console.calls.desk import TAKE
from lianxin.console.frame import show, signed_in
from lianxin.needs.actions.calls.families import alarm_in_call, stop_help_in_call
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.queries.alarms import last_seen
from lianxin.people.models import Helper


@page(may=TAKE)
def unreachable(request: HttpRequest, pk: int) -> HttpResponse:
    """110 and 120 first, who saw the person last, and one button that rings."""
    call = own_call(request, pk)
    if request.method == "POST":
        alarm_in_call(call=call, by=signed_in(request))
        messages.success(request, _("警报响了，社区和队里马上去看。请告诉对方：有结果就回话。"))
        return SeeOther("console:desk_call", pk)
    facts = {
        "call": call,
        "visit": last_seen(call.person) if call.person else None,
        "alarm": Alarm.objects.standing().filter(person=call.person, kind=Alarm.Kind.UNREACHABLE).first(),
    }
    return show(request, "console/calls/unreachable.html", facts)


@page(may=TAKE)
def family(request: HttpRequest, pk: int) -> HttpResponse:
    """Who may act for the caller; at his own word one of them does no more."""
    call = own_call(request, pk)
    standing = Helper.objects.filter(person=call.person, during__contains=clock.today()).select_related("helper")
    if request.method == "POST":
        typed = request.POST.get("helper", "")
        helper = get_object_or_404(standing, pk=int(typed) if typed.isdecimal() else 0)
        stop_help_in_call(call=call, helper=helper, by=signed_in(request))
        messages.success(request, _("%(name)s不再替他办事，两边都会收到通知。") % {"name": helper.helper.name})
        return SeeOther("console:desk_call", pk)
    return show(request, "console/calls/family.html", {"call": call, "helpers": standing.order_by("pk")})


urlpatterns = [
    path("desk/<int:pk>/unreachable/", unreachable, name="desk_unreachable"),
    path("desk/<int:pk>/family/", family, name="desk_family"),
]
