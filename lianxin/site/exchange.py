"""名单确认: somebody whom an office put on its list says that it is him, or that it is not."""

from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.base.access import SIGNED_IN, page
from lianxin.base.answers import SeeOther
from lianxin.base.refused import Refused
from lianxin.exchange.actions.confirming import confirm, say_it_is_not_me
from lianxin.exchange.models.roll import OnRoll
from lianxin.exchange.queries.rosters import by_slip, to_claim
from lianxin.users.models import User

NOT_IT = gettext_lazy("姓名或证件尾号对不上。请照身份证再填一次；填错 5 次就要到社区办了。")


class WhoForm(forms.Form):
    """The name as on the ID card, and its number's last four signs."""

    name = forms.CharField(
        label=gettext_lazy("姓名"),
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("请填姓名。")},
    )
    ending = forms.CharField(
        label=gettext_lazy("身份证号最后 4 位"),
        min_length=4,
        max_length=4,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
        error_messages={
            "required": gettext_lazy("请填身份证号的最后 4 位。"),
            "min_length": gettext_lazy("要填 4 位，最后一位可能是 X。"),
        },
    )


class SlipForm(WhoForm):
    """The code on the slip, and who one is."""

    code = forms.CharField(
        label=gettext_lazy("确认条上的 10 位字母数字"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": gettext_lazy("请填确认条上的字母数字。")},
    )
    field_order = ("code", "name", "ending")


@page(SIGNED_IN)
def roll(request: HttpRequest) -> HttpResponse:
    """The lists that name somebody with this phone: by the team's name alone, until he has said who he is."""
    user = _user(request)
    form = WhoForm(request.POST if request.method == "POST" else None)
    waiting = list(to_claim(user))
    if request.method == "POST" and form.is_valid():
        done = _confirmed_one(waiting, form, user)
        if done:
            return _welcome(request, done)
        form.add_error("ending", str(NOT_IT))
    facts = {"form": form, "rows": waiting, "own": [row for row in waiting if row.person.user_id == user.pk]}
    return render(request, "site/exchange/roll.html", facts, status=422 if form.errors else 200)


@page(SIGNED_IN)
@require_POST
def roll_yes(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody whom we know already says yes with one tap."""
    row = get_object_or_404(to_claim(_user(request)).filter(person__user=_user(request)), pk=pk)
    done = confirm(
        row=row, name=row.person.name, ending=row.person.id_ending or "", how=OnRoll.How.PHONE, by=_user(request)
    )
    return _welcome(request, done or row)


@page(SIGNED_IN)
@require_POST
def roll_no(request: HttpRequest, pk: int) -> HttpResponse:
    """It is not him: he is taken off, and no list puts him on again."""
    row = get_object_or_404(to_claim(_user(request)), pk=pk)
    say_it_is_not_me(row=row, by=_user(request))
    messages.success(request, _("记下了，您不在这份名单里。"))
    return SeeOther("site:welcome")


@page(SIGNED_IN)
def slip(request: HttpRequest) -> HttpResponse:
    """Whoever was given a slip by his team confirms with any phone of his own."""
    form = SlipForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        row = by_slip(form.cleaned_data["code"])
        done = _confirmed_one([row] if row else [], form, _user(request), OnRoll.How.SLIP)
        if done:
            return _welcome(request, done)
        form.add_error("code", _("确认条、姓名或证件尾号对不上，或者确认条过期了。请核对，或请队长重新开一张。"))
    return render(request, "site/exchange/slip.html", {"form": form}, status=422 if form.errors else 200)


def _confirmed_one(rows: list[OnRoll], form: WhoForm, user: User, how: OnRoll.How = OnRoll.How.PHONE) -> OnRoll | None:
    """Families share a phone: the row that fits is his; a wrong try counts on each."""
    name, ending = form.cleaned_data["name"], form.cleaned_data["ending"]
    fitting = [row for row in rows if row.person.id_ending == ending.upper()] or rows
    for row in fitting:
        try:
            done = confirm(row=row, name=name, ending=ending, how=how, by=user)
        except Refused as refused:
            form.add_error(None, str(refused))
            return None
        if done:
            return done
    return None


def _welcome(request: HttpRequest, row: OnRoll) -> HttpResponse:
    messages.success(request, _("确认好了，您现在是「%(team)s」的志愿者。") % {"team": row.team})
    return SeeOther("site:home")


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)


urlpatterns = [
    path("roll/", roll, name="roll"),
    path("roll/slip/", slip, name="slip"),
    path("roll/<int:pk>/yes/", roll_yes, name="roll_yes"),
    path("roll/<int:pk>/no/", roll_no, name="roll_no"),
]
