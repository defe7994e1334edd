"""A volunteer's tasks: being asked, saying yes or no, going there, being done."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.base import clock
from lianxin.base.access import page
from lianxin.base.answers import SeeOther
from lianxin.base.prepared import Prepared
from lianxin.base.refused import Refused
from lianxin.base.words import moment_in_words
from lianxin.hours.queries import records_about
from lianxin.needs.actions.alarms import raise_alarm
from lianxin.needs.actions.closing import vouch_order
from lianxin.needs.actions.dispatching import accept_offer, decline_offer, withdraw
from lianxin.needs.actions.serving import finish_visit, look_at_contact, start_visit
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment, Visit
from lianxin.needs.queries.ratings import mean_of_month
from lianxin.needs.queries.tasks import (
    offer_to,
    open_offers_to,
    present_visit,
    start_times,
    task_of,
    tasks_ahead_of,
    visit_of,
    visits_by,
)
from lianxin.needs.rules import FORGOTTEN_AFTER, proposed_end
from lianxin.people.queries import hotline, what_to_mind
from lianxin.site.known import Me, known

SERVES = "needs.serve"
RECENT = 5
AT_ONCE = "now"


class AcceptForm(forms.Form):
    """At what time to come; the first that is possible is chosen already."""

    starts_at = forms.TypedChoiceField(
        label=gettext_lazy("您几点去？"),
        coerce=lambda value: clock.now() if value == AT_ONCE else datetime.fromisoformat(value),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("这个时间刚过，请另选一个。")},
    )

    def __init__(self, data: Any, order: Order) -> None:
        times = start_times(order)
        now = clock.now()  # asked after them, so that a time which is possible now reads «at once»
        choices = [(AT_ONCE, _("现在就去")) if each <= now else _choice(each) for each in times]
        super().__init__(data, initial={"starts_at": choices[0][0] if choices else None})
        self.fields["starts_at"].choices = choices  # type: ignore[attr-defined]


class FinishForm(forms.Form):
    """Done; perhaps a line about it, and when it was if it is long over (rule E6)."""

    at = forms.DateTimeField(
        label=gettext_lazy("实际几点结束的？"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": gettext_lazy("请填日期和时间。")},
    )
    outcome = forms.CharField(label=gettext_lazy("做得怎么样"), required=False, max_length=100)
    found = forms.ChoiceField(
        label=gettext_lazy("人看上去怎么样？"),
        choices=Visit.Found.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("选「需关注」，社区会打电话问候。只选一个，不写病情。"),
    )

    def __init__(self, data: Any, order: Order, visit: Visit | None) -> None:
        ends = proposed_end(order, visit.started_at) if visit else None
        super().__init__(data, initial={"at": ends})
        if ends is None or ends + FORGOTTEN_AFTER >= clock.now():
            del self.fields["at"]


@page(SERVES)
@known
def tasks(request: HttpRequest, me: Me) -> HttpResponse:
    """Who needs me, what I have promised, what I have just done."""
    visits = list(visits_by(me.volunteer)[:RECENT])
    records = records_about(visits)
    facts = {
        "offers": open_offers_to(me.volunteer),
        "tasks": tasks_ahead_of(me.volunteer),
        "recent": [(visit, records.get(visit.pk)) for visit in visits],
        "mean": mean_of_month(me.volunteer),
    }
    return render(request, "site/needs/tasks.html", facts)


@page(SERVES)
@known
def offer_accept(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """What is asked of me, without a name or a door; choose a time and say yes."""
    offer = _asked(me, pk)
    is_open = offer.state == Offer.State.OPEN and offer.lapses_at > clock.now()
    form = AcceptForm(request.POST or None, offer.order)
    # An offer that is over is refused by the action in its own words, whatever time was chosen.
    if request.method == "POST" and (form.is_valid() or not is_open):
        try:
            task = accept_offer(offer=offer, by=me.user, starts_at=form.cleaned_data.get("starts_at"))
        except Refused as refused:
            if refused.field != "starts_at":
                raise
            form.add_error("starts_at", str(refused))
        else:
            messages.success(request, _("说定了，谢谢您！"))
            return SeeOther("site:task", task.pk)
    facts = {
        "offer": offer,
        "order": offer.order,
        "is_open": is_open,
        "form": form,
        "mind": what_to_mind(offer.order.resident),
    }
    return render(request, "site/needs/offer.html", facts, status=422 if form.errors else 200)


@page(SERVES)
@require_POST
@known
def offer_decline(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """Not this time; nobody asks why."""
    decline_offer(offer=_asked(me, pk), by=me.user)
    messages.success(request, _("没关系，我们去问别人。下次再请您。"))
    return SeeOther("site:tasks")


@page(SERVES)
@known
def task(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """One task, and the next thing to do about it."""
    return _task(request, _own(me, pk))


@page(SERVES)
@require_POST
@known
def task_contact(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """Name, telephone and door, shown this once; the person sees that I looked."""
    own = _own(me, pk)
    return _task(request, own, contact=look_at_contact(assignment=own, by=me.user))


@page(SERVES)
@require_POST
@known
def task_start(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """I stand at the door."""
    start_visit(assignment=_held(me, pk), by=me.user)
    return SeeOther("site:task", pk)


@page(SERVES)
@require_POST
@known
def task_finish(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """I am done."""
    held = _held(me, pk)
    form = FinishForm(request.POST, held.order, present_visit(held))
    if not form.is_valid():
        return _task(request, _own(me, pk), form=form)
    try:
        finish_visit(assignment=held, by=me.user, **form.cleaned_data)
    except Refused as refused:
        if refused.field not in form.fields:
            raise
        form.add_error(refused.field, str(refused))
        return _task(request, _own(me, pk), form=form)
    messages.success(request, _("辛苦了，谢谢您！"))
    return SeeOther("site:task", pk)


@page(SERVES)
@require_POST
@known
def task_no_answer(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """I have knocked and nobody opens: the station and the captain hear it at once."""
    own = _own(me, pk)
    raise_alarm(person=own.order.resident, kind=Alarm.Kind.NO_ANSWER, by=me.user, order=own.order)
    messages.success(request, _("报上去了，社区马上找人。请先在门口等 15 分钟。"))
    return SeeOther("site:task", pk)


@page(SERVES)
@require_POST
@known
def task_vouch(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """I was there too: the captain's own time is countersigned by who served with him (rule H5)."""
    vouch_order(order=_own(me, pk).order, by=me.user)
    messages.success(request, _("谢谢您作证。"))
    return SeeOther("site:task", pk)


@page(SERVES)
@require_POST
@known
def task_withdraw(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """I cannot come after all."""
    withdraw(assignment=_held(me, pk), by=me.user)
    messages.success(request, _("知道了，我们马上另外找人。谢谢您早点说。"))
    return SeeOther("site:tasks")


def _task(
    request: HttpRequest, own: Assignment, *, form: FinishForm | None = None, contact: dict[str, str] | None = None
) -> HttpResponse:
    visit = visit_of(own)
    is_finished = visit is not None and visit.finished_at is not None
    state = own.order.state
    facts = {
        "task": own,
        "order": own.order,
        "mind": what_to_mind(own.order.resident),
        "visit": visit,
        "record": records_about([visit]).get(visit.pk) if visit and is_finished else None,
        "together": [each.volunteer.person for each in own.order.assignments.all() if each != own],
        "may_start": visit is None and state in {Order.State.ACCEPTED, Order.State.SERVING},
        "may_finish": visit is not None and not is_finished,
        "may_withdraw": state in {Order.State.OFFERED, Order.State.ACCEPTED},
        "may_vouch": state == Order.State.TO_CONFIRM and own.order.asked == Order.Asked.CAPTAIN,
        "is_finished": is_finished,
        "alarm": own.order.alarms.filter(kind=Alarm.Kind.NO_ANSWER).order_by("-pk").first(),
        "hotline": hotline(own.order.place),
        "is_early": timezone.localdate(own.order.planned_start) > clock.today(),
        "contact": contact,
        "form": form or FinishForm(None, own.order, visit),
    }
    return render(request, "site/needs/task.html", facts, status=422 if form else 200)


def _choice(moment: datetime) -> tuple[str, str]:
    return moment.isoformat(), moment_in_words(moment)


def _asked(me: Me, pk: int) -> Offer:
    found = offer_to(me.volunteer, pk)
    if found is None:
        raise Http404
    return found


def _own(me: Me, pk: int) -> Assignment:
    own = task_of(me.volunteer, pk)
    if own is None:
        raise Http404
    return own


def _held(me: Me, pk: int) -> Assignment:
    """The task for an action, which reads it again under its lock."""
    held = _held_by.first(me.volunteer.pk, pk)
    if held is None:
        raise Http404
    return held


_held_by = Prepared(
    lambda volunteer, pk: Assignment.objects.filter(
        volunteer_id=volunteer, state=Assignment.State.HELD, pk=pk
    ).select_related("order"),
    models.BigIntegerField(),
    models.BigIntegerField(),
)


urlpatterns = [
    path("tasks/", tasks, name="tasks"),
    path("tasks/<int:pk>/", task, name="task"),
    path("tasks/<int:pk>/contact/", task_contact, name="task_contact"),
    path("tasks/<int:pk>/start/", task_start, name="task_start"),
    path("tasks/<int:pk>/finish/", task_finish, name="task_finish"),
    path("tasks/<int:pk>/no-answer/", task_no_answer, name="task_no_answer"),
    path("tasks/<int:pk>/vouch/", task_vouch, name="task_vouch"),
    path("tasks/<int:pk>/withdraw/", task_withdraw, name="task_withdraw"),
    path("offers/<int:pk>/accept/", offer_accept, name="offer_accept"),
    path("offers/<int:pk>/decline/", offer_decline, name="offer_decline"),
]
