"""The first page: what is happening with mine, who needs me, and what can be had."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from lianxin.base import clock
from lianxin.base.access import EVERYBODY, page
from lianxin.hours.queries import minutes_in_year
from lianxin.needs.queries.residents import menu_of, open_orders_of
from lianxin.needs.queries.tasks import open_offers_to, tasks_ahead_of
from lianxin.people.queries import helps_of, hotline, the_city
from lianxin.site.known import Me, known, only_works_here
from lianxin.site.needs.orders import comers

A_FEW_ITEMS, A_FEW_ORDERS, A_FEW_OFFERS = 8, 3, 4


@page(EVERYBODY)
def home(request: HttpRequest) -> HttpResponse:
    """The front page for a visitor, the desk for who only works here, else my own page."""
    if not request.user.is_authenticated:
        return _front(request)
    if only_works_here(request.user):
        return redirect("console:home")
    return _own(request)


def _front(request: HttpRequest) -> HttpResponse:
    city = the_city()
    return render(request, "site/home/front.html", {"hotline": city, "items": menu_of(city) if city else []})


@known
def _own(request: HttpRequest, me: Me) -> HttpResponse:
    facts = {"greeting": greeting(), "me": me, "hotline": hotline(me.person.home)}
    if me.serves:
        facts |= _service(me)
    if me.person.home:
        facts |= _orders(me) | {"items": menu_of(me.person.home)[:A_FEW_ITEMS]}
    facts["has_service"] = bool(facts.get("task") or facts.get("offers"))
    facts["has_hero"] = bool(facts.get("task") or (facts.get("order") and not facts.get("offers")))
    facts["helps"] = helps_of(me.person)
    return render(request, "site/home/own.html", facts)


def _service(me: Me) -> dict[str, Any]:
    offers = list(open_offers_to(me.volunteer))
    return {
        "team": me.volunteer.team,
        "this_year": minutes_in_year(me.person, clock.today().year),
        "task": tasks_ahead_of(me.volunteer).first(),
        "offers": offers[:A_FEW_OFFERS],
        "offers_in_all": len(offers),
    }


def _orders(me: Me) -> dict[str, Any]:
    found = open_orders_of(me.person)
    first = found[0] if found else None
    return {"order": first, "comers": comers(first) if first else [], "orders": found[1 : 1 + A_FEW_ORDERS]}


def greeting() -> str:
    """Good morning, by the clock."""
    hour = timezone.localtime(clock.now()).hour
    if 5 <= hour < 11:
        return _("早上好")
    if 11 <= hour < 13:
        return _("中午好")
    return _("下午好") if 13 <= hour < 18 else _("晚上好")


urlpatterns = [path("", home, name="home")]
