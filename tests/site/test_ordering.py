"""Ordering in three taps."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lianxin.base import clock
from lianxin.needs.models.menu import Clock
from lianxin.needs.models.orders import Order
from lianxin.people.models import Helper
from tests import make
from tests.make import City
from tests.site.browse import queries, signed_in, text

pytestmark = pytest.mark.django_db


def place_address(city: City, part: str = "morning", days: int = 1, more: str = "") -> str:
    day = clock.today() + timedelta(days=days)
    return reverse("site:order_place", args=[city.item.pk]) + f"?day={day}&part={part}{more}"


def form_of(page: str) -> dict[str, str]:
    """What the browser would send back if nothing but the button were tapped."""
    hidden = dict(re.findall(r'<input type="hidden" name="(key|resident)" value="([^"]+)"', page))
    chosen = re.search(r'<input type="radio" name="resident" value="(\d+)"[^>]* checked', page)
    return hidden | ({"resident": chosen[1]} if chosen else {}) | {"details": ""}


def tap(browser: Client, address: str, **typed: str) -> Order:
    answer = browser.post(address, form_of(text(browser, address)) | typed)
    assert answer.status_code == 303
    order = Order.objects.latest("pk")
    assert answer["Location"] == reverse("site:order", args=[order.pk])
    return order


def test_three_taps_place_an_order(city: City) -> None:
    browser = signed_in(city.resident_user)
    when = reverse("site:order_when", args=[city.item.pk])
    assert when in text(browser, reverse("site:menu"))
    links = re.findall(rf'href="({when}place/[^"]+)"', text(browser, when))
    order = tap(browser, links[0].replace("&amp;", "&"))
    assert (order.resident, order.item, order.window.lower) == (city.resident, city.item, make.tomorrow_at(9))


def test_the_last_look_says_what_when_that_it_is_free_and_by_when_one_hears(city: City) -> None:
    page = text(signed_in(city.resident_user), place_address(city))
    assert [word in page for word in ("明天上午，小修小补", "王秀英", "不收钱", "前给您回话")] == [True] * 4


def test_a_line_for_who_comes_is_kept_sealed(city: City) -> None:
    order = tap(signed_in(city.resident_user), place_address(city), details="灯泡我有")
    order.refresh_from_db()
    assert (order.details.open(), repr(order.details)) == ("灯泡我有", "•••")


def test_the_same_form_sent_twice_is_one_order(city: City) -> None:
    browser, address = signed_in(city.resident_user), place_address(city)
    form = form_of(text(browser, address))
    places = [browser.post(address, form)["Location"] for _tap in range(2)]
    assert places == [reverse("site:order", args=[Order.objects.get().pk])] * 2


def test_a_daughter_orders_for_herself_unless_she_chooses_her_mother(city: City) -> None:
    daughter = make.person("张敏", home=city.community)
    make.let_daughter_help(city, daughter)
    browser = signed_in(make.user_of(daughter))
    assert tap(browser, place_address(city)).resident == daughter
    assert tap(browser, place_address(city), resident=str(city.resident.pk)).resident == city.resident
    assert tap(browser, place_address(city, more=f"&for={city.resident.pk}")).resident == city.resident


def test_who_may_only_follow_is_not_offered_the_choice(city: City) -> None:
    daughter = make.person("张敏", home=city.community)
    make.let_daughter_help(city, daughter, scopes=[Helper.Scope.FOLLOW])
    browser, address = signed_in(make.user_of(daughter)), place_address(city)
    assert "王秀英" not in text(browser, address)
    sent = form_of(text(browser, address)) | {"resident": str(city.resident.pk)}
    assert browser.post(address, sent).status_code == 422
    assert not Order.objects.exists()


def test_who_may_order_but_not_follow_is_led_to_a_page_that_is_open_to_him(city: City) -> None:
    daughter = make.person("张敏", home=city.street)
    make.let_daughter_help(city, daughter, scopes=[Helper.Scope.ORDER])
    hers, address = signed_in(make.user_of(daughter)), place_address(city, more=f"&for={city.resident.pk}")
    answer = hers.post(address, form_of(text(hers, address)) | {"resident": str(city.resident.pk)})
    assert answer["Location"] == reverse("site:relative", args=[city.resident.pk])
    assert "记下了" in text(hers, answer["Location"])


def test_a_plain_wish_cannot_be_had_today_and_a_quick_one_can(city: City) -> None:
    browser, when = signed_in(city.resident_user), reverse("site:order_when", args=[city.item.pk])
    with clock.at(make.tomorrow_at(10)):
        assert ["今天" in text(browser, when), "现在就要" in text(browser, when)] == [False, False]
        city.item.clock = Clock.QUICK
        city.item.save()
        assert ["今天" in text(browser, when), "现在就要" in text(browser, when)] == [True, True]


def test_as_soon_as_may_be_begins_at_the_next_half_hour(city: City) -> None:
    city.item.clock = Clock.URGENT
    city.item.save()
    with clock.at(make.tomorrow_at(10) + timedelta(minutes=7)):
        order = tap(signed_in(city.resident_user), reverse("site:order_place", args=[city.item.pk]) + "?soon=yes")
    assert order.window.lower == timezone.localtime(order.placed_at).replace(minute=30, second=0, microsecond=0)


@pytest.mark.parametrize(("part", "days"), [("morning", -1), ("morning", 61), ("noon", 1), ("", 1)])
def test_a_time_that_is_over_too_far_or_unknown_leads_back_to_the_choice(city: City, part: str, days: int) -> None:
    answer = signed_in(city.resident_user).get(place_address(city, part, days))
    assert (answer.status_code, answer["Location"]) == (302, reverse("site:order_when", args=[city.item.pk]))


def test_a_day_of_ones_own_is_sent_on_and_a_wrong_one_is_answered_beside_the_field(city: City) -> None:
    browser, when = signed_in(city.resident_user), reverse("site:order_when", args=[city.item.pk])
    ahead = clock.today() + timedelta(days=30)
    right = browser.get(f"{when}?day={ahead}&part=evening")
    assert (right.status_code, right["Location"]) == (302, f"place/?day={ahead}&part=evening")
    wrong = browser.get(f"{when}?day=2020-01-01&part=evening")
    assert (wrong.status_code, "请另选一天" in wrong.content.decode()) == (422, True)


def test_an_item_of_another_community_is_not_found(city: City) -> None:
    elsewhere = make.menu_item(city.station, name="别处的")
    for route in ("site:order_when", "site:order_place"):
        assert signed_in(city.resident_user).get(reverse(route, args=[elsewhere.pk])).status_code == 404


def test_an_order_for_a_relative_whose_community_lacks_the_item_is_refused_on_the_form(city: City) -> None:
    mother = make.person("刘桂兰", home=city.city)
    only_here = make.menu_item(city.community, name="只在这里")
    city_with = make.let_daughter_help(city, make.person("张敏", home=city.community))
    city_with.person = mother
    city_with.save()
    browser = signed_in(make.user_of(city_with.helper))
    address = place_address(city).replace(f"/{city.item.pk}/", f"/{only_here.pk}/")
    answer = browser.post(address, form_of(text(browser, address)) | {"resident": str(mother.pk)})
    assert (answer.status_code, "还不能点" in answer.content.decode()) == (422, True)


def test_whoever_has_no_home_yet_is_told_to_register_one(city: City) -> None:
    homeless = make.person("吴用")
    assert "还不知道您住在哪个社区" in text(signed_in(make.user_of(homeless)), reverse("site:menu"))


def test_the_menu_costs_the_same_with_one_item_and_with_three(city: City) -> None:
    browser = signed_in(city.resident_user)
    one = queries(browser, reverse("site:menu"))
    for name in ("理发", "送餐"):
        make.menu_item(city.city, name=name)
    assert queries(browser, reverse("site:menu")) == one


def test_the_part_of_a_day_that_runs_offers_what_is_left_of_it(city: City) -> None:
    city.item.clock = Clock.QUICK
    city.item.save()
    moment: datetime = make.tomorrow_at(14) + timedelta(minutes=40)
    with clock.at(moment):
        order = tap(signed_in(city.resident_user), place_address(city, "afternoon", days=0))
    assert order.window.lower == make.tomorrow_at(15)
