"""The first page, for each who opens it."""

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.needs.actions.dispatching import offer_order
from lianxin.organisations.actions.appointing import give_role
from lianxin.organisations.models import Role
from tests import make
from tests.make import City
from tests.site.browse import queries, signed_in, text

pytestmark = pytest.mark.django_db


def test_a_visitor_sees_what_can_be_had_whom_to_ring_and_where_to_sign_in(city: City) -> None:
    city.city.phone = "12345"
    city.city.save()
    page = text(Client(), "/")
    assert [word in page for word in ("小修小补", "tel:12345", reverse("site:sign_in"))] == [True, True, True]


def test_the_front_page_stands_before_there_is_any_city() -> None:
    assert "登录" in text(Client(), "/")


def test_a_resident_is_greeted_and_can_order_at_once(city: City) -> None:
    page = text(signed_in(city.resident_user), "/")
    assert "，王秀英" in page
    assert reverse("site:order_when", args=[city.item.pk]) in page


def test_the_next_thing_says_when_who_comes_and_the_word_at_the_door(city: City) -> None:
    task = make.accepted_order(city)
    page = text(signed_in(city.resident_user), "/")
    assert [word in page for word in ("明天 09:00", "李师傅", "和平里红帽队", task.order.door_word)] == [True] * 4


def test_what_waits_for_the_residents_word_comes_first(city: City) -> None:
    served = make.served_order(city)
    make.order(city)
    page = text(signed_in(city.resident_user), "/")
    assert page.index("做好了吗") < page.index("您需要什么")
    assert reverse("site:order", args=[served.pk]) in page


def test_a_volunteer_is_asked_without_learning_who_and_where(city: City) -> None:
    make.offered_order(city)
    page = text(signed_in(make.user_of(city.volunteer)), "/")
    assert "我来帮忙" in page
    assert "和平里社区" in page
    hidden = (city.resident.name, city.resident.phone_ending or "?", "幸福路", "厨房的灯")
    assert [word in page for word in hidden] == [False] * 4


def test_a_volunteers_next_task_stands_on_top(city: City) -> None:
    task = make.accepted_order(city)
    assert reverse("site:task", args=[task.pk]) in text(signed_in(make.user_of(city.volunteer)), "/")


def test_a_volunteer_who_lives_here_sees_both_sides(city: City) -> None:
    both = city.volunteer.person
    both.home = city.community
    both.save()
    give_role(user=make.user_of(both), role=Role.RESIDENT, node=city.community, by=None)
    make.offered_order(city)
    page = text(signed_in(make.user_of(both)), "/")
    assert page.index("有人需要您") < page.index("您需要什么")


def test_who_only_works_here_goes_to_the_desk(city: City) -> None:
    answer = signed_in(city.worker).get("/")
    assert (answer.status_code, answer["Location"]) == (302, reverse("console:home"))


def test_whoever_has_not_said_yet_who_he_is_says_it_first(city: City) -> None:
    answer = signed_in(make.new_user()).get("/")
    assert answer["Location"] == reverse("site:welcome") + "?next=%2F"


def test_the_first_page_costs_a_resident_the_same_with_one_order_and_with_three(city: City) -> None:
    browser = signed_in(city.resident_user)
    make.accepted_order(city)
    one = queries(browser, "/")
    for hour in (14, 16):
        make.accepted_order(city, start=make.tomorrow_at(hour), end=make.tomorrow_at(hour + 2))
    assert queries(browser, "/") == one


def test_the_first_page_costs_a_volunteer_the_same_with_one_offer_and_with_three(city: City) -> None:
    browser = signed_in(make.user_of(city.volunteer))
    make.offered_order(city)
    one = queries(browser, "/")
    for _again in range(2):
        offer_order(order=make.verified_order(city), to=[city.volunteer], by=city.dispatcher)
    assert queries(browser, "/") == one
