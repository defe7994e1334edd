"""My time: what is banked, what waits to be confirmed, and each entry of both."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from lianxin.base import clock
from lianxin.base.access import SIGNED_IN, page
from lianxin.hours.models import Record
from lianxin.hours.queries import minutes_by_state, minutes_in_year, records_keyed, records_of
from lianxin.site.known import Me, known
from lianxin.timebank.queries import minutes_of, statement

A_PAGE = 20
RECORD = Record._meta.label_lower


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
        "page": Paginator(records_of(me.person), A_PAGE).get_page(request.GET.get("page")),
        "serves": me.serves,
    }
    return render(request, "site/hours/time.html", facts)


@page(SIGNED_IN)
@known
def bank(request: HttpRequest, me: Me) -> HttpResponse:
    """The account: what came in and went out, with the balance after each."""
    shown = Paginator(statement(me.person), A_PAGE).get_page(request.GET.get("page"))
    services = records_keyed([transfer.about_id for transfer in shown if transfer.about_type == RECORD])
    facts = {
        "banked": minutes_of(me.person),
        "page": shown,
        "lines": [(transfer, services.get(transfer.about_id)) for transfer in shown],
    }
    return render(request, "site/hours/bank.html", facts)


urlpatterns = [
    path("time/", time, name="time"),
    path("time/bank/", bank, name="bank"),
]
