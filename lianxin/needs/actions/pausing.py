"""暂停: an order waits for something outside, with a reason and an end, and its clocks stand still (rule C5)."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock, working_time
from lianxin.base.actions import action, lock
from lianxin.base.moves import move
from lianxin.base.refused import Refused
from lianxin.journal.actions import note
from lianxin.needs import rules
from lianxin.needs.actions.checking import require_reason
from lianxin.needs.actions.dispatching import held_places, withdraw_open_offers
from lianxin.needs.models.detours import Pause
from lianxin.needs.models.menu import Clock
from lianxin.needs.models.orders import Order
from lianxin.organisations.queries import require
from lianxin.users.models import User


@action
def pause_order(*, order: Order, by: User, reason: str, until: datetime) -> Pause:
    """The order's clocks stand still until then; the resident hears why."""
    order = lock(Order, order.pk, "item", "resident")
    require(by, "needs.pause", order.place_path)
    require_reason(reason)
    now, limits = clock.now(), rules.CLOCKS[Clock(order.clock)]
    if not now < until <= now + rules.LONGEST_PAUSE:
        raise Refused(_("请写暂停到哪天，从现在起最长一个月。"), field="until")
    if held_places(order):
        raise Refused(_("已经有志愿者接了这一单。请改约时间，或先请志愿者不用去。"))
    left = limits.left(now, order.due_at) if order.due_at else timedelta()
    move(order, Order.State.PAUSED)
    pause = Pause.objects.create(
        order=order,
        reason=reason,
        until=until,
        left=left,
        promise_left=limits.left(now, order.promised_at),
        made_by=by,
        made_at=now,
    )
    withdraw_open_offers(order)
    order.due_at, order.rises_at = until, None
    order.save()
    note("needs.order_paused", order, by=by, scope=order.place_path, for_person=order.resident_id, pause=pause.pk)
    return pause


@action
def resume_order(*, order: Order, by: User) -> Order:
    """Somebody at the desk lets the order go on before its time."""
    order = lock(Order, order.pk, "item", "resident")
    require(by, "needs.pause", order.place_path)
    return _resume(order, by)


@action
def resume_when_due(*, order: Order) -> Order:
    """The pause is over by itself; an order that goes on already, or is paused anew, is left alone."""
    order = lock(Order, order.pk, "item", "resident")
    is_due = order.state == Order.State.PAUSED and order.due_at is not None and order.due_at <= clock.now()
    return _resume(order, None) if is_due else order


def _resume(order: Order, by: User | None) -> Order:
    if order.state != Order.State.PAUSED:
        raise Refused(_("这一单没有暂停。请刷新页面看最新情况。"))
    is_checked = order.verified_at is not None
    move(order, Order.State.WAITING if is_checked else Order.State.CHECKING)
    now = clock.now()
    pause = order.pauses.get(ended_at=None)
    pause.ended_at, pause.resumed_by = now, by
    pause.save()
    order.due_at, order.promised_at = _again(order, pause.left), _again(order, pause.promise_left)
    order.rises_at = order.due_at if is_checked else None
    order.save()
    note("needs.order_resumed", order, by=by, scope=order.place_path, for_person=order.resident_id)
    return order


def _again(order: Order, left: timedelta) -> datetime:
    """What was left when the clock stood still, from now on; no later than the visit's time allows (rule C3)."""
    now, limits = clock.now(), rules.CLOCKS[Clock(order.clock)]
    end = working_time.after(now, left) if limits.in_working_time and left else now + left
    return rules.no_later(end, now, order.latest_start)
