"""点单: a resident asks, for himself or for a parent; a worker asks for whoever rang."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID, uuid5

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock, lock_many
from lianxin.base.bulk import insert_many
from lianxin.base.moves import may_move, move
from lianxin.base.paths import is_under
from lianxin.base.prepared import Prepared, PreparedValues, is_any_of
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.actions import Deed, note, note_many
from lianxin.needs import rules
from lianxin.needs.actions.alarms import end_missed
from lianxin.needs.actions.checking import require_window
from lianxin.needs.actions.dispatching import let_everybody_go
from lianxin.needs.models.menu import Clock, MenuClosing, MenuItem
from lianxin.needs.models.orders import Order
from lianxin.needs.queries.alarms import blocks_the_end
from lianxin.organisations.models import Node, Tree
from lianxin.organisations.queries import may, roots, serving_paths
from lianxin.people.actions.reaching import ring
from lianxin.people.models import Helper, Person
from lianxin.people.queries import may_act_for, orders_for
from lianxin.users.models import User
from lianxin.volunteers.models import Volunteer


@dataclass(frozen=True)
class Placed:
    """What came of one line of a list: the order, or why there is none."""

    resident: Person
    order: Order | None
    refused: Refused | None = None


@dataclass(frozen=True)
class Known:
    """Whether an order of the resident was ever checked, and whether he was ever served."""

    is_checked: bool = False
    is_served: bool = False


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
    wished: Volunteer | None = None,
) -> Order:
    """Order a menu item for a resident within a window of time (rules O1 to O3).

    A worker's or operator's order, and a known resident's low-risk one, goes straight to dispatch. `key` is drawn
    when the form is shown: sent twice, it is still one order.
    """
    [placed] = _place(item, [resident.pk], start, end, by, way, details, {resident.pk: key}, wished)
    if placed.order is None:
        raise placed.refused or Refused(_("这位居民已经不在册了。"), field="resident")
    return placed.order


@action
def place_orders(
    *,
    item: MenuItem,
    residents: Sequence[Person],
    start: datetime,
    end: datetime,
    by: User,
    way: Order.Way,
    key: UUID,
    details: str = "",
) -> list[Placed]:
    """The same for each of a list of people; whoever cannot have it is given back with the reason (rule O8)."""
    if not 1 <= len(residents) <= rules.LONGEST_LIST:
        raise Refused(_("一次替 1 到 %(most)d 位居民点单。") % {"most": rules.LONGEST_LIST}, field="residents")
    keys: dict[int, UUID | None] = {each.pk: uuid5(key, str(each.pk)) for each in residents}
    return _place(item, list(keys), start, end, by, way, details, keys)


@action
def ask_to_cancel(*, order: Order, by: User) -> Order:
    """A relative thinks that it is not needed any more: the desk rings the person, and only his word counts (O9)."""
    order = lock(Order, order.pk, "item", "resident__home", "resident__user")
    own = getattr(by, "person", None)
    if own is None or not may_act_for(own, order.resident, Helper.Scope.ORDER):
        raise Forbidden(_("您还不能替这位居民点单。请先请社区登记您是他的家人。"))
    return _ask_the_resident(order, by, asked=str(own.pk))


@action
def ring_before_cancelling(*, order: Order, by: User, asked: str) -> Order:
    """The same where a relative told the desk by telephone; `asked` tells one asking from another."""
    order = lock(Order, order.pk, "item", "resident__home", "resident__user")
    _require_may_cancel(by, order.resident)
    return _ask_the_resident(order, by, asked=asked)


def _ask_the_resident(order: Order, by: User, *, asked: str) -> Order:
    if not may_move(order, Order.State.CANCELLED):
        raise Refused(_("现在是「%(now)s」，不能取消了。有事请打社区电话。") % {"now": order.get_state_display()})
    text = _("您家里人问：「%(item)s」（%(number)d 号）是不是不用了？请问本人：还要不要？不要了就替本人取消。")
    words = text % {"item": order.item, "number": order.number}
    if ring(person=order.resident, text=words, key=f"cancel:{order.pk}:{asked}"):
        note("needs.cancel_asked", order, by=by, scope=order.place_path, for_person=order.resident_id)
    return order


def _place(
    item: MenuItem,
    people: Sequence[int],
    start: datetime,
    end: datetime,
    by: User,
    way: Order.Way,
    details: str,
    keys: Mapping[int, UUID | None],
    wished: Volunteer | None = None,
) -> list[Placed]:
    residents = _locked(people)
    earlier = _earlier_orders(by, [key for key in keys.values() if key])
    done = {row.resident_id: row for row in earlier}
    allowed, errors = _who_may_have_it(item, [each for each in residents if each.pk not in done], start, end, by, way)
    known, teams = _known(allowed), _teams([each.home for each in allowed if each.home])
    clocks, window = _Clocks(item, clock.now(), end), DateTimeTZRange(start, end)
    drafts = [_draft(item, each, by, way, keys[each.pk], known[each.pk], teams, clocks, window) for each in allowed]
    for draft in drafts:
        draft.details, draft.wished = details, wished
    new = insert_many(drafts)
    note_many("needs.order_placed", [_deed(order) for order in new], by=by)
    done |= {order.resident_id: order for order in new}
    return [Placed(each, done.get(each.pk), errors.get(each.pk)) for each in residents]


def _locked(people: Sequence[int]) -> list[Person]:
    """By key, so that two lists never wait for each other; given back in the order asked for."""
    found = {each.pk: each for each in lock_many(Person, people, "home")}
    return [found[pk] for pk in people if pk in found]


def _known(residents: Sequence[Person]) -> Mapping[int, Known]:
    """What makes each of these residents known, in one query."""
    rows = _what_is_known_of([each.pk for each in residents])
    found = {key: Known(checked > 0, served > 0) for key, checked, served in rows}
    return {each.pk: found.get(each.pk, Known()) for each in residents}


_what_is_known_of = PreparedValues(
    lambda residents: (
        Order.objects.filter(is_any_of("resident", residents))
        .order_by()
        .values_list("resident")
        .annotate(
            checked=Count("pk", filter=Q(verified_at__isnull=False)),
            served=Count("pk", filter=Q(assignments__visits__finished_at__isnull=False)),
        )
    ),
    ArrayField(models.BigIntegerField()),
)


def _teams(homes: Sequence[Node]) -> Mapping[int, str]:
    """The path of the team that answers for each home; where nobody serves, that of the whole corps."""
    serving = serving_paths(homes)
    if all(home.pk in serving for home in homes):
        return serving
    corps = roots(Tree.SERVICE).first()
    return {home.pk: corps.path for home in homes if corps} | serving


def _earlier_orders(by: User, keys: Sequence[UUID]) -> list[Order]:
    """What the same user has ordered under the same keys before."""
    return _placed_under(by.pk, list(keys)) if keys else []


_placed_under = Prepared(
    lambda by, keys: Order.objects.filter(is_any_of("request_key", keys), placed_by=by),
    models.BigIntegerField(),
    ArrayField(models.UUIDField()),
)


def _who_may_have_it(
    item: MenuItem, residents: Sequence[Person], start: datetime, end: datetime, by: User, way: Order.Way
) -> tuple[list[Person], dict[int, Refused]]:
    family = _family_of(by, residents) if way == Order.Way.WEB else set()
    closed_at = [path for (path,) in _closed_at(item.pk)]
    allowed: list[Person] = []
    errors: dict[int, Refused] = {}
    for each in residents:
        try:
            _require_home(each)
            _require_may_order(by, each, family)
            _require_orderable(item, each, start, end, way, closed_at)
        except Refused as refused:
            errors[each.pk] = refused
        else:
            allowed.append(each)
    return allowed, errors


_closed_at = PreparedValues(
    lambda item: MenuClosing.objects.filter(item_id=item).values_list("place__path"), models.BigIntegerField()
)


class _Clocks:
    """The times of a list of orders, which begin to run at the same moment: asked once for all."""

    def __init__(self, item: MenuItem, now: datetime, end: datetime) -> None:
        limits = rules.CLOCKS[Clock(item.clock)]
        latest_start = end - timedelta(minutes=item.minutes)
        self.placed_at = now
        self.promised_at = limits.after(now, limits.promise, latest_start=latest_start)
        self.to_dispatch = limits.after(now, limits.dispatch, latest_start=latest_start)
        self.to_verify = limits.after(now, limits.verify, latest_start=latest_start)


def _draft(
    item: MenuItem,
    resident: Person,
    by: User,
    way: Order.Way,
    key: UUID | None,
    known: Known,
    teams: Mapping[int, str],
    clocks: _Clocks,
    window: DateTimeTZRange,
) -> Order:
    home = cast("Node", resident.home)
    is_checked = rules.goes_straight_to_dispatch(item, way, is_known=known.is_checked, born_on=resident.born_on)
    two_because = rules.why_two(item, resident, window, is_first=not known.is_served)
    due_at = clocks.to_dispatch if is_checked else clocks.to_verify
    return Order(
        item=item,
        resident=resident,
        placed_by=by,
        way=way,
        state=Order.State.WAITING if is_checked else Order.State.CHECKING,
        clock=item.clock,
        people=max(item.people, 2) if two_because else item.people,
        two_because=two_because,
        minutes=item.minutes,
        window=window,
        door_word=rules.new_door_word(),
        place=home,
        place_path=home.path,
        team_path=teams.get(home.pk),
        placed_at=clocks.placed_at,
        promised_at=clocks.promised_at,
        due_at=due_at,
        rises_at=due_at if is_checked else None,
        responsible=by if way != Order.Way.WEB else None,
        verified_by=by if is_checked and way != Order.Way.WEB else None,
        verified_at=clocks.placed_at if is_checked else None,
        request_key=key,
    )


def _deed(order: Order) -> Deed:
    facts = {"item": order.item_id, "way": order.way, "state": order.state, "clock": order.clock}
    facts |= {"wished": order.wished_id} if order.wished_id else {}
    return Deed(order, order.place_path, order.resident_id, facts)


CAN_BE_CANCELLED = [state for state, to in Order.MOVES.items() if Order.State.CANCELLED in to]


@action
def cancel_order(*, order: Order, by: User, reason: str = "") -> Order:
    """The resident, or who acts for him, or the desk, calls it off before anybody stands at the door."""
    order = lock(Order, order.pk, "item", "resident__home")
    _require_may_cancel(by, order.resident)
    if blocks_the_end(order):
        raise Refused(_("门口没人应、还不知道人好不好，先不能取消。请等社区说明结果。"))
    return _call_off(order, by, reason)


@action
def call_off_orders_of(*, person: Person) -> None:
    """Whose record is only kept is not visited any more: what nobody has begun is called off (rule P13)."""
    open_ones = Order.objects.filter(resident=person, state__in=CAN_BE_CANCELLED).order_by("pk")
    for order in lock_many(Order, open_ones.values_list("pk", flat=True), "item", "resident__home"):
        _call_off(order, None, str(_("资料已经封存")))


def _call_off(order: Order, by: User | None, reason: str) -> Order:
    move(order, Order.State.CANCELLED)
    order.reason, order.due_at, order.rises_at = reason, None, None
    order.save()
    order.pauses.filter(ended_at=None).update(ended_at=clock.now())
    let_everybody_go(order)
    end_missed(order, by)
    note("needs.order_cancelled", order, by=by, scope=order.place_path, for_person=order.resident_id)
    return order


def _require_may_cancel(by: User, resident: Person) -> None:
    """The resident or the desk; a relative asks the desk, which rings the resident first (rule O9)."""
    if resident.user_id is not None and resident.user_id == by.pk:
        return
    if resident.home is None or not may(by, "needs.place_for_others", resident.home.path):
        raise Forbidden(_("要取消家里人的单，请点「请社区问一问再取消」，社区会先打电话问本人。"))


def _family_of(by: User, residents: Sequence[Person]) -> set[int]:
    """The person himself and, where somebody else is meant, those for whom he may order."""
    own = getattr(by, "person", None)
    if own is None:
        return set()
    return {own.pk} if all(each == own for each in residents) else {own.pk, *(each.pk for each in orders_for(own))}


def _require_home(resident: Person) -> None:
    if resident.restricted_at:
        raise Refused(_("这份资料已经封存。本人想再点单，请先在居民页恢复。"), field="resident")
    if resident.home is None:
        raise Refused(_("还不知道住在哪个社区，请先补上住址。"), field="resident")


def _require_may_order(by: User, resident: Person, family: Collection[int]) -> None:
    if resident.pk in family:
        return
    if resident.home is None or not may(by, "needs.place_for_others", resident.home.path):
        raise Forbidden(_("您还不能替这位居民点单。请先请社区登记您是他的家人。"))


def _require_orderable(
    item: MenuItem, resident: Person, start: datetime, end: datetime, way: Order.Way, closed_at: Sequence[str]
) -> None:
    _require_on_the_menu(item, resident, closed_at)
    if way == Order.Way.WEB and not rules.is_old_enough(item, resident.born_on, clock.today()):
        words = {"item": item, "age": item.from_age}
        raise Refused(_("「%(item)s」是给 %(age)d 岁以上居民的，要帮忙请打社区电话。") % words, field="item")
    require_window(start, end)


def _require_on_the_menu(item: MenuItem, resident: Person, closed_at: Sequence[str]) -> None:
    path = resident.home.path if resident.home else ""
    if not item.is_open or any(is_under(path, closed) for closed in closed_at):
        raise Refused(_("「%(item)s」暂时不能点，请看看别的项目或打电话问问。") % {"item": item}, field="item")
    if not is_under(path, item.place.path):
        raise Refused(_("「%(item)s」在%(place)s还不能点。") % {"item": item, "place": resident.home}, field="item")
