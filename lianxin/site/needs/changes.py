"""A resident changes something about an order: another time, put right and sent again, the same once more, whom not to
send."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.base import clock
from lianxin.base.access import SIGNED_IN, page
from lianxin.base.answers import SeeOther
from lianxin.base.day_parts import DayPart, days_with_parts
from lianxin.needs.actions.again import order_again
from lianxin.needs.actions.checking import resubmit_order
from lianxin.needs.actions.releasing import spare, spare_no_more
from lianxin.needs.actions.rescheduling import reschedule_order
from lianxin.needs.models.orders import Order
from lianxin.needs.queries.desk import who_has_come
from lianxin.needs.queries.residents import orders_of
from lianxin.needs.rules import called
from lianxin.people.models import Helper, Person
from lianxin.people.queries import helped_by, may_act_for
from lianxin.site.known import Me, known
from lianxin.volunteers.models import Volunteer
from lianxin.volunteers.queries import blocks_of

DAYS_SHOWN = 7


class WhenForm(forms.Form):
    """A part of one of the next days."""

    when = forms.ChoiceField(
        label=gettext_lazy("改到什么时候？"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("请选一个时间。"),
            "invalid_choice": gettext_lazy("这个时间刚过，请另选一个。"),
        },
    )

    def __init__(self, data: Any, order: Order, **options: Any) -> None:
        super().__init__(data, **options)
        days = days_with_parts(clock.today(), DAYS_SHOWN, order.minutes)
        self.parts = {f"{part.day.isoformat()} {part.part.value}": part for _day, parts in days for part in parts}
        field = self.fields["when"]
        field.choices = [(key, str(part)) for key, part in self.parts.items()]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> DayPart:
        return self.parts[self.cleaned_data["when"]]


class AgainForm(WhenForm):
    """What was missing, and when."""

    details = forms.CharField(
        label=gettext_lazy("补充一下要做什么"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("加密保存，只有接单的志愿者看得到。"),
    )
    field_order = ("details", "when")


@page(SIGNED_IN)
@known
def order_reschedule(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """Another time; who was coming is asked again."""
    own = _own(me, pk)
    form = WhenForm(request.POST if request.method == "POST" else None, own)
    if request.method == "POST" and form.is_valid():
        part = form.chosen
        reschedule_order(order=own, by=me.user, start=part.start, end=part.end, how=Order.Way.WEB)
        messages.success(request, _("时间改好了。原来说好的人，我们重新去问。"))
        return SeeOther("site:order", pk)
    facts = {"order": own, "form": form, "may_change": own.state in Order.BEFORE_THE_DOOR}
    return render(request, "site/needs/order_reschedule.html", facts, status=422 if form.errors else 200)


@page(SIGNED_IN)
@known
def order_resubmit(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """What the community sent back, put right and sent again."""
    own = _own(me, pk)
    form = AgainForm(request.POST if request.method == "POST" else None, own)
    if request.method == "POST" and form.is_valid():
        part, details = form.chosen, form.cleaned_data["details"]
        resubmit_order(order=own, by=me.user, start=part.start, end=part.end, details=details)
        messages.success(request, _("补充好了，社区会再看一遍。"))
        return SeeOther("site:order", pk)
    facts = {"order": own, "form": form, "may_change": own.state == Order.State.RETURNED}
    return render(request, "site/needs/order_resubmit.html", facts, status=422 if form.errors else 200)


@page(SIGNED_IN)
@require_POST
@known
def order_again_(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """The same once more, in one tap; who served last is asked first."""
    placed = order_again(order=_own(me, pk), by=me.user, way=Order.Way.WEB)
    messages.success(request, _("又点了一单，先去问上次那位。时间不合适可以改。"))
    return SeeOther("site:order", placed.pk)


@page(SIGNED_IN)
@known
def comers(request: HttpRequest, me: Me) -> HttpResponse:
    """Who has come to me, or to whom I act for; whom not to send again, and who may come again."""
    resident = _resident(request, me)
    if request.method == "POST":
        return _spare(request, me, resident)
    spared = [each.volunteer for each in blocks_of(resident)]
    facts = {
        "resident": resident,
        "is_for_another": resident != me.person,
        "others": [each for each in helped_by(me.person, Helper.Scope.ORDER) if each != resident],
        "come": [(called(each.person.name), each) for each in who_has_come(resident) if each not in spared],
        "spared": [(called(each.person.name), each) for each in spared],
    }
    return render(request, "site/needs/comers.html", facts)


def may_change(own: Order, *, is_mine: bool) -> dict[str, Any]:
    """What the page of an order, read with its course, offers beside cancelling: another time, the same again, somebody
    else."""
    is_done = is_mine and own.state == Order.State.DONE
    visits = [(visit, each) for each in own.assignments.all() for visit in each.visits.all() if visit.finished_at]
    last = max(visits, key=lambda pair: pair[0].pk)[1].volunteer if is_done and visits else None
    return {
        "may_reschedule": is_mine and own.state in Order.BEFORE_THE_DOOR,
        "may_resubmit": is_mine and own.state == Order.State.RETURNED,
        "may_again": is_done,
        "served_last": called(last.person.name) if last else "",
        "may_spare": is_mine,
    }


def _spare(request: HttpRequest, me: Me, resident: Person) -> HttpResponse:
    number = request.POST.get("volunteer", "")
    volunteer = get_object_or_404(Volunteer, pk=int(number) if number.isdecimal() else 0)
    known_ones = {*who_has_come(resident), *(each.volunteer for each in blocks_of(resident))}
    if volunteer not in known_ones:
        raise Http404
    if "again" in request.POST:
        spare_no_more(resident=resident, volunteer=volunteer, by=me.user)
        messages.success(request, _("好的，以后还可以请这位来。"))
    else:
        spare(resident=resident, volunteer=volunteer, by=me.user)
        messages.success(request, _("好的，以后换别人来。我们不会告诉这位志愿者。"))
    return SeeOther(f"{reverse('site:comers')}?for={resident.pk}")


def _resident(request: HttpRequest, me: Me) -> Person:
    """Oneself, or somebody for whom one may order."""
    number = request.GET.get("for", "")
    if not number.isdecimal() or int(number) == me.person.pk:
        return me.person
    return get_object_or_404(helped_by(me.person, Helper.Scope.ORDER), pk=int(number))


def _own(me: Me, pk: int) -> Order:
    """An order that this person may change: his own, or that of somebody for whom he may order."""
    own = get_object_or_404(orders_of(me.person).select_related("place"), pk=pk)
    if not may_act_for(me.person, own.resident, Helper.Scope.ORDER):
        raise Http404
    return own


urlpatterns = [
    path("orders/<int:pk>/reschedule/", order_reschedule, name="order_reschedule"),
    path("orders/<int:pk>/resubmit/", order_resubmit, name="order_resubmit"),
    path("orders/<int:pk>/again/", order_again_, name="order_again"),
    path("comers/", comers, name="comers"),
]
