"""My orders: where each stands, calling it off, confirming, rating."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.base import clock
from lianxin.base.access import SIGNED_IN, page
from lianxin.base.answers import SeeOther
from lianxin.base.moves import may_move
from lianxin.base.pages import page_of
from lianxin.base.refused import Refused
from lianxin.needs.actions.closing import confirm_order, rate_order
from lianxin.needs.actions.placing import ask_to_cancel, cancel_order
from lianxin.needs.actions.reopening import reopen_order
from lianxin.needs.models.orders import Order
from lianxin.needs.queries.residents import followed_order, orders_of, own_orders, was_cancel_asked
from lianxin.needs.queries.timeline import timeline, who_comes
from lianxin.needs.rules import REOPEN_WITHIN, called
from lianxin.organisations.models import Node
from lianxin.people.models import Helper
from lianxin.people.queries import hotline, may_act_for
from lianxin.site.known import Me, known
from lianxin.site.needs.changes import may_change

A_PAGE = 20
UNANSWERED = (Order.State.CHECKING, Order.State.WAITING, Order.State.OFFERED)
STARS = (
    (5, gettext_lazy("很满意")),
    (4, gettext_lazy("满意")),
    (3, gettext_lazy("一般")),
    (2, gettext_lazy("不满意")),
    (1, gettext_lazy("很不满意")),
)


class RateForm(forms.Form):
    """Five big choices and perhaps a line."""

    stars = forms.TypedChoiceField(
        label=gettext_lazy("您满意吗？"),
        coerce=int,
        choices=STARS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选一个。")},
    )
    words = forms.CharField(label=gettext_lazy("想说的话"), required=False, max_length=200)


class ReopenForm(forms.Form):
    """What is not done yet, and who is to come again: the same people at a time, or somebody else."""

    SAME, OTHER = "same", "other"

    words = forms.CharField(
        label=gettext_lazy("哪里还没做好？"),
        max_length=100,
        help_text=gettext_lazy("加密保存，只有来的志愿者看得到。"),
        error_messages={"required": gettext_lazy("请说一句哪里还没做好，来的人好准备。")},
    )
    who = forms.ChoiceField(
        label=gettext_lazy("请谁来？"),
        choices=[(SAME, gettext_lazy("还请原来的人")), (OTHER, gettext_lazy("另外找人"))],
        initial=SAME,
        widget=forms.RadioSelect,
    )
    start = forms.DateTimeField(
        label=gettext_lazy("原来的人几点来？"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": gettext_lazy("请填日期和时间。")},
    )

    def __init__(self, data: object = None) -> None:
        tomorrow = timezone.localtime(clock.now()) + timedelta(days=1)
        usual = tomorrow.replace(hour=9, minute=0, second=0, microsecond=0)
        super().__init__(data, auto_id="reopen_%s", initial={"start": usual})  # type: ignore[arg-type]

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("who") == self.OTHER:
            self.cleaned_data["start"] = None
        elif not self.cleaned_data.get("start") and "start" not in self.errors:
            self.add_error("start", _("请选原来的人几点来。"))
        return self.cleaned_data


@page(SIGNED_IN)
@known
def orders(request: HttpRequest, me: Me) -> HttpResponse:
    """My orders and those of my family: the open ones first."""
    shown = page_of(request, own_orders(me.person), A_PAGE)
    return render(request, "site/needs/orders.html", {"page": shown, "me": me.person})


@page(SIGNED_IN)
@known
def order(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """One order from beginning to end."""
    return _order(request, me, _own(me, pk), RateForm())


@page(SIGNED_IN)
@require_POST
@known
def order_cancel(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """Call it off."""
    cancel_order(order=_known(me, pk), by=me.user)
    messages.success(request, _("这一单取消了。需要的时候再点。"))
    return SeeOther("site:order", pk)


@page(SIGNED_IN)
@require_POST
@known
def order_ask_cancel(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """A relative thinks it is not needed any more; the community rings the person first (rule O9)."""
    ask_to_cancel(order=_known(me, pk), by=me.user)
    messages.success(request, _("社区会打电话问本人。本人说不用了，这一单才取消。"))
    return SeeOther("site:order", pk)


@page(SIGNED_IN)
@require_POST
@known
def order_confirm(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """It was done."""
    confirm_order(order=_known(me, pk), by=me.user)
    messages.success(request, _("谢谢您，确认好了。"))
    return SeeOther("site:order", pk)


@page(SIGNED_IN)
@require_POST
@known
def order_rate(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """What I thought of it."""
    form = RateForm(request.POST)
    if not form.is_valid():
        return _order(request, me, _own(me, pk), form)
    rate_order(order=_known(me, pk), by=me.user, **form.cleaned_data)
    return SeeOther("site:order", pk)


@page(SIGNED_IN)
@require_POST
@known
def order_reopen(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """It is not done yet."""
    form = ReopenForm(request.POST)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            reopen_order(order=_known(me, pk), words=asked["words"], start=asked["start"], by=me.user)
        except Refused as refused:
            if refused.field not in form.fields:
                raise
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("对不起没做好。我们马上安排人再来。"))
            return SeeOther("site:order", pk)
    return _order(request, me, _own(me, pk), RateForm(), form)


def comers(order: Order) -> list[tuple[str, Node]]:
    """Who comes, as a resident calls them, and of which team."""
    return [(called(each.volunteer.person.name), each.volunteer.team) for each in who_comes(order)]


def _order(
    request: HttpRequest, me: Me, own: Order, form: RateForm, reopen_form: ReopenForm | None = None
) -> HttpResponse:
    is_own = own.resident == me.person
    is_mine = may_act_for(me.person, own.resident, Helper.Scope.ORDER)
    facts: dict[str, Any] = {
        "order": own,
        "is_for_another": own.resident != me.person,
        "steps": timeline(own),
        "comers": comers(own),
        "may_cancel": is_own and may_move(own, Order.State.CANCELLED),
        "may_ask_to_cancel": is_mine and not is_own and may_move(own, Order.State.CANCELLED),
        "was_cancel_asked": not is_own and was_cancel_asked(own, me.person),
        "may_repeat": is_mine and own.state in Order.ENDED,
        "may_confirm": is_mine and own.state == Order.State.TO_CONFIRM,
        "may_rate": is_mine and own.state == Order.State.DONE and not hasattr(own, "rating"),
        "may_reopen": (is_mine and own.state == Order.State.TO_CONFIRM) or (is_mine and _is_fresh(own)),
        "is_vouched": own.state == Order.State.DONE and own.confirmed_how == "captain",
        "follow_up": getattr(getattr(own, "rating", None), "follow_up", None),
        "reopen_form": reopen_form or ReopenForm(),
        "is_late": own.state in UNANSWERED and own.promised_at < clock.now(),
        "hotline": hotline(own.place),
        "form": form,
        **may_change(own, is_mine=is_mine),
    }
    is_wrong = form.errors or (reopen_form and reopen_form.errors)
    return render(request, "site/needs/order.html", facts, status=422 if is_wrong else 200)


def _is_fresh(own: Order) -> bool:
    """Whether the order ended so lately that it may be reopened (rule E8)."""
    is_done = own.state == Order.State.DONE and own.confirmed_at is not None
    return bool(is_done and own.confirmed_at and clock.now() <= own.confirmed_at + REOPEN_WITHIN)


def _known(me: Me, pk: int) -> Order:
    """The order for an action, which reads it again under its lock."""
    found = followed_order(me.person, pk)
    if found is None:
        raise Http404
    return found


def _own(me: Me, pk: int) -> Order:
    return get_object_or_404(orders_of(me.person).select_related("place", "rating__follow_up"), pk=pk)


urlpatterns = [
    path("orders/", orders, name="orders"),
    path("orders/<int:pk>/", order, name="order"),
    path("orders/<int:pk>/cancel/", order_cancel, name="order_cancel"),
    path("orders/<int:pk>/ask-cancel/", order_ask_cancel, name="order_ask_cancel"),
    path("orders/<int:pk>/confirm/", order_confirm, name="order_confirm"),
    path("orders/<int:pk>/reopen/", order_reopen, name="order_reopen"),
    path("orders/<int:pk>/rate/", order_rate, name="order_rate"),
]
