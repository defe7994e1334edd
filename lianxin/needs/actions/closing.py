"""确认 and 评单: the resident says that it was done, or that it was not, and what he thought of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock, working_time
from lianxin.base.actions import action, lock, lock_many
from lianxin.base.bulk import insert_new, update_many
from lianxin.base.moves import move, require_move
from lianxin.base.prepared import Prepared, is_any_of
from lianxin.base.refused import Forbidden, Refused
from lianxin.hours.actions import confirm_records, lock_claimed
from lianxin.hours.models import Grade, Record
from lianxin.hours.rules import require_may_confirm
from lianxin.journal.actions import Deed, note, note_many
from lianxin.needs import rules
from lianxin.needs.models.orders import Order
from lianxin.needs.models.ratings import FollowUp, Rating
from lianxin.needs.models.visits import Visit
from lianxin.needs.queries.ratings import is_of_the_team
from lianxin.organisations.queries import may, require
from lianxin.people.queries import orders_for
from lianxin.users.models import User

NOT_YOURS = _("只有点单的居民、家人或社区可以确认和评价。")


@dataclass(frozen=True)
class Confirmation:
    """What was confirmed at once, and what was not, with the words why."""

    done: Sequence[Order]
    refused: Sequence[tuple[Order, Refused]]


@action
def confirm_orders(*, orders: Sequence[Order], by: User, how: str = "web") -> Confirmation:
    """The persons served, or who acts for them, or the desk that rang them, say it was done; the time is banked.

    Each order stands for itself: what is refused says why, and the others go through. A constant number of statements.
    """
    locked = _lock_orders(orders)
    refused: dict[int, Refused] = {}
    spoken_for = _spoken_for(locked, by)
    visits = _visits_of(locked)
    records = lock_claimed(visits)
    orders_of_visits = {visit.pk: visit.assignment.order_id for visit in visits}
    for order in locked:
        mine = [record for record in records if orders_of_visits[record.about_id] == order.pk]
        try:
            _require_confirmable(order, mine, by, is_spoken_for=order.resident_id in spoken_for)
        except Refused as words:
            refused[order.pk] = words
    done = [order for order in locked if order.pk not in refused]
    _complete(done, how)
    confirm_records(
        records=[record for record in records if orders_of_visits[record.about_id] not in refused], by=by, how=how
    )
    deeds = [Deed(each, each.place_path, each.resident_id, {"how": how}) for each in done]
    note_many("needs.order_confirmed", deeds, by=by)
    return Confirmation(done, [(order, refused[order.pk]) for order in locked if order.pk in refused])


@action
def confirm_order(*, order: Order, by: User, how: str = "web") -> Order:
    """One of them; what is refused is raised."""
    confirmation = confirm_orders(orders=[order], by=by, how=how)
    for _order, refused in confirmation.refused:
        raise refused
    return confirmation.done[0]


@dataclass(frozen=True)
class Vouching:
    """Which orders ended by somebody's word, for which he gave a part of it, and which were refused, and why."""

    done: Sequence[Order]
    in_part: Sequence[Order]
    refused: Sequence[tuple[Order, Refused]]


@action
def vouch_orders(*, orders: Sequence[Order], by: User) -> Vouching:
    """Nobody served has answered for seven working days: the captain's word stands, as B (rule E7).

    He vouches for those who served, never for himself; for him, any other who served with him, or the station. Each
    order stands for itself, as in `confirm_orders`.
    """
    locked = _lock_orders(orders)
    visits = _visits_of(locked)
    records = lock_claimed(visits)
    order_of = {visit.pk: visit.assignment.order_id for visit in visits}
    mine: dict[int, list[Record]] = {}
    refused: dict[int, Refused] = {}
    for order in locked:
        about_it = [record for record in records if order_of[record.about_id] == order.pk]
        served = [visit for visit in visits if order_of[visit.pk] == order.pk]
        try:
            mine[order.pk] = _require_vouchable(order, about_it, served, by)
        except Refused as words:
            refused[order.pk] = words
    open_ones = {
        order_of[record.about_id] for record in records if record not in mine.get(order_of[record.about_id], [])
    }
    done = [order for order in locked if order.pk in mine and order.pk not in open_ones]
    _complete(done, "captain")
    note_many("needs.order_vouched", [Deed(each, each.place_path, each.resident_id, {}) for each in done], by=by)
    confirm_records(records=[each for some in mine.values() for each in some], by=by, how="captain", at_best=Grade.B)
    in_part = [order for order in locked if order.pk in mine and order.pk in open_ones]
    return Vouching(done, in_part, [(order, refused[order.pk]) for order in locked if order.pk in refused])


@action
def vouch_order(*, order: Order, by: User) -> Order:
    """One of them; what is refused is raised."""
    vouching = vouch_orders(orders=[order], by=by)
    for _order, refused in vouching.refused:
        raise refused
    return [*vouching.done, *vouching.in_part][0]


@action
def ask_the_silent() -> list[Order]:
    """After three working days without an answer a call card; on the seventh day the captain is asked (rule E7)."""
    silent = Order.objects.filter(state=Order.State.TO_CONFIRM, due_at__lte=clock.now(), asked__lt=Order.Asked.CAPTAIN)
    orders = list(silent.order_by("pk").select_for_update(of=("self",), no_key=True, skip_locked=True))
    for order in orders:
        order.asked = Order.Asked(order.asked + 1)
        if order.asked == Order.Asked.BY_CALL:
            order.due_at = working_time.after(clock.now(), rules.VOUCH_AFTER)
    update_many(orders, "asked", "due_at")
    deeds = [Deed(each, each.place_path, each.resident_id, {"asked": each.asked}) for each in orders]
    note_many("needs.confirmation_unanswered", deeds, by=None)
    return orders


@action
def rate_order(*, order: Order, by: User, stars: int, words: str = "", how: Rating.How = Rating.How.CALL) -> Rating:
    """One to five stars and a few words, once; who served sees thanks, never this row (rules R1 and R2).

    `how` is for the desk, which rang or reads a slip; one or two stars open a follow-up at the station (rule R3).
    """
    order = lock(Order, order.pk, "item", "resident", "place")
    require_speaks_for(order, by)
    is_of_desk = order.resident.user_id != by.pk and may(by, "needs.confirm_for_resident", order.place_path)
    if is_of_desk and is_of_the_team(by, order):
        raise Forbidden(_("评价要由不是这支队的人来问。请让站点的别人或热线回访。"))
    if order.state != Order.State.DONE:
        raise Refused(_("服务确认完成以后才能评价。"))
    how = how if is_of_desk else Rating.How.OWN
    new = Rating(order=order, stars=stars, words=words, how=how, by=by, at=clock.now())
    if not insert_new([new], key="order_id"):
        raise Refused(_("这一单已经评价过了，谢谢您。"))
    if stars <= rules.POOR_STARS:
        _open_follow_up(order, new)
    note("needs.order_rated", order, by=by, scope=order.place_path, for_person=order.resident_id)
    return new


@action
def close_follow_up(*, follow_up: FollowUp, finding: FollowUp.Finding, done: str, by: User) -> FollowUp:
    """The station says what it found and what was done; never somebody of the team (rule R3)."""
    order = Order.objects.select_related("resident").get(rating__follow_up=follow_up)
    follow_up = lock(FollowUp, follow_up.pk, "rating")
    require(by, "needs.follow_up", follow_up.place_path)
    if is_of_the_team(by, order):
        raise Forbidden(_("您是这支队的，不能查自己队的事。请让站点的别人来跟进。"))
    if not done.strip():
        raise Refused(_("请写一句怎么办的，居民会看到。"), field="done")
    move(follow_up, FollowUp.State.CLOSED)
    follow_up.finding, follow_up.done = finding, done
    follow_up.closed_by, follow_up.closed_at = by, clock.now()
    follow_up.save()
    facts = {"order": order.pk}
    note("needs.followed_up", follow_up, by=by, scope=order.place_path, for_person=order.resident_id, **facts)
    return follow_up


def require_speaks_for(order: Order, by: User) -> None:
    """The resident, who acts for him, or the desk of the place; nobody else."""
    if order.resident_id not in _spoken_for([order], by):
        raise Forbidden(NOT_YOURS)


def _lock_orders(orders: Sequence[Order]) -> list[Order]:
    return lock_many(Order, [order.pk for order in orders], "item", "resident")


def _spoken_for(orders: Sequence[Order], by: User) -> set[int]:
    """The residents of these orders for whom this user may speak."""
    own = {each.resident_id for each in orders if each.resident.user_id == by.pk}
    strangers = [each for each in orders if each.resident_id not in own]
    of_the_desk = {each.resident_id for each in strangers if may(by, "needs.confirm_for_resident", each.place_path)}
    others = {each.resident_id for each in strangers} - of_the_desk
    person = getattr(by, "person", None) if others else None
    family = {each.pk for each in orders_for(person)} if person else set()
    return own | of_the_desk | (others & family)


def _visits_of(orders: Sequence[Order]) -> list[Visit]:
    return _finished_visits([order.pk for order in orders])


_finished_visits = Prepared(
    lambda orders: (
        Visit.objects.filter(is_any_of("assignment__order", orders), finished_at__isnull=False)
        .select_related("assignment__volunteer__person")
        .order_by("pk")
    ),
    ArrayField(models.BigIntegerField()),
)


def _require_confirmable(order: Order, records: Sequence[Record], by: User, *, is_spoken_for: bool) -> None:
    if not is_spoken_for:
        raise Forbidden(NOT_YOURS)
    for record in records:
        require_may_confirm(record, by)
    move(order, Order.State.DONE)


def _require_vouchable(order: Order, records: Sequence[Record], visits: Sequence[Visit], by: User) -> list[Record]:
    """Of the order's records those for which this user may give his word; a refusal if there are only others."""
    if order.state == Order.State.TO_CONFIRM and order.asked != Order.Asked.CAPTAIN:
        raise Refused(_("服务对象还在答复的时间里。满七个工作日没有答复，再由队长作证。"))
    require_move(order, Order.State.DONE)
    mine = [record for record in records if _may_vouch(record, order, visits, by)]
    if records and not mine:
        raise Forbidden(_("自己的时间不能自己作证。请同去的人、别的队长或站点来作证。"))
    return mine


def _complete(orders: Sequence[Order], how: str) -> None:
    for order in orders:
        order.state, order.confirmed_how, order.confirmed_at, order.due_at = Order.State.DONE, how, clock.now(), None
    update_many(orders, "state", "confirmed_how", "confirmed_at", "due_at")


def _may_vouch(record: Record, order: Order, visits: Sequence[Visit], by: User) -> bool:
    if by.pk in {record.person.user_id, record.recorder_id}:
        return False
    if may(by, "needs.vouch", order.place_path, record.team_path):
        return True
    served_too = any(visit.assignment.volunteer.person.user_id == by.pk for visit in visits)
    credited = record.person.user
    return bool(served_too and credited and may(credited, "needs.vouch", record.team_path))


def _open_follow_up(order: Order, rating: Rating) -> None:
    now = clock.now()
    follow_up = FollowUp.objects.create(
        rating=rating,
        place=order.place,
        place_path=order.place_path,
        opened_at=now,
        due_at=working_time.after(now, rules.FOLLOW_UP_WITHIN),
    )
    note("needs.follow_up_opened", follow_up, by=None, scope=order.place_path, order=order.pk)
