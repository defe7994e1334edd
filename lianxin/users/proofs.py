"""How a session was proven, kept in the session itself: `code`, `password`, `authenticator`, … and when.

Only the face's `enter` starts a session, so every session that came in through a page has its proofs.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from lianxin.base.access import EVERYBODY, View, may_of
from lianxin.base.clock import now
from lianxin.users import queries, rules

P = ParamSpec("P")

PROOFS, PROVED_AT, STALE = "proofs", "proved_at", "stale_password"


def proofs_of(request: HttpRequest) -> list[str] | None:
    """How this session was proven; None for one that no page started."""
    return cast("list[str] | None", request.session.get(PROOFS))


def half_way(view: View[P]) -> View[P]:
    """A page that is open between the first proof and the second."""
    view.half_way = True  # type: ignore[attr-defined]
    return view


def fresh(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> View[P]:
    """For dangerous deeds (inside `@page`): whoever has not proven himself lately does so first (rule A5)."""

    @wraps(view)
    def asked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, *args, **kwargs) if is_fresh(request) else to_proof(request)

    return asked


def to_proof(request: HttpRequest) -> HttpResponse:
    """Off to prove oneself, and back to this page; after a form to the page on which it stood."""
    back = request.get_full_path() if request.method == "GET" else _referer(request)
    return _lead(request, settings.SECOND_FACTOR_URL, back)


def is_fresh(request: HttpRequest) -> bool:
    """Whether this session proved itself lately; in an open demo nobody is asked."""
    proved_at = request.session.get(PROVED_AT)
    return rules.is_fresh(datetime.fromisoformat(proved_at) if proved_at else None, now()) or queries.is_demo_open()


def is_ours(request: HttpRequest, wanted: str) -> bool:
    """Whether this address leads to our own pages."""
    return url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())


class Gate:
    """Nobody opens a desk by half: until the second factor is proven, pages lead there (rule A1).

    It asks at every page that is not for everybody, so that a role that begins tomorrow is held to it too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        if may_of(view) in {None, EVERYBODY} or getattr(view, "half_way", False):
            return None
        asked = _asked_first(request)
        return _lead(request, asked, request.get_full_path()) if asked else None


def _asked_first(request: HttpRequest) -> str | None:
    user, proofs = request.user, proofs_of(request)
    if proofs is None or not user.is_authenticated:
        return None
    if not rules.is_strong(user, proofs) and user.has_perm(rules.AT_A_DESK):
        return str(settings.SECOND_FACTOR_URL)
    return str(settings.PASSWORD_URL) if request.session.get(STALE) else None


def _lead(request: HttpRequest, route: str, back: str) -> HttpResponse:
    """To that page, the whole of it: what asks from within a page would show nothing of it."""
    address = f"{reverse(route)}?{urlencode({'next': back}, safe='/')}"
    return HttpResponse(headers={"HX-Redirect": address}) if "HX-Request" in request.headers else redirect(address)


def _referer(request: HttpRequest) -> str:
    came_from = request.headers.get("Referer", "")
    return came_from if is_ours(request, came_from) else "/"
