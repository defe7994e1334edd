"""What a visitor sees when something broke: that it did, and the number under which the log knows it. No data."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def server_error(request: HttpRequest) -> HttpResponse:
    """500, made without database, session or context, any of which may be what broke."""
    number = getattr(request, "number", "")
    return HttpResponse(render_to_string("500.html", {"number": number}), status=500)
