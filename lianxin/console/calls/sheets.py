"""今日上门单: the printed sheet, and 上门告知: whom no call reached."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.console.frame import show, signed_in
from lianxin.console.going_on import go_on
from lianxin.console.listed import narrowed
from lianxin.needs.actions.calls.aids import close_home_visit, look_for_home_visit, make_sheet, open_sheet
from lianxin.needs.models.aids import HomeVisit
from lianxin.needs.queries import calls
from lianxin.organisations.models import Tree
from lianxin.organisations.queries import reach, roles_of
from lianxin.organisations.rules import roles_with

PRINT, VISIT = "needs.print_sheets", "needs.visit_homes"
MOST_ROWS = 50


class OutcomeForm(forms.Form):
    """How the visit went; nothing chosen means that nobody was at home."""

    outcome = forms.ChoiceField(choices=[("", ""), *HomeVisit.Outcome.choices], required=False)


@page(may=PRINT)
def sheets(request: HttpRequest) -> HttpResponse:
    """The sheets of the last days; POST makes today's anew."""
    user = signed_in(request)
    if request.method == "POST":
        allowed = roles_with(PRINT)
        for held in roles_of(user):
            if held.role in allowed and held.node.tree == Tree.PLACE:
                make_sheet(place=held.node, by=user)
        messages.success(request, _("今天的上门单做好了。"))
        return SeeOther("console:sheets")
    return show(request, "console/calls/sheets.html", {"sheets": calls.sheets_under(reach(user, PRINT))[:MOST_ROWS]})


@page(may=PRINT)
@require_POST
def sheet_open(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF; everybody on it is noted as looked at."""
    found = get_object_or_404(calls.sheets_under(reach(signed_in(request), PRINT)), pk=pk)
    answer = HttpResponse(open_sheet(sheet=found, by=signed_in(request)), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="visits-{found.day:%Y-%m-%d}.pdf"'
    return answer


@page(may=VISIT)
def home_visits(request: HttpRequest) -> HttpResponse:
    """Whom to visit, what is due first on top."""
    found, filters = narrowed(request, "home_visits", calls.home_visits(reach(signed_in(request), VISIT)))
    return show(request, "console/calls/home_visits.html", {"visits": found[:MOST_ROWS], **filters})


@page(may=VISIT)
def home_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """One visit: what to tell; POST says how it went."""
    found = _found(request, pk)
    if request.method == "POST":
        form = OutcomeForm(request.POST)
        if form.is_valid():
            close_home_visit(visit=found, outcome=form.cleaned_data["outcome"], by=signed_in(request))
            messages.success(request, _("记下了。"))
            return go_on(request, "home_visits", found)
    return _sheet(request, found)


@page(may=VISIT)
@require_POST
def home_visit_look(request: HttpRequest, pk: int) -> HttpResponse:
    """The door and the telephone, noted."""
    found = _found(request, pk)
    contact = look_for_home_visit(visit=found, by=signed_in(request))
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "console/calls/home_visit.html#contact", {"visit": found, "contact": contact})
    return _sheet(request, found, contact=contact)


def _found(request: HttpRequest, pk: int) -> HomeVisit:
    return get_object_or_404(calls.home_visits(reach(signed_in(request), VISIT)), pk=pk)


def _sheet(request: HttpRequest, found: HomeVisit, contact: dict[str, str] | None = None) -> HttpResponse:
    facts = {"visit": found, "contact": contact, "outcomes": HomeVisit.Outcome.choices}
    return show(request, "console/calls/home_visit.html", facts)


urlpatterns = [
    path("sheets/", sheets, name="sheets"),
    path("sheets/<int:pk>/", sheet_open, name="sheet_open"),
    path("home-visits/", home_visits, name="home_visits"),
    path("home-visits/<int:pk>/", home_visit, name="home_visit"),
    path("home-visits/<int:pk>/look/", home_visit_look, name="home_visit_look"),
]
