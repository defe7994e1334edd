"""派单 and 接单: an offer may be declined, the first to accept have the order, and nobody is left hanging."""

from datetime import timedelta

import pytest

from lianxin.base import clock
from lianxin.base.refused import Forbidden, Refused
from lianxin.needs.actions.checking import return_order, verify_order
from lianxin.needs.actions.dispatching import accept_offer, decline_offer, lapse_offers, offer_order, withdraw
from lianxin.needs.actions.serving import finish_visit, start_visit
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from lianxin.needs.queries.candidates import suggestions
from lianxin.needs.tasks.clocks import lapse
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Role, Serves
from lianxin.volunteers.actions.sparing import block
from lianxin.volunteers.models import Commitment, Skill, Volunteer
from tests import make

pytestmark = pytest.mark.django_db


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def two_for_one(city: make.City) -> Order:
    """An order that needs two people, offered to both volunteers."""
    order = make.verified_order(city, item=make.menu_item(city.city, "搬家具", people=2))
    offer_order(order=order, to=[city.volunteer, city.second_volunteer], by=city.dispatcher)
    return order


def offer_to(order: Order, volunteer: Volunteer) -> Offer:
    return Offer.objects.get(order=order, volunteer=volunteer, state=Offer.State.OPEN)


def accept(order: Order, volunteer: Volunteer) -> Assignment:
    return accept_offer(offer=offer_to(order, volunteer), by=make.user_of(volunteer))


def test_only_a_dispatcher_or_captain_of_that_place_or_team_may_offer() -> None:
    city = make.small_city()
    order = make.verified_order(city)
    for by in (city.worker, city.operator, city.resident_user, make.user_of(city.volunteer)):
        with pytest.raises(Forbidden, match="不在您负责的范围内"):
            offer_order(order=order, to=[city.volunteer], by=by)
    assert len(offer_order(order=order, to=[city.volunteer], by=city.captain)) == 1


def test_a_dispatcher_of_another_street_may_not_offer() -> None:
    city = make.small_city()
    order = make.verified_order(city)
    county = city.street.parent
    other = open_node(kind=Kind.STREET, name="滨河街道", parent=county, by=None)
    with pytest.raises(Forbidden):
        offer_order(order=order, to=[city.volunteer], by=make.staff("钱派单", Role.DISPATCHER, other))


def test_an_offer_to_nobody_is_refused() -> None:
    city = make.small_city()
    with pytest.raises(Refused, match="至少选一位"):
        offer_order(order=make.verified_order(city), to=[], by=city.dispatcher)


def test_an_order_that_is_not_checked_cannot_be_offered() -> None:
    city = make.small_city()
    with pytest.raises(Refused, match="现在是「待核实」，不能改为「已派单」"):
        offer_order(order=make.order(city), to=[city.volunteer], by=city.dispatcher)


def test_whoever_lacks_the_skill_cannot_be_asked_and_then_nobody_is() -> None:
    city = make.small_city()
    skill = Skill.objects.create(code="electric", name="电工")
    able = make.volunteer("电工老张", team=city.team, captain=city.captain, skills=(skill,))
    order = make.verified_order(city, item=make.menu_item(city.city, "修电路", skill=skill))
    with pytest.raises(Refused, match="李建国 现在不能接这一单"):
        offer_order(order=order, to=[able, city.volunteer], by=city.dispatcher)
    assert not Offer.objects.exists()
    assert fresh(order).state == Order.State.WAITING


def test_whom_the_resident_asked_to_be_spared_cannot_be_asked() -> None:
    city = make.small_city()
    block(person=city.resident, volunteer=city.volunteer, by=city.worker)
    with pytest.raises(Refused, match="现在不能接这一单"):
        offer_order(order=make.verified_order(city), to=[city.volunteer], by=city.dispatcher)


def test_whoever_promised_that_time_to_others_cannot_be_asked() -> None:
    city = make.small_city()
    make.accepted_order(city)
    with pytest.raises(Refused, match="现在不能接这一单"):
        offer_order(order=make.verified_order(city), to=[city.volunteer], by=city.dispatcher)


def test_the_same_volunteer_is_not_asked_twice_for_one_order() -> None:
    city = make.small_city()
    order, offer = make.offered_order(city)
    decline_offer(offer=offer, by=make.user_of(city.volunteer))
    with pytest.raises(Refused, match="已经问过"):
        offer_order(order=order, to=[city.volunteer], by=city.dispatcher)


def test_a_volunteer_named_twice_in_one_offer_is_refused() -> None:
    city = make.small_city()
    with pytest.raises(Refused, match="已经派给这位志愿者了"):
        offer_order(order=make.verified_order(city), to=[city.volunteer, city.volunteer], by=city.dispatcher)


def test_who_was_not_asked_cannot_answer() -> None:
    city = make.small_city()
    _order, offer = make.offered_order(city)
    for answer in (accept_offer, decline_offer):
        with pytest.raises(Forbidden, match="不是派给您的"):
            answer(offer=offer, by=make.user_of(city.second_volunteer))


def test_who_accepts_promises_the_time_of_the_visit() -> None:
    city = make.small_city()
    assignment = make.accepted_order(city)
    promise = Commitment.objects.get()
    order = fresh(assignment.order)
    assert (promise.person, promise.state) == (city.volunteer.person, Commitment.State.HELD)
    assert (promise.during.lower, promise.during.upper) == (order.planned_start, order.planned_end)
    assert (order.state, order.starts_at) == (Order.State.ACCEPTED, make.tomorrow_at(9))


def test_the_first_to_accept_fixes_the_time_within_the_window() -> None:
    city = make.small_city()
    _order, offer = make.offered_order(city)
    by = make.user_of(city.volunteer)
    with pytest.raises(Refused, match="居民希望的时间里"):
        accept_offer(offer=offer, by=by, starts_at=make.tomorrow_at(12))
    accepted = accept_offer(offer=offer, by=by, starts_at=make.tomorrow_at(11))
    assert fresh(accepted.order).planned_start == make.tomorrow_at(11)


def test_a_time_that_is_over_is_not_agreed_upon() -> None:
    city = make.small_city()
    _order, offer = make.offered_order(city, start=make.tomorrow_at(9), end=make.tomorrow_at(17))
    Offer.objects.update(lapses_at=make.tomorrow_at(18))
    with clock.at(make.tomorrow_at(13)):
        accepted = accept_offer(offer=offer, by=make.user_of(city.volunteer))
        assert accepted.order.starts_at == clock.now()


def test_an_offer_cannot_be_accepted_when_the_window_is_over() -> None:
    city = make.small_city()
    _order, offer = make.offered_order(city)
    Offer.objects.update(lapses_at=make.tomorrow_at(18))
    with clock.at(make.tomorrow_at(13)), pytest.raises(Refused, match="居民希望的时间里"):
        accept_offer(offer=offer, by=make.user_of(city.volunteer))


def test_when_the_last_place_is_taken_the_other_offers_end() -> None:
    city = make.small_city()
    order = make.verified_order(city)
    offer_order(order=order, to=[city.volunteer, city.second_volunteer], by=city.dispatcher)
    other = offer_to(order, city.second_volunteer)
    accept(order, city.volunteer)
    other.refresh_from_db()
    assert other.state == Offer.State.WITHDRAWN
    with pytest.raises(Refused, match="已经有人接了"):
        accept_offer(offer=other, by=make.user_of(city.second_volunteer))


def test_an_order_for_two_waits_for_the_second() -> None:
    city = make.small_city()
    order = two_for_one(city)
    accept(order, city.volunteer)
    assert fresh(order).state == Order.State.OFFERED
    accept(order, city.second_volunteer)
    assert fresh(order).state == Order.State.ACCEPTED


def test_when_the_last_who_was_asked_declines_the_order_waits_again() -> None:
    city = make.small_city()
    order, offer = make.offered_order(city)
    decline_offer(offer=offer, by=make.user_of(city.volunteer))
    assert fresh(order).state == Order.State.WAITING
    [again] = offer_order(order=order, to=[city.second_volunteer], by=city.dispatcher)
    assert (again.state, fresh(order).state) == (Offer.State.OPEN, Order.State.OFFERED)


def test_a_declined_place_beside_one_that_is_held_can_be_filled() -> None:
    city = make.small_city()
    order = two_for_one(city)
    accept(order, city.volunteer)
    decline_offer(offer=offer_to(order, city.second_volunteer), by=make.user_of(city.second_volunteer))
    assert fresh(order).state == Order.State.WAITING
    third = make.volunteer("周立", team=city.team, captain=city.captain)
    offer_order(order=order, to=[third], by=city.dispatcher)
    accept(order, third)
    assert fresh(order).state == Order.State.ACCEPTED


def test_an_offer_that_nobody_answers_lapses_and_the_order_waits_again() -> None:
    city = make.small_city()
    order, offer = make.offered_order(city)
    with clock.at(offer.lapses_at - timedelta(seconds=1)):
        lapse(timestamp=0)
        assert fresh(order).state == Order.State.OFFERED
    with clock.at(offer.lapses_at):
        with pytest.raises(Refused, match="已经过了答复时间"):
            accept_offer(offer=offer, by=make.user_of(city.volunteer))
        lapse(timestamp=0)
    offer.refresh_from_db()
    assert (offer.state, fresh(order).state) == (Offer.State.LAPSED, Order.State.WAITING)


def test_lapsing_leaves_an_accepted_order_alone() -> None:
    city = make.small_city()
    order = make.accepted_order(city).order
    with clock.at(clock.now() + timedelta(days=30)):
        lapse_offers(order=order)
    assert fresh(order).state == Order.State.ACCEPTED


def test_who_withdraws_is_free_again_and_the_order_waits() -> None:
    city = make.small_city()
    assignment = make.accepted_order(city)
    withdraw(assignment=assignment, by=make.user_of(city.volunteer))
    order = fresh(assignment.order)
    assert (order.state, order.starts_at) == (Order.State.WAITING, None)
    assert Commitment.objects.get().state == Commitment.State.RELEASED


def test_nobody_withdraws_for_another() -> None:
    city = make.small_city()
    with pytest.raises(Forbidden, match="不是您接的单"):
        withdraw(assignment=make.accepted_order(city), by=make.user_of(city.second_volunteer))


def test_one_of_two_may_withdraw_while_the_second_place_is_still_open() -> None:
    city = make.small_city()
    order = two_for_one(city)
    assignment = accept(order, city.volunteer)
    withdraw(assignment=assignment, by=make.user_of(city.volunteer))
    assert (fresh(order).state, fresh(order).starts_at) == (Order.State.OFFERED, None)


def test_one_of_two_may_withdraw_when_the_other_declined() -> None:
    city = make.small_city()
    order = two_for_one(city)
    assignment = accept(order, city.volunteer)
    decline_offer(offer=offer_to(order, city.second_volunteer), by=make.user_of(city.second_volunteer))
    withdraw(assignment=assignment, by=make.user_of(city.volunteer))
    assert fresh(order).state == Order.State.WAITING


def test_the_agreed_time_stands_while_one_of_two_still_comes() -> None:
    city = make.small_city()
    order = two_for_one(city)
    first = accept_offer(
        offer=offer_to(order, city.volunteer), by=make.user_of(city.volunteer), starts_at=make.tomorrow_at(10)
    )
    accept(order, city.second_volunteer)
    withdraw(assignment=first, by=make.user_of(city.volunteer))
    assert (fresh(order).state, fresh(order).starts_at) == (Order.State.WAITING, make.tomorrow_at(10))


def test_who_stands_at_the_door_can_no_longer_withdraw() -> None:
    city = make.small_city()
    assignment = make.accepted_order(city)
    with clock.at(assignment.order.planned_start):
        start_visit(assignment=assignment, by=make.user_of(city.volunteer))
    with pytest.raises(Refused, match="服务已经开始"):
        withdraw(assignment=assignment, by=make.user_of(city.volunteer))


def test_who_cannot_come_while_the_other_already_serves_does_not_hold_up_the_order() -> None:
    city = make.small_city()
    order = two_for_one(city)
    at_the_door, absent = accept(order, city.volunteer), accept(order, city.second_volunteer)
    with clock.at(make.tomorrow_at(9)):
        start_visit(assignment=at_the_door, by=make.user_of(city.volunteer))
    with clock.at(make.tomorrow_at(10)):
        finish_visit(assignment=at_the_door, by=make.user_of(city.volunteer))
        assert fresh(order).state == Order.State.SERVING
        withdraw(assignment=absent, by=make.user_of(city.second_volunteer))
    assert fresh(order).state == Order.State.TO_CONFIRM


def test_an_order_is_returned_or_checked_only_by_the_places_station() -> None:
    city = make.small_city()
    order = make.order(city)
    for by in (city.operator, city.dispatcher, city.captain, city.resident_user):
        with pytest.raises(Forbidden):
            verify_order(order=order, by=by, how="call")
        with pytest.raises(Forbidden):
            return_order(order=order, by=by, reason="写得不清楚")


def test_nobody_returns_an_order_without_a_reason() -> None:
    city = make.small_city()
    with pytest.raises(Refused, match="写明原因"):
        return_order(order=make.order(city), by=city.worker, reason="  ")


def test_an_order_that_is_offered_or_accepted_is_not_checked_again() -> None:
    city = make.small_city()
    order, offer = make.offered_order(city)
    with pytest.raises(Refused, match="不用再核实"):
        verify_order(order=order, by=city.worker, how="call")
    accept_offer(offer=offer, by=make.user_of(city.volunteer))
    with pytest.raises(Refused, match="不用再核实"):
        verify_order(order=order, by=city.worker, how="call")
    assert fresh(order).state == Order.State.ACCEPTED


def test_an_order_for_two_of_whom_one_was_asked_waits_at_the_desk_for_the_second() -> None:
    city = make.small_city()
    order = make.verified_order(city, item=make.menu_item(city.city, "搬家具", people=2))
    offer_order(order=order, to=[city.volunteer], by=city.dispatcher)
    accept(order, city.volunteer)
    assert fresh(order).state == Order.State.WAITING
    offer_order(order=order, to=[city.second_volunteer], by=city.dispatcher)
    accept(order, city.second_volunteer)
    assert fresh(order).state == Order.State.ACCEPTED


def test_a_place_that_nobody_serves_is_offered_the_whole_corps() -> None:
    city = make.small_city()
    Serves.objects.all().delete()
    placed = make.verified_order(city)
    assert {each.volunteer for each in suggestions(placed)} == {city.volunteer, city.second_volunteer}


def test_whoever_let_an_offer_lapse_may_be_asked_again() -> None:
    city = make.small_city()
    placed, offer = make.offered_order(city)
    with clock.at(offer.lapses_at):
        lapse_offers(order=placed)
        offer_order(order=placed, to=[city.volunteer], by=city.dispatcher)
    assert sorted(placed.offers.values_list("state", flat=True)) == ["lapsed", "open"]


def test_whoever_was_suspended_meanwhile_cannot_accept() -> None:
    city = make.small_city()
    _placed, offer = make.offered_order(city)
    Volunteer.objects.filter(pk=city.volunteer.pk).update(state=Volunteer.State.SUSPENDED)
    with pytest.raises(Refused, match="不在册"):
        accept_offer(offer=offer, by=make.user_of(city.volunteer.person))
