"""My time: what is banked, what waits to be confirmed, and each entry of both."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.base import clock
from lianxin.base.access import SIGNED_IN, page
from lianxin.base.answers import SeeOther
from lianxin.base.pages import page_of
from lianxin.base.refused import Refused
from lianxin.hours.actions import dispute_record
from lianxin.hours.models import Dispute, Record
from lianxin.hours.queries import (
    clashing_with,
    minutes_by_state,
    minutes_in_year,
    records_keyed,
    records_of,
    versions_of,
)
from lianxin.site.known import Me, known
from lianxin.timebank.queries import minutes_of, statement

A_PAGE = 20
MOMENT = {"type": "datetime-local"}
RECORD = Record._meta.label_lower


class DisputeForm(forms.Form):
    """What the time should be, and why."""

    start = forms.DateTimeField(
        label=gettext_lazy("应该从几点"), widget=forms.DateTimeInput(attrs=MOMENT, format="%Y-%m-%dT%H:%M")
    )
    end = forms.DateTimeField(
        label=gettext_lazy("到几点"), widget=forms.DateTimeInput(attrs=MOMENT, format="%Y-%m-%dT%H:%M")
    )
    reason = forms.CharField(label=gettext_lazy("哪里不对"), max_length=200)


@page(SIGNED_IN)
@known
def time(request: HttpRequest, me: Me) -> HttpResponse:
    """How much time is mine, and each service that made it."""
    totals = minutes_by_state(me.person)
    facts = {
        "banked": minutes_of(me.person),
        "waiting": totals.get(Record.State.CLAIMED, 0),
        "this_year": minutes_in_year(me.person, clock.today().year),
        "year": clock.today().year,
        "page": page_of(request, records_of(me.person), A_PAGE),
        "serves": me.serves,
    }
    return render(request, "site/hours/time.html", facts)


@page(SIGNED_IN)
@known
def record(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """One of my records with all its versions; POST says that it is wrong."""
    own = get_object_or_404(records_of(me.person), pk=pk)
    form = DisputeForm(request.POST if request.method == "POST" else None, initial=_times(own))
    if request.method == "POST" and form.is_valid():
        try:
            dispute_record(record=own, by=me.user, **form.cleaned_data)
        except Refused as refused:
            if refused.field not in form.fields:
                raise
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("记下了，队长或站点三个工作日内答复您。"))
            return SeeOther("site:record", pk)
    facts = {
        "record": own,
        "form": form,
        "versions": versions_of(own),
        "clashing": list(clashing_with(own)) if own.state == Record.State.CONTESTED else [],
        "disputes": own.disputes.order_by("-pk"),
        "may_dispute": own.state != Record.State.VOID and not own.disputes.filter(state=Dispute.State.OPEN).exists(),
    }
    return render(request, "site/hours/record.html", facts, status=422 if form.errors else 200)


def _times(own: Record) -> dict[str, Any]:
    return {"start": own.during.lower, "end": own.during.upper}


@page(SIGNED_IN)
@known
def bank(request: HttpRequest, me: Me) -> HttpResponse:
    """The account: what came in and went out, with the balance after each."""
    shown = page_of(request, statement(me.person), A_PAGE)
    services = records_keyed([transfer.about_id for transfer in shown if transfer.about_type == RECORD])
    facts = {
        "banked": minutes_of(me.person),
        "page": shown,
        "lines": [(transfer, services.get(transfer.about_id)) for transfer in shown],
    }
    return render(request, "site/hours/bank.html", facts)


urlpatterns = [
    path("time/", time, name="time"),
    path("time/<int:pk>/", record, name="record"),
    path("time/bank/", bank, name="bank"),
]
