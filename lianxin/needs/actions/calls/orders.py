"""What a call does with orders: a new one, urging one, merging a repeat, another time for one, calling one off."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.bulk import update_many
from lianxin.base.refused import Refused
from lianxin.journal.actions import Deed, note, note_many
from lianxin.needs import rules
from lianxin.needs.actions.calls.taking import own_open
from lianxin.needs.actions.placing import cancel_order, place_order, ring_before_cancelling
from lianxin.needs.actions.rescheduling import reschedule_order
from lianxin.needs.models.calls import Call
from lianxin.needs.models.menu import MenuItem
from lianxin.needs.models.orders import Order
from lianxin.organisations.queries import require
from lianxin.people.models import Person
from lianxin.users.models import User

WITHOUT_ANSWER = (Order.State.CHECKING, Order.State.WAITING, Order.State.OFFERED)


@action
def order_by_call(
    *, call: Call, item: MenuItem, start: datetime, end: datetime, details: str, by: User, key: UUID | None = None
) -> Order:
    """The order that a caller asks for; it needs no further check (rule O3)."""
    call = own_open(call, by)
    if call.person_id is None:
        raise Refused(_("请先选是谁在打电话。"), field="person")
    person = Person.objects.get(pk=call.person_id)
    order = place_order(
        item=item, resident=person, start=start, end=end, by=by, way=Order.Way.CALL, details=details, key=key
    )
    _about(call, order, Call.Kind.ORDER)
    return order


@action
def urge_order(*, call: Call, order: Order, by: User, is_repeat: bool = False) -> Order:
    """The caller asks where it stays: the order moves up, and whoever answers for it hears of it (rule L2).

    A wish for the same once more is merged into the order that is on its way (`is_repeat`, rule L3). Once per call.
    """
    call = own_open(call, by)
    order = lock(Order, order.pk, "item")
    require(by, "needs.take_calls", order.place_path)
    if order.resident_id != call.person_id:
        raise Refused(_("这不是这位居民的单。"))
    if call.kind == Call.Kind.URGING and call.order_id == order.pk:
        return order
    if order.state in Order.ENDED:
        raise Refused(_("这一单已经结束了。如果还需要，请另点一单。"))
    now = clock.now()
    order.urged, order.urged_at, order.due_at = order.urged + 1, now, rules.urged_due(order.due_at, now)
    order.save(update_fields=["urged", "urged_at", "due_at"])
    _about(call, order, Call.Kind.URGING)
    facts = {"times": order.urged, "is_repeat": is_repeat}
    note("needs.order_urged", order, by=by, scope=order.place_path, for_person=order.resident_id, **facts)
    return order


@action
def cancel_by_call(*, call: Call, order: Order, reason: str, by: User) -> Order:
    """The caller does not need it any more; who rings for somebody else does not cancel at once (rule O9)."""
    call = own_open(call, by)
    if order.resident_id != call.person_id:
        raise Refused(_("这不是这位居民的单。"))
    if call.relation not in {Call.Relation.SELF, ""}:
        raise Refused(_("打来的不是本人，请先问本人。"))
    order = cancel_order(order=order, by=by, reason=reason)
    _about(call, order, Call.Kind.CANCEL)
    return order


@action
def ask_to_cancel_by_call(*, call: Call, order: Order, by: User) -> Order:
    """A relative at the telephone thinks that it is not needed any more: the resident is rung first (rule O9)."""
    call = own_open(call, by)
    if order.resident_id != call.person_id:
        raise Refused(_("这不是这位居民的单。"))
    order = ring_before_cancelling(order=order, by=by, asked=f"call {call.pk}")
    _about(call, order, Call.Kind.CANCEL)
    return order


@action
def reschedule_by_call(*, call: Call, order: Order, start: datetime, end: datetime, by: User) -> Order:
    """The caller wants another time; who was coming is asked again (rule D15). Sent twice it is done once."""
    call = own_open(call, by)
    if order.resident_id != call.person_id:
        raise Refused(_("这不是这位居民的单。"))
    known = Order.objects.get(pk=order.pk)
    if call.kind == Call.Kind.RESCHEDULE and call.order_id == known.pk and _is_wanted_at(known, start, end):
        return known
    order = reschedule_order(order=known, by=by, start=start, end=end, how=Order.Way.CALL)
    _about(call, order, Call.Kind.RESCHEDULE)
    return order


@action
def renew_promises(*, orders: Sequence[Order]) -> list[Order]:
    """The answer promised has not come: promise anew, and say so, before the resident has to ask (rule L10)."""
    now = clock.now()
    late = Order.objects.select_for_update(no_key=True).filter(pk__in=[order.pk for order in orders])
    late = late.filter(promised_at__lte=now, state__in=WITHOUT_ANSWER)
    found = list(late.order_by("pk"))
    for order in found:
        order.promised_at = rules.promised_anew(order, now)
    update_many(found, "promised_at")
    note_many("needs.promise_renewed", [Deed(each, each.place_path, each.resident_id) for each in found], by=None)
    return found


def _is_wanted_at(order: Order, start: datetime, end: datetime) -> bool:
    return (order.window.lower, order.window.upper) == (start, end)


def _about(call: Call, order: Order, kind: Call.Kind) -> None:
    call.order, call.kind = order, kind
    call.save(update_fields=["order", "kind"])
