"""派单 and 接单: the desk asks volunteers, who may decline; the first to accept have the order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import Many, action, lock, lock_many
from lianxin.base.bulk import insert_many, update_many
from lianxin.base.moves import move, require_move
from lianxin.base.prepared import Prepared
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.actions import Deed, note, note_many
from lianxin.needs import rules
from lianxin.needs.actions.objections import drop_objection
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from lianxin.needs.queries import candidates, tasks
from lianxin.organisations.queries import require
from lianxin.people.rules import is_minor
from lianxin.users.models import User
from lianxin.volunteers.actions.promising import commit_time, release_time
from lianxin.volunteers.models import Volunteer


@dataclass(frozen=True)
class Ask:
    """An order, and the volunteers who are to be asked for it."""

    order: Order
    to: Sequence[Volunteer]


@action
def offer_order(*, order: Order, to: Sequence[Volunteer], by: User) -> Sequence[Offer]:
    """Ask these volunteers; whoever could not take it is refused by name, and then nobody is asked (rule D1)."""
    return offer_orders(asks=[Ask(order, to)], by=by).or_refuse()


@action
def offer_orders(*, asks: Sequence[Ask], by: User | None) -> Many[Offer]:
    """Ask for several orders at once, with as many statements as for one (rule D14).

    An order whose volunteers cannot all take it, or that waits for nobody, is refused by its number and nobody is asked
    for it; the others go through. `by` is None where the product itself asks.
    """
    locked = lock_many(Order, [ask.order.pk for ask in asks], "item__skill", "resident")
    wanted = {ask.order.pk: list(ask.to) for ask in asks}
    able = candidates.able_pairs({order: [each.pk for each in wanted[order.pk]] for order in locked})
    result, deadlines, going = Many[Offer](), rules.Deadlines(clock.now()), []
    for order in locked:
        try:
            _require_may_be_offered(order, wanted[order.pk], able, by)
        except Refused as refusal:
            result.refused[order.pk] = refusal
        else:
            begin_offer(order, deadlines.lapse(order), by)
            going.append(order)
    prefetch_related_objects([each for order in going for each in wanted[order.pk]], "person")
    result.done = insert_many(
        _offer(order, each, deadlines.lapse(order), by) for order in going for each in wanted[order.pk]
    )
    update_many(going, "state", "due_at", "rises_at", "responsible")
    by_key = {order.pk: order for order in going}
    note_many("needs.offered", [deed(by_key[offer.order_id], offer) for offer in result.done], by=by)
    return result


def begin_offer(order: Order, lapses_at: datetime, by: User | None) -> None:
    """The order, locked by the caller, is being asked about until then; who asks first is responsible (rule D10)."""
    if order.state != Order.State.OFFERED:
        move(order, Order.State.OFFERED)
    order.due_at = order.rises_at = lapses_at
    if order.responsible_id is None:
        order.responsible = by


@action
def accept_offer(*, offer: Offer, by: User, starts_at: datetime | None = None) -> Assignment:
    """The volunteer takes the order, at a time within its window; the first to accept fixes the time (rule D2)."""
    order = lock(Order, offer.order_id, "item", "resident")
    offers = {each.pk: each for each in _open_or_this(order.pk, offer.pk)}
    offer = offers.pop(offer.pk)
    volunteer = _own(offer, by)
    if volunteer.state != Volunteer.State.ACTIVE:
        raise Refused(_("您现在不在册，不能接单。想恢复请联系队长。"))
    _require_open(order, offer)
    if order.starts_at is None:
        order.starts_at = starts_at or max(order.window.lower, clock.now())
        _require_in_window(order)
    _require_company(order, volunteer)
    move(offer, Offer.State.ACCEPTED)
    offer.answered_at = clock.now()
    update_many([offer], "state", "answered_at")
    [assignment] = insert_many([Assignment(order=order, volunteer=volunteer, accepted_at=clock.now())])
    commit_time(person=volunteer.person, start=order.planned_start, end=order.planned_end, about=assignment)
    if _is_full(order):
        move(order, Order.State.ACCEPTED)
        _withdraw(order, list(offers.values()))
        order.due_at, order.rises_at = order.planned_end, None
    update_many([order], "state", "starts_at", "due_at", "rises_at")
    drop_objection(order, by)
    note("needs.accepted", assignment, by=by, scope=order.place_path, for_person=order.resident_id, order=order.pk)
    back_to_waiting_if_unanswered(order)
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
    after_a_no(order)
    return offer


@action
def lapse_offers(*, order: Order) -> Order:
    """Offers that nobody answered in time end; the order waits for the desk again, at once."""
    order = lock(Order, order.pk, "item__skill", "resident")
    late = order.offers.filter(state=Offer.State.OPEN, lapses_at__lte=clock.now())
    lapsed = list(late.order_by("pk").select_for_update(of=("self",), no_key=True))
    order.offers.filter(pk__in=[offer.pk for offer in lapsed]).update(state=Offer.State.LAPSED)
    _thank_teams_that_gave_somebody(order, lapsed)
    note_many("needs.lapsed", [deed(order, offer) for offer in lapsed], by=None)
    back_to_waiting_if_unanswered(order, rises_at=clock.now())
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
    go_on_without_one(order)
    note("needs.withdrew", assignment, by=by, scope=order.place_path, for_person=order.resident_id, order=order.pk)
    return assignment


def let_everybody_go(order: Order) -> None:
    """The order, locked by the caller, is called off: open offers end, and who had accepted is free again."""
    withdraw_open_offers(order)
    drop_objection(order, None)
    held = list(order.assignments.filter(state=Assignment.State.HELD).order_by("pk"))
    for assignment in held:
        move(assignment, Assignment.State.RELEASED)
        assignment.save()
        release_time(about=assignment)
    note_many(
        "needs.released",
        [Deed(each, order.place_path, order.resident_id, {"order": order.pk, "state": order.state}) for each in held],
        by=None,
    )


def go_on_without_one(order: Order) -> None:
    """One who held the order, locked by the caller, does so no more: others are sought, or the rest see it through."""
    if not held_places(order):
        order.starts_at = None
    if order.state == Order.State.ACCEPTED:
        move(order, Order.State.WAITING)
    if order.state == Order.State.WAITING:
        order.due_at, order.rises_at = clock.now(), rules.Deadlines(clock.now()).lapse(order)
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


def _require_company(order: Order, volunteer: Volunteer) -> None:
    """A minor goes by day and leaves a place to an adult (rule W12)."""
    day = timezone.localdate(order.planned_start)
    if not is_minor(volunteer.person, day):
        return
    if not rules.is_for_minors_too(order):
        raise Refused(_("这一单要成年志愿者去。谢谢您愿意帮忙，我们再请您参加别的。"))
    if minors_of(order) + 1 >= order.people:
        raise Refused(_("这一单已经有一位未成年的志愿者，另一位要是成年人。谢谢您愿意帮忙。"))


def minors_of(order: Order) -> int:
    """How many of those who hold the order are under 18 on its day."""
    held = order.assignments.filter(state=Assignment.State.HELD).select_related("volunteer__person")
    day = timezone.localdate(order.planned_start)
    return sum(is_minor(each.volunteer.person, day) for each in held.order_by("pk"))


def _require_in_window(order: Order) -> None:
    is_wanted = order.window.lower <= order.planned_start < order.window.upper
    if not is_wanted or order.planned_end <= clock.now():
        raise Refused(_("请在居民希望的时间里选一个时间。"), field="starts_at")


def _require_may_be_offered(order: Order, to: Sequence[Volunteer], able: set[tuple[int, int]], by: User | None) -> None:
    if by:
        require(by, "needs.dispatch", order.place_path, order.team_path)
    if not to:
        raise Refused(_("请至少选一位志愿者。"), field="to")
    if order.state != Order.State.OFFERED:
        require_move(order, Order.State.OFFERED)
    if len({volunteer.pk for volunteer in to}) < len(to):
        raise Refused(_("已经派给这位志愿者了。"))
    require_able(order, to, able)


def require_able(order: Order, to: Sequence[Volunteer], able: set[tuple[int, int]]) -> None:
    """Refuse by name whoever cannot take the order; `able` are the pairs of order and volunteer that can."""
    for volunteer in to:
        if (order.pk, volunteer.pk) not in able:
            raise Refused(
                _("%(name)s 现在不能接这一单（没空、技能不符或已经问过）。请换一位。") % {"name": volunteer.person.name}
            )


def held_places(order: Order) -> int:
    """How many hold the order."""
    return order.assignments.filter(state=Assignment.State.HELD).count()


def _is_full(order: Order) -> bool:
    """Whether nobody else is needed, for the caller who has just added one."""
    return order.people == 1 or held_places(order) == order.people


def withdraw_open_offers(order: Order) -> None:
    """Nobody is asked any more for the order, which the caller has locked."""
    _withdraw(order, _open_offers(order.pk))


def _withdraw(order: Order, open_offers: Sequence[Offer]) -> None:
    for offer in open_offers:
        move(offer, Offer.State.WITHDRAWN)
        offer.answered_at = clock.now()
    update_many(open_offers, "state", "answered_at")
    _thank_teams_that_gave_somebody(order, open_offers)
    note_many("needs.offer_withdrawn", [deed(order, offer) for offer in open_offers], by=None)


_open_or_this = Prepared(
    lambda order, offer: (
        Offer.objects.filter(models.Q(pk=offer) | models.Q(state=Offer.State.OPEN), order_id=order)
        .select_related("volunteer__person")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    ),
    models.BigIntegerField(),
    models.BigIntegerField(),
)
_open_offers = Prepared(
    lambda order: Offer.objects.filter(order_id=order, state=Offer.State.OPEN).order_by("pk"), models.BigIntegerField()
)


def _thank_teams_that_gave_somebody(order: Order, ended: Sequence[Offer]) -> None:
    """An ended offer to a team under which a member accepted was accepted by the team."""
    if teams := [offer.pk for offer in ended if offer.team_id]:
        gave = order.offers.filter(under__in=teams, state=Offer.State.ACCEPTED).values("under")
        order.offers.filter(pk__in=gave).update(state=Offer.State.ACCEPTED)


def after_a_no(order: Order) -> None:
    """Somebody asked has said no: when nobody is asked any more, the order waits; it rises at once when in its circle
    nobody is left who could be asked (rule C4)."""
    if back_to_waiting_if_unanswered(order) and not candidates.is_anybody_left(order):
        order.rises_at = clock.now()
        order.save(update_fields=["rises_at"])


def back_to_waiting_if_unanswered(order: Order, *, rises_at: datetime | None = None) -> bool:
    """When nobody is asked any more for the order, which the caller has locked, it waits for the desk."""
    if order.state != Order.State.OFFERED or order.offers.filter(state=Offer.State.OPEN).exists():
        return False
    move(order, Order.State.WAITING)
    order.due_at, order.rises_at = clock.now(), rises_at or order.rises_at
    order.save()
    return True


def deed(order: Order, offer: Offer) -> Deed:
    """An offer as the subject of a journal entry."""
    facts = {"order": order.pk, "volunteer": offer.volunteer_id} | ({"team": offer.team_id} if offer.team_id else {})
    return Deed(offer, order.place_path, order.resident_id, facts)


def _offer(order: Order, volunteer: Volunteer, lapses_at: datetime, by: User | None) -> Offer:
    return Offer(
        order=order,
        volunteer=volunteer,
        asking=order.asking,
        offered_by=by,
        offered_at=clock.now(),
        lapses_at=lapses_at,
        metres=candidates.metres_to(order, volunteer),
    )
