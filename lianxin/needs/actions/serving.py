"""上门: the visit begins and ends, by the volunteer's phone, the captain's, a call or a slip (rules E3 to E6)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock, working_time
from lianxin.base.actions import action, lock
from lianxin.base.bulk import insert_many, update_many
from lianxin.base.moves import move
from lianxin.base.prepared import Prepared
from lianxin.base.refused import Forbidden, Refused
from lianxin.base.words import moment_in_words
from lianxin.hours.actions import claim_hours
from lianxin.hours.models import Grade
from lianxin.journal.actions import Deed, note, note_many
from lianxin.needs import rules
from lianxin.needs.actions.alarms import end_missed
from lianxin.needs.actions.dispatching import held_places, minors_of
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment, Visit
from lianxin.needs.queries.tasks import everybody_is_done, forgotten_visits
from lianxin.organisations.queries import may
from lianxin.people.actions.looking import look, look_at_guardian
from lianxin.people.rules import is_minor
from lianxin.users.models import User


@action
def start_visit(
    *, assignment: Assignment, by: User, at: datetime | None = None, how: Visit.How = Visit.How.CAPTAIN
) -> Visit:
    """The volunteer stands at the door and has said the word; captain or desk may write it down for him (rule E4).

    `at` is when, if not now; `how` says from what another writes it down.
    """
    order, assignment = _locked(assignment)
    how = _how(order, assignment, by, how)
    if how == Visit.How.OWN and at:
        raise Refused(_("开始请当场点。忘了点的，请队长或站点补记。"), field="at")
    return _start(order, assignment, at or clock.now(), how, by)


@action
def finish_visit(
    *,
    assignment: Assignment,
    by: User,
    outcome: str = "",
    at: datetime | None = None,
    how: Visit.How = Visit.How.CAPTAIN,
    found: str = "",
) -> Visit:
    """The volunteer is done: his time is claimed at once and waits for the resident's word (rule H2).

    Who forgot to say so in time names the moment `at` which it ended (rule E6). `found` is one of `Visit.Found` (E9).
    """
    order, assignment = _locked(assignment)
    how = _how(order, assignment, by, how)
    visit = _open_visit.first(assignment.pk)
    if visit is None:
        raise Refused(_("这次服务还没有开始，请先点「开始服务」。"))
    visit.assignment, visit.found = assignment, found
    if at is None and clock.now() > rules.proposed_end(order, visit.started_at) + rules.FORGOTTEN_AFTER:
        raise Refused(_("约好的时间早过了。请填一下实际是几点结束的。"), field="at")
    is_own = how == visit.started_how == Visit.How.OWN and at is None
    return _finish(order, visit, at or clock.now(), how, by, outcome, Grade.A if is_own else Grade.B)


_open_visit = Prepared(
    lambda assignment: Visit.objects.filter(assignment=assignment, finished_at=None).order_by("pk"),
    models.BigIntegerField(),
)


@action
def record_visit(
    *, assignment: Assignment, start: datetime, end: datetime, by: User, outcome: str = "", found: str = ""
) -> Visit:
    """A signed slip is written down afterwards, with the times on it, never by whom it credits (rules E4 and H5)."""
    order, assignment = _locked(assignment)
    how = _how(order, assignment, by, Visit.How.SLIP)
    if how == Visit.How.OWN:
        raise Forbidden(_("自己的纸质单不能自己补录，请交给队长或站点。"))
    visit = _start(order, assignment, start, how, by)
    visit.found = found
    return _finish(order, visit, end, how, by, outcome, Grade.C)


@action
def ask_about_forgotten() -> Sequence[Visit]:
    """Whoever forgot to end his visit is asked, once, and so is his captain; an open visit never counts (rule E6)."""
    visits = [
        visit
        for visit in forgotten_visits().select_for_update(of=("self",), no_key=True)
        if rules.proposed_end(visit.assignment.order, visit.started_at) + rules.FORGOTTEN_AFTER <= clock.now()
    ]
    Visit.objects.filter(pk__in=[visit.pk for visit in visits]).update(asked_at=clock.now())
    note_many("needs.visit_forgotten", [_deed(visit) for visit in visits], by=None)
    return visits


@action
def look_at_contact(*, assignment: Assignment, by: User) -> dict[str, str]:
    """Name, phone, address and wishes of the resident, for who has accepted, until it ends (rule E2)."""
    order, assignment = _locked(assignment)
    if assignment.volunteer.person.user_id != by.pk:
        raise Forbidden(_("这不是您接的单。"))
    if order.state in Order.ENDED:
        raise Refused(_("这一单已经结束，不能再查看联系方式。"))
    opened = _look_at_resident(order, by)
    return opened | {"name": order.resident.name, "details": order.details.open() if order.details else ""}


def _look_at_resident(order: Order, by: User) -> dict[str, str]:
    """Of a minor it is the guardian who is rung, where one is named, and never the child (rule P12)."""
    guardian = {}
    if is_minor(order.resident, clock.today()):
        guardian = look_at_guardian(person=order.resident, by=by, about=order)
    fields = ["address"] if guardian else ["phone", "address"]
    opened = look(person=order.resident, fields=fields, by=by, about=order)
    return opened | ({"phone": guardian["guardian_phone"], "guardian": guardian["guardian"]} if guardian else {})


def _locked(assignment: Assignment) -> tuple[Order, Assignment]:
    order = lock(Order, assignment.order_id, "item", "resident__home", "place")
    assignment = lock(Assignment, assignment.pk, "volunteer__person", "volunteer__team")
    if assignment.state != Assignment.State.HELD:
        raise Forbidden(_("这不是您接的单。"))
    assignment.order = order
    return order, assignment


def _how(order: Order, assignment: Assignment, by: User, how: Visit.How) -> Visit.How:
    """By whose word: his own, or that of another who may write it down for him (rule E4)."""
    if assignment.volunteer.person.user_id == by.pk:
        return Visit.How.OWN
    if not may(by, "needs.record_visits", order.place_path, assignment.volunteer.team.path):
        raise Forbidden(_("这不是您接的单。"))
    return how


def _start(order: Order, assignment: Assignment, at: datetime, how: Visit.How, by: User) -> Visit:
    _require_in_time(order, at)
    _require_adult(order, assignment)
    if order.state != Order.State.SERVING:
        move(order, Order.State.SERVING)
        update_many([order], "state")
    [visit] = insert_many([Visit(assignment=assignment, round=order.round, started_at=at, started_how=how)])
    if clock.now() >= order.planned_start + rules.LATE_AFTER:
        end_missed(order, by)
    note("needs.visit_started", visit, by=by, scope=order.place_path, for_person=order.resident_id, order=order.pk)
    return visit


def _require_adult(order: Order, assignment: Assignment) -> None:
    """A minor begins only where an adult has taken the order on with him (rule W12)."""
    is_alone = is_minor(assignment.volunteer.person, clock.today()) and minors_of(order) == held_places(order)
    if is_alone:
        raise Refused(_("未满 18 周岁要有成年志愿者一起。还没有人接另一个名额，请先联系队长。"))


def _require_in_time(order: Order, at: datetime) -> None:
    """Neither in the future nor long before the agreed time (rule E5)."""
    if at > clock.now():
        raise Refused(_("这个时间还没到，请填实际的时间。"), field="at")
    earliest = order.planned_start - rules.EARLIEST
    if at < earliest:
        words = _("约好 %(agreed)s 开始，最早 %(earliest)s。想早点去，请先和居民、站点改好时间。")
        said = {"agreed": moment_in_words(order.planned_start), "earliest": moment_in_words(earliest)}
        raise Refused(words % said, field="at")


def _finish(order: Order, visit: Visit, at: datetime, how: Visit.How, by: User, outcome: str, grade: Grade) -> Visit:
    volunteer = visit.assignment.volunteer
    _require_possible_end(order, visit, at, by)
    visit.finished_at, visit.finished_how, visit.outcome = at, how, outcome
    update_many([visit], "finished_at", "finished_how", "outcome", "found")
    claim_hours(
        person=volunteer.person,
        what=order.item.name,
        start=visit.started_at,
        end=at,
        about=visit,
        team=volunteer.team,
        place=order.place,
        by=by,
        grade=grade,
    )
    if order.people == 1 or everybody_is_done(order):
        move(order, Order.State.TO_CONFIRM)
        order.due_at, order.asked = working_time.after(clock.now(), rules.CONFIRM_WITHIN), Order.Asked.HIMSELF
        update_many([order], "state", "due_at", "asked")
    facts = {"order": order.pk, "state": order.state}
    note("needs.visit_finished", visit, by=by, scope=order.place_path, for_person=order.resident_id, **facts)
    return visit


def _require_possible_end(order: Order, visit: Visit, at: datetime, by: User) -> None:
    if at > clock.now():
        raise Refused(_("这个时间还没到，请填实际的时间。"), field="at")
    if at <= visit.started_at:
        raise Refused(_("结束时间要晚于开始时间。"), field="at")
    volunteer = visit.assignment.volunteer
    is_vouched = may(by, "needs.vouch", order.place_path, volunteer.team.path) and volunteer.person.user_id != by.pk
    if at - visit.started_at > rules.longest_visit(order) and not is_vouched:
        raise Refused(_("比平常长很多的服务，要队长来记。请告诉队长几点开始、几点结束。"), field="at")


def _deed(visit: Visit) -> Deed:
    order = visit.assignment.order
    return Deed(visit, order.place_path, visit.assignment.volunteer.person_id, {"order": order.pk})
