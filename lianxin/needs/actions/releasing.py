"""The desk lets a volunteer go who does not come; a resident is spared whom he would rather not have again."""

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock, lock_many
from lianxin.base.moves import move
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.actions import note
from lianxin.needs.actions.dispatching import after_a_no, go_on_without_one
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from lianxin.organisations.queries import may, require
from lianxin.people.models import Helper, Person
from lianxin.people.queries import may_act_for
from lianxin.users.models import User
from lianxin.volunteers.actions.promising import release_time
from lianxin.volunteers.actions.sparing import block, lift_block
from lianxin.volunteers.models import Block, Volunteer


@action
def release_volunteer(*, assignment: Assignment, by: User, because: Assignment.Why) -> Assignment:
    """Who did not come, or cannot be reached, holds the order no more; it counts for nothing (rule D12)."""
    order = lock(Order, assignment.order_id, "item", "resident")
    assignment = lock(Assignment, assignment.pk, "volunteer__person")
    require(by, "needs.release", order.place_path, order.team_path)
    if assignment.visits.filter(round=order.round).exists():
        raise Refused(_("服务已经开始，不能再换人。"))
    let_go(order, assignment, because)
    note(
        "needs.let_go",
        assignment,
        by=by,
        scope=order.place_path,
        for_person=order.resident_id,
        order=order.pk,
        because=str(because),
    )
    return assignment


@action
def spare(*, resident: Person, volunteer: Volunteer, by: User) -> Block:
    """换个人: this volunteer does not come to this resident again; he is never told why, nor that it was asked (D13).

    What he was asked for there ends, and what he holds there and has not begun goes to somebody else.
    """
    require_may_spare(by, resident)
    touched = Order.objects.filter(resident=resident).exclude(state__in=Order.ENDED)
    held = touched.filter(assignments__volunteer=volunteer, assignments__state=Assignment.State.HELD)
    asked = touched.filter(offers__volunteer=volunteer, offers__state=Offer.State.OPEN)
    for order in lock_many(Order, [*held.values_list("pk", flat=True), *asked.values_list("pk", flat=True)], "item"):
        _relieve(order, volunteer)
    return block(person=resident, volunteer=volunteer, by=by)


@action
def spare_no_more(*, resident: Person, volunteer: Volunteer, by: User) -> None:
    """The resident would have him again after all."""
    require_may_spare(by, resident)
    lift_block(person=resident, volunteer=volunteer, by=by)


def require_may_spare(by: User, resident: Person) -> None:
    """Refuse whoever is neither the resident, nor acts for him, nor works at his place's desk."""
    own = getattr(by, "person", None)
    if own and may_act_for(own, resident, Helper.Scope.ORDER):
        return
    if resident.home is None or not may(by, "needs.spare", resident.home.path):
        raise Forbidden(_("只有居民本人、家人或负责这里的工作人员可以请求换人。"))


def let_go(order: Order, assignment: Assignment, because: Assignment.Why) -> None:
    """The assignment, locked with its order, ends before its visit has begun."""
    move(assignment, Assignment.State.RELEASED)
    assignment.released_because = because
    assignment.save()
    release_time(about=assignment)
    go_on_without_one(order)


def _relieve(order: Order, volunteer: Volunteer) -> None:
    """End what the volunteer was asked or has promised, with the words for any change of plan."""
    facts = {"scope": order.place_path, "for_person": order.resident_id, "order": order.pk}
    for offer in order.offers.filter(volunteer=volunteer, state=Offer.State.OPEN):
        move(offer, Offer.State.WITHDRAWN)
        offer.answered_at = clock.now()
        offer.save()
        note("needs.offer_withdrawn", offer, by=None, **facts)
        after_a_no(order)
    promised = order.assignments.filter(volunteer=volunteer, state=Assignment.State.HELD)
    for held in promised.exclude(visits__round=order.round):
        let_go(order, held, Assignment.Why.OTHERWISE)
        note("needs.let_go", held, by=None, because=str(Assignment.Why.OTHERWISE), **facts)
