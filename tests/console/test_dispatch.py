"""派单: the list, the suggestions with their reasons, and asking."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.console.needs.dispatch import MOST_ROWS
from lianxin.needs.actions.dispatching import withdraw
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.queries.candidates import why_nobody
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Role
from lianxin.users.models import User
from lianxin.volunteers.models import Skill
from tests import make
from tests.make import City

BrowserOf = Callable[[User], Client]
QueriesOf = Callable[[Client, str], int]
DISPATCH = "console:dispatch"


def offer(client: Client, order: Order, *volunteers: int) -> object:
    return client.post(reverse("console:order_offer", args=[order.pk]), {"to": volunteers})


def test_the_first_order_that_waits_is_chosen(city: City, browser_of: BrowserOf) -> None:
    later = make.verified_order(city)
    urgent = make.verified_order(city, item=make.menu_item(city.city, "断电急修", clock="urgent"))
    context = browser_of(city.dispatcher).get(reverse(DISPATCH)).context
    assert list(context["waiting_orders"]) == [urgent, later]
    assert context["order"] == urgent


def test_of_many_orders_the_most_urgent_are_shown_and_the_page_says_so(city: City, browser_of: BrowserOf) -> None:
    for _ in range(MOST_ROWS - 1):
        make.verified_order(city)
    browser = browser_of(city.dispatcher)
    assert f"{MOST_ROWS - 1} 单</small>" in browser.get(reverse(DISPATCH)).content.decode()
    for _ in range(2):
        make.verified_order(city)
    answer = browser.get(reverse(DISPATCH))
    assert len(answer.context["waiting_orders"]) == MOST_ROWS
    assert f"最急的 {MOST_ROWS} 单</small>" in answer.content.decode()
    assert f"{reverse('console:orders')}?state=waiting" in answer.content.decode()


def test_suggestions_say_why_in_words(city: City, browser_of: BrowserOf) -> None:
    make.verified_order(city)
    page = browser_of(city.dispatcher).get(reverse(DISPATCH)).content.decode()
    assert "100 米以内 · 前后一周 0 次 · 本队" in page


def test_who_has_been_there_is_suggested_first(city: City, browser_of: BrowserOf) -> None:
    make.done_order(city)
    make.verified_order(city, start=make.tomorrow_at(14), end=make.tomorrow_at(17))
    picks = browser_of(city.dispatcher).get(reverse(DISPATCH)).context["picks"]
    assert picks[0].volunteer == city.volunteer
    assert picks[0].reasons == ["100 米以内", "前后一周 1 次", "去过这家 1 次", "本队"]
    assert picks[0].points == sum(points for _words, points in picks[0].terms)


def test_a_dispatcher_sees_neither_the_name_nor_what_is_sealed(city: City, browser_of: BrowserOf) -> None:
    make.verified_order(city)
    page = browser_of(city.dispatcher).get(reverse(DISPATCH)).content.decode()
    assert "王**" in page
    for private in ("王秀英", "幸福路", "厨房的灯不亮了", city.resident.phone_ending):
        assert private not in page


def test_asking_two_volunteers_goes_on_to_the_next_order(city: City, browser_of: BrowserOf) -> None:
    first, second = make.verified_order(city), make.verified_order(city)
    answer = browser_of(city.dispatcher).post(
        reverse("console:order_offer", args=[first.pk]),
        {"to": [city.volunteer.pk, city.second_volunteer.pk]},
        follow=True,
    )
    assert answer.redirect_chain == [(f"{reverse(DISPATCH)}?order={second.pk}", 303)]
    assert f"{first.number} 号「小修小补」已派给 李建国、孙晓梅" in answer.content.decode()
    assert set(Offer.objects.values_list("order", "volunteer")) == {
        (first.pk, city.volunteer.pk),
        (first.pk, city.second_volunteer.pk),
    }


def test_asking_nobody_is_refused_beside_the_choice(city: City, browser_of: BrowserOf) -> None:
    order = make.verified_order(city)
    answer = browser_of(city.dispatcher).post(reverse("console:order_offer", args=[order.pk]))
    assert answer.status_code == 422
    assert "请至少选一位志愿者。" in answer.content.decode()
    assert not Offer.objects.exists()


def test_the_second_of_two_desks_is_refused_in_words_and_nobody_is_asked_twice(
    city: City, browser_of: BrowserOf
) -> None:
    order = make.verified_order(city)
    offer(browser_of(city.dispatcher), order, city.volunteer.pk)
    answer = browser_of(city.captain).post(reverse("console:order_offer", args=[order.pk]), {"to": [city.volunteer.pk]})
    assert answer.status_code == 422
    assert "李建国 现在不能接这一单" in answer.content.decode()
    assert Offer.objects.count() == 1


def test_offers_show_until_when_they_wait(city: City, browser_of: BrowserOf) -> None:
    order, _offer = make.offered_order(city)
    answer = browser_of(city.dispatcher).get(reverse(DISPATCH), {"order": order.pk})
    assert list(answer.context["asked_orders"]) == [order]
    assert "前等回应" in answer.content.decode()


def test_who_accepted_and_gave_it_back_does_not_stand_there_as_accepted(city: City, browser_of: BrowserOf) -> None:
    assignment = make.accepted_order(city)
    address = f"{reverse(DISPATCH)}?order={assignment.order_id}"
    assert "接单后退出" not in browser_of(city.dispatcher).get(address).content.decode()
    withdraw(assignment=assignment, by=make.user_of(assignment.volunteer.person))
    page = browser_of(city.dispatcher).get(address).content.decode()
    assert "接单后退出" in page
    assert "已接受" not in page


def test_when_nobody_can_go_the_page_says_where_they_fall_out(city: City, browser_of: BrowserOf) -> None:
    electrician = Skill.objects.create(code="electric", name="电工")
    order = make.verified_order(city, item=make.menu_item(city.city, "断电急修", skill=electrician))
    assert why_nobody(order) == {"team": 2, "skill": 0, "free": 0, "promise": 0, "asked": 0}
    page = browser_of(city.dispatcher).get(reverse(DISPATCH)).content.decode()
    assert "现在没有能去的人" in page
    assert "其中技能符合" in page


def test_who_was_asked_falls_out_last(city: City) -> None:
    order, _offer = make.offered_order(city)
    assert why_nobody(order) == {"team": 2, "skill": 2, "free": 2, "promise": 2, "asked": 1}


def test_the_captain_dispatches_for_his_own_team(city: City, browser_of: BrowserOf) -> None:
    order = make.verified_order(city)
    assert browser_of(city.captain).get(reverse(DISPATCH)).context["order"] == order


def test_the_captain_of_another_team_finds_nothing(city: City, browser_of: BrowserOf) -> None:
    order = make.verified_order(city)
    other = open_node(kind=Kind.TEAM, name="幸福里分队", parent=city.team.parent, by=None)
    client = browser_of(make.staff("外队长", Role.CAPTAIN, other))
    assert list(client.get(reverse(DISPATCH)).context["waiting_orders"]) == []
    assert client.get(reverse(DISPATCH), {"order": order.pk}).status_code == 404
    assert client.post(reverse("console:order_offer", args=[order.pk])).status_code == 404


def test_a_station_worker_may_not_dispatch(city: City, browser_of: BrowserOf) -> None:
    answer = browser_of(city.worker).get(reverse(DISPATCH))
    assert answer.status_code == 403
    assert "您的身份不能打开这个页面" in answer.content.decode()


def test_a_swap_brings_the_desk_with_its_counts_and_no_frame(city: City, browser_of: BrowserOf) -> None:
    make.verified_order(city)
    page = browser_of(city.dispatcher).get(reverse(DISPATCH), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    for part in ('id="desk"', 'id="flash"', 'id="desk-tabs"'):
        assert part in page


@pytest.mark.parametrize("route", [DISPATCH, "console:home"])
def test_three_orders_take_as_many_queries_as_one(
    city: City, browser_of: BrowserOf, queries_of: QueriesOf, route: str
) -> None:
    client = browser_of(city.dispatcher)
    make.verified_order(city)
    with_one = queries_of(client, reverse(route))
    for name in ("刘玉珍", "张德福"):
        resident = make.person(name, home=city.community)
        facts = {"resident": resident, "by": make.user_of(resident), "item": make.menu_item(city.city, name)}
        make.verified_order(city, **facts)
    assert queries_of(client, reverse(route)) == with_one


def test_three_suggestions_take_as_many_queries_as_two(
    city: City, browser_of: BrowserOf, queries_of: QueriesOf
) -> None:
    client = browser_of(city.dispatcher)
    make.verified_order(city)
    with_two = queries_of(client, reverse(DISPATCH))
    make.volunteer("钱进", team=city.team, captain=city.captain)
    assert queries_of(client, reverse(DISPATCH)) == with_two
