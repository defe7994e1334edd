"""登录条: for whoever has no SMS: the worker sees the ID card, prints, hands over (rule A6)."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.base.access import page
from lianxin.base.words import full_moment_in_words
from lianxin.console.frame import show, signed_in
from lianxin.organisations.queries import administers_all, reach
from lianxin.people.actions.slips import give_slip
from lianxin.people.queries import people_for_slips
from lianxin.users import rules
from lianxin.users.models import Slip
from lianxin.users.proofs import fresh

A_FEW = 20


class Search(forms.Form):
    """By name, by its pinyin initials, or by the short call number."""

    q = forms.CharField(
        label=gettext_lazy("姓名、拼音首字母或电话点单号码"),
        max_length=50,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


@page(may=rules.ISSUE_SLIPS)
def slips(request: HttpRequest) -> HttpResponse:
    """Find the person who stands at the counter."""
    form = Search(request.GET)
    asked = form.cleaned_data["q"] if form.is_valid() else ""
    found = list(people_for_slips(asked, _reach(request))[:A_FEW]) if asked else []
    return show(request, "console/security/slips.html", {"form": form, "is_narrowed": bool(asked), "people": found})


@page(may=rules.ISSUE_SLIPS)
@require_POST
@fresh
def slip_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The slip, shown once, to be printed and handed over."""
    person = get_object_or_404(people_for_slips("", _reach(request)), pk=pk)
    seen = "id_card_seen" in request.POST
    slip, code = give_slip(person=person, id_card_seen=seen, by=signed_in(request))
    return printed(request, name=person.name, slip=slip, code=code)


def printed(request: HttpRequest, *, name: str, slip: Slip, code: str) -> HttpResponse:
    """One slip on paper: who, the code, until when, what to do."""
    # Paper is read on another day: no 今天 or 明天.
    facts = {"name": name, "until": full_moment_in_words(slip.expires_at), "code": rules.grouped(code)}
    return show(request, "console/security/slip.html", facts)


def _reach(request: HttpRequest) -> list[str] | None:
    """Below which paths; None means everywhere."""
    user = signed_in(request)
    return None if administers_all(user, rules.ISSUE_SLIPS) else reach(user, rules.ISSUE_SLIPS)


urlpatterns = [
    path("slips/", slips, name="slips"),
    path("slips/<int:pk>/print/", slip_print, name="slip_print"),
]
