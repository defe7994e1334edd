"""Coming in without an SMS: by password, by a slip of paper, by a passkey."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from lianxin.base.access import EVERYBODY, page
from lianxin.base.refused import Refused
from lianxin.site.users.challenges import asked_before, authentication_options
from lianxin.site.users.entering import address, enter
from lianxin.users.actions.passkeys import try_passkey
from lianxin.users.actions.passwords import try_password
from lianxin.users.actions.slips import try_slip


class PasswordForm(forms.Form):
    phone = forms.CharField(
        label=gettext_lazy("手机号码"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "username"}),
        error_messages={"required": gettext_lazy("请填手机号码。")},
    )
    password = forms.CharField(
        label=gettext_lazy("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": gettext_lazy("请填密码。")},
    )


class SlipForm(forms.Form):
    slip = forms.CharField(
        label=gettext_lazy("登录条上的 12 个字母和数字"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=gettext_lazy("不分大小写，横线可以不填。一张只能用一次，24 小时内有效。"),
        error_messages={"required": gettext_lazy("请填登录条上的字母和数字。")},
    )


class PasskeyForm(forms.Form):
    answer = forms.CharField(widget=forms.HiddenInput, max_length=20_000)


@page(EVERYBODY)
@sensitive_post_parameters()
def by_password(request: HttpRequest) -> HttpResponse:
    """Phone and password; whoever works at a desk is asked for the second factor next."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = try_password(address=address(request), **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            if user:
                return enter(request, user, "password")
            form.add_error("password", _("手机号或密码不对。连续输错 5 次会暂时锁定。"))
    return render(request, "site/users/by_password.html", {"form": form}, status=422 if form.errors else 200)


@page(EVERYBODY)
@sensitive_post_parameters()
def by_slip(request: HttpRequest) -> HttpResponse:
    """The code on a slip that a worker has printed."""
    form = SlipForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = try_slip(code=form.cleaned_data["slip"], address=address(request))
        except Refused as refused:
            form.add_error("slip", str(refused))
        else:
            if user:
                return enter(request, user, "slip")
            form.add_error("slip", _("没有这张登录条，请对照纸上的字母再填一次。"))
    return render(request, "site/users/by_slip.html", {"form": form}, status=422 if form.errors else 200)


@page(EVERYBODY)
def by_passkey(request: HttpRequest) -> HttpResponse:
    """One touch: the phone, computer or stick signs a challenge, and says who it is."""
    form = PasskeyForm(request.POST or None)
    if request.method == "POST":
        asked = asked_before(request)
        try:
            if asked is None or not form.is_valid():
                raise Refused(_("这一页等太久了，请再点一次。"))
            user = try_passkey(answer=form.cleaned_data["answer"], asked=asked)
        except Refused as refused:
            form = PasskeyForm({})
            form.errors.clear()
            form.add_error(None, str(refused))
        else:
            return enter(request, user, "passkey")
    facts = {"form": form, "options": authentication_options(request)}
    return render(request, "site/users/by_passkey.html", facts, status=422 if form.errors else 200)


urlpatterns = [
    path("sign-in/password/", by_password, name="by_password"),
    path("sign-in/slip/", by_slip, name="by_slip"),
    path("sign-in/passkey/", by_passkey, name="by_passkey"),
]
