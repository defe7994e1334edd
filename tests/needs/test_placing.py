"""点单: who may order what, for whom, and what becomes of it first."""

from datetime import timedelta

import pytest

from lianxin.base import clock
from lianxin.base.refused import Forbidden, Refused
from lianxin.needs.actions.dispatching import offer_order
from lianxin.needs.actions.placing import cancel_order
from lianxin.needs.actions.redirecting import redirect_order
from lianxin.needs.models.detours import Redirect
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Role
from lianxin.people.models import Helper
from lianxin.volunteers.models import Commitment
from tests import make

pytestmark = pytest.mark.django_db


def test_a_resident_orders_for_himself_and_the_station_has_to_check() -> None:
    city = make.small_city()
    order = make.order(city)
    assert order.state == Order.State.CHECKING
    assert (order.place, order.team_path) == (city.community, city.team.path)
    assert order.verified_at is None


def test_a_stranger_may_not_order_for_a_resident() -> None:
    city = make.small_city()
    with pytest.raises(Forbidden, match="不能替这位居民点单"):
        make.order(city, by=make.user_of(city.volunteer))


def test_a_daughter_who_is_registered_orders_for_her_mother() -> None:
    city = make.small_city()
    daughter = make.person("张敏")
    make.let_daughter_help(city, daughter)
    assert make.order(city, by=make.user_of(daughter)).resident == city.resident


def test_a_daughter_who_may_only_follow_may_not_order() -> None:
    city = make.small_city()
    daughter = make.person("张敏")
    make.let_daughter_help(city, daughter, scopes=[Helper.Scope.FOLLOW])
    with pytest.raises(Forbidden):
        make.order(city, by=make.user_of(daughter))


def test_a_daughters_leave_ends_after_a_year() -> None:
    city = make.small_city()
    daughter = make.person("张敏")
    make.let_daughter_help(city, daughter)
    later = clock.now() + timedelta(days=366)
    with clock.at(later), pytest.raises(Forbidden):
        make.order(city, by=make.user_of(daughter), start=later, end=later + timedelta(hours=3))


def test_a_second_leave_for_the_same_daughter_is_refused() -> None:
    city = make.small_city()
    daughter = make.person("张敏")
    make.let_daughter_help(city, daughter)
    with pytest.raises(Refused, match="已经登记过"):
        make.let_daughter_help(city, daughter)


def test_an_operators_order_by_telephone_needs_no_checking() -> None:
    city = make.small_city()
    order = make.order(city, by=city.operator, way=Order.Way.CALL)
    assert (order.state, order.verified_by) == (Order.State.WAITING, city.operator)


def test_a_resident_cannot_pass_his_order_off_as_a_telephone_call() -> None:
    city = make.small_city()
    with pytest.raises(Forbidden):
        make.order(city, way=Order.Way.CALL)


def test_a_worker_of_another_community_may_not_order_for_a_resident() -> None:
    city = make.small_city()
    elsewhere = open_node(kind=Kind.COMMUNITY, name="滨河社区", parent=city.street, by=None)
    worker = make.staff("吴站长", Role.STATION_WORKER, elsewhere)
    with pytest.raises(Forbidden):
        make.order(city, by=worker, way=Order.Way.CALL)


def test_a_known_residents_low_risk_order_is_not_checked_again() -> None:
    city = make.small_city()
    easy = make.menu_item(city.city, "陪聊", is_low_risk=True)
    assert make.order(city, item=easy).state == Order.State.CHECKING
    make.verified_order(city)
    second = make.order(city, item=easy)
    assert (second.state, second.verified_by) == (Order.State.WAITING, None)
    assert make.order(city).state == Order.State.CHECKING


def test_an_item_of_another_place_cannot_be_ordered() -> None:
    city = make.small_city()
    elsewhere = open_node(kind=Kind.COMMUNITY, name="滨河社区", parent=city.street, by=None)
    with pytest.raises(Refused, match="在和平里社区还不能点"):
        make.order(city, item=make.menu_item(elsewhere, "磨刀"))


def test_an_item_that_is_closed_cannot_be_ordered() -> None:
    city = make.small_city()
    with pytest.raises(Refused, match="暂时不能点"):
        make.order(city, item=make.menu_item(city.city, "磨刀", is_open=False))


def test_a_window_that_is_over_or_upside_down_is_refused() -> None:
    city = make.small_city()
    nine, noon = make.tomorrow_at(9), make.tomorrow_at(12)
    with pytest.raises(Refused, match="晚于开始时间"):
        make.order(city, start=noon, end=nine)
    with pytest.raises(Refused, match="已经过去了"):
        make.order(city, start=nine - timedelta(days=3), end=noon - timedelta(days=3))


def test_a_window_longer_than_two_weeks_is_refused() -> None:
    city = make.small_city()
    nine = make.tomorrow_at(9)
    assert make.order(city, start=nine, end=nine + timedelta(days=14)).pk
    with pytest.raises(Refused, match="两周"):
        make.order(city, start=nine, end=nine + timedelta(days=15))


def test_a_person_without_a_home_community_cannot_be_ordered_for() -> None:
    city = make.small_city()
    with pytest.raises(Refused, match="住在哪个社区"):
        make.order(city, resident=make.person("无名"))


def test_what_the_resident_wrote_is_sealed() -> None:
    city = make.small_city()
    order = Order.objects.get(pk=make.order(city).pk)
    assert order.details is not None
    assert (str(order.details), order.details.open()) == ("•••", "厨房的灯不亮了")


def test_a_cancelled_order_frees_who_had_accepted_and_tells_him() -> None:
    city = make.small_city()
    assignment = make.accepted_order(city)
    cancel_order(order=assignment.order, by=city.resident_user, reason="邻居修好了")
    assignment.refresh_from_db()
    assert assignment.state == Assignment.State.RELEASED
    assert [commitment.state for commitment in Commitment.objects.all()] == [Commitment.State.RELEASED]
    make.everybody_hears()
    assert [text for text in make.told(city.volunteer.person) if "取消" in text] == [
        "「小修小补」取消了，您不用去了。谢谢您！"
    ]


def test_a_cancelled_order_is_no_longer_offered_to_anybody() -> None:
    city = make.small_city()
    order, offer = make.offered_order(city)
    cancel_order(order=order, by=city.resident_user)
    offer.refresh_from_db()
    assert offer.state == Offer.State.WITHDRAWN


def test_a_redirected_order_is_no_longer_offered_to_anybody() -> None:
    city = make.small_city()
    order, offer = make.offered_order(city)
    redirect_order(order=order, by=city.worker, reason="漏电请电力公司处理，电话 95598", to=Redirect.To.OTHER)
    offer.refresh_from_db()
    assert offer.state == Offer.State.WITHDRAWN


def test_the_desk_that_cancels_an_order_tells_the_resident() -> None:
    city = make.small_city()
    order = make.order(city)
    cancel_order(order=order, by=city.operator, reason="您来电取消")
    make.everybody_hears()
    assert make.told(city.resident)[-1] == "「小修小补」已取消：您来电取消"


def test_a_resident_who_cancels_is_not_told_what_he_did_himself() -> None:
    city = make.small_city()
    order = make.order(city)
    make.everybody_hears()
    before = make.told(city.resident)
    cancel_order(order=order, by=city.resident_user)
    make.everybody_hears()
    assert make.told(city.resident) == before


def test_an_order_cannot_be_cancelled_once_the_volunteer_stands_at_the_door() -> None:
    city = make.small_city()
    order = make.served_order(city)
    with pytest.raises(Refused, match="现在是「待确认」"):
        cancel_order(order=order, by=city.resident_user)


def test_somebody_else_cannot_cancel_an_order() -> None:
    city = make.small_city()
    order = make.order(city)
    with pytest.raises(Forbidden):
        cancel_order(order=order, by=make.user_of(city.volunteer))


def test_nothing_is_due_later_than_an_hour_before_the_visit_could_begin() -> None:
    with clock.at(make.moment("2026-11-18 10:00")):
        city = make.small_city()
        placed = make.order(city, start=make.moment("2026-11-18 14:00"), end=make.moment("2026-11-18 17:00"))
    assert placed.due_at == placed.promised_at == make.moment("2026-11-18 15:00")


def test_an_offer_stays_open_for_a_quarter_of_an_hour_however_late_it_is() -> None:
    with clock.at(make.moment("2026-11-18 10:00")):
        city = make.small_city()
        placed = make.verified_order(city, start=make.moment("2026-11-18 14:00"), end=make.moment("2026-11-18 17:00"))
    with clock.at(make.moment("2026-11-18 15:30")):
        [offer] = offer_order(order=placed, to=[city.volunteer], by=city.dispatcher)
    assert offer.lapses_at == make.moment("2026-11-18 15:45")
