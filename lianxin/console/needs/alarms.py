"""警报: who may be in danger, or waits for somebody who did not come; red and on top until there is an outcome."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.base.access import page
from lianxin.base.pages import page_of
from lianxin.base.refused import Refused
from lianxin.console.frame import show, signed_in
from lianxin.console.going_on import go_on
from lianxin.console.listed import as_asked, narrowed
from lianxin.needs.actions.alarms import end_alarm, look_at_alarmed, read_outcome
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.models.orders import Order
from lianxin.needs.queries import alarms as found_alarms
from lianxin.needs.queries.timeline import who_comes
from lianxin.needs.rules import Then
from lianxin.organisations.queries import may, reach
from lianxin.users.models import User

ANSWER = "needs.answer_alarms"
BY_HAND = [choice for choice in Alarm.Outcome.choices if choice[0] != Alarm.Outcome.LATE]


class OutcomeForm(forms.Form):
    """What came of it, in one tap and a line; and what becomes of the visit."""

    outcome = forms.TypedChoiceField(
        label=gettext_lazy("查明了什么？"),
        coerce=Alarm.Outcome,
        choices=BY_HAND,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选一个结果。")},
    )
    words = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("谁见到或联系到本人、几点、报警或急救的编号。"),
    )
    then = forms.TypedChoiceField(
        label=gettext_lazy("这次上门怎么办？"),
        coerce=Then,
        choices=Then.choices,
        widget=forms.RadioSelect,
        initial=Then.AGAIN,
        error_messages={"required": gettext_lazy("请选这次上门怎么办。")},
    )

    def __init__(self, data: object, alarm: Alarm) -> None:
        super().__init__(data, auto_id="alarm_%s")  # type: ignore[arg-type]
        if alarm.order is None or alarm.order.state in Order.ENDED:
            del self.fields["then"]


A_FEW, ROWS_A_PAGE = 20, 50


@page(may=ANSWER)
def alarms(request: HttpRequest) -> HttpResponse:
    """Those that ring, the longest on top; below, what came of the others of this week. The filters hold for both."""
    user = signed_in(request)
    _rows, filters = narrowed(request, "alarms", found_alarms.ringing(reach(user, ANSWER)))
    ringing, ended = asked_for(user, request.GET)
    shown = page_of(request, ringing, ROWS_A_PAGE)
    return show(
        request,
        "console/needs/alarms.html",
        {"page": shown, "ended": [] if shown.number > 1 else ended, **filters},
    )


def asked_for(user: User, query: QueryDict) -> tuple[QuerySet[Alarm], QuerySet[Alarm]]:
    """Those that ring and those that have ended, as far as they were asked for; what has ended is not late."""
    paths = reach(user, ANSWER)
    ended = as_asked(user, query, "alarms", found_alarms.ended_lately(paths))
    if query.get("late"):
        ended = ended.none()
    return as_asked(user, query, "alarms", found_alarms.ringing(paths)), ended[:A_FEW]


@page(may=ANSWER)
def alarm(request: HttpRequest, pk: int) -> HttpResponse:
    """One alarm: whom to ring, who saw him last; POST states what came of it."""
    found = _found(request, pk)
    form = OutcomeForm(request.POST if request.method == "POST" else None, found)
    if request.method == "POST" and form.is_valid():
        try:
            end_alarm(alarm=found, by=signed_in(request), **form.cleaned_data)
        except Refused as refused:
            if refused.field not in form.fields:
                raise
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("记下了，会告诉家人和报警的人。"))
            return go_on(request, "alarms", found)
    return _sheet(request, found, form=form, status=422 if form.errors else 200)


@page(may="needs.see_resident")
@require_POST
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """Phone and address, opened for this one answer and noted."""
    paths = reach(signed_in(request), "needs.see_resident")
    found = get_object_or_404(found_alarms.alarms_under(paths), pk=pk)
    contact = look_at_alarmed(alarm=found, by=signed_in(request))
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "console/needs/alarm.html#contact", {"alarm": found, "contact": contact})
    return _sheet(request, found, form=OutcomeForm(None, found), contact=contact)


@page(may="needs.see_resident")
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """What was written about how it ended, opened for this one answer and noted."""
    paths = reach(signed_in(request), "needs.see_resident")
    found = get_object_or_404(found_alarms.alarms_under(paths), pk=pk)
    return _sheet(request, found, form=OutcomeForm(None, found), words=read_outcome(alarm=found, by=signed_in(request)))


def _found(request: HttpRequest, pk: int) -> Alarm:
    return get_object_or_404(found_alarms.alarms_under(reach(signed_in(request), ANSWER)), pk=pk)


def _sheet(
    request: HttpRequest,
    found: Alarm,
    *,
    form: OutcomeForm,
    contact: dict[str, Any] | None = None,
    words: str = "",
    status: int = 200,
) -> HttpResponse:
    may_look = may(signed_in(request), "needs.see_resident", found.place_path)
    facts = {
        "alarm": found,
        "form": form,
        "contact": contact,
        "words": words,
        "may_look": may_look,
        "name": found.person.name if may_look else found.person.masked_name,
        "comers": who_comes(found.order) if found.order else [],
        "last_seen": found_alarms.last_seen(found.person),
        "calls": found_alarms.calls_to_contacts(found) if may_look else [],
    }
    return show(request, "console/needs/alarm.html", facts, status=status)


urlpatterns = [
    path("alarms/", alarms, name="alarms"),
    path("alarms/<int:pk>/", alarm, name="alarm"),
    path("alarms/<int:pk>/look/", look, name="alarm_look"),
    path("alarms/<int:pk>/read/", read, name="alarm_read"),
]
