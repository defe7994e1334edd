"""How many go: a dispatcher may send fewer than the rule says, with a reason, but never to a minor (rule D9)."""

from django.utils.translation import gettext_lazy as _

from lianxin.base.actions import action, lock
from lianxin.base.moves import move
from lianxin.base.refused import Refused
from lianxin.journal.actions import note
from lianxin.needs.actions.checking import require_reason
from lianxin.needs.actions.dispatching import held_places, minors_of, withdraw_open_offers
from lianxin.needs.models.orders import Order
from lianxin.organisations.queries import require
from lianxin.users.models import User


@action
def send_fewer(*, order: Order, by: User, reason: str) -> Order:
    """Only as many as the menu item itself asks for: on a first visit or at night, where a dispatcher knows why."""
    order = lock(Order, order.pk, "item")
    require(by, "needs.send_fewer", order.place_path)
    require_reason(reason)
    if order.state not in {Order.State.CHECKING, Order.State.WAITING, Order.State.OFFERED}:
        raise Refused(_("现在是「%(now)s」，不能再减人。") % {"now": order.get_state_display()})
    if not order.two_because or order.people <= order.item.people:
        raise Refused(_("这一单没有多派人。"))
    if Order.Two.MINOR in order.two_because:
        raise Refused(_("服务未成年人必须两个人一起去，不能减。"))
    if (held := held_places(order)) > order.item.people:
        raise Refused(_("已经有 %(held)d 个人接了单，不能再减。") % {"held": held})
    if minors_of(order) >= order.item.people:
        raise Refused(_("接单的是未成年的志愿者，要有成年人带着，不能减。"))
    order.people, order.fewer_because = order.item.people, reason
    if held == order.people:
        move(order, Order.State.ACCEPTED)
        withdraw_open_offers(order)
        order.due_at, order.rises_at = order.planned_end, None
    order.save()
    facts = {"people": order.people, "because": list(order.two_because)}
    note("needs.fewer_sent", order, by=by, scope=order.place_path, for_person=order.resident_id, **facts)
    return order
