"""夜间值班: who is on duty at which desk, from when to when."""

from datetime import datetime, timedelta

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.base import clock
from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.choosing import SUGGESTED, Typed, offer
from lianxin.base.refused import Refused
from lianxin.console.frame import show, signed_in
from lianxin.needs.actions.calls.aids import drop_duty, plan_duty
from lianxin.needs.models.calls import Duty
from lianxin.needs.queries import calls
from lianxin.needs.rules import OFFICE_HOURS
from lianxin.organisations.models import Node, RoleHeld
from lianxin.organisations.queries import holders_under, nodes_matching, reach
from lianxin.organisations.rules import roles_with

PLAN = "needs.plan_duty"


class HolderField(Typed):
    """Somebody at a desk, by his name and the desk's."""

    model = RoleHeld
    by = "user__display_name"

    def words(self, row: RoleHeld) -> str:
        """His name and the desk's, as on the plan."""
        return f"{row.user.display_name}（{row.node}）"


class DutyForm(forms.Form):
    """Who, and from when to when; tonight unless told otherwise."""

    held = HolderField(
        label=gettext_lazy("谁值班"),
        suggest=lambda: reverse("console:duty_suggest"),
        error_messages={"required": gettext_lazy("请选值班的人。")},
    )
    since = forms.DateTimeField(
        label=gettext_lazy("从"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": gettext_lazy("请填开始的时间。")},
    )
    until = forms.DateTimeField(
        label=gettext_lazy("到"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": gettext_lazy("请填结束的时间。")},
    )

    def __init__(self, data: object, held: QuerySet[RoleHeld]) -> None:
        tonight = timezone.localtime(clock.now()).replace(second=0, microsecond=0)
        since = datetime.combine(tonight.date(), OFFICE_HOURS[1], tonight.tzinfo)
        until = datetime.combine(tonight.date() + timedelta(days=1), OFFICE_HOURS[0], tonight.tzinfo)
        super().__init__(data, initial={"since": max(since, tonight), "until": until})  # type: ignore[arg-type]
        offer(self, "held", held)


@page(may=PLAN)
def duty(request: HttpRequest) -> HttpResponse:
    """The plan from now on; POST adds a duty."""
    user = signed_in(request)
    paths = reach(user, PLAN)
    form = DutyForm(request.POST if request.method == "POST" else None, _holders(paths))
    if request.method == "POST" and form.is_valid():
        held, since, until = (form.cleaned_data[name] for name in ("held", "since", "until"))
        try:
            plan_duty(desk=held.node, user=held.user, since=since, until=until, by=user)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("排好了。下班时间来了急单，会马上告诉值班的人。"))
            return SeeOther("console:duty")
    facts = {"form": form, "duties": within(paths)}
    return show(request, "console/calls/duty.html", facts, status=422 if form.errors else 200)


@page(may=PLAN)
def duty_suggest(request: HttpRequest) -> HttpResponse:
    """Who may be meant by a part of his name or of his desk's."""
    typed = request.GET.get("q", "").strip()[:30]
    named = Q(user__display_name__contains=typed) | Q(node__in=nodes_matching(Node.objects.open(), typed))
    found = _holders(reach(signed_in(request), PLAN)).filter(named)[:SUGGESTED] if typed else []
    return render(request, "console/calls/duty_suggest.html", {"found": found})


@page(may=PLAN)
@require_POST
def duty_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan has changed."""
    drop_duty(duty=get_object_or_404(within(reach(signed_in(request), PLAN)), pk=pk), by=signed_in(request))
    messages.success(request, _("去掉了。"))
    return SeeOther("console:duty")


def within(paths: list[str]) -> QuerySet[Duty]:
    """The plan of the desks below these paths, from now on."""
    return calls.duties_under(paths).filter(desk__path__under_any=paths)


def _holders(paths: list[str]) -> QuerySet[RoleHeld]:
    """Who takes calls at the desks below these paths."""
    return holders_under(roles_with("needs.take_calls"), paths)


urlpatterns = [
    path("duty/", duty, name="duty"),
    path("duty/suggest/", duty_suggest, name="duty_suggest"),
    path("duty/<int:pk>/drop/", duty_drop, name="duty_drop"),
]
