"""点单: a resident asks, for himself or for a parent; a worker asks for whoever rang."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.moves import move
from lianxin.base.paths import is_under
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.actions import note
from lianxin.needs import rules
from lianxin.needs.actions.dispatching import let_everybody_go
from lianxin.needs.models.menu import Clock, MenuItem
from lianxin.needs.models.orders import Order
from lianxin.organisations.queries import may, serving_teams
from lianxin.people.models import Helper, Person
from lianxin.people.queries import may_act_for
from lianxin.users.models import User


@action
def place_order(
    *,
    item: MenuItem,
    resident: Person,
    start: datetime,
    end: datetime,
    by: User,
    way: Order.Way,
    details: str = "",
    key: UUID | None = None,
) -> Order:
    """Order a menu item for a resident within a window of time (rules O1 to O3).

    A worker's or operator's order, and a known resident's low-risk one, goes straight to dispatch. `key` is drawn
    when the form is shown: sent twice, it is still one order.
    """
    resident = lock(Person, resident.pk, "home")
    if key and (known := Order.objects.filter(request_key=key, resident=resident, placed_by=by).first()):
        return known
    if resident.home is None:
        raise Refused(_("还不知道住在哪个社区，请先补上住址。"), field="resident")
    _require_may_order(by, resident, way)
    _require_orderable(item, resident, start, end)
    now, limits = clock.now(), rules.CLOCKS[Clock(item.clock)]
    latest_start = end - timedelta(minutes=item.minutes)
    is_known = Order.objects.filter(resident=resident, verified_at__isnull=False).exists()
    is_checked = rules.goes_straight_to_dispatch(item, way, is_known=is_known)
    team = serving_teams(resident.home).first()
    order = Order.objects.create(
        item=item,
        resident=resident,
        placed_by=by,
        way=way,
        state=Order.State.WAITING if is_checked else Order.State.CHECKING,
        clock=item.clock,
        people=item.people,
        minutes=item.minutes,
        window=DateTimeTZRange(start, end),
        details=details,
        door_word=rules.new_door_word(),
        place=resident.home,
        place_path=resident.home.path,
        team_path=team.path if team else None,
        placed_at=now,
        promised_at=limits.after(now, limits.promise, latest_start=latest_start),
        due_at=limits.after(now, limits.dispatch if is_checked else limits.verify, latest_start=latest_start),
        verified_by=by if is_checked and way != Order.Way.WEB else None,
        verified_at=now if is_checked else None,
        request_key=key,
    )
    note(
        "needs.order_placed",
        order,
        by=by,
        scope=order.place_path,
        for_person=resident.pk,
        item=item.pk,
        way=way,
        state=order.state,
    )
    return order


@action
def cancel_order(*, order: Order, by: User, reason: str = "") -> Order:
    """The resident, or who acts for him, or the desk, calls it off before anybody stands at the door."""
    order = lock(Order, order.pk, "item", "resident__home")
    _require_may_order(by, order.resident, Order.Way.WEB)
    move(order, Order.State.CANCELLED)
    order.reason, order.due_at = reason, None
    order.save()
    let_everybody_go(order)
    note("needs.order_cancelled", order, by=by, scope=order.place_path, for_person=order.resident_id)
    return order


def _require_may_order(by: User, resident: Person, way: Order.Way) -> None:
    own = getattr(by, "person", None)
    if way == Order.Way.WEB and own and may_act_for(own, resident, Helper.Scope.ORDER):
        return
    if resident.home is None or not may(by, "needs.place_for_others", resident.home.path):
        raise Forbidden(_("您还不能替这位居民点单。请先请社区登记您是他的家人。"))


def _require_orderable(item: MenuItem, resident: Person, start: datetime, end: datetime) -> None:
    if not item.is_open:
        raise Refused(_("「%(item)s」暂时不能点，请看看别的项目或打电话问问。") % {"item": item}, field="item")
    if resident.home is None or not is_under(resident.home.path, item.place.path):
        raise Refused(_("「%(item)s」在%(place)s还不能点。") % {"item": item, "place": resident.home}, field="item")
    if end <= start:
        raise Refused(_("结束时间要晚于开始时间。"), field="end")
    if end <= clock.now():
        raise Refused(_("这个时间已经过去了，请另选时间。"), field="start")
    if end - start > rules.LONGEST_WINDOW:
        raise Refused(_("希望的时间最长两周，请选近一点、短一点的时间。"), field="end")
