"""At the door and after, at the same moment: one of both happens, never half of each."""

from datetime import timedelta

import pytest

from lianxin.base import clock
from lianxin.base.refused import Refused
from lianxin.hours import checks
from lianxin.hours.actions import Ruling, settle
from lianxin.hours.models import Record
from lianxin.needs.actions.alarms import end_alarm, raise_alarm
from lianxin.needs.actions.closing import confirm_order
from lianxin.needs.actions.dispatching import accept_offer, offer_order
from lianxin.needs.actions.duty import decide_objection, object_to_dispatch
from lianxin.needs.actions.placing import cancel_order
from lianxin.needs.actions.redirecting import redirect_order
from lianxin.needs.actions.reopening import reopen_order
from lianxin.needs.actions.serving import finish_visit, record_visit, start_visit
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.models.detours import Objection, Redirect
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment, Visit
from lianxin.timebank.queries import minutes_of
from tests import make
from tests.races.test_races import at_once, done

pytestmark = pytest.mark.django_db(transaction=True)


def test_finishing_against_an_alarm_of_the_same_visit() -> None:
    city = make.small_city()
    task, by = make.accepted_order(city), make.user_of(city.volunteer)
    start = Order.objects.get().planned_start
    with clock.at(start):
        start_visit(assignment=task, by=by)

    def finish() -> object:
        with clock.at(start + timedelta(minutes=30)):
            return finish_visit(assignment=task, by=by)

    def ring() -> object:
        with clock.at(start + timedelta(minutes=30)):
            return raise_alarm(person=city.resident, kind=Alarm.Kind.NO_ANSWER, by=by, order=task.order)

    results = at_once(finish, ring)
    assert not isinstance(results[1], Refused)
    is_finished = not isinstance(results[0], Refused)
    assert Record.objects.count() == Visit.objects.count() == int(is_finished)
    assert Order.objects.get().state == (Order.State.TO_CONFIRM if is_finished else Order.State.ACCEPTED)


def test_two_who_ring_at_once_raise_one_alarm_and_two_outcomes_are_one() -> None:
    city = make.small_city()
    order = make.accepted_order(city).order
    by = make.user_of(city.volunteer)
    rung = at_once(
        lambda: raise_alarm(person=city.resident, kind=Alarm.Kind.NO_ANSWER, by=by, order=order),
        lambda: raise_alarm(person=city.resident, kind=Alarm.Kind.NO_ANSWER, by=city.captain, order=order),
    )
    assert done(rung) == 2
    alarm = Alarm.objects.get()
    ended = at_once(
        lambda: end_alarm(alarm=alarm, outcome=Alarm.Outcome.SAFE, by=city.worker),
        lambda: end_alarm(alarm=alarm, outcome=Alarm.Outcome.OUT, by=city.captain),
    )
    assert done(ended) == 1


def test_cancelling_against_an_alarm_leaves_no_cancelled_order_with_an_open_alarm() -> None:
    city = make.small_city()
    order = make.accepted_order(city).order
    by = make.user_of(city.volunteer)
    at_once(
        lambda: cancel_order(order=order, by=city.resident_user),
        lambda: raise_alarm(person=city.resident, kind=Alarm.Kind.NO_ANSWER, by=by, order=order),
    )
    is_ringing = Alarm.objects.filter(state="ringing").exists()
    assert is_ringing == (Order.objects.get().state == Order.State.ACCEPTED)


def test_own_finish_against_the_captains_slip_records_one_visit() -> None:
    city = make.small_city()
    task, by = make.accepted_order(city), make.user_of(city.volunteer)
    order = Order.objects.get()

    def own() -> object:
        with clock.at(order.planned_end):
            return start_visit(assignment=task, by=by)

    def slip() -> object:
        with clock.at(order.planned_end):
            return record_visit(assignment=task, start=order.planned_start, end=order.planned_end, by=city.captain)

    at_once(own, slip)
    assert Visit.objects.filter(finished_at=None).count() + Record.objects.count() == Visit.objects.count() == 1


def test_confirmed_by_phone_and_by_slip_at_once_it_is_banked_once() -> None:
    city = make.small_city()
    order = make.served_order(city)
    results = at_once(
        lambda: confirm_order(order=order, by=city.resident_user),
        lambda: confirm_order(order=order, by=city.operator, how="slip"),
    )
    assert (done(results), minutes_of(city.volunteer.person)) == (1, 50)
    assert list(checks.faults()) == []


def test_two_who_settle_at_once_settle_once() -> None:
    city = make.small_city()
    first = make.done_order(city)
    second = make.served_order(city, start=make.tomorrow_at(14), end=make.tomorrow_at(17))
    with clock.at(second.planned_end + timedelta(days=1)):
        confirm_order(order=second, by=city.resident_user)
    record = Record.objects.order_by("-pk")[0]
    start, end = record.during.lower, record.during.upper
    later = timedelta(minutes=5)

    def void() -> object:
        return settle(rulings=[Ruling(record)], reason="没有去", by=city.worker)

    def shorten() -> object:
        with clock.at(end + timedelta(days=1)):
            return settle(rulings=[Ruling(record, start + later, end)], reason="晚到", by=city.captain)

    results = at_once(void, shorten)
    assert done(results) == 1
    assert minutes_of(city.volunteer.person) == (50 if not isinstance(results[0], Refused) else 95)
    assert list(checks.faults()) == []
    assert first.state == Order.State.DONE


def test_who_served_is_asked_once_and_holds_it_once_when_it_is_looked_for_anew() -> None:
    city = make.small_city()
    order, by = make.served_order(city), make.user_of(city.volunteer)
    reopened = at_once(
        lambda: reopen_order(order=order, words="又漏了", by=city.worker),
        lambda: reopen_order(order=order, words="还在漏", by=city.resident_user),
    )
    assert done(reopened) == 1
    asked = at_once(
        lambda: offer_order(order=order, to=[city.volunteer], by=city.dispatcher),
        lambda: offer_order(order=order, to=[city.volunteer], by=city.captain),
    )
    assert done(asked) == 1
    offer = Offer.objects.get(state=Offer.State.OPEN)
    accepted = at_once(*2 * [lambda: accept_offer(offer=offer, by=by)])
    assert done(accepted) == Assignment.objects.filter(state=Assignment.State.HELD).count() == 1
    assert (offer.asking, Order.objects.get().asking) == (2, 2)


def test_handing_on_against_accepting_leaves_nobody_bound_to_what_is_elsewhere() -> None:
    city = make.small_city()
    order, offer = make.offered_order(city)
    by = make.user_of(city.volunteer)
    results = at_once(
        lambda: redirect_order(order=order, by=city.worker, reason="闻到煤气", to=Redirect.To.FIRE),
        lambda: accept_offer(offer=offer, by=by),
    )
    assert not isinstance(results[0], Refused)
    assert Order.objects.get().state == Order.State.REDIRECTED
    assert not Assignment.objects.filter(state=Assignment.State.HELD).exists()


def test_deciding_an_objection_against_accepting_the_order_is_one_of_both() -> None:
    city = make.small_city()
    order, offer = make.offered_order(city)
    by = make.user_of(city.volunteer)
    objection = object_to_dispatch(order=order, by=city.captain, reason="不是我们片区")
    at_once(
        lambda: decide_objection(objection=objection, by=city.dispatcher, words="请克服一下"),
        lambda: accept_offer(offer=offer, by=by),
    )
    assert Order.objects.get().state == Order.State.ACCEPTED
    assert Objection.objects.get().state != Objection.State.OPEN
