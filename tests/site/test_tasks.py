"""A volunteer's tasks."""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.urls import reverse

from lianxin.base import clock
from lianxin.needs.actions.dispatching import accept_offer, offer_order
from lianxin.needs.actions.serving import start_visit
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from tests import make
from tests.make import City
from tests.site.browse import queries, signed_in, text

pytestmark = pytest.mark.django_db

TASKS = reverse("site:tasks")
STEPS = ("site:task_contact", "site:task_start", "site:task_finish", "site:task_withdraw")


@pytest.fixture
def browser(city: City) -> Client:
    return signed_in(make.user_of(city.volunteer))


def accept_page(offer: Offer) -> str:
    return reverse("site:offer_accept", args=[offer.pk])


def task_page(task: Assignment) -> str:
    return reverse("site:task", args=[task.pk])


def test_before_acceptance_only_kind_time_way_and_needs_are_seen(city: City, browser: Client) -> None:
    city.resident.helped_how = "二楼，没有电梯"
    city.resident.save()
    order, offer = make.offered_order(city)
    for page in (text(browser, TASKS), text(browser, accept_page(offer))):
        assert [word in page for word in ("小修小补", "明天 09:00–12:00", "100 米以内", "没有电梯")] == [True] * 4
        hidden = ("王秀英", "王**", city.resident.phone_ending or "?", "幸福路", "厨房的灯", order.door_word)
        assert [word in page for word in hidden] == [False] * 6


def test_the_first_possible_time_is_chosen_already_and_another_can_be(city: City, browser: Client) -> None:
    order, offer = make.offered_order(city)
    page = text(browser, accept_page(offer))
    assert [f"明天 {time}" in page for time in ("09:30", "11:00", "11:30")] == [True, True, False]
    at = make.tomorrow_at(10)
    answer = browser.post(accept_page(offer), {"starts_at": at.isoformat()})
    assert (answer.status_code, answer["Location"]) == (303, task_page(Assignment.objects.get()))
    order.refresh_from_db()
    assert (order.state, order.starts_at) == (Order.State.ACCEPTED, at)


def test_a_time_outside_the_window_is_asked_again(city: City, browser: Client) -> None:
    _order, offer = make.offered_order(city)
    for wrong in (make.tomorrow_at(20).isoformat(), "soon", ""):
        assert browser.post(accept_page(offer), {"starts_at": wrong}).status_code == 422
    assert not Assignment.objects.exists()


def test_the_second_of_a_pair_comes_at_the_agreed_time(city: City, browser: Client) -> None:
    city.item.people = 2
    city.item.save()
    order = make.verified_order(city)
    mine, other = offer_order(order=order, to=[city.volunteer, city.second_volunteer], by=city.dispatcher)
    accept_offer(offer=other, by=make.user_of(city.second_volunteer), starts_at=make.tomorrow_at(10))
    page = text(browser, accept_page(mine))
    assert ["明天 10:00" in page, "明天 09:30" in page] == [True, False]


def test_an_offer_that_another_took_is_refused_with_thanks(city: City, browser: Client) -> None:
    order = make.verified_order(city)
    mine, other = offer_order(order=order, to=[city.volunteer, city.second_volunteer], by=city.dispatcher)
    accept_offer(offer=other, by=make.user_of(city.second_volunteer))
    assert "不需要人了" in text(browser, accept_page(mine))
    answer = browser.post(accept_page(mine), {"starts_at": make.tomorrow_at(9).isoformat()})
    assert (answer.status_code, "已经有人接了" in answer.content.decode()) == (409, True)


def test_one_tap_declines_and_nobody_asks_why(city: City, browser: Client) -> None:
    _order, offer = make.offered_order(city)
    answer = browser.post(reverse("site:offer_decline", args=[offer.pk]), follow=True)
    offer.refresh_from_db()
    assert (offer.state, "没关系" in answer.content.decode()) == (Offer.State.DECLINED, True)


def test_another_volunteers_offer_and_task_are_not_found(city: City) -> None:
    _order, offer = make.offered_order(city)
    other = signed_in(make.user_of(city.second_volunteer))
    offers = [
        other.get(accept_page(offer)),
        other.post(accept_page(offer)),
        other.post(reverse("site:offer_decline", args=[offer.pk])),
    ]
    task = accept_offer(offer=offer, by=make.user_of(city.volunteer))
    tasks = [other.get(task_page(task)), *(other.post(reverse(name, args=[task.pk])) for name in STEPS)]
    assert [answer.status_code for answer in offers + tasks] == [404] * 8


def test_a_resident_has_no_tasks(city: City) -> None:
    assert signed_in(city.resident_user).get(TASKS).status_code == 403


def test_name_telephone_and_door_open_by_a_tap_that_the_resident_sees(city: City, browser: Client) -> None:
    task = make.accepted_order(city)
    page = text(browser, task_page(task))
    assert ["王**" in page, "王秀英" in page, "幸福路" in page] == [True, False, False]
    answer = browser.post(reverse("site:task_contact", args=[task.pk]))
    opened = answer.content.decode()
    assert [word in opened for word in ("王秀英", "tel:139", "幸福路", "厨房的灯不亮了")] == [True] * 4
    assert answer["Cache-Control"] == "no-store, private"
    assert "李建国看了住址、电话" in text(signed_in(city.resident_user), reverse("site:me"))


def test_a_task_walks_from_the_door_to_the_minutes(city: City, browser: Client) -> None:
    task = make.accepted_order(city)
    page = text(browser, task_page(task))
    assert [word in page for word in (task.order.door_word, "开始服务", "去不了了")] == [True] * 3
    with clock.at(make.tomorrow_at(9)):
        browser.post(reverse("site:task_start", args=[task.pk]))
        page = text(browser, task_page(task))
        assert ["服务完成" in page, "去不了了" in page] == [True, False]
    with clock.at(make.tomorrow_at(9) + timedelta(minutes=50)):
        browser.post(reverse("site:task_finish", args=[task.pk]), {"outcome": "灯亮了"})
        page = text(browser, task_page(task))
        assert "已记下 50 分钟，等王**确认" in page
        assert "刚做完的" in text(browser, TASKS)
    assert task.visits.get().outcome == "灯亮了"


def test_finishing_before_starting_is_refused_in_words(city: City, browser: Client) -> None:
    task = make.accepted_order(city)
    answer = browser.post(reverse("site:task_finish", args=[task.pk]))
    assert (answer.status_code, "还没有开始" in answer.content.decode()) == (409, True)


def test_who_cannot_come_says_so_and_the_task_is_gone(city: City, browser: Client) -> None:
    task = make.accepted_order(city)
    answer = browser.post(reverse("site:task_withdraw", args=[task.pk]), follow=True)
    assert "谢谢您早点说" in answer.content.decode()
    assert browser.get(task_page(task)).status_code == 404


def test_who_goes_along_is_named(city: City, browser: Client) -> None:
    city.item.people = 2
    city.item.save()
    order = make.verified_order(city)
    mine, other = offer_order(order=order, to=[city.volunteer, city.second_volunteer], by=city.dispatcher)
    task = accept_offer(offer=mine, by=make.user_of(city.volunteer))
    assert "还在等另一位志愿者" in text(browser, task_page(task))
    accept_offer(offer=other, by=make.user_of(city.second_volunteer))
    assert "孙晓梅" in text(browser, task_page(task))


def test_tasks_stand_in_the_order_of_their_time(city: City, browser: Client) -> None:
    late = make.accepted_order(city, start=make.tomorrow_at(15), end=make.tomorrow_at(17))
    early = make.accepted_order(city)
    page = text(browser, TASKS)
    assert page.index(task_page(early)) < page.index(task_page(late))


def test_the_list_costs_the_same_with_one_of_each_and_with_three(city: City, browser: Client) -> None:
    def one_of_each(hour: int) -> None:
        make.served_order(city, start=make.tomorrow_at(hour), end=make.tomorrow_at(hour + 1), minutes=20)
        make.accepted_order(city, start=make.tomorrow_at(hour + 1), end=make.tomorrow_at(hour + 2))
        offer_order(
            order=make.verified_order(city, start=make.tomorrow_at(18), end=make.tomorrow_at(20)),
            to=[city.volunteer],
            by=city.dispatcher,
        )

    one_of_each(8)
    one = queries(browser, TASKS)
    one_of_each(10)
    one_of_each(12)
    assert queries(browser, TASKS) == one


def test_the_task_costs_the_same_alone_and_together(city: City, browser: Client) -> None:
    alone = make.accepted_order(city)
    with clock.at(make.tomorrow_at(9)):
        start_visit(assignment=alone, by=make.user_of(city.volunteer))
    one = queries(browser, task_page(alone))
    city.item.people = 2
    city.item.save()
    order = make.verified_order(city, start=make.tomorrow_at(14), end=make.tomorrow_at(17))
    mine, other = offer_order(order=order, to=[city.volunteer, city.second_volunteer], by=city.dispatcher)
    task = accept_offer(offer=mine, by=make.user_of(city.volunteer))
    accept_offer(offer=other, by=make.user_of(city.second_volunteer))
    with clock.at(make.tomorrow_at(14)):
        start_visit(assignment=task, by=make.user_of(city.volunteer))
    assert queries(browser, task_page(task)) == one


def test_within_the_wanted_time_the_first_choice_is_to_go_at_once() -> None:
    city = make.small_city()
    now = clock.now()
    _order, offer = make.offered_order(city)
    Order.objects.update(window=DateTimeTZRange(now - timedelta(minutes=5), now + timedelta(hours=3)))
    browser = signed_in(make.user_of(city.volunteer))
    page = reverse("site:offer_accept", args=[offer.pk])
    assert "现在就去" in text(browser, page)
    assert browser.post(page, {"starts_at": "now"}).status_code == 303
