"""身份: who gives which role to whom, the second word for administrators, and the quarterly review."""

from datetime import datetime, timedelta

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.base import clock
from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.pages import page_of
from lianxin.base.refused import Refused
from lianxin.console.frame import show, signed_in
from lianxin.organisations.actions.appointing import countersign, end_role, give_role, keep_roles, propose_administrator
from lianxin.organisations.models import Node, Role, RoleHeld, RoleProposal
from lianxin.organisations.queries import nodes_for_roles, open_proposals, roles_to_review
from lianxin.organisations.rules import ADMINISTRATORS, COUNTERSIGN, GIVE_DESK_ROLES, GIVEN_BY
from lianxin.users.models import User
from lianxin.users.proofs import fresh
from lianxin.users.queries import policy

ROWS_A_PAGE, A_FEW = 50, 30


class RoleForm(forms.Form):
    """Which role, where, and for how long."""

    role = forms.ChoiceField(
        label=gettext_lazy("身份"), choices=[(role.value, role.label) for role in Role if role in GIVEN_BY]
    )
    node = forms.ModelChoiceField(
        label=gettext_lazy("在哪里"),
        queryset=Node.objects.none(),
        empty_label=gettext_lazy("请选择"),
        error_messages={"required": gettext_lazy("请选择组织或地方。")},
    )
    until = forms.DateField(
        label=gettext_lazy("到哪天为止"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("那一天还算。不填就一直有效，直到结束。"),
    )

    def clean_until(self) -> object:
        until = self.cleaned_data["until"]
        if until and until < clock.today():
            raise forms.ValidationError(_("这一天已经过去了，请填今天或以后。"))
        return until


class Where(forms.Form):
    """A part of the name of an organisation or place."""

    where = forms.CharField(label=gettext_lazy("先找组织或地方"), max_length=60, required=False)


@page(may=GIVE_DESK_ROLES)
@fresh
def role_give(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role; an administrator's is proposed, and waits for a second word."""
    user = get_object_or_404(User, pk=pk)
    where = Where(request.GET)
    nodes = nodes_for_roles(where.cleaned_data["where"] if where.is_valid() else "")
    form = RoleForm(request.POST or None)
    form.fields["node"].queryset = Node.objects.filter(pk__in=[node.pk for node in nodes[:A_FEW]]).order_by("path")  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _give(user, form, signed_in(request)))
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            return SeeOther("console:account", pk)
    facts = {"user": user, "form": form, "where": where}
    return show(request, "console/security/role_give.html", facts, status=422 if form.errors else 200)


@page(may=GIVE_DESK_ROLES)
@require_POST
@fresh
def role_end(request: HttpRequest, pk: int) -> HttpResponse:
    """A role ends today."""
    held = get_object_or_404(RoleHeld.objects.select_related("user"), pk=pk)
    end_role(held=held, by=signed_in(request))
    messages.success(request, _("身份已经结束，他在各处的登录都退出了。"))
    return SeeOther("console:account", held.user_id)


@page(may=COUNTERSIGN)
def proposals(request: HttpRequest) -> HttpResponse:
    """Administrators' roles that wait for a second word."""
    user = signed_in(request)
    found = [(each, user.pk in {each.user_id, each.proposed_by_id}) for each in open_proposals()]
    return show(request, "console/security/proposals.html", {"proposals": found})


@page(may=COUNTERSIGN)
@require_POST
@fresh
def proposal_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree, or not."""
    agrees = request.POST.get("agrees") == "yes"
    countersign(proposal=get_object_or_404(RoleProposal, pk=pk), agrees=agrees, by=signed_in(request))
    messages.success(request, _("已经同意，身份今天起有效。") if agrees else _("没有同意，身份没有授予。"))
    return SeeOther("console:proposals")


@page(may=GIVE_DESK_ROLES)
def review(request: HttpRequest) -> HttpResponse:
    """Who holds what, since when, and when he was last here; the longest unseen on top."""
    is_idle, since = "idle" in request.GET, _idle_since()
    shown = page_of(request, asked_for_review(request.GET), ROWS_A_PAGE)
    rows = [(each, each.seen_at < since) for each in shown]
    facts = {"page": shown, "rows": rows, "is_idle": is_idle, "days": policy().account_idle_days}
    return show(request, "console/security/review.html", facts)


def asked_for_review(query: QueryDict) -> QuerySet[RoleHeld]:
    """The roles to look at: all, or those whose holder has not come in for long."""
    return roles_to_review(unseen_since=_idle_since() if "idle" in query else None)


def _idle_since() -> datetime:
    return clock.now() - timedelta(days=policy().account_idle_days)


@page(may=GIVE_DESK_ROLES)
@require_POST
@fresh
def review_keep(request: HttpRequest) -> HttpResponse:
    """These are still needed."""
    ticked = [int(number) for number in request.POST.getlist("held") if number.isdecimal()]
    kept = keep_roles(held=list(RoleHeld.objects.filter(pk__in=ticked)), by=signed_in(request))
    messages.success(request, _("已经确认 %(count)d 个身份继续保留。") % {"count": kept})
    return SeeOther("console:role_review")


def _give(user: User, form: RoleForm, by: User) -> str:
    """Give or propose, and say which."""
    role, node, until = Role(form.cleaned_data["role"]), form.cleaned_data["node"], form.cleaned_data["until"]
    if role in ADMINISTRATORS:
        propose_administrator(user=user, role=role, node=node, by=by)
        return _("已经提出，等另一位管理员复核后生效。")
    give_role(user=user, role=role, node=node, until=until + timedelta(days=1) if until else None, by=by)
    return _("身份已经授予，他要重新登录。")


urlpatterns = [
    path("accounts/<int:pk>/role/", role_give, name="role_give"),
    path("roles/<int:pk>/end/", role_end, name="role_end"),
    path("proposals/", proposals, name="proposals"),
    path("proposals/<int:pk>/decide/", proposal_decide, name="proposal_decide"),
    path("roles/review/", review, name="role_review"),
    path("roles/review/keep/", review_keep, name="role_review_keep"),
]
