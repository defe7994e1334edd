"""导出: take a list away as it stands on the screen, copy it as text, and the register of what was taken."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.pages import page_of
from lianxin.base.refused import Refused
from lianxin.base.words import moment_in_words
from lianxin.console.exchange.listings import Listing
from lianxin.console.exchange.lists import LISTINGS, as_text
from lianxin.console.exchange.making import make
from lianxin.console.frame import show, signed_in
from lianxin.exchange.actions.exports import queue_export, take_export, want_export
from lianxin.exchange.models.exports import Export
from lianxin.exchange.queries.exports import exports_seen_by, own_exports
from lianxin.exchange.rules.rights import MOST_AT_ONCE, MOST_SEALED_ROWS, REGISTER, SEALED
from lianxin.users.models import User

ROWS_A_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPEN = "organisations.open_console"


class ExportForm(forms.Form):
    """With which fields, and what for."""

    with_sealed = forms.BooleanField(label=_("加上手机号等私人信息"), required=False)
    reason = forms.CharField(
        label=_("用途"),
        max_length=100,
        required=False,
        help_text=_("带私人信息时必须写明，名单上的每个人都能查到是谁、为什么导出。"),
    )


@page(may=OPEN)
def export_new(request: HttpRequest, name: str) -> HttpResponse:
    """What will be in the file; POST writes it into the register and makes it."""
    listing = _listing(request, name)
    user, query = signed_in(request), _query(request)
    may_seal = bool(listing.sealed) and user.has_perm(SEALED)
    form = ExportForm(request.POST if request.method == "POST" else None)
    count = listing.count(user, query)
    if request.method == "POST" and form.is_valid():
        private = may_seal and form.cleaned_data["with_sealed"]
        try:
            made = _wanted(name, user, query, rows=count, private=private, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            return SeeOther("console:export", made.pk)
    facts = {
        "form": form,
        "listing": listing,
        "rows": count,
        "may_seal": may_seal,
        "most": MOST_SEALED_ROWS,
        "back": _back(listing, query),
        "query": query.urlencode(),
        "name": name,
    }
    return show(request, "console/exchange/export_new.html", facts, status=422 if form.errors else 200)


def _wanted(name: str, user: User, query: QueryDict, *, rows: int, private: bool, reason: str) -> Export:
    """Into the register, then made: at once, or by a job when the list is long."""
    listing = LISTINGS[name]
    wanted = want_export(
        listing=name,
        title=str(listing.title),
        query=query.urlencode(),
        permission=listing.permission,
        with_sealed=private,
        reason=reason,
        rows=rows,
        by=user,
    )
    if rows <= MOST_AT_ONCE:
        make(wanted)
    else:
        queue_export(export=wanted)
    return wanted


@page(may=OPEN)
def export_text(request: HttpRequest, name: str) -> HttpResponse:
    """The list as plain text, to be pasted into a chat."""
    listing, query = _listing(request, name), _query(request)
    title = f"{listing.title}（{moment_in_words(clock.now())}）"
    text = as_text(name, signed_in(request), query, title)
    facts = {"text": text, "listing": listing, "back": _back(listing, query), "lines": text.count("\n") + 1}
    return show(request, "console/exchange/export_text.html", facts)


@page(may=OPEN)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """One export of one's own: being made, or ready to be taken."""
    found = get_object_or_404(own_exports(signed_in(request)), pk=pk)
    return show(request, "console/exchange/export.html", {"export": found, "has_file": _has_file(found)})


@page(may=OPEN)
def export_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file; that it was taken is noted."""
    found = get_object_or_404(own_exports(signed_in(request)), pk=pk)
    data = take_export(export=found, by=signed_in(request))
    return attachment(data, f"{found.title}-{found.pk}.xlsx")


@page(may=REGISTER)
def exports(request: HttpRequest) -> HttpResponse:
    """The register: who took which list, how many rows, what for."""
    found = exports_seen_by(signed_in(request))
    shown = page_of(request, found, ROWS_A_PAGE)
    return show(request, "console/exchange/exports.html", {"page": shown})


def attachment(data: bytes, name: str) -> HttpResponse:
    """A workbook for the browser to save, never to show."""
    answer = HttpResponse(data, content_type=XLSX)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{_quoted(name)}"
    return answer


def _quoted(name: str) -> str:
    return "".join(f"%{byte:02X}" for byte in name.encode())


def _has_file(found: Export) -> bool:
    return Export.objects.filter(pk=found.pk, file__isnull=False).exists()


def _listing(request: HttpRequest, name: str) -> Listing:
    """The list, if there is such a one for this user."""
    listing = LISTINGS.get(name)
    if listing is None or not signed_in(request).has_perm(listing.permission):
        raise Http404
    return listing


def _query(request: HttpRequest) -> QueryDict:
    """The filters of the list, without the page."""
    query = request.GET.copy()
    query.pop("page", None)
    query.pop("before", None)
    return query


def _back(listing: Listing, query: QueryDict) -> str:
    return f"{reverse(listing.route)}?{query.urlencode()}"


urlpatterns = [
    path("exports/", exports, name="exports"),
    path("exports/<int:pk>/", export, name="export"),
    path("exports/<int:pk>/file/", export_file, name="export_file"),
    path("exports/new/<slug:name>/", export_new, name="export_new"),
    path("exports/text/<slug:name>/", export_text, name="export_text"),
]
