"""今天上门: who goes where today; start and finish for a member without a phone, by a call or from a slip."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
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
from lianxin.base.todos import Choice, Kind
from lianxin.console.frame import show, signed_in
from lianxin.console.going_on import filtered
from lianxin.console.listed import as_asked, as_asked_of, narrowed_as
from lianxin.console.many import tell_what_became
from lianxin.console.needs.forms import Moment
from lianxin.console.needs.todos import finds_of_held
from lianxin.hours.queries import records_about
from lianxin.needs import rules
from lianxin.needs.actions.alarms import raise_alarm
from lianxin.needs.actions.closing import vouch_orders
from lianxin.needs.actions.serving import finish_visit, record_visit, start_visit
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment, Visit
from lianxin.needs.queries.desk import unanswered
from lianxin.needs.queries.tasks import assignments_under, visit_of, visits_today
from lianxin.organisations.queries import reach
from lianxin.users.models import User

ROWS_A_PAGE, MOST_ROWS = 50, 100
RECORD, VOUCH = "needs.record_visits", "needs.vouch"
NOW = {
    "late": (gettext_lazy("到点还没开始"), lambda: Q(is_begun=False, order__starts_at__lt=clock.now())),
    "ahead": (gettext_lazy("还没到点"), lambda: Q(is_begun=False, order__starts_at__gte=clock.now())),
    "serving": (gettext_lazy("正在服务"), lambda: Q(is_begun=True, is_over=False)),
    "over": (gettext_lazy("做完了"), lambda: Q(is_over=True)),
}
"""How a visit stands, and which rows are meant."""
VISITS = Kind(
    paths=("order__place_path", "volunteer__team__path"),
    finds=finds_of_held,
    choices=(
        Choice("now", gettext_lazy("现在"), tuple((name, NOW[name][0]) for name in NOW), lambda value: NOW[value][1]()),
    ),
)


class TimeForm(forms.Form):
    """When it was, as told on the telephone or seen by the captain."""

    at = Moment(label=gettext_lazy("几点"))
    how = forms.TypedChoiceField(
        label=gettext_lazy("怎么知道的"),
        coerce=Visit.How,
        choices=[(each.value, each.label) for each in (Visit.How.CAPTAIN, Visit.How.CALL)],
        widget=forms.RadioSelect,
    )


class Found(forms.ChoiceField):
    """How whoever came found the resident (rule E9)."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("他说人怎么样"), choices=Visit.Found.choices, required=False, widget=forms.RadioSelect
        )


class EndForm(TimeForm):
    """When it was over, and how he found the resident."""

    found = Found()


class SlipForm(forms.Form):
    """What stands on the signed slip."""

    start = Moment(label=gettext_lazy("单子上写的开始时间"))
    end = Moment(label=gettext_lazy("单子上写的结束时间"))
    outcome = forms.CharField(label=gettext_lazy("做得怎么样"), required=False, max_length=100)
    found = Found()


@page(may=RECORD)
def visits(request: HttpRequest) -> HttpResponse:
    """The visits of today and those still open, in the order in which they begin; below, what waits for a captain's
    word. Place and search hold for both."""
    user = signed_in(request)
    _rows, filters = narrowed_as(request, VISITS, "console:visits", visits_today(reach(user, RECORD)))
    going, to_vouch = rows_of(user, request.GET)
    shown = page_of(request, going, ROWS_A_PAGE)
    rows = [(each, visit_of(each)) for each in shown]
    facts = {"page": shown, "rows": rows, "to_vouch": to_vouch[:MOST_ROWS], **filters}
    return show(request, "console/needs/visits.html", facts)


def rows_of(user: User, query: QueryDict) -> tuple[QuerySet[Assignment], QuerySet[Order]]:
    """Who goes where today, and the orders of which nobody has answered for seven working days, as far as asked for."""
    going = as_asked_of(user, query, VISITS, visits_today(reach(user, RECORD)))
    return going, as_asked(user, query, "vouch", unanswered(reach(user, VOUCH)))


def how_it_stands(task: Assignment) -> str:
    """What a line says of a visit of today."""
    seen = visit_of(task)
    if seen is None:
        return _("到点还没开始") if task.order.planned_start <= clock.now() else _("还没到点")
    return _("做完了") if seen.finished_at else _("正在服务")


@page(may=RECORD)
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """One visit, and what can be written down about it now."""
    return _sheet(request, _found(request, pk))


@page(may=RECORD)
@require_POST
def visit_start(request: HttpRequest, pk: int) -> HttpResponse:
    """He stands at the door, or stood there at this time."""
    found, form = _found(request, pk), TimeForm(request.POST, prefix="start")
    if form.is_valid():
        return _done(request, found, form, lambda facts: start_visit(assignment=found, by=signed_in(request), **facts))
    return _sheet(request, found, time_form=form)


@page(may=RECORD)
@require_POST
def visit_finish(request: HttpRequest, pk: int) -> HttpResponse:
    """He is done, or was at this time."""
    found, form = _found(request, pk), EndForm(request.POST, prefix="finish")
    if form.is_valid():
        return _done(request, found, form, lambda facts: finish_visit(assignment=found, by=signed_in(request), **facts))
    return _sheet(request, found, time_form=form)


@page(may=RECORD)
@require_POST
def visit_slip(request: HttpRequest, pk: int) -> HttpResponse:
    """A signed slip came back."""
    found, form = _found(request, pk), SlipForm(request.POST, prefix="slip")
    if form.is_valid():
        return _done(request, found, form, lambda facts: record_visit(assignment=found, by=signed_in(request), **facts))
    return _sheet(request, found, slip_form=form)


@page(may=RECORD)
@require_POST
def visit_no_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The volunteer rings: nobody opens."""
    order = _found(request, pk).order
    alarm = raise_alarm(person=order.resident, kind=Alarm.Kind.NO_ANSWER, by=signed_in(request), order=order)
    messages.success(request, _("警报响了，马上给本人和家人打电话。"))
    return SeeOther("console:alarm", alarm.pk)


@page(may=VOUCH)
@require_POST
def vouch_many(request: HttpRequest) -> HttpResponse:
    """Of each that was ticked I know that it was done, though nobody answers; what is refused is named."""
    ticked = [int(key) for key in request.POST.getlist("orders") if key.isdecimal()]
    found = Order.objects.under_any(reach(signed_in(request), VOUCH)).filter(pk__in=ticked).order_by("pk")
    vouching = vouch_orders(orders=list(found), by=signed_in(request))
    words = _("%(count)d 单记下了：队长作证，服务对象未确认。") % {"count": len(vouching.done)}
    for order in vouching.in_part:
        own = _("%(number)d 号记下了。您自己的时间，请同去的人或站点来作证。")
        messages.success(request, own % {"number": order.number})
    refused = ((order.number, why) for order, why in vouching.refused)
    tell_what_became(request, words if vouching.done else "", refused)
    if not ticked:
        messages.error(request, _("请先勾选几单。"))
    return SeeOther(filtered("console:visits", request))


def _done(request: HttpRequest, found: Assignment, form: forms.Form, act: Any) -> HttpResponse:
    try:
        act(form.cleaned_data)
    except Refused as refused:
        if refused.field not in form.fields:
            raise
        form.add_error(refused.field, str(refused))
        is_slip = isinstance(form, SlipForm)
        return _sheet(request, found, **{"slip_form" if is_slip else "time_form": form})
    messages.success(request, _("%(name)s 的时间记下了。") % {"name": found.volunteer.person.name})
    return SeeOther("console:visits")


def _found(request: HttpRequest, pk: int) -> Assignment:
    return get_object_or_404(assignments_under(reach(signed_in(request), RECORD)), pk=pk)


def _sheet(
    request: HttpRequest, found: Assignment, *, time_form: forms.Form | None = None, slip_form: forms.Form | None = None
) -> HttpResponse:
    seen = visit_of(found)
    is_begun, is_over = seen is not None, seen is not None and seen.finished_at is not None
    is_going = found.order.state in {Order.State.ACCEPTED, Order.State.SERVING}
    facts = {
        "task": found,
        "order": found.order,
        "visit": seen,
        "record": records_about([seen]).get(seen.pk) if seen and is_over else None,
        "may_start": is_going and not is_begun,
        "may_finish": is_begun and not is_over,
        "is_own": found.volunteer.person.user_id == signed_in(request).pk,
        "time_form": time_form or _time_form(found.order, seen),
        "slip_form": slip_form or SlipForm(prefix="slip"),
    }
    return show(request, "console/needs/visit.html", facts, status=422 if time_form or slip_form else 200)


def _time_form(order: Order, seen: Visit | None) -> TimeForm:
    """Prefilled with what is likely: now, or the planned end where it is long over."""
    now: datetime = clock.now()
    ended = rules.proposed_end(order, seen.started_at) if seen else now
    initial = {"at": ended if ended + rules.FORGOTTEN_AFTER < now else now, "how": Visit.How.CAPTAIN}
    return EndForm(prefix="finish", initial=initial) if seen else TimeForm(prefix="start", initial=initial)


urlpatterns = [
    path("visits/", visits, name="visits"),
    path("visits/<int:pk>/", visit, name="visit"),
    path("visits/<int:pk>/start/", visit_start, name="visit_start"),
    path("visits/<int:pk>/finish/", visit_finish, name="visit_finish"),
    path("visits/<int:pk>/slip/", visit_slip, name="visit_slip"),
    path("visits/<int:pk>/no-answer/", visit_no_answer, name="visit_no_answer"),
    path("visits/vouch/", vouch_many, name="vouch_many"),
]
