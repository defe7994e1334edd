"""One order for many residents: each an order of his own, or the reason why not; sent twice it is once."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.base import clock
from lianxin.needs.actions.placing import place_orders
from lianxin.needs.models.orders import Order
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind
from lianxin.people.actions.registering import give_call_number, register_person
from lianxin.people.models import Person
from lianxin.users.models import User
from tests import make
from tests.make import City

BrowserOf = Callable[[User], Client]
ADDRESS = "console:order_list"


def settle(city: City, many: int) -> list[Person]:
    names = (f"李{chr(0x4E00 + number)}" for number in range(many))
    return [register_person(name=name, home=city.community, by=city.worker) for name in names]


def filled(city: City, people: list[Person], **said: object) -> dict[str, object]:
    day = clock.today().toordinal() + 1
    usual = {
        "item": city.item.pk,
        "day": type(clock.today()).fromordinal(day).isoformat(),
        "part": "morning",
        "way": "visit",
        "residents": [each.pk for each in people],
        "key": str(uuid4()),
        "place": "1",
    }
    return usual | said


def test_twelve_residents_ticked_get_twelve_orders(city: City, browser_of: BrowserOf) -> None:
    people = settle(city, 12)
    answer = browser_of(city.worker).post(reverse(ADDRESS), filled(city, people))
    assert "点好了 12 单" in answer.content.decode()
    orders = Order.objects.order_by("pk")
    assert {order.resident for order in orders} == set(people)
    assert {(order.state, order.way, order.placed_by) for order in orders} == {("waiting", "visit", city.worker)}


def test_sent_twice_it_is_still_twelve(city: City, browser_of: BrowserOf) -> None:
    browser, sent = browser_of(city.worker), filled(city, settle(city, 12))
    for _time in range(2):
        assert "点好了 12 单" in browser.post(reverse(ADDRESS), sent).content.decode()
    assert Order.objects.count() == 12


def test_who_cannot_have_it_is_named_and_the_others_get_it(city: City) -> None:
    elsewhere = open_node(kind=Kind.COMMUNITY, name="青松社区", parent=city.street, by=None)
    near, far = settle(city, 1)[0], register_person(name="钱远", home=elsewhere, by=None)
    homeless = register_person(name="孙无", by=None)
    placed = place_orders(
        item=city.item, residents=[near, far, homeless], start=make.tomorrow_at(9), end=make.tomorrow_at(12),
        by=city.worker, way=Order.Way.CALL, key=uuid4(),
    )  # fmt: skip
    assert [(each.resident, each.order is not None) for each in placed] == [
        (near, True),
        (far, False),
        (homeless, False),
    ]
    assert ["替这位居民点单" in str(placed[1].refused), "哪个社区" in str(placed[2].refused)] == [True, True]
    assert Order.objects.count() == 1


def test_a_worker_orders_for_nobody_beyond_her_reach(city: City, browser_of: BrowserOf) -> None:
    elsewhere = open_node(kind=Kind.COMMUNITY, name="青松社区", parent=city.street, by=None)
    far = register_person(name="钱远", home=elsewhere, by=None)
    answer = browser_of(city.worker).post(reverse(ADDRESS), filled(city, [far]))
    assert (answer.status_code, Order.objects.count(), "钱远" in answer.content.decode()) == (422, 0, False)


def test_pasted_lines_are_found_and_doubts_are_listed(city: City, browser_of: BrowserOf) -> None:
    one = register_person(name="周明", home=city.community, phone="13811112345", by=city.worker)
    twins = [register_person(name="吴芳", home=city.community, phone=f"1381111000{n}", by=city.worker) for n in (1, 2)]
    told = give_call_number(person=register_person(name="郑和", home=city.community, by=city.worker), by=city.worker)
    text = f"1. 周明\n2、吴芳\n吴芳 0002\n{told.call_number}\n查无此人\n周明"
    facts = browser_of(city.worker).post(reverse(ADDRESS), {"lines": "1", "text": text}).context
    assert set(facts["chosen"]) == {one, twins[1], told}
    assert [(line, people) for line, people in facts["doubts"]] == [("吴芳", twins), ("查无此人", [])]


def test_what_was_ticked_stays_ticked_while_one_looks_for_more(city: City, browser_of: BrowserOf) -> None:
    people = settle(city, 3)
    sent = {"find": "1", "q": "王秀", "residents": [people[0].pk], "item": city.item.pk, "details": "带梯子"}
    answer = browser_of(city.worker).post(reverse(ADDRESS), sent)
    assert list(answer.context["chosen"]) == [people[0]]
    assert list(answer.context["others"]) == [city.resident]
    assert "带梯子" in answer.content.decode()


def test_a_time_that_is_over_is_refused_beside_the_field(city: City, browser_of: BrowserOf) -> None:
    answer = browser_of(city.worker).post(reverse(ADDRESS), filled(city, settle(city, 1), day="2020-01-01"))
    assert (answer.status_code, "已经过去" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("many", [1, 6])
def test_the_action_takes_the_same_few_queries_for_any_list(city: City, many: int) -> None:
    people = settle(city, many)
    with CaptureQueriesContext(connection) as caught:
        place_orders(
            item=city.item, residents=people, start=make.tomorrow_at(9), end=make.tomorrow_at(12),
            by=city.worker, way=Order.Way.CALL, key=uuid4(),
        )  # fmt: skip
    assert len([query for query in caught if "SAVEPOINT" not in query["sql"]]) <= 12
