"""Every named page in the real browser, as wide as a desk and as narrow as the smallest telephone, and in large type.

Each page is asked for by one role that sees it; with `EVERY_ROLE=1` (`make pages`) by every role that does, and then it
is followed wherever its links lead that role. The routes are those of the resolver: a page that is new is looked at, and
one that answers with something else has to say so here.
"""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, ViewportSize
from pytest_django.live_server_helper import LiveServer

from lianxin.base import clock
from lianxin.needs.models.calls import Call
from lianxin.organisations.models import Role
from lianxin.people.models import Helper
from tests.browser.visitor import Visitor, axe, session_of
from tests.house.routes import Route, routes
from tests.house.test_matrix import NOBODY, WITHOUT_ROLE, Prepared, address_of, asked, prepare, roles_that_may

SCREENS: tuple[ViewportSize, ...] = (
    {"width": 320, "height": 640},
    {"width": 390, "height": 844},
    {"width": 1440, "height": 900},
)
SIZES = ("", "20", "24", "30", "")
"""As it comes, the sizes of large type, and back."""

IS_EVERY_ROLE = bool(os.environ.get("EVERY_ROLE"))
WIDTHS_FOR_AXE = {screen["width"] for screen in SCREENS} if IS_EVERY_ROLE else {320, 1440}
"""No style sheet knows a difference between 320 and 390, and axe takes longer than all else together."""
OPERATOR, DAUGHTER = "the operator at the telephone", "the daughter"
READERS = (NOBODY, Role.RESIDENT, Role.VOLUNTEER, WITHOUT_ROLE, *Role.values, OPERATOR, DAUGHTER)
"""Who is asked, in this order: first whoever has least, last two whose rows are theirs alone."""

NO_PAGES = {
    # a step of signing in that needs the one before; they are walked through in test_sign_in.py
    "site:code", "site:phone_code", "site:second", "site:welcome", "site:elsewhere", "site:back",
    # a file
    "site:task_slip", "console:incident_proof", "console:visit_paper", "console:menu_print", "console:fridge_card",
    "console:fridge_batch", "console:roll_paper", "console:roster_template", "console:roster_errors",
    "console:export_file",
    # a part of a page, fetched by it
    "site:places", "console:live", "console:desk_ringing", "console:desk_places", "console:nodes_suggest",
    "console:node_children", "console:duty_suggest", "console:order_decide_teams",
    # for machines
    "healthz",
}  # fmt: skip
"""What answers to GET, and with something else than a page."""

Browsers = Callable[[str], Visitor]


@pytest.fixture
def browsers(live_server: LiveServer, new_context: Callable[..., BrowserContext]) -> Browsers:
    """One window for each session, opened when it is first asked for."""
    opened: dict[str, Visitor] = {}

    def window(session: str) -> Visitor:
        if session not in opened:
            context = new_context(base_url=live_server.url, viewport=SCREENS[0])
            if session:
                context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
            opened[session] = Visitor(context)
        return opened[session]

    return window


@pytest.mark.django_db(transaction=True)
def test_every_page_fits_every_screen_and_can_be_used_by_everybody(
    browsers: Browsers, capsys: pytest.CaptureFixture[str]
) -> None:
    prepared = prepare()
    daughter = Helper.objects.get().helper.user
    assert daughter
    sessions = prepared.sessions | {OPERATOR: session_of(prepared.city.operator), DAUGHTER: session_of(daughter)}
    faults: list[str] = []
    without_a_page = set()
    led_from: dict[tuple[str, str], str] = {}
    pages = looks = 0
    for route in routes():
        address = _address(route, prepared)
        readers = list(islice(_readers(route, address, sessions), None if IS_EVERY_ROLE else 1))
        if not readers and not _is_a_deed(route, address, sessions):
            without_a_page.add(route.name)
        for role in readers:
            visitor = browsers(sessions.get(role, ""))
            faults += _faults(visitor, address, role)
            for link in visitor.page.evaluate(LINKS):
                led_from.setdefault((role, link), address)
        pages, looks = pages + bool(readers), looks + len(readers)
    if IS_EVERY_ROLE:
        faults += _dead_ends(led_from, sessions)
        with capsys.disabled():
            print(f"\n{pages} pages, {looks} with their roles, {len(SCREENS)} widths each, {len(led_from)} links")
    assert not faults, "\n".join(faults)
    assert without_a_page == NO_PAGES


def _address(route: Route, prepared: Prepared) -> str:
    """Where the matrix finds it, with what its page has to be told beside."""
    day = (clock.today() + timedelta(days=1)).isoformat()
    if route.name == "console:desk_place":
        return reverse(route.name, args=[Call.objects.get(ended_at=None).pk, prepared.city.item.pk, f"{day}-morning"])
    query = f"?day={day}&part=morning" if route.name == "site:order_place" else ""
    return address_of(route, prepared) + query


def _readers(route: Route, address: str, sessions: dict[str, str]) -> Iterator[str]:
    """The roles to which the address shows a page."""
    for role in _allowed(route):
        answer = _answer(address, role, sessions)
        is_html = answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming
        if answer.status_code == 200 and is_html and b"<html" in answer.content:
            yield role


def _is_a_deed(route: Route, address: str, sessions: dict[str, str]) -> bool:
    """Whether it can only be posted to."""
    return any(_answer(address, role, sessions).status_code == 405 for role in _allowed(route))


def _allowed(route: Route) -> list[str]:
    allowed = roles_that_may(route.may or "")
    allowed |= {OPERATOR} if Role.CALL_OPERATOR in allowed else set()
    allowed |= {DAUGHTER} if Role.RESIDENT in allowed else set()
    return [role for role in dict.fromkeys(map(str, READERS)) if role in allowed]


def _answer(address: str, role: str, sessions: dict[str, str]) -> HttpResponse:
    client = Client(raise_request_exception=False)
    if role != NOBODY:
        client.cookies[settings.SESSION_COOKIE_NAME] = sessions[role]
    return asked(client, "get", address)


def _faults(visitor: Visitor, address: str, role: str) -> Iterator[str]:
    """What is wrong with the page on any screen; it is resized, not asked for again."""
    visitor.complaints.clear()
    answer = visitor.page.goto(address)
    if answer is None or not answer.ok:
        yield f"{address} as {role}: {answer.status if answer else 'no answer'}"
        return
    for screen in SCREENS:
        width = screen["width"]
        visitor.page.set_viewport_size(screen)
        if width in WIDTHS_FOR_AXE:
            yield from (f"{address} as {role} at {width}: {fault}" for fault in axe(visitor))
        for size, words in visitor.page.evaluate(TOO_WIDE, SIZES if width < 1000 else SIZES[:1]):
            yield f"{address} as {role} at {width} in type of {size or 16}: wider than the screen: {words}"
    yield from (f"{address} as {role}: {complaint}" for complaint in visitor.complaints)


def _dead_ends(led_from: dict[tuple[str, str], str], sessions: dict[str, str]) -> Iterator[str]:
    """The links that lead the role to whom they were shown to a refusal, to nothing, or to an error."""
    for (role, link), address in led_from.items():
        status = _answer(link, role, sessions).status_code
        if status >= 400:
            yield f"{address} as {role}: its link to {link} answers {status}"


LINKS = """() => [...document.links].filter(each => each.origin === location.origin && /^http/.test(each.href))
    .map(each => each.pathname + each.search)"""

TOO_WIDE = """sizes => {
    const page = document.documentElement
    const scrolls = each => each && (getComputedStyle(each).overflowX !== 'visible' || scrolls(each.parentElement))
    const beside = () => {
        const found = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
        const range = new Range()
        while (texts.nextNode()) {
            range.selectNodeContents(texts.currentNode)
            const isBeside = range.getBoundingClientRect().right > innerWidth + 0.5
            if (isBeside && !scrolls(texts.currentNode.parentElement)) found.push(texts.currentNode.data.trim())
        }
        return found.slice(0, 4).join(' | ').slice(0, 200)
    }
    const faults = []
    for (const [place, size] of sizes.entries()) {
        if (place) {
            page.className = size ? 'elder' : ''
            page.dataset.size = size
        }
        if (page.scrollWidth > innerWidth) faults.push([size, beside()])
    }
    return faults
}"""
"""In which sizes of type the page is wider than the screen, and by which words, but for those in a part that scrolls by
itself."""
