"""上门, 确认 and 评单: from the door to the word of the person served."""

from datetime import timedelta

import pytest

from lianxin.base import clock
from lianxin.base.refused import Forbidden, Refused
from lianxin.hours.models import Record
from lianxin.journal.models import Entry
from lianxin.needs.actions.closing import confirm_order, rate_order
from lianxin.needs.actions.dispatching import accept_offer, offer_order, withdraw
from lianxin.needs.actions.serving import finish_visit, look_at_contact, start_visit
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.ratings import Rating
from lianxin.needs.models.visits import Assignment
from lianxin.organisations.actions.appointing import give_role
from lianxin.organisations.models import Role
from tests import make

pytestmark = pytest.mark.django_db


def for_two(city: make.City) -> list[Assignment]:
    order = make.verified_order(city, item=make.menu_item(city.city, "搬家具", people=2))
    both = [city.volunteer, city.second_volunteer]
    offers = offer_order(order=order, to=both, by=city.dispatcher)
    return [accept_offer(offer=offer, by=make.user_of(each)) for offer, each in zip(offers, both, strict=True)]


def state(assignment: Assignment) -> str:
    return Order.objects.get(pk=assignment.order_id).state


def test_only_who_accepted_starts_and_finishes() -> None:
    city = make.small_city()
    assignment = make.accepted_order(city)
    for do in (start_visit, finish_visit, look_at_contact):
        with pytest.raises(Forbidden, match="不是您接的单"):
            do(assignment=assignment, by=make.user_of(city.second_volunteer))


def test_who_withdrew_sees_no_address_any_more() -> None:
    city = make.small_city()
    assignment = make.accepted_order(city)
    withdraw(assignment=assignment, by=make.user_of(city.volunteer))
    with pytest.raises(Forbidden):
        look_at_contact(assignment=assignment, by=make.user_of(city.volunteer))


def test_who_served_sees_no_address_once_the_order_is_done() -> None:
    city = make.small_city()
    order = make.done_order(city)
    with pytest.raises(Refused, match="已经结束"):
        look_at_contact(assignment=order.assignments.get(), by=make.user_of(city.volunteer))


def test_a_visit_starts_once() -> None:
    city = make.small_city()
    assignment, by = make.accepted_order(city), make.user_of(city.volunteer)
    with clock.at(assignment.order.planned_start):
        start_visit(assignment=assignment, by=by)
        with pytest.raises(Refused, match="已经开始了"):
            start_visit(assignment=assignment, by=by)


def test_a_visit_that_was_not_started_cannot_be_finished() -> None:
    city = make.small_city()
    with pytest.raises(Refused, match="还没有开始"):
        finish_visit(assignment=make.accepted_order(city), by=make.user_of(city.volunteer))


def test_a_visit_of_no_time_cannot_be_finished() -> None:
    city = make.small_city()
    assignment, by = make.accepted_order(city), make.user_of(city.volunteer)
    with clock.at(make.tomorrow_at(9)):
        start_visit(assignment=assignment, by=by)
        with pytest.raises(Refused):
            finish_visit(assignment=assignment, by=by)
    assert state(assignment) == Order.State.SERVING


def test_with_two_the_resident_is_asked_when_both_are_done() -> None:
    city = make.small_city()
    first, second = for_two(city)
    nine = make.tomorrow_at(9)
    with clock.at(nine):
        start_visit(assignment=first, by=make.user_of(first.volunteer))
        start_visit(assignment=second, by=make.user_of(second.volunteer))
    with clock.at(nine + timedelta(minutes=30)):
        finish_visit(assignment=first, by=make.user_of(first.volunteer))
    assert state(first) == Order.State.SERVING
    with clock.at(nine + timedelta(minutes=45)):
        finish_visit(assignment=second, by=make.user_of(second.volunteer))
    assert state(first) == Order.State.TO_CONFIRM
    assert list(Record.objects.order_by("pk").values_list("minutes", flat=True)) == [30, 45]


def test_who_goes_in_again_while_the_other_still_works_holds_the_order_open() -> None:
    city = make.small_city()
    first, second = for_two(city)
    nine = make.tomorrow_at(9)
    with clock.at(nine):
        start_visit(assignment=first, by=make.user_of(first.volunteer))
        start_visit(assignment=second, by=make.user_of(second.volunteer))
    with clock.at(nine + timedelta(minutes=10)):
        finish_visit(assignment=first, by=make.user_of(first.volunteer))
        start_visit(assignment=first, by=make.user_of(first.volunteer))
    with clock.at(nine + timedelta(minutes=20)):
        finish_visit(assignment=second, by=make.user_of(second.volunteer))
        assert state(first) == Order.State.SERVING
        finish_visit(assignment=first, by=make.user_of(first.volunteer))
    assert state(first) == Order.State.TO_CONFIRM


def test_resident_daughter_and_desk_may_confirm_and_nobody_else() -> None:
    city = make.small_city()
    order = make.served_order(city)
    for by in (make.user_of(city.volunteer), city.dispatcher, city.captain, make.new_user()):
        with pytest.raises(Forbidden, match="家人或社区"):
            confirm_order(order=order, by=by)
    daughter = make.person("张敏")
    make.let_daughter_help(city, daughter)
    assert confirm_order(order=order, by=make.user_of(daughter)).state == Order.State.DONE


def test_a_worker_who_served_cannot_confirm_at_the_desk_what_he_did_himself() -> None:
    city = make.small_city()
    order = make.served_order(city)
    own = make.user_of(city.volunteer)
    give_role(user=own, role=Role.STATION_WORKER, node=city.community, by=None)
    with pytest.raises(Refused, match="自己的服务时间不能自己确认"):
        confirm_order(order=order, by=own, how="call")
    assert Order.objects.get(pk=order.pk).state == Order.State.TO_CONFIRM
    assert confirm_order(order=order, by=city.worker, how="call").state == Order.State.DONE


def test_an_order_is_confirmed_once() -> None:
    city = make.small_city()
    order = make.done_order(city)
    with pytest.raises(Refused, match="已经是「已完成」"):
        confirm_order(order=order, by=city.resident_user)


def test_an_order_is_rated_once_after_it_is_done() -> None:
    city = make.small_city()
    order = make.served_order(city)
    with pytest.raises(Refused, match="确认完成以后"):
        rate_order(order=order, by=city.resident_user, stars=5)
    confirm_order(order=order, by=city.resident_user)
    rate_order(order=order, by=city.resident_user, stars=4, words="手很巧")
    with pytest.raises(Refused, match="已经评价过"):
        rate_order(order=order, by=city.resident_user, stars=1)
    assert Rating.objects.get().stars == 4


@pytest.mark.parametrize("stars", [0, 6])
def test_a_rating_has_one_to_five_stars(stars: int) -> None:
    city = make.small_city()
    order = make.done_order(city)
    with pytest.raises(Refused, match="一到五颗星"):
        rate_order(order=order, by=city.resident_user, stars=stars)


def test_who_served_does_not_rate_himself() -> None:
    city = make.small_city()
    with pytest.raises(Forbidden):
        rate_order(order=make.done_order(city), by=make.user_of(city.volunteer), stars=5)


def test_offers_and_visits_are_called_by_their_order_in_the_journal() -> None:
    city = make.small_city()
    make.done_order(city)
    assert not Entry.objects.filter(subject_name__contains="object (").exists()
    assert Offer.objects.exists()
