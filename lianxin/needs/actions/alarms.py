"""没人应门, 联系不上, 没人上门: what rings, and how it ends."""

from datetime import datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.freezing import require_not_frozen
from lianxin.base.moves import may_move, move
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.actions import Deed, note, note_many
from lianxin.needs import rules
from lianxin.needs.actions.dispatching import let_everybody_go
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment, Visit
from lianxin.notices.actions import withdraw_calls
from lianxin.notices.models import Way
from lianxin.organisations.queries import may, require
from lianxin.people.actions.looking import look, look_at_contacts
from lianxin.people.actions.reaching import ring_contacts, tell
from lianxin.people.models import EmergencyContact, Helper, Person
from lianxin.people.queries import may_act_for
from lianxin.users.models import User


@action
def raise_alarm(*, person: Person, kind: Alarm.Kind, by: User | None, order: Order | None = None) -> Alarm:
    """Ring for a person, at once, at his place and at the team that was to come (rule S1).

    Raised twice it is still one alarm. A visit that was begun at a door which nobody opened has not begun.
    `by` is None where the clock rings.
    """
    order = lock(Order, order.pk, "item", "resident__home") if order else None
    person = order.resident if order else Person.objects.select_related("home").get(pk=person.pk)
    if order is None:
        lock(Person, person.pk)
    _require_may_raise(person, kind, by, order)
    standing = Alarm.objects.standing().filter(person=person, kind=kind, order=order).first()
    if standing:
        return standing
    if order and kind == Alarm.Kind.NO_ANSWER:
        _take_back_visit(order, by)
    alarm = _ring(person, kind, by, order)
    facts = {"kind": kind} | ({"order": order.pk} if order else {})
    note("needs.alarm_raised", alarm, by=by, scope=alarm.place_path, for_person=person.pk, **facts)
    return alarm


@action
def end_alarm(
    *, alarm: Alarm, outcome: Alarm.Outcome, by: User, words: str = "", then: rules.Then | None = None
) -> Alarm:
    """A named person states what came of it, and what becomes of the visit (rules S1 and S2)."""
    order = lock(Order, alarm.order_id, "item", "resident__home") if alarm.order_id else None
    alarm = lock(Alarm, alarm.pk)
    require(by, "needs.answer_alarms", alarm.place_path, alarm.team_path)
    if outcome == Alarm.Outcome.OTHER and not words.strip():
        raise Refused(_("选「其他」请写一句是什么情况。"), field="words")
    _end(alarm, outcome, words, by)
    if order:
        _go_on(order, rules.Then(then) if then else rules.Then.AGAIN)
    # Without the outcome, which may be a word on somebody's health (rule P3).
    facts = {"order": order.pk, "then": then or rules.Then.AGAIN} if order else {}
    note("needs.alarm_ended", alarm, by=by, scope=alarm.place_path, for_person=alarm.person_id, **facts)
    return alarm


@action
def ring_round(*, alarm: Alarm) -> None:
    """While nobody knows how the person is: call cards for him, and for those whom he named for such a moment (S1)."""
    alarm = lock(Alarm, alarm.pk, "person__home", "order__item", "raised_by")
    if alarm.state != Alarm.State.RINGING or alarm.kind not in Alarm.GRAVE:
        return
    about = rules.CALLS_ABOUT_ALARM % alarm.pk
    if alarm.order:
        text = _("志愿者来做「%(item)s」，在门口没人应门。您在家吗？都好吗？") % {"item": alarm.order.item}
        link = f"/orders/{alarm.order_id}/"
        tell(person=alarm.person, text=text, key=f"{about}self", link=link, way=Way.CALL, at_once=True)
    ring_contacts(
        person=alarm.person,
        text=lambda contact: _to_contact(alarm, contact),
        about=about,
        link=rules.ALARM_PAGE % alarm.pk,
        scope=alarm.place_path or "",
        by=alarm.raised_by,
    )


@action
def look_at_alarmed(*, alarm: Alarm, by: User) -> dict[str, Any]:
    """Phone and address of whom the alarm is about, and of whom to ring then, for the desk; the looks are noted."""
    require(by, "needs.see_resident", alarm.place_path)
    person = Person.objects.select_related("home").get(pk=alarm.person_id)
    opened = look(person=person, fields=["phone", "address"], by=by, about=alarm)
    return {**opened, "contacts": look_at_contacts(person=person, by=by, about=alarm)}


@action
def read_outcome(*, alarm: Alarm, by: User) -> str:
    """What was written about how it ended, which may be a word on somebody's health; each look is noted (rule S3)."""
    require(by, "needs.see_resident", alarm.place_path)
    require_not_frozen()
    note("people.looked", alarm, by=by, scope=alarm.place_path, for_person=alarm.person_id, fields=["note"])
    return alarm.words.open() if alarm.words else ""


@action
def remind_of_alarms() -> list[Alarm]:
    """A quarter of an hour is over and nobody has said what came of it: those above are told (rule S1)."""
    late = Alarm.objects.standing().filter(due_at__lte=clock.now(), reminded_at=None)
    alarms = list(late.order_by("pk").select_for_update(of=("self",), no_key=True))
    Alarm.objects.filter(pk__in=[each.pk for each in alarms]).update(reminded_at=clock.now())
    note_many("needs.alarm_overdue", [Deed(each, each.place_path, each.person_id) for each in alarms], by=None)
    return alarms


def end_missed(order: Order, by: User | None) -> None:
    """Somebody has come, or the order, locked by the caller, is off: the alarm that nobody came is over (rule S3)."""
    is_off = order.state in {Order.State.CANCELLED, Order.State.REDIRECTED}
    outcome = Alarm.Outcome.OTHER if is_off else Alarm.Outcome.LATE
    missed = order.alarms.standing().filter(kind=Alarm.Kind.MISSED)
    for alarm in missed.order_by("pk").select_for_update(of=("self",), no_key=True):
        _end(alarm, outcome, "", by)
        note("needs.alarm_ended", alarm, by=by, scope=alarm.place_path, for_person=alarm.person_id, order=order.pk)


def serve_anew(order: Order) -> None:
    """Nobody is bound any more: the order, locked by the caller, waits at the desk, for a window that is not over."""
    let_everybody_go(order)
    move(order, Order.State.WAITING)
    order.ask_afresh()
    want_it_still(order)
    now = clock.now()
    order.starts_at, order.due_at, order.rises_at = None, now, rules.Deadlines(now).lapse(order)
    order.save()


def want_it_still(order: Order) -> None:
    """Where the wanted time is over, the order is wanted for the days to come."""
    now = clock.now()
    if order.latest_start <= now:
        order.window = DateTimeTZRange(now, now + rules.NEW_WINDOW)


def _require_may_raise(person: Person, kind: Alarm.Kind, by: User | None, order: Order | None) -> None:
    if person.home is None and order is None:
        raise Refused(_("还不知道住在哪个社区，请直接打 110，并给社区打电话。"))
    if order and order.state in Order.ENDED:
        raise Refused(_("这一单已经结束。联系不上人，请到「联系不上」里报。"))
    if by is None:
        return
    own = getattr(by, "person", None)
    if order and kind == Alarm.Kind.NO_ANSWER and _held_by(order, by):
        return
    is_family = own and any(may_act_for(own, person, scope) for scope in Helper.Scope)
    if is_family and kind != Alarm.Kind.NO_ANSWER:
        return
    paths = (order.place_path, order.team_path) if order else (person.home.path if person.home else None,)
    if not may(by, "needs.answer_alarms", *paths):
        raise Forbidden(_("只有上门的志愿者、家人、队长和社区可以报。急事请直接打 110 或 120。"))


def _to_contact(alarm: Alarm, contact: EmergencyContact) -> str:
    words = _(
        "您是%(person)s留的紧急联系人（%(relation)s）。%(what)s，我们正在查看。您今天和本人联系过吗？知道人在哪里吗？"
    )
    is_at_the_door = alarm.kind == Alarm.Kind.NO_ANSWER
    what = _("志愿者刚才上门，没人应门") if is_at_the_door else _("刚才有人说联系不上本人")
    return str(words % {"person": alarm.person.name, "relation": contact.relation, "what": what})


def _held_by(order: Order, by: User) -> Assignment | None:
    held = order.assignments.filter(state=Assignment.State.HELD, volunteer__person__user=by)
    return held.order_by("pk").first()


def _take_back_visit(order: Order, by: User | None) -> None:
    """Who stands before a closed door has not begun; without another at work the order is accepted as before."""
    own = _held_by(order, by) if by else None
    began = Visit.objects.filter(assignment=own, finished_at=None) if own else Visit.objects.none()
    for visit in began.order_by("pk"):
        note("needs.visit_taken_back", visit, by=by, scope=order.place_path, order=order.pk)
        visit.delete()
    others = Visit.objects.filter(assignment__order=order, round=order.round)
    if order.state == Order.State.SERVING and not others.exists():
        move(order, Order.State.ACCEPTED)
        order.save()


def _ring(person: Person, kind: Alarm.Kind, by: User | None, order: Order | None) -> Alarm:
    now: datetime = clock.now()
    return Alarm.objects.create(
        person=person,
        order=order,
        kind=kind,
        place_path=order.place_path if order else person.home and person.home.path,
        team_path=order.team_path if order else None,
        raised_by=by,
        raised_at=now,
        due_at=now + rules.ALARM_WITHIN,
    )


def _end(alarm: Alarm, outcome: Alarm.Outcome, words: str, by: User | None) -> None:
    move(alarm, Alarm.State.ENDED)
    alarm.outcome, alarm.words, alarm.ended_by, alarm.ended_at = outcome, words, by, clock.now()
    alarm.save()
    if alarm.kind in Alarm.GRAVE:
        withdraw_calls(about=rules.CALLS_ABOUT_ALARM % alarm.pk, by=by)


def _go_on(order: Order, then: rules.Then) -> None:
    """What becomes of the visit; an order that has ended, rests or is with somebody else goes on as it does.

    What the desk wrote down stays with the alarm: relatives and volunteers read the order's reason (rule S3).
    """
    if then == rules.Then.AGAIN:
        return
    wanted = Order.State.WAITING if then == rules.Then.ANEW else Order.State.CANCELLED
    if order.state in {*Order.ENDED, Order.State.PAUSED, Order.State.REDIRECTED, wanted}:
        return
    if not may_move(order, wanted):
        raise Refused(_("还有志愿者在服务，这一单请选「接着去」。"), field="then")
    if then == rules.Then.ANEW:
        serve_anew(order)
        return
    move(order, Order.State.CANCELLED)
    order.reason, order.due_at, order.rises_at = str(_("社区查明情况以后取消的")), None, None
    order.save()
    let_everybody_go(order)
    end_missed(order, None)
    note("needs.order_cancelled", order, by=None, scope=order.place_path, for_person=order.resident_id)
