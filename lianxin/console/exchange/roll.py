"""在册名单: who was named by an office and has not confirmed; slips, signed sheets, and a 接龙 read."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.base import clock
from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.chains import links_of
from lianxin.base.pages import page_of
from lianxin.base.refused import Refused
from lianxin.console.frame import show, signed_in
from lianxin.console.organisations.forms import NodeField
from lianxin.exchange.actions.confirming import confirm_sheet, make_slips, void_sheet, write_sheet
from lianxin.exchange.models.roll import OnRoll
from lianxin.exchange.queries import chains
from lianxin.exchange.queries.names import teams_of
from lianxin.exchange.queries.rosters import on_roll_of, sheets_of, waiting_of
from lianxin.exchange.rules.rights import IMPORT, SLIP_LIVES
from lianxin.organisations.models import Node, NodeSet, Tree

ROWS_A_PAGE = 50
MOST_SLIPS = 500
STATES = (
    ("", gettext_lazy("全部")),
    ("waiting", gettext_lazy("待确认")),
    ("confirmed", gettext_lazy("已确认")),
    ("left", gettext_lazy("本人说不在")),
)
DOUBTS = {
    chains.NOBODY: gettext_lazy("名单里没有这个人"),
    chains.SEVERAL: gettext_lazy("有几个同名的人"),
    chains.OTHER_NAME: gettext_lazy("这个号码登记的是别的姓名"),
    chains.TWICE: gettext_lazy("接了两次"),
}


class RollFilters(forms.Form):
    """The filters of the list; what makes no sense is passed over."""

    words = forms.CharField(
        label=gettext_lazy("姓名或拼音首字母"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    team = NodeField(label=gettext_lazy("服务队"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), choices=STATES, required=False)

    def __init__(self, data: object, teams: NodeSet) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["team"] = NodeField(label=self.fields["team"].label, nodes=teams, tree=Tree.SERVICE, required=False)

    def team_meant(self) -> Node | None:
        """The one team that the list is narrowed to."""
        self.is_valid()
        return self.cleaned_data.get("team")


class SheetForm(forms.Form):
    """Who witnessed the signatures, and when."""

    witness = forms.CharField(
        label=gettext_lazy("见证人"), max_length=50, error_messages={"required": gettext_lazy("请写下见证人的姓名。")}
    )
    signed_on = forms.DateField(
        label=gettext_lazy("签字日期"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": gettext_lazy("请填签字日期。")},
    )


class ChainForm(forms.Form):
    """A 接龙 as it was copied."""

    text = forms.CharField(
        label=gettext_lazy("把接龙贴在这里"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": "8"}),
        error_messages={"required": gettext_lazy("请先贴上接龙。")},
    )


@page(may=IMPORT)
def roll(request: HttpRequest) -> HttpResponse:
    """Who is on roll with one's teams, and the signed sheets that wait for a second person."""
    return _roll(request, SheetForm(initial={"signed_on": clock.today()}))


@page(may=IMPORT)
@require_POST
def roll_slips(request: HttpRequest) -> HttpResponse:
    """Slips for those chosen, shown this once to be printed."""
    chosen = _chosen(request)
    if not chosen:
        raise Refused(_("请先勾选要开确认条的人。"))
    slips = make_slips(rows=chosen, by=signed_in(request))
    facts = {"slips": slips, "until": clock.now() + SLIP_LIVES}
    return show(request, "console/exchange/slips.html", facts)


@page(may=IMPORT)
def roll_paper(request: HttpRequest) -> HttpResponse:
    """A sheet to be printed and signed by those of a team who have not confirmed."""
    team = get_object_or_404(teams_of(signed_in(request)), pk=_number(request.GET.get("team", "")))
    rows = waiting_of(signed_in(request)).filter(team=team)[:MOST_SLIPS]
    return show(request, "console/exchange/paper.html", {"team": team, "rows": rows})


@page(may=IMPORT)
@require_POST
def roll_sheet(request: HttpRequest) -> HttpResponse:
    """Write down who signed."""
    form = SheetForm(request.POST)
    if form.is_valid():
        chosen = _chosen(request)
        teams = {row.team_id for row in chosen}
        if len(teams) > 1:
            raise Refused(_("一张签字表只登记一支队，请按队筛选再勾选。"))
        if not chosen:
            raise Refused(_("请先勾选已经签字的人。"))
        write_sheet(rows=chosen, team=chosen[0].team, by=signed_in(request), **form.cleaned_data)
        messages.success(request, _("已登记 %(count)d 人签字，请另一位同事核对后生效。") % {"count": len(chosen)})
        return SeeOther("console:roll")
    return _roll(request, form)


@page(may=IMPORT)
@require_POST
def sheet_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """A second person has seen the paper."""
    sheet = get_object_or_404(sheets_of(signed_in(request)), pk=pk)
    confirm_sheet(sheet=sheet, by=signed_in(request))
    messages.success(request, _("核对好了，签字的人已经成为志愿者。"))
    return SeeOther("console:roll")


@page(may=IMPORT)
@require_POST
def sheet_void(request: HttpRequest, pk: int) -> HttpResponse:
    """It was written down wrongly."""
    void_sheet(sheet=get_object_or_404(sheets_of(signed_in(request)), pk=pk), by=signed_in(request))
    messages.success(request, _("这张签字表作废了，上面的人仍然待确认。"))
    return SeeOther("console:roll")


@page(may=IMPORT)
def chain(request: HttpRequest) -> HttpResponse:
    """Who is meant by a 接龙, with the doubts; nothing is kept of it."""
    form = ChainForm(request.POST if request.method == "POST" else None)
    found: list[chains.Meant] = []
    if request.method == "POST" and form.is_valid():
        links = links_of(form.cleaned_data["text"])
        found = chains.meant(links, chains.people_of_teams(teams_of(signed_in(request))))
        if not found:
            form.add_error("text", _("没有读到编号的名单。每个人前面要有「1.」这样的编号。"))
    facts = {
        "form": form,
        "rows": [(one, DOUBTS.get(one.doubt, "")) for one in found],
        "sure": sum(one.person is not None for one in found),
    }
    return show(request, "console/exchange/chain.html", facts, status=422 if form.errors else 200)


def _roll(request: HttpRequest, sheet_form: SheetForm) -> HttpResponse:
    user = signed_in(request)
    filters = RollFilters(request.GET, teams_of(user))
    asked = {name: request.GET.get(name, "") for name in ("team", "words", "state")}
    facts = {
        "page": page_of(request, on_roll_of(user, **asked), ROWS_A_PAGE),
        "form": filters,
        "is_narrowed": any(asked.values()),
        "sheet_form": sheet_form,
        "sheets": sheets_of(user),
        "team": filters.team_meant(),
    }
    return show(request, "console/exchange/roll.html", facts, status=422 if sheet_form.errors else 200)


def _chosen(request: HttpRequest) -> list[OnRoll]:
    keys = [_number(key) for key in request.POST.getlist("rows")[:MOST_SLIPS]]
    return list(waiting_of(signed_in(request)).filter(pk__in=keys))


def _number(words: str) -> int:
    return int(words) if words.isdecimal() and len(words) < 19 else 0


urlpatterns = [
    path("roll/", roll, name="roll"),
    path("roll/slips/", roll_slips, name="roll_slips"),
    path("roll/paper/", roll_paper, name="roll_paper"),
    path("roll/signed/", roll_sheet, name="roll_sheet"),
    path("roll/signed/<int:pk>/confirm/", sheet_confirm, name="sheet_confirm"),
    path("roll/signed/<int:pk>/void/", sheet_void, name="sheet_void"),
    path("chain/", chain, name="chain"),
]
