"""升级: what nobody accepts in time rises, rung by rung; by the calendar or by working time (rule C4)."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from lianxin.base import clock
from lianxin.base.calendar import load_shipped_notices
from lianxin.needs.actions.dispatching import decline_offer, offer_order, withdraw
from lianxin.needs.actions.raising import raise_order
from lianxin.needs.models.orders import Order
from lianxin.needs.queries.candidates import circles_of
from lianxin.needs.tasks.clocks import lapse, rise
from lianxin.organisations.models import Role
from tests import make

pytestmark = pytest.mark.django_db

NEVER_TOO_LATE = timedelta(days=30), timedelta(days=31)

EXAMPLES = [
    ("2026-11-18 10:00", "plain", "2026-11-19 10:00", "2026-11-20 10:00"),
    ("2026-11-20 17:00", "plain", "2026-11-23 17:00", "2026-11-24 17:00"),
    ("2026-11-20 17:00", "quick", "2026-11-20 21:00", "2026-11-21 05:00"),
    ("2026-11-21 02:00", "urgent", "2026-11-21 02:20", "2026-11-21 02:50"),
    ("2026-09-30 17:00", "plain", "2026-10-08 17:00", "2026-10-09 17:00"),
    ("2026-10-01 09:00", "quick", "2026-10-01 13:00", "2026-10-01 21:00"),
    ("2026-02-14 17:00", "plain", "2026-02-24 17:00", "2026-02-25 17:00"),
    ("2026-02-16 23:50", "urgent", "2026-02-17 00:10", "2026-02-17 00:40"),
]
"""The table of rule C4: verified, class, to the detachment, to the corps."""


def old_city() -> make.City:
    """A city with the State Council's calendar, whose people have held their roles since long before the examples."""
    load_shipped_notices()
    with clock.at(make.moment("2026-01-05 09:00")):
        return make.small_city()


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def verified_at(moment: datetime, city: make.City, kind: str = "plain") -> Order:
    """An order verified at that moment, wanted a month later, so that the visit presses nobody."""
    item = make.menu_item(city.city, f"一件{kind}事", clock=kind)
    with clock.at(moment):
        return make.verified_order(city, item=item, start=moment + NEVER_TOO_LATE[0], end=moment + NEVER_TOO_LATE[1])


def run_at(moment: datetime) -> None:
    with clock.at(moment):
        lapse(timestamp=0)
        rise(timestamp=0)


@pytest.mark.parametrize(("verified", "kind", "detachment", "corps"), EXAMPLES)
def test_an_order_left_alone_rises_at_these_moments(verified: str, kind: str, detachment: str, corps: str) -> None:
    city = old_city()
    order = verified_at(make.moment(verified), city, kind)
    for tier, at in ((1, detachment), (2, corps)):
        run_at(make.moment(at) - timedelta(seconds=1))
        assert fresh(order).tier == tier - 1
        run_at(make.moment(at))
        assert fresh(order).tier == tier


def test_the_written_table_is_the_tested_one() -> None:
    rules = Path(__file__).resolve().parents[2].joinpath("docs", "rules.md").read_text()
    for verified, kind, detachment, corps in EXAMPLES:
        day = datetime.fromisoformat(verified)
        assert f"| {day:%A} {verified} | {kind} | {detachment} | {corps} |" in rules


def test_at_the_top_it_stays_and_stays_overdue() -> None:
    city = old_city()
    order = verified_at(make.moment("2026-11-21 02:00"), city, "urgent")
    for hours in range(1, 6):
        run_at(make.moment("2026-11-21 02:00") + timedelta(hours=hours))
    order = fresh(order)
    assert (order.tier, order.rises_at, order.answering_path) == (2, None, city.corps.path)
    assert make.deeds(about=order).count("needs.order_raised") == 2
    assert order.due_at == make.moment("2026-11-21 02:20")


def test_each_rung_is_told_once_and_only_that_rung() -> None:
    city = old_city()
    detachment = city.team.parent
    assert detachment
    with clock.at(make.moment("2026-01-05 09:00")):
        upper = make.staff("韩支队", Role.CAPTAIN, detachment)
    verified_at(make.moment("2026-11-21 02:00"), city, "urgent")
    run_at(make.moment("2026-11-21 02:20"))
    make.everybody_hears()
    assert [text for text in make.told(upper.person) if "升到您这一级" in text]
    assert not [text for text in make.told(city.captain.person) if "升到您这一级" in text]


def test_where_a_rung_has_nobody_the_dispatcher_of_the_place_is_told() -> None:
    city = old_city()
    verified_at(make.moment("2026-11-21 02:00"), city, "urgent")
    run_at(make.moment("2026-11-21 02:20"))
    make.everybody_hears()
    assert [text for text in make.told(city.dispatcher.person) if "升到您这一级" in text]


def test_an_offer_that_lapses_lets_the_order_rise_at_once() -> None:
    city = make.small_city()
    order, offer = make.offered_order(city)
    run_at(offer.lapses_at)
    assert fresh(order).tier == 1


def test_one_who_declines_does_not_but_the_last_who_could_be_asked_does() -> None:
    city = make.small_city()
    order = make.verified_order(city)
    first, second = offer_order(order=order, to=[city.volunteer, city.second_volunteer], by=city.dispatcher)
    decline_offer(offer=first, by=make.user_of(city.volunteer))
    run_at(clock.now())
    assert fresh(order).tier == 0
    decline_offer(offer=second, by=make.user_of(city.second_volunteer))
    run_at(clock.now())
    assert fresh(order).tier == 1


def test_while_others_could_be_asked_a_no_leaves_the_order_where_it_is() -> None:
    city = make.small_city()
    order, offer = make.offered_order(city)
    decline_offer(offer=offer, by=make.user_of(city.volunteer))
    run_at(clock.now())
    assert (fresh(order).tier, fresh(order).state) == (0, Order.State.WAITING)


def test_an_accepted_order_does_not_rise_and_one_given_back_has_its_time_again() -> None:
    city = make.small_city()
    assignment = make.accepted_order(city)
    assert fresh(assignment.order).rises_at is None
    withdraw(assignment=assignment, by=make.user_of(city.volunteer))
    order = fresh(assignment.order)
    assert order.rises_at and order.rises_at > clock.now()


def test_two_workers_who_read_the_same_order_raise_it_once() -> None:
    city = old_city()
    order = verified_at(make.moment("2026-11-21 02:00"), city, "urgent")
    with clock.at(make.moment("2026-11-21 02:50")):
        seen = fresh(order)
        raise_order(order=seen)
        raise_order(order=seen)
    assert fresh(order).tier == 1


def test_on_its_new_rung_it_is_sought_among_all_below_it() -> None:
    city = make.small_city()
    order = make.verified_order(city)
    assert circles_of([fresh(order)])[order.pk] == [city.team.path]
    Order.objects.filter(pk=order.pk).update(tier=1)
    parent = city.team.parent
    assert parent
    assert circles_of([fresh(order)])[order.pk] == [parent.path]
