"""升级: an order that nobody has accepted in time rises to the next rung of the service tree (rule C4)."""

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.journal.actions import note
from lianxin.needs import rules
from lianxin.needs.models.orders import Order


@action
def raise_order(*, order: Order) -> Order:
    """Let the order, as the caller has read it, rise one rung: 分队, 支队, 总队.

    Does nothing when another worker was first, when somebody is being asked or has accepted, or at the top.
    """
    seen = order.tier
    order = lock(Order, order.pk, "item")
    now = clock.now()
    is_due = order.state == Order.State.WAITING and order.rises_at is not None and order.rises_at <= now
    if order.tier != seen or not is_due:
        return order
    below = order.answering_path
    order.tier += 1
    if order.answering_path == below:
        order.tier -= 1
        order.rises_at = None
        order.save(update_fields=["tier", "rises_at"])
        return order
    order.rises_at = rules.Deadlines(now).lapse(order)
    order.save(update_fields=["tier", "rises_at"])
    note("needs.order_raised", order, by=None, scope=order.place_path, for_person=order.resident_id, tier=order.tier)
    return order
