"""核实: the station looks whether the need is real, or sends it back with a reason."""

from collections.abc import Sequence
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import Many, action, lock, lock_many
from lianxin.base.bulk import update_many
from lianxin.base.moves import move
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.actions import Deed, note, note_many
from lianxin.needs import rules
from lianxin.needs.models.orders import Order
from lianxin.organisations.queries import may, require
from lianxin.people.actions.looking import look
from lianxin.people.models import Helper
from lianxin.people.queries import may_act_for
from lianxin.users.models import User


@action
def verify_order(*, order: Order, by: User, how: str) -> Order:
    """The need is real: on to dispatch. `how` says by which way it was checked (visit, call, web)."""
    return verify_orders(orders=[order], by=by, how=how).or_refuse()[0]


@action
def verify_orders(*, orders: Sequence[Order], by: User, how: str) -> Many[Order]:
    """Several needs are real, checked by the same way, with as many statements as for one (rule D14).

    An order that is out of reach or no longer waits to be checked is refused by its number; the others go through.
    """
    result, deadlines = Many[Order](), rules.Deadlines(clock.now())
    for order in lock_many(Order, [each.pk for each in orders], "item", "resident"):
        try:
            _verify(order, by, deadlines)
        except Refused as refusal:
            result.refused[order.pk] = refusal
        else:
            result.done.append(order)
    update_many(result.done, "state", "verified_by", "verified_at", "due_at", "rises_at", "responsible")
    note_many("needs.order_verified", [_deed(order, how) for order in result.done], by=by)
    return result


def _deed(order: Order, how: str) -> Deed:
    wished = {"wished": order.wished_id} if order.wished_id else {}
    return Deed(order, order.place_path, order.resident_id, {"how": how, **wished})


@action
def return_order(*, order: Order, by: User, reason: str) -> Order:
    """It cannot be done like this: the resident is told why, in words, and may put it right (rules V2 and V5)."""
    order = lock(Order, order.pk, "item", "resident")
    require(by, "needs.verify", order.place_path)
    require_reason(reason)
    move(order, Order.State.RETURNED)
    order.reason, order.due_at, order.rises_at = reason, None, None
    take_duty(order, by)
    order.save()
    note("needs.order_returned", order, by=by, scope=order.place_path, for_person=order.resident_id)
    return order


@action
def resubmit_order(*, order: Order, by: User, start: datetime, end: datetime, details: str) -> Order:
    """The resident, or who acts for him, puts right what came back, and it is checked again (rule V5).

    Without `details` what was written before stands.
    """
    order = lock(Order, order.pk, "item", "resident__home")
    require_speaks_for(order, by, "needs.place_for_others")
    require_window(start, end)
    if order.state != Order.State.RETURNED:
        raise Refused(_("现在是「%(now)s」，不用再补交。") % {"now": order.get_state_display()})
    move(order, Order.State.CHECKING)
    order.window = DateTimeTZRange(start, end)
    if details.strip():
        order.details = details
    deadlines = rules.Deadlines(clock.now())
    order.promised_at, order.due_at = deadlines.promise(order), deadlines.verify(order)
    order.reason = ""
    order.save()
    note("needs.order_resubmitted", order, by=by, scope=order.place_path, for_person=order.resident_id)
    return order


@action
def look_at_resident(*, order: Order, by: User) -> dict[str, str]:
    """Phone, address and wishes of who ordered, for who verifies or rings back; each look is noted (rule P2)."""
    require(by, "needs.see_resident", order.place_path)
    opened = look(person=order.resident, fields=["phone", "address"], by=by, about=order)
    return opened | {"details": order.details.open() if order.details else ""}


def take_duty(order: Order, by: User | None) -> None:
    """Who takes an order first at a desk is responsible for it until he hands it on (rule D10)."""
    if order.responsible_id is None:
        order.responsible = by


def require_reason(reason: str) -> None:
    """Refuse unless there is a reason in words."""
    if not reason.strip():
        raise Refused(_("请用一句话写明原因，居民会看到。"), field="reason")


def require_window(start: datetime, end: datetime) -> None:
    """Refuse a window that is over, too long, or ends before it begins (rule O2)."""
    if end <= start:
        raise Refused(_("结束时间要晚于开始时间。"), field="end")
    if end <= clock.now():
        raise Refused(_("这个时间已经过去了，请另选时间。"), field="start")
    if end - start > rules.LONGEST_WINDOW:
        raise Refused(_("希望的时间最长两周，请选近一点、短一点的时间。"), field="end")


def require_speaks_for(order: Order, by: User, *permissions: str) -> None:
    """Refuse whoever is neither the resident, nor lets help him, nor holds one of these permissions in reach."""
    own = getattr(by, "person", None)
    if own and may_act_for(own, order.resident, Helper.Scope.ORDER):
        return
    if not any(may(by, permission, order.place_path) for permission in permissions):
        raise Forbidden(_("只有点单的居民、家人或负责这里的工作人员可以这样做。"))


def _verify(order: Order, by: User, deadlines: rules.Deadlines) -> None:
    require(by, "needs.verify", order.place_path)
    if order.state != Order.State.CHECKING:
        # Offers that lapse and volunteers who withdraw move to waiting as well; that is not for the station to do.
        raise Refused(_("现在是「%(now)s」，不用再核实了。") % {"now": order.get_state_display()})
    move(order, Order.State.WAITING)
    order.verified_by, order.verified_at = by, deadlines.moment
    order.due_at = order.rises_at = deadlines.dispatch(order)
    take_duty(order, by)
