"""The second factor: proving it, and having one for the first time."""

import segno
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from pyotp import TOTP

from lianxin.base.access import SIGNED_IN, page
from lianxin.base.answers import SeeOther
from lianxin.base.refused import Refused
from lianxin.site.users.challenges import asked_before, authentication_options, registration_options
from lianxin.site.users.entering import keep_signed_in, prove, signed_in, target, with_query
from lianxin.users import queries, rules
from lianxin.users.actions.factors import (
    begin_authenticator,
    confirm_authenticator,
    make_recovery_codes,
    try_authenticator,
    try_recovery_code,
)
from lianxin.users.actions.passkeys import add_passkey, try_passkey
from lianxin.users.actions.passwords import confirm_password, set_password
from lianxin.users.models import User
from lianxin.users.proofs import fresh, half_way, is_fresh, to_proof
from lianxin.users.sessions import DEVICE


class SecondForm(forms.Form):
    digits = forms.CharField(
        label=gettext_lazy("验证器上的 6 位数字"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
        help_text=gettext_lazy("手机不在身边，可以填一个恢复码。"),
        error_messages={"required": gettext_lazy("请填验证器上的数字，或者一个恢复码。")},
    )


class OwnPasswordForm(forms.Form):
    password = forms.CharField(
        label=gettext_lazy("您的密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
        error_messages={"required": gettext_lazy("请填密码。")},
    )


class NewPasswordForm(forms.Form):
    password = forms.CharField(
        label=gettext_lazy("新密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": gettext_lazy("请填新密码。")},
    )
    again = forms.CharField(
        label=gettext_lazy("再填一次"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": gettext_lazy("请把新密码再填一次。")},
    )

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("again") not in {None, self.cleaned_data.get("password")}:
            self.add_error("again", _("两次填的不一样，请再填一次。"))


class FirstDigitsForm(forms.Form):
    digits = forms.CharField(
        label=gettext_lazy("验证器上显示的 6 位数字"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": gettext_lazy("请填验证器上显示的数字。")},
    )


@half_way
@page(SIGNED_IN)
@sensitive_post_parameters()
def second(request: HttpRequest) -> HttpResponse:
    """The second factor after the first, or once more before a dangerous deed; who has none proves the password."""
    user = signed_in(request)
    if not queries.has_second_factor(user):
        return _without_factor(request, user)
    form = SecondForm(request.POST if request.method == "POST" and "answer" not in request.POST else None)
    if request.method == "POST":
        way = _second_proof(request, user, form)
        if way:
            return prove(request, way)
    facts: dict[str, object] = {
        "form": form,
        "is_bound": queries.authenticator_of(user),
        "codes": queries.recovery_codes_left(user),
    }
    if queries.passkeys_of(user).exists():
        facts["options"] = authentication_options(request, user)
    return render(request, "site/users/second.html", facts, status=422 if form.errors else 200)


@half_way
@page(SIGNED_IN)
def protect(request: HttpRequest) -> HttpResponse:
    """Having a password and a second factor for the first time, one step after the other."""
    user = signed_in(request)
    if not _may_protect(request, user):
        return to_proof(request)
    return _protect(request, user)


@half_way
@page(SIGNED_IN)
@require_POST
@sensitive_post_parameters()
def protect_password(request: HttpRequest) -> HttpResponse:
    """The first password."""
    user = signed_in(request)
    if not _may_protect(request, user) or user.has_usable_password():
        return SeeOther(with_query(request, "site:protect"))
    form = NewPasswordForm(request.POST)
    if form.is_valid() and _set_password(request, user, form):
        return SeeOther(with_query(request, "site:protect"))
    return _protect(request, user, password_form=form, status=422)


@half_way
@page(SIGNED_IN)
@require_POST
@sensitive_post_parameters()
def protect_authenticator(request: HttpRequest) -> HttpResponse:
    """The first digits from the app; then the recovery codes, once."""
    user = signed_in(request)
    if not _may_protect(request, user):
        return SeeOther(with_query(request, "site:second"))
    form = FirstDigitsForm(request.POST)
    if form.is_valid():
        if confirm_authenticator(user=user, digits=rules.digits_of_code(form.cleaned_data["digits"]), by=user):
            codes = make_recovery_codes(user=user, by=user)
            onwards = prove(request, "authenticator")
            return render(request, "site/users/codes.html", {"codes": _grouped(codes), "onwards": onwards["Location"]})
        form.add_error("digits", _("数字不对。请等验证器换一组再填，并看看手机的时间准不准。"))
    return _protect(request, user, digits_form=form, status=422)


@half_way
@page(SIGNED_IN)
@require_POST
def protect_passkey(request: HttpRequest) -> HttpResponse:
    """A passkey, made by this device."""
    user = signed_in(request)
    asked = asked_before(request)
    if asked is None or not _may_protect(request, user):
        return SeeOther(with_query(request, "site:protect"))
    name = str(request.session.get(DEVICE, "")) or _("通行密钥")
    add_passkey(user=user, answer=request.POST.get("answer", ""), asked=asked, name=name, by=user)
    return prove(request, "passkey")


@half_way
@page(SIGNED_IN)
@fresh
@sensitive_post_parameters()
def password(request: HttpRequest) -> HttpResponse:
    """A new password, for whoever has proven himself just now; every other browser is signed out."""
    user = signed_in(request)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _set_password(request, user, form):
        return SeeOther(target(request) if request.GET.get("next") else "site:my_sign_in")
    facts = {"form": form, "policy": queries.policy()}
    return render(request, "site/users/password.html", facts, status=422 if form.errors else 200)


def _without_factor(request: HttpRequest, user: User) -> HttpResponse:
    if user.has_perm(rules.AT_A_DESK):
        return redirect(with_query(request, "site:protect"))
    if not user.has_usable_password():
        return redirect(with_query(request, "site:sign_in"))
    form = OwnPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if confirm_password(user=user, password=form.cleaned_data["password"]):
                return prove(request, "password")
            form.add_error("password", _("密码不对。连续输错 5 次会暂时锁定。"))
        except Refused as refused:
            form.add_error("password", str(refused))
    return render(
        request, "site/users/second.html", {"form": form, "is_bound": True}, status=422 if form.errors else 200
    )


def _second_proof(request: HttpRequest, user: User, form: SecondForm) -> str:
    """By which way the second factor was proven; nothing, and words in the form, when it was not."""
    try:
        if "answer" in request.POST:
            asked = asked_before(request)
            if asked is None:
                raise Refused(_("这一页等太久了，请再点一次。"))
            try_passkey(answer=request.POST["answer"], asked=asked, only=user)
            return "passkey"
        return _typed_proof(user, form)
    except Refused as refused:
        form.is_bound = True
        form.full_clean()
        form.errors.clear()
        form.add_error("digits", str(refused))
        return ""


def _typed_proof(user: User, form: SecondForm) -> str:
    if not form.is_valid():
        return ""
    typed = rules.plain_code(form.cleaned_data["digits"])
    if typed.isdecimal() and len(typed) == 6:
        way = "authenticator" if try_authenticator(user=user, digits=typed) else ""
    else:
        way = "recovery" if try_recovery_code(user=user, code=typed) else ""
    if not way:
        form.add_error("digits", _("不对，或者已经用过了。请等验证器换一组再填。连续输错 5 次会暂时锁定。"))
    return way


def _may_protect(request: HttpRequest, user: User) -> bool:
    """Lately proven, or a desk's first time: else an SMS alone, or a browser left open, could add another."""
    is_first_time = user.has_perm(rules.AT_A_DESK) and not queries.has_second_factor(user)
    return is_first_time or is_fresh(request)


def _protect(
    request: HttpRequest,
    user: User,
    *,
    password_form: NewPasswordForm | None = None,
    digits_form: FirstDigitsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    facts = {
        "is_desk": user.has_perm(rules.AT_A_DESK),
        "has_password": user.has_usable_password(),
        "policy": queries.policy(),
        "password_form": password_form or NewPasswordForm(),
        "digits_form": digits_form or FirstDigitsForm(),
        "is_bound": queries.authenticator_of(user),
        "has_factor": queries.has_second_factor(user),
        "onwards": target(request),
    }
    if facts["has_password"] and not facts["is_bound"]:
        facts |= _to_scan(user)
    if facts["has_password"] or not facts["is_desk"]:
        facts["options"] = registration_options(request, user)
    return render(request, "site/users/protect.html", facts, status=status)


def _to_scan(user: User) -> dict[str, str]:
    secret = begin_authenticator(user=user, by=user).secret.open()
    address = TOTP(secret).provisioning_uri(name=user.display_name, issuer_name=_("连心"))
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
    return {"qr": picture, "secret": rules.grouped(secret).replace("-", " ")}


def _set_password(request: HttpRequest, user: User, form: NewPasswordForm) -> bool:
    try:
        changed = set_password(user=user, password=form.cleaned_data["password"], by=user)
    except Refused as refused:
        form.add_error("password", str(refused))
        return False
    keep_signed_in(request, changed)
    return True


def _grouped(codes: list[str]) -> list[str]:
    return [rules.grouped(code) for code in codes]


urlpatterns = [
    path("sign-in/second/", second, name="second"),
    path("sign-in/protect/", protect, name="protect"),
    path("sign-in/protect/password/", protect_password, name="protect_password"),
    path("sign-in/protect/authenticator/", protect_authenticator, name="protect_authenticator"),
    path("sign-in/protect/passkey/", protect_passkey, name="protect_passkey"),
    path("me/password/", password, name="password"),
]
