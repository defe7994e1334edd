"""导入: a roster's way from the file to the people on it."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.pages import page_of
from lianxin.base.refused import Refused
from lianxin.console.exchange.exports import attachment
from lianxin.console.frame import show, signed_in
from lianxin.exchange.actions import rosters as actions
from lianxin.exchange.documents import template_workbook
from lianxin.exchange.models.rosters import Field, Line, Outcome, Roster
from lianxin.exchange.queries.rosters import lines_of, rosters_of, same_file, sources_of
from lianxin.exchange.rules.reasons import column_of, reason_of
from lianxin.exchange.rules.rights import IMPORT

ROWS_A_PAGE = 50
BAD, GOOD = 422, 200


class UploadForm(forms.Form):
    """The file, and where it comes from."""

    file = forms.FileField(
        label=gettext_lazy("名单文件"),
        help_text=gettext_lazy("xlsx、xls 或 csv，不超过 20 MB。文件加密保存，30 天后删除。"),
        error_messages={"required": gettext_lazy("请选择文件；超过 20 MB 的请先分开。")},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )
    source = forms.CharField(
        label=gettext_lazy("从哪里导出的"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("比如「网格系统导出」。写了，下次同一来源的列就不用再对。"),
        widget=forms.TextInput(attrs={"list": "sources", "autocomplete": "off"}),
    )


@page(may=IMPORT)
def rosters(request: HttpRequest) -> HttpResponse:
    """The rosters brought in so far; POST takes another one."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            roster = actions.upload_roster(
                data=file.read(),
                file_name=file.name or "",
                source=" ".join(form.cleaned_data["source"].split()),
                by=signed_in(request),
            )
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            return SeeOther("console:roster", roster.pk)
    shown = page_of(request, rosters_of(signed_in(request)), ROWS_A_PAGE)
    facts = {"form": form, "page": shown, "sources": sources_of(signed_in(request))[:20]}
    return show(request, "console/exchange/rosters.html", facts, status=BAD if form.errors else GOOD)


@page(may=IMPORT)
def roster_template(request: HttpRequest) -> HttpResponse:
    """An empty roster, all of whose cells are text."""
    return attachment(template_workbook(), f"{_('志愿者名单')}.xlsx")


@page(may=IMPORT)
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    """Where it stands: being read, its columns, what was found, or what was written."""
    return _page(request, _found(request, pk))


@page(may=IMPORT)
@require_POST
def roster_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Read another sheet of the file."""
    chosen = request.POST.get("sheet", "")
    actions.choose_sheet(
        roster=_found(request, pk), sheet=int(chosen) if chosen.isdecimal() else -1, by=signed_in(request)
    )
    return SeeOther("console:roster", pk)


@page(may=IMPORT)
@require_POST
def roster_map(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which column holds what."""
    found = _found(request, pk)
    chosen = {str(column): request.POST.get(f"column-{column}", "") for column in range(len(found.headings))}
    mapping = {column: field for column, field in chosen.items() if field in Field.values}
    try:
        actions.map_roster(roster=found, mapping=mapping, by=signed_in(request))
    except Refused as refused:
        found.mapping = mapping
        return _page(request, found, refused=refused)
    return SeeOther("console:roster", pk)


@page(may=IMPORT)
@require_POST
def roster_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the good lines."""
    actions.accept_roster(roster=_found(request, pk), by=signed_in(request))
    return SeeOther("console:roster", pk)


@page(may=IMPORT)
@require_POST
def roster_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Not to be imported after all."""
    found = actions.drop_roster(roster=_found(request, pk), by=signed_in(request))
    messages.success(request, _("「%(name)s」没有导入，文件已经删除。") % {"name": found.file_name})
    return SeeOther("console:rosters")


@page(may=IMPORT)
def roster_errors(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines to correct, as a workbook; they hold private values, so it is noted."""
    found = _found(request, pk)
    data = actions.take_errors(roster=found, by=signed_in(request))
    return attachment(data, f"{_('要改的行')}-{found.pk}.xlsx")


def _found(request: HttpRequest, pk: int) -> Roster:
    return get_object_or_404(rosters_of(signed_in(request)), pk=pk)


def _page(request: HttpRequest, found: Roster, *, refused: Refused | None = None) -> HttpResponse:
    facts: dict[str, object] = {"roster": found, "refused": refused}
    if found.state == Roster.State.TO_MAP:
        facts |= {"columns": _columns(found), "fields": Field.choices, "same": same_file(found)}
    elif found.state in {Roster.State.CHECKED, Roster.State.ACCEPTED}:
        facts |= _lines(request, found)
    return show(request, "console/exchange/roster.html", facts, status=BAD if refused else GOOD)


def _columns(found: Roster) -> list[tuple[int, str, str]]:
    return [(column, words, found.mapping.get(str(column), "")) for column, words in enumerate(found.headings) if words]


def _lines(request: HttpRequest, found: Roster) -> dict[str, object]:
    wanted = request.GET.get("show", "")
    tabs = [(value, label, found.counts.get(value, 0)) for value, label in Outcome.choices]
    first = next((value for value, _label, count in tabs if count and value == Outcome.WRONG), Outcome.NEW)
    outcome = Outcome(wanted) if wanted in Outcome.values else Outcome(first)
    shown = page_of(request, lines_of(found, outcome), ROWS_A_PAGE)
    lines = [(line, _words(line)) for line in shown]
    return {"tabs": tabs, "outcome": outcome, "page": shown, "lines": lines}


def _words(line: Line) -> list[tuple[str, object, object]]:
    """Column, what is wrong and what to do, for each problem of a line."""
    return [(column_of(problem), *reason_of(problem)) for problem in line.problems]


urlpatterns = [
    path("rosters/", rosters, name="rosters"),
    path("rosters/template/", roster_template, name="roster_template"),
    path("rosters/<int:pk>/", roster, name="roster"),
    path("rosters/<int:pk>/sheet/", roster_sheet, name="roster_sheet"),
    path("rosters/<int:pk>/columns/", roster_map, name="roster_map"),
    path("rosters/<int:pk>/accept/", roster_accept, name="roster_accept"),
    path("rosters/<int:pk>/drop/", roster_drop, name="roster_drop"),
    path("rosters/<int:pk>/errors/", roster_errors, name="roster_errors"),
]
