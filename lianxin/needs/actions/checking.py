"""核实: the station looks whether the need is real, and passes on what volunteers must not do."""

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.moves import move
from lianxin.base.refused import Refused
from lianxin.journal.actions import note
from lianxin.needs import rules
from lianxin.needs.actions.dispatching import let_everybody_go
from lianxin.needs.models.menu import Clock
from lianxin.needs.models.orders import Order
from lianxin.organisations.queries import require
from lianxin.people.actions.looking import look
from lianxin.users.models import User


@action
def verify_order(*, order: Order, by: User, how: str) -> Order:
    """The need is real: on to dispatch. `how` says by which way it was checked (visit, call, web)."""
    order = _locked_for(order, by)
    if order.state != Order.State.CHECKING:
        # Offers that lapse and volunteers who withdraw move to waiting as well; that is not for the station to do.
        raise Refused(_("现在是「%(now)s」，不用再核实了。") % {"now": order.get_state_display()})
    move(order, Order.State.WAITING)
    limits, now = rules.CLOCKS[Clock(order.clock)], clock.now()
    order.verified_by, order.verified_at = by, now
    order.due_at = limits.after(now, limits.dispatch, latest_start=order.latest_start)
    order.save()
    note("needs.order_verified", order, by=by, scope=order.place_path, for_person=order.resident_id, how=how)
    return order


@action
def return_order(*, order: Order, by: User, reason: str) -> Order:
    """It cannot be done like this: the resident is told why, in words, and may order anew."""
    order = _locked_for(order, by)
    _require_reason(reason)
    move(order, Order.State.RETURNED)
    order.reason, order.due_at = reason, None
    order.save()
    note("needs.order_returned", order, by=by, scope=order.place_path, for_person=order.resident_id)
    return order


@action
def redirect_order(*, order: Order, by: User, reason: str) -> Order:
    """It is not for volunteers: handed to whoever is competent, named in the reason (rule V3)."""
    order = _locked_for(order, by)
    _require_reason(reason)
    move(order, Order.State.REDIRECTED)
    order.reason, order.due_at = reason, None
    order.save()
    let_everybody_go(order)
    note("needs.order_redirected", order, by=by, scope=order.place_path, for_person=order.resident_id)
    return order


@action
def look_at_resident(*, order: Order, by: User) -> dict[str, str]:
    """Phone, address and wishes of who ordered, for who verifies or rings back; each look is noted (rule P2)."""
    require(by, "needs.see_resident", order.place_path)
    opened = look(person=order.resident, fields=["phone", "address"], by=by, about=order)
    return opened | {"details": order.details.open() if order.details else ""}


def _locked_for(order: Order, by: User) -> Order:
    order = lock(Order, order.pk, "item", "resident")
    require(by, "needs.verify", order.place_path)
    return order


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("请用一句话写明原因，居民会看到。"), field="reason")
