"""改约: another window is agreed with the resident; who was coming is asked again (rule D15)."""

from collections.abc import Sequence
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.bulk import insert_many
from lianxin.base.moves import move
from lianxin.base.refused import Refused
from lianxin.journal.actions import Deed, note, note_many
from lianxin.needs import rules
from lianxin.needs.actions.checking import require_speaks_for, require_window
from lianxin.needs.actions.dispatching import begin_offer, deed, withdraw_open_offers
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from lianxin.needs.queries import candidates
from lianxin.users.models import User
from lianxin.volunteers.actions.promising import release_time
from lianxin.volunteers.models import Volunteer


@action
def reschedule_order(*, order: Order, by: User, start: datetime, end: datetime, how: Order.Way) -> Order:
    """The resident wants another time, said on the web, by telephone or at a visit; promise and deadlines follow.

    Who had accepted or was being asked is asked anew for the new time, and where he cannot, is told that he need not
    come.
    """
    order = lock(Order, order.pk, "item__skill", "resident")
    require_speaks_for(order, by, "needs.reschedule")
    if order.state not in Order.BEFORE_THE_DOOR:
        raise Refused(_("现在是「%(now)s」，不能改约。") % {"now": order.get_state_display()})
    require_window(start, end)
    if order.assignments.filter(visits__round=order.round).exists():
        raise Refused(_("服务已经开始，不能改约。"))
    known = _let_go(order)
    order.window, order.starts_at = DateTimeTZRange(start, end), None
    order.ask_afresh()
    deadlines = rules.Deadlines(clock.now())
    order.promised_at = deadlines.promise(order)
    asked = _ask_again(order, known, deadlines, by)
    order.save()
    _note(order, known, asked, by, how)
    return order


def _let_go(order: Order) -> list[Volunteer]:
    """Whoever holds the order or is being asked; none of them is bound any more."""
    asked = order.offers.filter(state=Offer.State.OPEN, volunteer__isnull=False).values("volunteer")
    held = order.assignments.filter(state=Assignment.State.HELD).values("volunteer")
    either = Volunteer.objects.filter(Q(pk__in=asked) | Q(pk__in=held))
    known = list(either.select_related("person").order_by("pk"))
    withdraw_open_offers(order)
    order.offers.filter(asking=order.asking, state=Offer.State.ACCEPTED).update(state=Offer.State.WITHDRAWN)
    for assignment in order.assignments.filter(state=Assignment.State.HELD).order_by("pk"):
        move(assignment, Assignment.State.RELEASED)
        assignment.released_because = Assignment.Why.OTHERWISE
        assignment.save()
        release_time(about=assignment)
    return known


def _ask_again(order: Order, known: Sequence[Volunteer], deadlines: rules.Deadlines, by: User) -> list[Volunteer]:
    if order.state == Order.State.CHECKING:
        order.due_at = deadlines.verify(order)
        return []
    if order.state != Order.State.WAITING:
        move(order, Order.State.WAITING)
    able = candidates.able_pairs({order: [each.pk for each in known]}) if known else set()
    willing = [each for each in known if (order.pk, each.pk) in able]
    if not willing:
        order.due_at = order.rises_at = deadlines.dispatch(order)
        return []
    lapses_at = deadlines.lapse(order)
    begin_offer(order, lapses_at, order.responsible)
    offers = insert_many(
        Offer(
            order=order,
            volunteer=each,
            asking=order.asking,
            offered_by=by,
            offered_at=deadlines.moment,
            lapses_at=lapses_at,
            metres=candidates.metres_to(order, each),
        )
        for each in willing
    )
    note_many("needs.offered", [deed(order, offer) for offer in offers], by=by)
    return willing


def _note(order: Order, known: Sequence[Volunteer], asked: Sequence[Volunteer], by: User, how: Order.Way) -> None:
    facts = {"how": str(how), "asked": [each.pk for each in asked]}
    note("needs.order_rescheduled", order, by=by, scope=order.place_path, for_person=order.resident_id, **facts)
    spared = {each.pk for each in known} - {each.pk for each in asked}
    released = order.assignments.filter(volunteer__in=spared, state=Assignment.State.RELEASED).order_by("pk")
    about = {"order": order.pk, "because": str(Assignment.Why.OTHERWISE)}
    note_many("needs.let_go", [Deed(each, order.place_path, order.resident_id, about) for each in released], by=by)
