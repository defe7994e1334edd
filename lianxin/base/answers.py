"""What a view answers after it has changed something."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url


class SeeOther(HttpResponseRedirect):
    """After a POST: go and look there (a route with its arguments, or an address); reloading repeats nothing."""

    status_code = 303

    def __init__(self, to: Any, *args: Any, **named: Any) -> None:
        super().__init__(resolve_url(to, *args, **named))


def pdf_named(pdf: bytes, name: str) -> HttpResponse:
    """A printed page, opened in the browser under this file name; never kept on the way, since names stand in it."""
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
