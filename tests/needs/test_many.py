"""Verifying and asking for many orders at once: the others go through, and it costs no more than one (rule D14)."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianxin.needs.actions.checking import verify_orders
from lianxin.needs.actions.dispatching import Ask, offer_orders
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.queries.candidates import picks_for
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind
from lianxin.users.models import User
from tests import make

pytestmark = pytest.mark.django_db


def statements(do: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as caught:
        do()
    return len(caught)


def orders(city: make.City, many: int, make_one: Callable[..., Order] = make.order) -> list[Order]:
    hours = range(8, 8 + many)
    return [make_one(city, start=make.tomorrow_at(hour), end=make.tomorrow_at(hour + 2)) for hour in hours]


def known(user: User) -> User:
    """Read anew, with no roles kept from before."""
    return User.objects.get(pk=user.pk)


def test_who_is_refused_is_named_and_the_others_go_through() -> None:
    city = make.small_city()
    other = open_node(kind=Kind.COMMUNITY, name="滨河社区", parent=city.street, by=None)
    mine, done = make.order(city), make.verified_order(city)
    neighbour = make.person("刘玉珍", home=other)
    elsewhere = make.order(city, resident=neighbour, by=make.user_of(neighbour))
    result = verify_orders(orders=[mine, done, elsewhere], by=city.worker, how="call")
    assert result.done == [mine]
    assert {key: str(why) for key, why in result.refused.items()} == {
        done.pk: "现在是「待派单」，不用再核实了。",
        elsewhere.pk: "这不在您负责的范围内，不能这样做。",
    }
    assert [make.deeds(about=each).count("needs.order_verified") for each in (mine, done, elsewhere)] == [1, 1, 0]


def test_an_order_whose_volunteer_cannot_is_refused_and_the_others_are_asked() -> None:
    city = make.small_city()
    make.accepted_order(city)
    clash, free = (
        make.verified_order(city),
        make.verified_order(city, start=make.tomorrow_at(14), end=make.tomorrow_at(17)),
    )
    asks = [Ask(clash, [city.volunteer]), Ask(free, [city.volunteer])]
    result = offer_orders(asks=asks, by=city.dispatcher)
    assert [offer.order_id for offer in result.done] == [free.pk]
    assert list(result.refused) == [clash.pk]
    assert Order.objects.get(pk=clash.pk).state == Order.State.WAITING


def test_verifying_five_takes_as_many_statements_as_one() -> None:
    city = make.small_city()
    one, many = orders(city, 1), orders(city, 5)
    by = [known(city.worker), known(city.worker)]
    for_one = statements(lambda: verify_orders(orders=one, by=by[0], how="call"))
    assert statements(lambda: verify_orders(orders=many, by=by[1], how="call")) == for_one
    assert set(Order.objects.values_list("state", flat=True)) == {"waiting"}


def test_picking_and_asking_for_five_takes_as_many_statements_as_for_one() -> None:
    city = make.small_city()
    city.item.skill = None
    one, many = orders(city, 1, make.verified_order), orders(city, 5, make.verified_order)

    def ask(chosen: list[Order], by: User) -> None:
        about = "item__skill", "resident", "place"
        rows = list(Order.objects.filter(pk__in=[each.pk for each in chosen]).select_related(*about))
        picks = picks_for(rows)
        offer_orders(asks=[Ask(row, picks[row.pk]) for row in rows], by=by)

    by = [known(city.dispatcher), known(city.dispatcher)]
    for_one = statements(lambda: ask(one, by[0]))
    assert statements(lambda: ask(many, by[1])) == for_one
    assert Offer.objects.count() >= 5


def test_nobody_is_picked_twice_for_the_same_time() -> None:
    city = make.small_city()
    rows = [make.verified_order(city) for _each in range(3)]
    picks = picks_for([Order.objects.select_related("item__skill", "resident", "place").get(pk=row.pk) for row in rows])
    chosen = [volunteer.pk for row in rows for volunteer in picks[row.pk]]
    assert sorted(chosen) == sorted({city.volunteer.pk, city.second_volunteer.pk})
    assert not Offer.objects.exists()
