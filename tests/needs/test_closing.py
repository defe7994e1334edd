"""Confirming at once, silence, reopening, rating and its follow-up (rules E7, E8, R1 to R4)."""

from datetime import timedelta

import pytest

from lianxin.base import clock, working_time
from lianxin.base.refused import Forbidden, Refused
from lianxin.hours import checks
from lianxin.hours.models import Record
from lianxin.needs.actions.closing import (
    ask_the_silent,
    close_follow_up,
    confirm_order,
    confirm_orders,
    rate_order,
    vouch_order,
)
from lianxin.needs.actions.dispatching import accept_offer, offer_order
from lianxin.needs.actions.reopening import reopen_order
from lianxin.needs.actions.serving import finish_visit, record_visit, start_visit
from lianxin.needs.models.orders import Order
from lianxin.needs.models.ratings import FollowUp, Rating
from lianxin.needs.models.visits import Visit
from lianxin.needs.queries.ratings import mean_of_month, open_follow_ups, ratings_of
from lianxin.needs.queries.timeline import timeline
from lianxin.notices.models import CallCard
from lianxin.organisations.actions.appointing import give_role
from lianxin.organisations.models import Role
from lianxin.timebank.queries import minutes_of
from tests import make

pytestmark = pytest.mark.django_db


def served(city: make.City, day: int) -> Order:
    start = make.tomorrow_at(9) + timedelta(days=day)
    return make.served_order(city, start=start, end=start + timedelta(hours=3))


def test_many_are_confirmed_at_once_and_what_is_refused_is_named() -> None:
    city = make.small_city()
    first = served(city, 0)
    done = make.done_order(city, start=make.tomorrow_at(14), end=make.tomorrow_at(17))
    open_one = make.accepted_order(city, start=make.tomorrow_at(18), end=make.tomorrow_at(20)).order
    confirmation = confirm_orders(orders=[open_one, done, first], by=city.worker, how="call")
    assert list(confirmation.done) == [first]
    assert [order for order, _words in confirmation.refused] == [done, open_one]
    assert minutes_of(city.volunteer.person) == 100
    assert list(checks.faults()) == []


def test_of_many_the_one_that_the_worker_wrote_down_himself_is_left() -> None:
    city = make.small_city()
    mine = make.accepted_order(city)
    order = mine.order
    with clock.at(order.planned_end):
        record_visit(assignment=mine, start=order.planned_start, end=order.planned_end, by=city.worker)
    other = served(city, 1)
    confirmation = confirm_orders(orders=[order, other], by=city.worker, how="call")
    assert list(confirmation.done) == [other]
    [(left, words)] = confirmation.refused
    assert (left, "不能自己确认" in str(words)) == (order, True)
    assert Order.objects.get(pk=order.pk).state == Order.State.TO_CONFIRM


@pytest.mark.parametrize("many", [1, 4])
def test_confirming_many_takes_as_many_statements_as_one(
    many: int, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    city = make.small_city()
    orders = [served(city, day) for day in range(many)]
    worker = type(city.worker).objects.get(pk=city.worker.pk)
    with django_assert_max_num_queries(26):  # type: ignore[operator]
        confirm_orders(orders=orders, by=worker, how="call")


def silent(city: make.City) -> Order:
    """Nobody has answered for seven working days."""
    order = served(city, 0)
    with clock.at(working_time.after(order.planned_end, 3 * working_time.WORKDAY) + timedelta(minutes=1)):
        assert ask_the_silent() == [order]
        assert ask_the_silent() == []
        make.everybody_hears()
    order.refresh_from_db()
    assert order.due_at
    with clock.at(order.due_at + timedelta(minutes=1)):
        assert ask_the_silent() == [order]
        assert ask_the_silent() == []
        make.everybody_hears()
    order.refresh_from_db()
    return order


def test_after_three_working_days_a_call_card_after_seven_the_captains_word() -> None:
    city = make.small_city()
    order = silent(city)
    assert CallCard.objects.filter(notice__person_id=city.resident.pk, notice__text__contains="做好了吗").count() == 1
    assert "请您作证" in make.told(city.captain.person)[-1]
    vouched = vouch_order(order=order, by=city.captain)
    record = Record.objects.get()
    assert (vouched.state, vouched.confirmed_how, record.grade, record.state) == ("done", "captain", "B", "confirmed")
    assert "队长作证做好了（服务对象未确认）" in [step.words for step in timeline(vouched)]


def test_before_the_seventh_day_nobody_vouches_and_later_no_stranger() -> None:
    city = make.small_city()
    early = served(city, 40)
    with pytest.raises(Refused, match="还在答复的时间里"):
        vouch_order(order=early, by=city.captain)
    order = silent(city)
    for by in (city.dispatcher, make.user_of(city.second_volunteer), make.user_of(city.volunteer), make.new_user()):
        with pytest.raises(Forbidden):
            vouch_order(order=order, by=by)


def test_who_served_with_the_captain_vouches_for_him_and_he_for_them() -> None:
    city = make.small_city()
    leader = make.user_of(city.volunteer)
    give_role(user=leader, role=Role.CAPTAIN, node=city.team, by=None)
    order = make.verified_order(city, item=make.menu_item(city.city, "搬家具", people=2))
    both = [city.volunteer, city.second_volunteer]
    offers = offer_order(order=order, to=both, by=city.dispatcher)
    for each, offer in zip(both, offers, strict=True):
        task = accept_offer(offer=offer, by=make.user_of(each))
        start = Order.objects.get(pk=order.pk).planned_start
    for each in both:
        task = each.assignments.get()
        with clock.at(start):
            start_visit(assignment=task, by=make.user_of(each))
        with clock.at(start + timedelta(minutes=30)):
            finish_visit(assignment=task, by=make.user_of(each))
    Order.objects.filter(pk=order.pk).update(asked=Order.Asked.CAPTAIN)
    assert vouch_order(order=order, by=leader).state == Order.State.TO_CONFIRM
    assert vouch_order(order=order, by=make.user_of(city.second_volunteer)).state == Order.State.DONE
    assert [minutes_of(each.person) for each in both] == [30, 30]


def test_what_is_not_done_is_served_again_by_the_same_and_earlier_hours_are_left_alone() -> None:
    city = make.small_city()
    order = served(city, 0)
    again = order.planned_end + timedelta(days=1)
    with clock.at(order.planned_end + timedelta(hours=1)):
        reopen_order(order=order, words="灯又灭了", by=city.resident_user, start=again)
        make.everybody_hears()
    order.refresh_from_db()
    assert (order.state, order.round, order.planned_start) == (Order.State.ACCEPTED, 2, again)
    assert "再去一次" in make.told(city.volunteer.person)[-1]
    task, by = order.assignments.get(), make.user_of(city.volunteer)
    with clock.at(again):
        start_visit(assignment=task, by=by)
    with clock.at(again + timedelta(minutes=20)):
        finish_visit(assignment=task, by=by)
        confirm_order(order=order, by=city.resident_user)
    assert Visit.objects.count() == 2
    assert minutes_of(city.volunteer.person) == 50 + 20


def test_after_the_end_somebody_else_may_be_looked_for_within_a_week() -> None:
    city = make.small_city()
    order = make.done_order(city)
    with clock.at(order.planned_end + timedelta(days=2)):
        reopened = reopen_order(order=order, words="又漏了", by=city.worker)
        assert (reopened.state, reopened.starts_at, reopened.latest_start > clock.now()) == ("waiting", None, True)
        assert reopened.details
        assert "又漏了" in reopened.details.open()
        offer_order(order=reopened, to=[city.second_volunteer], by=city.dispatcher)
    assert minutes_of(city.volunteer.person) == 50
    other = make.done_order(city, start=make.tomorrow_at(14), end=make.tomorrow_at(17))
    with clock.at(other.planned_end + timedelta(days=9)), pytest.raises(Refused, match="重新点一单"):
        reopen_order(order=other, words="又漏了", by=city.resident_user)


def test_who_does_not_speak_for_the_resident_does_not_reopen_and_a_busy_volunteer_is_said() -> None:
    city = make.small_city()
    order = served(city, 0)
    for by in (city.captain, make.user_of(city.volunteer), make.new_user()):
        with pytest.raises(Forbidden):
            reopen_order(order=order, words="没好", by=by)
    busy = make.accepted_order(city, start=make.tomorrow_at(18), end=make.tomorrow_at(20)).order
    with pytest.raises(Refused) as refused:
        reopen_order(order=order, words="没好", by=city.resident_user, start=busy.planned_start)
    assert refused.value.field == "start"


def test_a_poor_rating_opens_a_follow_up_at_the_station_and_its_end_is_told() -> None:
    city = make.small_city()
    order = make.done_order(city)
    rate_order(order=order, by=city.resident_user, stars=1, words="来晚了")
    [one] = open_follow_ups([city.community.path])
    make.everybody_hears()
    assert "不满意" in make.told(city.worker.person)[-1]
    for by in (city.captain, city.operator, make.user_of(city.volunteer)):
        with pytest.raises(Forbidden):
            close_follow_up(follow_up=one, finding=FollowUp.Finding.TRUE, done="道歉了", by=by)
    with pytest.raises(Refused) as refused:
        close_follow_up(follow_up=one, finding=FollowUp.Finding.TRUE, done=" ", by=city.worker)
    assert refused.value.field == "done"
    close_follow_up(follow_up=one, finding=FollowUp.Finding.TRUE, done="道歉了", by=city.worker)
    make.everybody_hears()
    assert "道歉了" in make.told(city.resident)[-1]
    assert not [text for text in make.told(city.volunteer.person) if "不满意" in text]
    assert not list(open_follow_ups([city.community.path]))


def test_three_stars_open_none() -> None:
    city = make.small_city()
    rate_order(order=make.done_order(city), by=city.resident_user, stars=3)
    assert not FollowUp.objects.exists()


def test_at_the_desk_somebody_of_the_team_does_not_ask_for_stars() -> None:
    city = make.small_city()
    order = make.done_order(city)
    give_role(user=city.worker, role=Role.CAPTAIN, node=city.team, by=None)
    with pytest.raises(Forbidden, match="不是这支队"):
        rate_order(order=order, by=type(city.worker).objects.get(pk=city.worker.pk), stars=5)
    assert rate_order(order=order, by=city.operator, stars=5, how=Rating.How.PAPER).how == "paper"


def test_a_helper_rates_for_whom_he_helps() -> None:
    city = make.small_city()
    daughter = make.person("张敏")
    make.let_daughter_help(city, daughter)
    assert rate_order(order=make.done_order(city), by=make.user_of(daughter), stars=4).how == "own"


def rated(city: make.City, day: int, stars: int) -> Order:
    """An order of that day, done and rated in the evening."""
    start = make.tomorrow_at(9) + timedelta(days=day)
    order = make.done_order(city, start=start, end=start + timedelta(hours=3))
    with clock.at(start + timedelta(hours=9)):
        rate_order(order=order, by=city.resident_user, stars=stars)
    return order


def test_a_mean_shows_from_five_ratings_and_a_poor_one_counts_only_when_it_is_true() -> None:
    city = make.small_city()
    first = make.tomorrow_at(9)
    with clock.at(first.replace(day=1) + timedelta(days=32)):
        for day, stars in enumerate((5, 5, 5, 4, 1)):
            rated(city, day, stars)
        assert mean_of_month(city.volunteer) is None
        finding = FollowUp.Finding.TRUE
        close_follow_up(follow_up=FollowUp.objects.get(), finding=finding, done="道歉了", by=city.worker)
        assert mean_of_month(city.volunteer) == 4.0


def put_right(city: make.City, order: Order) -> None:
    """The next day somebody else puts right what the first left undone."""
    other, again = city.second_volunteer, order.planned_start + timedelta(days=1)
    with clock.at(again):
        reopened = reopen_order(order=order, words="灯又灭了", by=city.resident_user)
        [offer] = offer_order(order=reopened, to=[other], by=city.dispatcher)
        task = accept_offer(offer=offer, by=make.user_of(other), starts_at=again + timedelta(hours=1))
    with clock.at(again + timedelta(hours=1)):
        start_visit(assignment=task, by=make.user_of(other))
    with clock.at(again + timedelta(hours=2)):
        finish_visit(assignment=task, by=make.user_of(other))


def test_ratings_stay_with_whom_they_were_about_when_an_order_is_reopened_and_somebody_else_goes() -> None:
    city = make.small_city()
    with clock.at(make.tomorrow_at(9).replace(day=1) + timedelta(days=32)):
        orders = [rated(city, day, stars) for day, stars in enumerate((5, 5, 5, 4, 3))]
        put_right(city, orders[-1])
        assert mean_of_month(city.volunteer) == 4.4
        assert ratings_of(city.volunteer).count() == 5
        assert list(ratings_of(city.second_volunteer)) == []


def test_stars_given_after_somebody_else_put_it_right_are_his() -> None:
    city = make.small_city()
    order = served(city, 0)
    put_right(city, order)
    with clock.at(order.planned_start + timedelta(days=2)):
        confirmed = confirm_order(order=order, by=city.resident_user)
        rating = rate_order(order=confirmed, by=city.resident_user, stars=5)
    assert list(ratings_of(city.second_volunteer)) == [rating]
    assert list(ratings_of(city.volunteer)) == []
