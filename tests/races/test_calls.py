"""What must hold when two operators do the same at the same moment."""

import pytest

from lianxin.base.refused import Refused
from lianxin.needs.actions.calls.orders import cancel_by_call, urge_order
from lianxin.needs.actions.calls.promises import hand_over, ring_back, take_over
from lianxin.needs.actions.calls.rings import connect_line, ring, take_ring
from lianxin.needs.actions.calls.speaking import confirm_in_call, ring_out
from lianxin.needs.actions.calls.taking import end_call, start_call
from lianxin.needs.actions.closing import confirm_order
from lianxin.needs.models.calls import Call, Ring
from lianxin.needs.models.orders import Order
from lianxin.needs.models.ratings import Rating
from lianxin.organisations.models import Role
from lianxin.timebank.queries import minutes_of
from tests import make
from tests.races.test_races import at_once, done

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_operators_take_the_same_ring_and_one_has_it() -> None:
    city = make.small_city()
    line, _ = connect_line(desk=city.city, name="总机", by=make.staff("系统员", Role.SYSTEM_ADMINISTRATOR, city.city))
    rung = ring(line=line, number="13800000077")
    others = [make.staff(f"接线{n}", Role.CALL_OPERATOR, city.city) for n in range(3)]
    results = at_once(*[lambda by=by: take_ring(ring=rung, by=by) for by in others])
    assert (done(results), Call.objects.count()) == (1, 1)


def test_a_system_that_tells_twice_at_once_rings_once() -> None:
    city = make.small_city()
    line, _ = connect_line(desk=city.city, name="总机", by=make.staff("系统员", Role.SYSTEM_ADMINISTRATOR, city.city))
    at_once(*[lambda: ring(line=line, number="13800000077")] * 4)
    assert Ring.objects.count() == 1


def test_one_operator_with_two_windows_has_one_call() -> None:
    city = make.small_city()
    results = at_once(*[lambda: start_call(by=city.operator)] * 3)
    assert (done(results), Call.objects.count()) == (1, 1)


def test_a_repeat_is_merged_before_the_order_is_called_off_or_refused_after() -> None:
    city = make.small_city()
    order = make.verified_order(city)
    first = start_call(by=city.operator, person=city.resident)
    second = start_call(by=city.worker, person=city.resident)
    merged, cancelled = at_once(
        lambda: urge_order(call=first, order=order, by=city.operator, is_repeat=True),
        lambda: cancel_by_call(call=second, order=order, reason="好了", by=city.worker),
    )
    order.refresh_from_db()
    assert order.state == Order.State.CANCELLED
    assert isinstance(cancelled, Order)
    assert order.urged == int(isinstance(merged, Order))


def test_urged_by_several_at_once_counts_each() -> None:
    city = make.small_city()
    order = make.verified_order(city)
    operators = [make.staff(f"接线{n}", Role.CALL_OPERATOR, city.city) for n in range(4)]
    calls = [start_call(by=by, person=city.resident) for by in operators]
    pairs = zip(calls, operators, strict=True)
    results = at_once(*[lambda call=call, by=by: urge_order(call=call, order=order, by=by) for call, by in pairs])
    order.refresh_from_db()
    assert (done(results), order.urged) == (4, 4)


def test_one_shift_is_taken_over_by_one_and_one_promise_rung_back_by_one() -> None:
    city = make.small_city()
    call = start_call(by=city.operator, person=city.resident)
    ended = end_call(call=call, by=city.operator, kind="question", call_back_at=make.tomorrow_at(10))
    assert ended.promise
    promise = ended.promise
    handover = hand_over(words="", by=city.operator)
    others = [make.staff(f"接线{n}", Role.CALL_OPERATOR, city.city) for n in range(3)]
    assert done(at_once(*[lambda by=by: take_over(handover=handover, by=by) for by in others])) == 1
    assert done(at_once(*[lambda by=by: ring_back(promise=promise, by=by) for by in others])) == 1


def test_two_operators_who_ring_the_same_person_at_once_are_one_and_what_she_says_counts_once() -> None:
    city = make.small_city()
    order = make.served_order(city)
    others = [make.staff(f"接线{n}", Role.CALL_OPERATOR, city.city) for n in range(2)]
    assert done(at_once(*[lambda by=by: ring_out(person=city.resident, by=by) for by in others])) == 1
    call = Call.objects.get()
    said = at_once(
        lambda: confirm_in_call(call=call, order=order, stars=5, by=call.operator),
        lambda: confirm_order(order=order, by=city.resident_user),
    )
    assert done(said) == 1
    assert minutes_of(city.volunteer.person) == 50
    assert Rating.objects.count() == int(not isinstance(said[0], Refused))
