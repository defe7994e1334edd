"""系统: the numbers of signing in, and how the background work is doing."""

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django.models import ProcrastinateJob

from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.refused import Refused
from lianxin.console.frame import show, signed_in
from lianxin.users import queries, rules
from lianxin.users.actions.accounts import set_policy
from lianxin.users.models import Policy
from lianxin.users.proofs import fresh

STATES = {
    "todo": gettext_lazy("排队"),
    "doing": gettext_lazy("在做"),
    "failed": gettext_lazy("失败"),
    "cancelled": gettext_lazy("取消"),
}


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """The numbers; the table itself refuses what is too weak."""

    class Meta:
        model = Policy
        fields = (
            "password_length",
            "password_days",
            "lock_minutes",
            "desk_idle_minutes",
            "admin_idle_minutes",
            "account_idle_days",
        )


@page(may=rules.SET_POLICY)
@fresh
def system(request: HttpRequest) -> HttpResponse:
    """The numbers of signing in, to be set; and jobs by state, to be seen."""
    policy = queries.policy()
    form = PolicyForm(request.POST or None, instance=policy)
    if request.method == "POST" and form.is_valid():
        try:
            set_policy(by=signed_in(request), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("登录规则已经改好，下次登录起生效。"))
            return SeeOther("console:system")
    facts = {"form": form, "jobs": _jobs()}
    return show(request, "console/security/system.html", facts, status=422 if form.errors else 200)


def _jobs() -> list[tuple[str, str, int]]:
    """How many jobs of each kind wait, run or failed."""
    counted = ProcrastinateJob.objects.exclude(status="succeeded").values("task_name", "status")
    found = counted.annotate(many=Count("pk")).order_by("task_name", "status")
    return [(row["task_name"], str(STATES.get(row["status"], row["status"])), row["many"]) for row in found]


urlpatterns = [path("system/", system, name="system")]
