"""再请上次那位: an earlier order once more, with the same person asked first (rule D16)."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.refused import Refused
from lianxin.needs import rules
from lianxin.needs.actions.checking import require_speaks_for
from lianxin.needs.actions.dispatching import Ask, offer_orders
from lianxin.needs.actions.placing import place_order
from lianxin.needs.models.orders import Order
from lianxin.needs.queries import desk
from lianxin.users.models import User


@action
def order_again(*, order: Order, by: User, way: Order.Way, key: UUID | None = None) -> Order:
    """The same item at the same hours of the same weekday, as soon as that comes; who served last is asked first."""
    order = Order.objects.select_related("item__place", "resident__home").get(pk=order.pk)
    require_speaks_for(order, by, "needs.place_for_others")
    if order.state != Order.State.DONE:
        raise Refused(_("这一单完成以后才能再请。"))
    start, end = rules.same_time_again(order.window, clock.now())
    return place_order(
        item=order.item,
        resident=order.resident,
        start=start,
        end=end,
        by=by,
        way=way,
        details=order.details.open() if order.details else "",
        key=key,
        wished=desk.who_served_last(order),
    )


@action
def ask_the_wished(*, order: Order) -> None:
    """Whom the resident asked for again is asked by the product itself, once, as soon as the order waits."""
    order = lock(Order, order.pk, "item__skill", "resident")
    is_asked = order.offers.filter(volunteer=order.wished_id).exists()
    if order.wished is not None and order.state == Order.State.WAITING and not is_asked:
        offer_orders(asks=[Ask(order, [order.wished])], by=None)
