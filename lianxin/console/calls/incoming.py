"""Where a telephone system says who rings, and where its secret is made."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lianxin.base.access import EVERYBODY, page
from lianxin.base.answers import SeeOther
from lianxin.base.choosing import offer
from lianxin.base.refused import Refused
from lianxin.console.calls.places import HIGHER, below
from lianxin.console.frame import show, signed_in
from lianxin.console.organisations.forms import NodeField
from lianxin.needs.actions.calls.rings import connect_line, disconnect_line, ring
from lianxin.needs.queries import calls
from lianxin.organisations.models import Node, Tree
from lianxin.organisations.queries import reach

CONNECT = "needs.connect_lines"
SCHEME = "Bearer "
LARGEST_BODY = 2_000


class LineForm(forms.Form):
    """Whose telephone system it is."""

    name = forms.CharField(
        label=gettext_lazy("名称"), max_length=40, error_messages={"required": gettext_lazy("请写一个名称。")}
    )
    desk = NodeField(
        label=gettext_lazy("哪个台"),
        tree=Tree.PLACE,
        may=CONNECT,
        kinds=HIGHER,
        error_messages={"required": gettext_lazy("请选哪个台。")},
    )

    def __init__(self, data: object, places: QuerySet[Node]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        offer(self, "desk", places)


@csrf_exempt
@page(may=EVERYBODY)
def incoming(request: HttpRequest) -> HttpResponse:
    """POST {"number": "…"} with the line's secret as a bearer: the desk's pages show it within three seconds."""
    if request.method != "POST":
        return JsonResponse({"error": "POST"}, status=405, headers={"Allow": "POST"})
    secret = request.headers.get("Authorization", "").removeprefix(SCHEME)
    line = calls.line_with(secret) if secret else None
    if line is None:
        return JsonResponse({"error": "secret"}, status=401, headers={"WWW-Authenticate": SCHEME.strip()})
    try:
        rung = ring(line=line, number=_number(request))
    except (Refused, ValueError):
        return JsonResponse({"error": "number"}, status=400)
    return JsonResponse({"ring": rung.pk}, status=202)


@page(may=CONNECT)
def lines(request: HttpRequest) -> HttpResponse:
    """The telephone systems; POST connects one and shows its secret, this once."""
    user = signed_in(request)
    form = LineForm(request.POST if request.method == "POST" else None, below(reach(user, CONNECT)))
    secret = ""
    if request.method == "POST" and form.is_valid():
        _line, secret = connect_line(**form.cleaned_data, by=user)
    facts = {"form": form, "secret": secret, "lines": calls.lines_under(reach(user, CONNECT))}
    return show(request, "console/calls/lines.html", facts, status=422 if form.errors else 200)


@page(may=CONNECT)
@require_POST
def line_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Its secret opens nothing any more."""
    line = get_object_or_404(calls.lines_under(reach(signed_in(request), CONNECT)), pk=pk)
    disconnect_line(line=line, by=signed_in(request))
    messages.success(request, _("「%(line)s」断开了。") % {"line": line})
    return SeeOther("console:lines")


def _number(request: HttpRequest) -> str:
    """From JSON or a form; whatever stands between the digits is passed over."""
    if len(request.body) > LARGEST_BODY:
        raise ValueError("too large")
    facts: Any = json.loads(request.body) if request.content_type == "application/json" else request.POST
    typed = facts.get("number", "") if hasattr(facts, "get") else None
    if not isinstance(typed, str):
        raise ValueError("no number")
    return "".join(character for character in typed if character not in " -+()")


urlpatterns = [
    path("calls/incoming/", incoming, name="incoming"),
    path("lines/", lines, name="lines"),
    path("lines/<int:pk>/drop/", line_drop, name="line_drop"),
]
