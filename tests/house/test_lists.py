"""Every list of the console can be taken away as it stands, or says here why not (rule X1)."""

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.console.exchange.lists import LISTINGS
from lianxin.organisations.models import Role
from lianxin.organisations.rules import permissions
from tests import make
from tests.house.routes import Route, routes

NO_LIST = {
    "chain": "matches a list that was pasted; nothing of it is kept",
    "account_new": "a form",
    "desk": "the call that goes on; calls and promises have lists of their own",
    "desk_slip": "a form",
    "desk_places": "places to choose from while a call goes on",
    "desk_ringing": "what rings at this moment",
    "duty_suggest": "names for a line in which one types",
    "health": "the state of the machine",
    "holidays": "one table a year, which everybody has from the State Council",
    "knowledge_new": "a form",
    "live": "counts for the open page",
    "menu_new": "a form",
    "menu_preview": "one page as residents see it",
    "nodes_suggest": "names for a field in which one types",
    "order_list": "a form in which residents are ticked; the residents have a list of their own",
    "person_new": "a form",
    "roll_paper": "a sheet to print for one team; the roll has a list of its own",
    "roster_template": "an empty file",
    "sheets": "each row is itself a sealed file, opened one by one and noted",
    "shift": "one's own promises, which stand on the list of call-backs as «mine»",
    "slips": "finds the one person at the counter; the residents have a list of their own",
    "stand_ins": "one's own few",
    "suggested": "proposals that change with each look",
    "system": "settings",
    "volunteer_counts": "figures; each leads to the rows that make it, which can be taken away",
}
"""Pages of the console without a row in their address that are no lists to take away, each with the reason."""


def pages() -> list[Route]:
    return [each for each in routes() if each.name.startswith("console:") and "<" not in each.pattern]


@pytest.mark.django_db
def test_every_page_of_the_console_is_a_list_that_can_be_taken_away_or_is_excused() -> None:
    city, may = make.small_city(), permissions()
    clients: dict[Role, Client] = {}
    by_route = {listing.route: name for name, listing in LISTINGS.items()}
    excused, without = set[str](), set[str]()
    for route in pages():
        role = min(may.get(route.may or "", set(Role)))
        if role not in clients:
            clients[role] = Client()
            clients[role].force_login(make.staff(str(role.label), role, city.city))
        answer = clients[role].get(reverse(route.name))
        name = route.name.removeprefix("console:")
        if answer.status_code == 405:
            continue  # only done, never looked at
        if route.name not in by_route:
            (excused if name in NO_LIST else without).add(name)
        else:
            ways = f"/console/exports/new/{by_route[route.name]}/", f"/console/exports/text/{by_route[route.name]}/"
            assert all(way in answer.content.decode() for way in ways), f"{name} has no way out on its page"
    assert without == set(), "neither in LISTINGS nor in NO_LIST"
    assert excused == set(NO_LIST), "excused, but no page any more"


def test_every_listing_is_that_of_one_page() -> None:
    assert {listing.route for listing in LISTINGS.values()} <= {route.name for route in pages()}
    assert len({listing.route for listing in LISTINGS.values()}) == len(LISTINGS)
