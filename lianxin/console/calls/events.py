"""群体事件: one event behind many calls, and one update to all who rang."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.choosing import offer
from lianxin.base.pages import page_of
from lianxin.base.refused import Refused
from lianxin.console.calls.places import HIGHER, below
from lianxin.console.frame import show, signed_in
from lianxin.console.organisations.forms import NodeField
from lianxin.needs.actions.calls.events import open_event, update_event
from lianxin.needs.models.events import Event
from lianxin.needs.queries import calls
from lianxin.organisations.models import Node, Tree
from lianxin.organisations.queries import reach

LEAD = "needs.lead_events"
ROWS_A_PAGE = 50


class EventForm(forms.Form):
    """What happens, where, and what operators say."""

    name = forms.CharField(
        label=gettext_lazy("什么事"),
        max_length=30,
        help_text=gettext_lazy("短一点，例如：和平里停水"),
        error_messages={"required": gettext_lazy("请写是什么事。")},
    )
    place = NodeField(
        label=gettext_lazy("哪里"),
        tree=Tree.PLACE,
        may=LEAD,
        kinds=HIGHER,
        error_messages={"required": gettext_lazy("请选在哪里。")},
    )
    script = forms.CharField(
        label=gettext_lazy("照着说"),
        max_length=200,
        widget=forms.Textarea,
        error_messages={"required": gettext_lazy("请写接线员照着说什么。")},
    )

    def __init__(self, data: object, places: QuerySet[Node]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        offer(self, "place", places)


class UpdateForm(forms.Form):
    """What all who rang are told."""

    text = forms.CharField(
        label=gettext_lazy("告诉所有来电人"),
        max_length=200,
        widget=forms.Textarea,
        help_text=gettext_lazy("每人按自己的联系方式收到：电话卡、短信或站内消息。"),
        error_messages={"required": gettext_lazy("请写下要告诉大家的话。")},
    )
    is_over = forms.BooleanField(label=gettext_lazy("事情过去了，同时结束这个事件"), required=False)


@page(may=LEAD)
def events(request: HttpRequest) -> HttpResponse:
    """The events in reach; POST opens one."""
    paths = reach(signed_in(request), LEAD)
    form = EventForm(request.POST if request.method == "POST" else None, below(paths))
    if request.method == "POST" and form.is_valid():
        try:
            made = open_event(**form.cleaned_data, by=signed_in(request))
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("开始了。接到这件事的电话，按 E 再选一下就记到这里。"))
            return SeeOther("console:event", made.pk)
    shown = page_of(request, calls.events_under(paths), ROWS_A_PAGE)
    facts = {"form": form, "page": shown}
    return show(request, "console/calls/events.html", facts, status=422 if form.errors else 200)


@page(may=LEAD)
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """One event; POST tells all who rang."""
    found = get_object_or_404(calls.events_under(reach(signed_in(request), LEAD)), pk=pk)
    form = UpdateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        update_event(event=found, by=signed_in(request), **form.cleaned_data)
        messages.success(request, _("正在告诉所有来电人。"))
        return SeeOther("console:event", pk)
    return show(request, "console/calls/event.html", _facts(found, form), status=422 if form.errors else 200)


def _facts(found: Event, form: UpdateForm) -> dict[str, Any]:
    return {"event": found, "form": form, "updates": found.updates.select_related("by").order_by("-pk")}


urlpatterns = [path("events/", events, name="events"), path("events/<int:pk>/", event, name="event")]
