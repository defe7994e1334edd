"""My orders: where each stands, calling it off, confirming, rating."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.base import clock
from lianxin.base.access import SIGNED_IN, page
from lianxin.base.answers import SeeOther
from lianxin.base.moves import may_move
from lianxin.needs.actions.closing import confirm_order, rate_order
from lianxin.needs.actions.placing import ask_to_cancel, cancel_order
from lianxin.needs.models.orders import Order
from lianxin.needs.queries.residents import followed_order, orders_of, own_orders, was_cancel_asked
from lianxin.needs.queries.timeline import timeline, who_comes
from lianxin.needs.rules import called
from lianxin.organisations.models import Node
from lianxin.people.models import Helper
from lianxin.people.queries import hotline, may_act_for
from lianxin.site.known import Me, known

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


@page(SIGNED_IN)
@known
def orders(request: HttpRequest, me: Me) -> HttpResponse:
    """My orders and those of my family: the open ones first."""
    shown = Paginator(own_orders(me.person), A_PAGE).get_page(request.GET.get("page"))
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


def comers(order: Order) -> list[tuple[str, Node]]:
    """Who comes, as a resident calls them, and of which team."""
    return [(called(each.volunteer.person.name), each.volunteer.team) for each in who_comes(order)]


def _order(request: HttpRequest, me: Me, own: Order, form: RateForm) -> HttpResponse:
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
        "is_late": own.state in UNANSWERED and own.promised_at < clock.now(),
        "hotline": hotline(own.place),
        "form": form,
    }
    return render(request, "site/needs/order.html", facts, status=422 if form.errors else 200)


def _known(me: Me, pk: int) -> Order:
    """The order for an action, which reads it again under its lock."""
    found = followed_order(me.person, pk)
    if found is None:
        raise Http404
    return found


def _own(me: Me, pk: int) -> Order:
    return get_object_or_404(orders_of(me.person).select_related("place"), pk=pk)


urlpatterns = [
    path("orders/", orders, name="orders"),
    path("orders/<int:pk>/", order, name="order"),
    path("orders/<int:pk>/cancel/", order_cancel, name="order_cancel"),
    path("orders/<int:pk>/ask-cancel/", order_ask_cancel, name="order_ask_cancel"),
    path("orders/<int:pk>/confirm/", order_confirm, name="order_confirm"),
    path("orders/<int:pk>/rate/", order_rate, name="order_rate"),
]
