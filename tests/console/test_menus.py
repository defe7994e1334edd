"""The menu of a place: kept by its station and the city, inherited downwards, closed without touching what is above."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.queries import entries_about
from lianxin.needs.actions.menus import ItemFacts, move_item, open_item, set_item_open, set_item_open_at
from lianxin.needs.models.menu import Clock, MenuItem
from lianxin.needs.queries.residents import menu_of
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Node, Role
from lianxin.users.models import User
from tests import make
from tests.make import City

BrowserOf = Callable[[User], Client]
QueriesOf = Callable[[Client, str], int]
FILLED = {
    "name": "代买药",
    "words": "凭医保卡替您去药店买常用药",
    "expect": "处方药买不了",
    "from_age": "70",
    "icon": "first-aid-kit",
    "clock": "quick",
    "minutes": "40",
    "people": "1",
    "materials": "own",
}
FACTS = ItemFacts(name="代买药", words="替您去药店", icon="first-aid-kit", minutes=40)


def names(place: Node) -> list[str]:
    return [item.name for item in menu_of(place)]


@pytest.fixture
def next_door(city: City) -> Node:
    return open_node(kind=Kind.COMMUNITY, name="青松社区", parent=city.street, by=None)


def test_a_worker_puts_an_item_on_the_menu_of_her_community(city: City, browser_of: BrowserOf, next_door: Node) -> None:
    browser = browser_of(city.worker)
    answer = browser.post(f"{reverse('console:menu_new')}?place={city.community.pk}", FILLED)
    assert answer.status_code == 303
    item = MenuItem.objects.get(name="代买药")
    assert (item.place, item.clock, item.from_age, item.minutes) == (city.community, Clock.QUICK, 70, 40)
    assert (names(city.community), names(next_door)) == (["代买药", "小修小补"], ["小修小补"])
    assert "代买药" in browser.get(reverse("console:menus")).content.decode()


def test_what_is_missing_or_taken_is_said_beside_the_form(city: City, browser_of: BrowserOf) -> None:
    browser, address = browser_of(city.worker), f"{reverse('console:menu_new')}?place={city.community.pk}"
    answer = browser.post(address, FILLED | {"name": "", "minutes": "5"})
    assert answer.status_code == 422
    browser.post(address, FILLED)
    answer = browser.post(address, FILLED)
    assert (answer.status_code, "已经有同名的服务项目" in answer.content.decode()) == (422, True)
    assert MenuItem.objects.filter(name="代买药").count() == 1


def test_an_item_is_changed_and_the_journal_names_what_of_it(city: City, browser_of: BrowserOf) -> None:
    item = open_item(place=city.community, facts=FACTS, by=city.worker)
    browser = browser_of(city.worker)
    assert browser.post(reverse("console:menu_item", args=[item.pk]), FILLED | {"name": "代取药"}).status_code == 303
    assert [entry.name for entry in entries_about(item)] == ["needs.item_opened", "needs.item_changed"]
    assert entries_about(item).latest("pk").facts["fields"] == [
        "clock",
        "expect",
        "from_age",
        "materials",
        "name",
        "words",
    ]
    page = browser.get(reverse("console:menu_item", args=[item.pk])).content.decode()
    assert "改了内容" in page
    assert "加进菜单" in page


def test_items_stand_in_the_order_that_the_place_gives_them(city: City) -> None:
    first = open_item(place=city.community, facts=FACTS, by=city.worker)
    second = open_item(place=city.community, facts=ItemFacts("教书法", "写春联", "book", 60), by=city.worker)
    move_item(item=second, up=True, by=city.worker)
    move_item(item=second, up=True, by=city.worker)
    assert [item for item in menu_of(city.community) if item.place_id == city.community.pk] == [second, first]


def test_an_item_from_above_is_closed_at_one_place_and_nowhere_else(
    city: City, browser_of: BrowserOf, next_door: Node
) -> None:
    browser, address = browser_of(city.worker), reverse("console:menu_inherited", args=[city.item.pk])
    browser.post(address, {"place": city.community.pk, "closed": "1"})
    assert (names(city.community), names(next_door), names(city.city)) == ([], ["小修小补"], ["小修小补"])
    with pytest.raises(Refused, match="暂时不能点"):
        make.order(city)
    browser.post(address, {"place": city.community.pk})
    assert names(city.community) == ["小修小补"]


def test_what_the_street_closed_is_shown_as_closed_above(city: City, browser_of: BrowserOf) -> None:
    officer = make.staff("罗主任", Role.CITY_OFFICER, city.city)
    set_item_open_at(item=city.item, place=city.street, is_open=False, by=officer)
    assert names(city.community) == []
    assert "上级停了" in browser_of(city.worker).get(reverse("console:menus")).content.decode()


def test_nobody_closes_what_is_not_inherited_here(city: City, next_door: Node) -> None:
    item = open_item(place=next_door, facts=FACTS, by=None)
    with pytest.raises(Refused, match="不是从上级继承来的"):
        set_item_open_at(item=item, place=city.community, is_open=False, by=city.worker)


def test_a_worker_leaves_the_menu_of_others_alone(city: City, browser_of: BrowserOf, next_door: Node) -> None:
    theirs = open_item(place=next_door, facts=FACTS, by=None)
    for item in (theirs, city.item):
        with pytest.raises(Forbidden, match="您不能改"):
            set_item_open(item=item, is_open=False, by=city.worker)
        assert browser_of(city.worker).get(reverse("console:menu_item", args=[item.pk])).status_code == 404
    with pytest.raises(Forbidden, match="您不能改"):
        set_item_open_at(item=city.item, place=next_door, is_open=False, by=city.worker)
    with pytest.raises(Forbidden, match="您不能改"):
        open_item(place=city.street, facts=FACTS, by=city.worker)


def test_the_preview_shows_what_a_resident_sees(city: City, browser_of: BrowserOf) -> None:
    item = open_item(place=city.community, facts=FACTS, by=city.worker)
    address = f"{reverse('console:menu_preview')}?place={city.community.pk}"
    assert item.name in browser_of(city.worker).get(address).content.decode()
    set_item_open(item=item, is_open=False, by=city.worker)
    assert item.name not in browser_of(city.worker).get(address).content.decode()


def test_the_page_takes_as_many_queries_for_three_items_as_for_one(
    city: City, browser_of: BrowserOf, queries_of: QueriesOf
) -> None:
    browser = browser_of(city.worker)
    open_item(place=city.community, facts=FACTS, by=None)
    one = queries_of(browser, reverse("console:menus"))
    for number in range(2):
        open_item(place=city.community, facts=ItemFacts(f"帮忙{number}", "说明", "tool", 30), by=None)
        make.menu_item(city.city, f"市里的{number}")
    assert queries_of(browser, reverse("console:menus")) == one
