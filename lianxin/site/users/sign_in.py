"""Signing in by phone and code or, in a demo city, with one tap; saying who one is; signing out."""

from itertools import groupby
from typing import Any, NamedTuple, cast

from django import forms
from django.contrib.auth import logout
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from lianxin.base.access import EVERYBODY, SIGNED_IN, page
from lianxin.base.answers import SeeOther
from lianxin.base.choosing import offer
from lianxin.base.clock import today
from lianxin.base.refused import Refused
from lianxin.exchange.queries.rosters import to_claim
from lianxin.notices.actions import send_code
from lianxin.organisations.models import Role, RoleHeld
from lianxin.people.actions.registering import introduce
from lianxin.people.models import Application, Person
from lianxin.people.queries import hotline, own_applications
from lianxin.site.places import HOME, NamedNode, named_nodes
from lianxin.site.users.entering import address, enter, target, with_query
from lianxin.users import queries, rules
from lianxin.users.actions.codes import ask_again, ask_for_code, try_code
from lianxin.users.actions.coming_in import sign_in_for_demo
from lianxin.users.actions.coming_in import sign_out as note_sign_out
from lianxin.users.models import TRIES, SignInCode, User
from lianxin.users.providers.registry import providers

SENT = "code_sent"


class Trial(NamedTuple):
    """What one role can try out in the demo."""

    role: Role
    group: str | Promise
    icon: str
    words: str | Promise


NEIGHBOURS, TEAMS, DESKS, CITY = _("居民和志愿者"), _("队伍和支部"), _("站点、热线和单位"), _("市里")
TRIALS = (
    Trial(Role.RESIDENT, NEIGHBOURS, "home", _("点一单试试，看它走到了哪一步")),
    Trial(Role.VOLUNTEER, NEIGHBOURS, "heart-handshake", _("接一单，上门，记下时长")),
    Trial(Role.CAPTAIN, TEAMS, "flag", _("给本队的单找合适的人")),
    Trial(Role.SECRETARY, TEAMS, "users", _("看看支部和成员")),
    Trial(Role.STATION_WORKER, DESKS, "clipboard-check", _("去核实新单，答复意见")),
    Trial(Role.CALL_OPERATOR, DESKS, "phone-call", _("替来电的老人点单，打该打的电话")),
    Trial(Role.DISPATCHER, DESKS, "route", _("看推荐和理由，把单派给合适的人")),
    Trial(Role.UNIT_OFFICER, DESKS, "building-community", _("看看本单位的组织、成员和名单")),
    Trial(Role.CITY_OFFICER, CITY, "map-pin", _("看看全市的单、意见和日志")),
    Trial(Role.SYSTEM_ADMINISTRATOR, CITY, "settings", _("看看登录规则和后台任务")),
    Trial(Role.SECURITY_ADMINISTRATOR, CITY, "lock", _("管账号和身份，做一次季度复核")),
    Trial(Role.AUDITOR, CITY, "history", _("翻开日志，查每一步是谁做的")),
)


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label=_("手机号码"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("请填手机号码。")},
    )


class DigitsForm(forms.Form):
    digits = forms.CharField(
        label=_("6 位验证码"),
        max_length=200,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
        help_text=_("可以把整条短信粘贴进来。"),
        error_messages={"required": _("请填短信里的 6 位数字。")},
    )

    def clean_digits(self) -> str:
        return rules.digits_of_code(self.cleaned_data["digits"])


class WelcomeForm(forms.Form):
    name = forms.CharField(
        label=_("姓名"),
        min_length=2,
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("请填姓名。"), "min_length": _("请填完整的姓名。")},
    )
    home = NamedNode(of=HOME, label=_("住在哪个社区"), error_messages={"required": _("请选择社区。")})

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        offer(self, "home", named_nodes(HOME))


class DemoForm(forms.Form):
    user = forms.ModelChoiceField(queryset=User.objects.none())

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["user"].queryset = User.objects.filter(roles_held__in=_role_holders())  # type: ignore[attr-defined]


@page(EVERYBODY)
@sensitive_post_parameters()
def sign_in(request: HttpRequest) -> HttpResponse:
    """First step: the phone. In a demo city, every role is one tap away as well."""
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            sent, digits = ask_for_code(phone=form.cleaned_data["phone"], address=address(request))
        except Refused as refused:
            form.add_error("phone", str(refused))
        else:
            return _to_code(request, sent, digits)
    facts = {
        "form": form,
        "groups": trials() if queries.is_demo_open() else [],
        "providers": providers().values(),
    }
    return render(request, "site/users/sign_in.html", facts, status=422 if form.errors else 200)


@page(EVERYBODY)
@sensitive_post_parameters()
def code(request: HttpRequest) -> HttpResponse:
    """Second step: the code, typed or pasted into the browser that asked for it."""
    sent = _code_sent(request)
    if sent is None:
        return redirect(with_query(request, "site:sign_in"))
    form = DigitsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = try_code(sent=sent, digits=form.cleaned_data["digits"])
        except Refused as refused:
            form.add_error("digits", str(refused))
        else:
            if user:
                return enter(request, user, "code")
            sent.refresh_from_db()
            form.add_error("digits", words_for_wrong(sent))
    facts = {"form": form, "sent": sent, "is_demo": queries.is_demo_open()}
    return render(request, "site/users/code.html", facts, status=422 if form.errors else 200)


@page(EVERYBODY)
@require_POST
def code_again(request: HttpRequest) -> HttpResponse:
    """Another code for the same phone."""
    sent = _code_sent(request)
    if sent is None:
        return redirect(with_query(request, "site:sign_in"))
    return _to_code(request, *ask_again(sent=sent, address=address(request)))


@page(EVERYBODY)
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """One tap: come in as one of the people shown; refused outside a demo city."""
    form = DemoForm(request.POST)
    user = form.cleaned_data["user"] if form.is_valid() else None
    return enter(request, sign_in_for_demo(user=user), "demo")


@page(EVERYBODY)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave, in this browser."""
    if request.user.is_authenticated:
        note_sign_out(by=request.user)
    logout(request)
    return SeeOther(reverse("site:sign_in"))


@page(SIGNED_IN)
def welcome(request: HttpRequest) -> HttpResponse:
    """Whoever has proven a phone for the first time says a name and a community, and is a resident from then on."""
    user = cast("User", request.user)
    if Person.objects.filter(user=user).exists():
        return redirect(target(request))
    if waiting := own_applications(user).filter(state=Application.State.RECEIVED).first():
        facts = {"application": waiting, "hotline": hotline(waiting.person.home if waiting.person else None)}
        return render(request, "site/users/waiting.html", facts)
    if request.method == "GET" and "new" not in request.GET and to_claim(user).exists():
        return redirect("site:roll")
    form = WelcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = introduce(user=user, by=user, **form.cleaned_data)
        return SeeOther("site:welcome" if isinstance(made, Application) else target(request))
    return render(request, "site/users/welcome.html", {"form": form}, status=422 if form.errors else 200)


def _to_code(request: HttpRequest, sent: SignInCode, digits: str) -> HttpResponse:
    send_code(phone=sent.phone.open(), code=digits)
    # Only the row's number: neither phone nor code belongs into the session.
    request.session[SENT] = sent.pk
    return SeeOther(with_query(request, "site:code"))


def _code_sent(request: HttpRequest) -> SignInCode | None:
    pk = request.session.get(SENT)
    return queries.code_sent(pk) if pk else None


def words_for_wrong(sent: SignInCode) -> str:
    """How many tries are left."""
    if sent.tries_left == 0:
        return _("已经输错 %(tries)d 次，这个验证码作废了，请重新获取。") % {"tries": TRIES}
    return _("验证码不对，还可以试 %(left)d 次。") % {"left": sent.tries_left}


def _role_holders() -> QuerySet[RoleHeld]:
    """One holder for each role, with as few other roles as may be."""
    own = RoleHeld.objects.filter(user=OuterRef("user")).order_by().values("user")
    roles = Subquery(own.annotate(many=Count("role", distinct=True)).values("many"))
    held = RoleHeld.objects.filter(during__contains=today(), user__is_active=True).select_related("user", "node")
    return held.annotate(roles=roles).order_by("role", "roles", "pk").distinct("role")


def trials() -> list[tuple[str, list[tuple[Trial, RoleHeld]]]]:
    """Whom visitors of the demo can be, in their groups."""
    held = {holder.role: holder for holder in _role_holders()}
    shown = [(trial, held[trial.role]) for trial in TRIALS if trial.role in held]
    return [(str(group), list(pairs)) for group, pairs in groupby(shown, key=lambda pair: pair[0].group)]


urlpatterns = [
    path("sign-in/", sign_in, name="sign_in"),
    path("sign-in/code/", code, name="code"),
    path("sign-in/code/again/", code_again, name="code_again"),
    path("sign-in/demo/", demo_sign_in, name="demo_sign_in"),
    path("sign-out/", sign_out, name="sign_out"),
    path("welcome/", welcome, name="welcome"),
]
