"""上门: the visit begins and ends; when the last volunteer is done the resident is asked."""

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock, working_time
from lianxin.base.actions import action, lock
from lianxin.base.moves import move
from lianxin.base.refused import Forbidden, Refused
from lianxin.hours.actions import claim_hours
from lianxin.journal.actions import note
from lianxin.needs import rules
from lianxin.needs.actions.alarms import end_missed
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment, Visit
from lianxin.needs.queries.tasks import everybody_is_done
from lianxin.people.actions.looking import look
from lianxin.users.models import User


@action
def start_visit(*, assignment: Assignment, by: User) -> Visit:
    """The volunteer stands at the door and has said the word."""
    order, assignment = _locked(assignment, by)
    if order.state != Order.State.SERVING:
        move(order, Order.State.SERVING)
        order.save()
    visit = Visit.objects.create(assignment=assignment, started_at=clock.now())
    end_missed(order, by)
    note("needs.visit_started", visit, by=by, scope=order.place_path, for_person=order.resident_id, order=order.pk)
    return visit


@action
def finish_visit(*, assignment: Assignment, by: User, outcome: str = "") -> Visit:
    """The volunteer is done: his time is claimed at once and waits for the resident's word (rule H2)."""
    order, assignment = _locked(assignment, by)
    visit = assignment.visits.filter(finished_at=None).first()
    if visit is None:
        raise Refused(_("这次服务还没有开始，请先点「开始服务」。"))
    visit.finished_at, visit.outcome = clock.now(), outcome
    visit.save()
    person = assignment.volunteer.person
    claim_hours(
        person=person,
        what=order.item.name,
        start=visit.started_at,
        end=visit.finished_at,
        about=visit,
        team=assignment.volunteer.team,
        place=order.place,
        by=by,
    )
    if order.people == 1 or everybody_is_done(order):
        move(order, Order.State.TO_CONFIRM)
        order.due_at = working_time.after(clock.now(), rules.CONFIRM_WITHIN)
        order.save()
    facts = {"order": order.pk, "state": order.state}
    note("needs.visit_finished", visit, by=by, scope=order.place_path, for_person=order.resident_id, **facts)
    return visit


@action
def look_at_contact(*, assignment: Assignment, by: User) -> dict[str, str]:
    """Name, phone, address and wishes of the resident, for who has accepted, until it ends (rule E2)."""
    order, assignment = _locked(assignment, by)
    if order.state in Order.ENDED:
        raise Refused(_("这一单已经结束，不能再查看联系方式。"))
    opened = look(person=order.resident, fields=["phone", "address"], by=by, about=order)
    return opened | {"name": order.resident.name, "details": order.details.open() if order.details else ""}


def _locked(assignment: Assignment, by: User) -> tuple[Order, Assignment]:
    order = lock(Order, assignment.order_id, "item", "resident__home", "place")
    assignment = lock(Assignment, assignment.pk, "volunteer__person", "volunteer__team")
    if assignment.state != Assignment.State.HELD or assignment.volunteer.person.user_id != by.pk:
        raise Forbidden(_("这不是您接的单。"))
    assignment.order = order
    return order, assignment
