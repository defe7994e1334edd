"""What every page gets: private pages are not kept by caches, and a refusal is answered in people's words."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lianxin.base.refused import Forbidden, Refused

Handler = Callable[[HttpRequest], HttpResponse]


def private_pages(get_response: Handler) -> Handler:
    """Pages for a signed-in person stay out of every cache."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    return handle


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
