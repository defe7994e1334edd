"""What every page gets: a number and a line in the log, a true address behind a proxy, no place in anybody's cache,
and people's words for a refusal.
"""

import logging
import secrets
import time
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lianxin.base import logs
from lianxin.base.refused import Forbidden, Refused

Handler = Callable[[HttpRequest], HttpResponse]

access = logging.getLogger("lianxin.access")

SHEET, FOR_THE_SHEET = "sheet-body", b" data-sheet"
"""The side sheet's element in our pages, and the mark of what belongs into it."""
SAID_BY_PROXIES = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP")


def behind_proxy(get_response: Handler) -> Handler:
    """Believe a proxy that the operator named: its visitor's address, and whether he came by https. Nobody else."""

    def handle(request: HttpRequest) -> HttpResponse:
        said = {name: request.META.pop(name, "") for name in SAID_BY_PROXIES}
        if _is_trusted(str(request.META.get("REMOTE_ADDR", ""))):
            visitor = said["HTTP_X_FORWARDED_FOR"].rpartition(",")[2].strip()
            request.META["REMOTE_ADDR"] = visitor or request.META["REMOTE_ADDR"]
            request.META["HTTP_X_FORWARDED_PROTO"] = said["HTTP_X_FORWARDED_PROTO"]
        return get_response(request)

    return handle


def numbered(get_response: Handler) -> Handler:
    """Give the request a number, which every line of the log and the error page name; say at its end how it went."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.number = number = _number()  # type: ignore[attr-defined]
        since = time.monotonic()
        with logs.about(request=number):
            response = get_response(request)
            access.info("answered", extra={"facts": _of(request, response, time.monotonic() - since)})
        response.headers["X-Request-ID"] = number
        return response

    return handle


def named(get_response: Handler) -> Handler:
    """Lines written while the request of a signed-in user is answered name his number."""

    def handle(request: HttpRequest) -> HttpResponse:
        with logs.about(user=request.user.pk):
            return get_response(request)

    return handle


def _number() -> str:
    """Ten letters that can be read out on the telephone; no digits, which a log would take for somebody's number."""
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz") for _ in range(10))


def _of(request: HttpRequest, response: HttpResponse, seconds: float) -> dict[str, object]:
    """What the log says of a request. The user is asked only where the page has asked for him already."""
    kept = getattr(request, "_cached_user", None)
    return {
        "method": request.method,
        "path": request.path,
        "route": request.resolver_match.view_name if request.resolver_match else None,
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
        "user": kept.pk if kept else None,
        "address": request.META.get("REMOTE_ADDR", ""),
    }


def _is_trusted(peer: str) -> bool:
    try:
        return any(ip_address(peer) in network for network in settings.TRUSTED_PROXIES)
    except ValueError:
        return False


def private_pages(get_response: Handler) -> Handler:
    """Pages for a signed-in person stay out of every cache."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    return handle


def beside_a_list(get_response: Handler) -> Handler:
    """What leads out of the side sheet opens as a page of its own: a page without a part for the sheet, other than that
    of the list itself. What was to be said there is kept for it.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if _leads_out_of_the_sheet(request, response):
            get_messages(request).used = False  # type: ignore[union-attr]  # a storage
            return HttpResponse(status=204, headers={"HX-Redirect": request.get_full_path()})
        return response

    return handle


def _leads_out_of_the_sheet(request: HttpRequest, response: HttpResponse) -> bool:
    htmx: Any = request.htmx  # type: ignore[attr-defined]
    if request.method != "GET" or htmx.target != SHEET or response.status_code != 200:
        return False
    stays = str(htmx.current_url_abs_path or "").partition("?")[0] == request.path
    return not stays and FOR_THE_SHEET not in response.content


class Refusals:
    """An action's refusal becomes a page (403 or 409) with its words and a way back; nothing was changed."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        status = 403 if isinstance(error, Forbidden) else 409
        return render(request, "base/refused.html", {"words": error.words}, status=status)
