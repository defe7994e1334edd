"""账号: who may come in, from where he is in, and what to do when somebody lost his phone or left."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.pages import page_of
from lianxin.base.refused import Refused
from lianxin.console.frame import show, signed_in
from lianxin.console.security.slips import printed
from lianxin.organisations.models import Role
from lianxin.organisations.queries import roles_ever_of, roles_held_by
from lianxin.organisations.queries.accounts import accounts as accounts_found
from lianxin.users import queries, rules
from lianxin.users.actions.accounts import open_account, start_afresh, switch_off, switch_on, unlock
from lianxin.users.actions.sessions import end_session, end_sessions_of
from lianxin.users.actions.slips import issue_slip
from lianxin.users.models import User
from lianxin.users.proofs import fresh

ROWS_A_PAGE = 50


class Narrowing(forms.Form):
    """The filters of the accounts; what makes no sense is passed over."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=50, required=False)
    ending = forms.CharField(label=gettext_lazy("手机尾号"), max_length=4, required=False)
    role = forms.ChoiceField(
        label=gettext_lazy("身份"),
        required=False,
        choices=[("", gettext_lazy("全部")), (rules.AT_A_DESK, gettext_lazy("所有工作身份")), *Role.choices],
    )
    state = forms.ChoiceField(
        label=gettext_lazy("状态"),
        required=False,
        choices=[
            ("", gettext_lazy("全部")),
            ("on", gettext_lazy("在用")),
            ("off", gettext_lazy("已停用")),
            ("locked", gettext_lazy("锁定中")),
        ],
    )

    def narrowed(self) -> dict[str, str]:
        """What was asked for and makes sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


@page(may=rules.SEE_ACCOUNTS)
def accounts(request: HttpRequest) -> HttpResponse:
    """Every account, by its key; with today's roles."""
    form = Narrowing(request.GET)
    narrowed = form.narrowed()
    shown = page_of(request, accounts_found(**narrowed), ROWS_A_PAGE)
    held = roles_held_by(shown.object_list)
    facts = {
        "form": form,
        "is_narrowed": bool(narrowed),
        "page": shown,
        "rows": [(user, held.get(user.pk, [])) for user in shown],
    }
    return show(request, "console/security/accounts.html", facts)


def asked_for(query: QueryDict) -> QuerySet[User]:
    """The accounts that were asked for."""
    return accounts_found(**Narrowing(query).narrowed())


def state_of(user: User) -> str:
    """What the list says of an account."""
    if not user.is_active:
        return user.get_off_because_display() or _("已停用")
    return _("锁定中") if user.is_locked else _("在用")


class NewForm(forms.Form):
    """Whose account."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=50)
    phone = forms.CharField(
        label=gettext_lazy("手机号码"),
        max_length=20,
        help_text=gettext_lazy("他用这个号码登录。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )


@page(may=rules.SEE_ACCOUNTS)
@fresh
def account_new(request: HttpRequest) -> HttpResponse:
    """An account for a colleague whom no code reaches; a role and a slip come next, on its page."""
    form = NewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = open_account(**form.cleaned_data, by=signed_in(request))
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("账号开好了。接着授予身份，再打印登录条交给本人。"))
            return SeeOther("console:account", user.pk)
    return show(request, "console/security/account_new.html", {"form": form}, status=422 if form.errors else 200)


@page(may=rules.SEE_ACCOUNTS)
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: roles with their dates, sessions, and what can be done."""
    user = get_object_or_404(User, pk=pk)
    facts = {
        "user": user,
        "roles": roles_ever_of(user),
        "sessions": queries.sessions_of(user),
        "has_factor": queries.has_second_factor(user),
        "is_me": user.pk == signed_in(request).pk,
    }
    return show(request, "console/security/account.html", facts)


@page(may=rules.SEE_ACCOUNTS)
@require_POST
@fresh
def account_do(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the deeds below, on one account."""
    user = get_object_or_404(User, pk=pk)
    deed = DEEDS.get(request.POST.get("deed", ""))
    if deed is not None:
        act, words = deed
        act(user=user, by=signed_in(request))
        messages.success(request, str(words))
    return SeeOther("console:account", pk)


@page(may=rules.SEE_ACCOUNTS)
@require_POST
@fresh
def account_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign somebody out of one browser."""
    user = get_object_or_404(User, pk=pk)
    end_session(user=user, number=request.POST.get("number", ""), by=signed_in(request))
    messages.success(request, _("已经退出那次登录。"))
    return SeeOther("console:account", pk)


@page(may=rules.SEE_ACCOUNTS)
@require_POST
@fresh
def account_slip(request: HttpRequest, pk: int) -> HttpResponse:
    """A sign-in slip for a colleague whose ID card was seen; shown once, to be printed."""
    user = get_object_or_404(User, pk=pk)
    slip, code = issue_slip(user=user, by=signed_in(request), scope=None, id_card_seen="id_card_seen" in request.POST)
    return printed(request, name=user.display_name, slip=slip, code=code)


Act = Callable[..., object]

DEEDS: dict[str, tuple[Act, str | Promise]] = {
    "switch_off": (switch_off, gettext_lazy("账号已经停用，他在各处的登录都退出了。")),
    "switch_on": (switch_on, gettext_lazy("账号已经启用。")),
    "unlock": (unlock, gettext_lazy("锁定已经解除。")),
    "start_afresh": (
        start_afresh,
        gettext_lazy("密码和第二验证都清掉了。请给他打一张登录条，或让他用手机验证码重新开始。"),
    ),
    "end_sessions": (end_sessions_of, gettext_lazy("他在各处的登录都退出了。")),
}

urlpatterns = [
    path("accounts/", accounts, name="accounts"),
    path("accounts/new/", account_new, name="account_new"),
    path("accounts/<int:pk>/", account, name="account"),
    path("accounts/<int:pk>/do/", account_do, name="account_do"),
    path("accounts/<int:pk>/session/", account_session, name="account_session"),
    path("accounts/<int:pk>/slip/", account_slip, name="account_slip"),
]
