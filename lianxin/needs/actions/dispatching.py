"""派单 and 接单: the desk asks volunteers, who may decline; the first to accept have the order."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.moves import move
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.actions import Deed, note, note_many
from lianxin.needs import rules
from lianxin.needs.models.menu import Clock
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from lianxin.needs.queries import candidates, tasks
from lianxin.organisations.queries import require
from lianxin.users.models import User
from lianxin.volunteers.actions import commit_time, release_time
from lianxin.volunteers.models import Volunteer


@action
def offer_order(*, order: Order, to: Sequence[Volunteer], by: User) -> Sequence[Offer]:
    """Ask these volunteers; whoever could not take it is refused by name, and then nobody is asked (rule D1)."""
    order = lock(Order, order.pk, "item__skill", "resident")
    require(by, "needs.dispatch", order.place_path, order.team_path)
    if not to:
        raise Refused(_("请至少选一位志愿者。"), field="to")
    if order.state != Order.State.OFFERED:
        move(order, Order.State.OFFERED)
    _require_able(order, to)
    limits, now = rules.CLOCKS[Clock(order.clock)], clock.now()
    lapses_at = limits.lapse_after(now, latest_start=order.latest_start)
    offers = Offer.objects.bulk_create(
        Offer(
            order=order,
            volunteer=volunteer,
            offered_by=by,
            offered_at=now,
            lapses_at=lapses_at,
            metres=candidates.metres_to(order, volunteer),
        )
        for volunteer in to
    )
    order.due_at = lapses_at
    order.save()
    note_many("needs.offered", [_deed(order, offer) for offer in offers], by=by)
    return offers


@action
def accept_offer(*, offer: Offer, by: User, starts_at: datetime | None = None) -> Assignment:
    """The volunteer takes the order, at a time within its window; the first to accept fixes the time (rule D2)."""
    order = lock(Order, offer.order_id, "item", "resident")
    offer = lock(Offer, offer.pk, "volunteer__person")
    volunteer = _own(offer, by)
    if volunteer.state != Volunteer.State.ACTIVE:
        raise Refused(_("您现在不在册，不能接单。想恢复请联系队长。"))
    _require_open(order, offer)
    if order.starts_at is None:
        order.starts_at = starts_at or max(order.window.lower, clock.now())
        _require_in_window(order)
    move(offer, Offer.State.ACCEPTED)
    offer.answered_at = clock.now()
    offer.save()
    assignment = Assignment.objects.create(order=order, volunteer=volunteer, accepted_at=clock.now())
    commit_time(person=volunteer.person, start=order.planned_start, end=order.planned_end, about=assignment)
    if _is_full(order):
        move(order, Order.State.ACCEPTED)
        _withdraw_open_offers(order)
        order.due_at = order.planned_end
    order.save()
    note("needs.accepted", assignment, by=by, scope=order.place_path, for_person=order.resident_id, order=order.pk)
    _back_to_waiting_if_unanswered(order)
    return assignment


@action
def decline_offer(*, offer: Offer, by: User) -> Offer:
    """The volunteer cannot or would rather not; no reason is asked and nothing is counted (rule D3)."""
    order = lock(Order, offer.order_id, "item", "resident")
    offer = lock(Offer, offer.pk, "volunteer__person")
    _own(offer, by)
    move(offer, Offer.State.DECLINED)
    offer.answered_at = clock.now()
    offer.save()
    note("needs.declined", offer, by=by, scope=order.place_path, for_person=order.resident_id, order=order.pk)
    _back_to_waiting_if_unanswered(order)
    return offer


@action
def lapse_offers(*, order: Order) -> Order:
    """Offers that nobody answered in time end; the order waits for the desk again, at once."""
    order = lock(Order, order.pk, "item__skill", "resident")
    late = order.offers.filter(state=Offer.State.OPEN, lapses_at__lte=clock.now())
    lapsed = list(late.order_by("pk").select_for_update(of=("self",), no_key=True))
    order.offers.filter(pk__in=[offer.pk for offer in lapsed]).update(state=Offer.State.LAPSED)
    note_many("needs.lapsed", [_deed(order, offer) for offer in lapsed], by=None)
    _back_to_waiting_if_unanswered(order)
    return order


@action
def withdraw(*, assignment: Assignment, by: User) -> Assignment:
    """A volunteer who cannot come after all says so until his visit begins (rule D4); the order goes back to the desk,
    or on to the resident when the others are done."""
    order = lock(Order, assignment.order_id, "item", "resident")
    assignment = lock(Assignment, assignment.pk, "volunteer__person")
    if assignment.volunteer.person.user_id != by.pk:
        raise Forbidden(_("这不是您接的单。"))
    if assignment.visits.filter(round=order.round).exists():
        raise Refused(_("服务已经开始，不能再退出。有困难请联系队长。"))
    move(assignment, Assignment.State.RELEASED)
    assignment.save()
    release_time(about=assignment)
    _go_on_without_one(order)
    note("needs.withdrew", assignment, by=by, scope=order.place_path, for_person=order.resident_id, order=order.pk)
    return assignment


def let_everybody_go(order: Order) -> None:
    """The order, locked by the caller, is called off: open offers end, and who had accepted is free again."""
    _withdraw_open_offers(order)
    held = list(order.assignments.filter(state=Assignment.State.HELD).order_by("pk"))
    for assignment in held:
        move(assignment, Assignment.State.RELEASED)
        assignment.save()
        release_time(about=assignment)
    note_many(
        "needs.released",
        [Deed(each, order.place_path, order.resident_id, {"order": order.pk}) for each in held],
        by=None,
    )


def _go_on_without_one(order: Order) -> None:
    if not _held(order):
        order.starts_at = None
    if order.state == Order.State.ACCEPTED:
        move(order, Order.State.WAITING)
    if order.state == Order.State.WAITING:
        order.due_at = clock.now()
    if order.state == Order.State.SERVING and tasks.everybody_is_done(order):
        move(order, Order.State.TO_CONFIRM)
    order.save()


def _own(offer: Offer, by: User) -> Volunteer:
    if offer.volunteer is None or offer.volunteer.person.user_id != by.pk:
        raise Forbidden(_("这一单不是派给您的。"))
    return offer.volunteer


def _require_open(order: Order, offer: Offer) -> None:
    if order.state == Order.State.ACCEPTED or offer.state == Offer.State.WITHDRAWN:
        raise Refused(_("已经有人接了这一单，谢谢您愿意帮忙。"))
    if offer.lapses_at <= clock.now():
        raise Refused(_("这一单已经过了答复时间，谢谢您愿意帮忙。"))
    if order.state != Order.State.OFFERED:
        raise Refused(_("这一单现在不需要人了，谢谢您愿意帮忙。"))


def _require_in_window(order: Order) -> None:
    is_wanted = order.window.lower <= order.planned_start < order.window.upper
    if not is_wanted or order.planned_end <= clock.now():
        raise Refused(_("请在居民希望的时间里选一个时间。"), field="starts_at")


def _require_able(order: Order, to: Sequence[Volunteer]) -> None:
    wanted = {volunteer.pk for volunteer in to}
    possible = set(candidates.able(order).filter(pk__in=wanted).values_list("pk", flat=True))
    for volunteer in to:
        if volunteer.pk not in possible:
            raise Refused(
                _("%(name)s 现在不能接这一单（没空、技能不符或已经问过）。请换一位。") % {"name": volunteer.person.name}
            )


def _held(order: Order) -> int:
    return order.assignments.filter(state=Assignment.State.HELD).count()


def _is_full(order: Order) -> bool:
    """Whether nobody else is needed, for the caller who has just added one."""
    return order.people == 1 or _held(order) == order.people


def _withdraw_open_offers(order: Order) -> None:
    open_offers = list(order.offers.filter(state=Offer.State.OPEN).order_by("pk"))
    order.offers.filter(pk__in=[offer.pk for offer in open_offers]).update(
        state=Offer.State.WITHDRAWN, answered_at=clock.now()
    )
    note_many("needs.offer_withdrawn", [_deed(order, offer) for offer in open_offers], by=None)


def _back_to_waiting_if_unanswered(order: Order) -> None:
    if order.state == Order.State.OFFERED and not order.offers.filter(state=Offer.State.OPEN).exists():
        move(order, Order.State.WAITING)
        order.due_at = clock.now()
        order.save()


def _deed(order: Order, offer: Offer) -> Deed:
    return Deed(offer, order.place_path, order.resident_id, {"order": order.pk, "volunteer": offer.volunteer_id})
