"""Rows written at once are what the model itself would have written."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianxin.base import clock
from lianxin.base.bulk import COPY_FROM, insert_many, insert_new, update_many
from lianxin.journal.models import Entry
from lianxin.needs.models.orders import Order
from lianxin.notices.models import Notice, Way
from lianxin.people.models import Person
from tests import make
from tests.make import City

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return make.small_city()


@pytest.mark.parametrize("many", [1, 3, COPY_FROM])
def test_inserted_rows_know_their_keys_and_read_back_as_they_were(city: City, many: int) -> None:
    people = insert_many(
        Person(name=f"王{number}", phone=f"1380000{number:04}", home=city.community, made_at=clock.now())
        for number in range(many)
    )
    kept = Person.objects.in_bulk([person.pk for person in people])
    assert [kept[person.pk].name for person in people] == [f"王{number}" for number in range(many)]
    assert [kept[person.pk].phone.open() for person in people] == [f"1380000{number:04}" for number in range(many)]
    assert not any(person._state.adding for person in people)


def test_nothing_is_inserted_or_updated_without_a_statement(city: City) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert insert_many(list[Entry]()) == []
        update_many([], "name")
    assert len(queries) == 0


@pytest.mark.parametrize("many", [3, COPY_FROM + 3])
def test_of_rows_with_a_key_only_those_are_inserted_whose_key_is_new(city: City, many: int) -> None:
    facts = {"person_id": city.resident.pk, "way": Way.IN_APP, "text": "好", "made_at": clock.now()}
    [first] = insert_new([Notice(key="1", **facts)], key="key")
    fresh = insert_new([Notice(key=str(number), **facts) for number in range(many)], key="key")
    assert sorted(int(row.key) for row in fresh) == [number for number in range(many) if number != 1]
    kept = Notice.objects.in_bulk()
    assert {kept[row.pk].key for row in [first, *fresh]} == {str(number) for number in range(many)}


def test_an_update_writes_the_named_fields_of_each_row_in_one_statement(city: City) -> None:
    one, other = make.order(city), make.order(city)
    one.due_at, one.reason, one.responsible = None, "没写下去", city.worker
    other.due_at, other.responsible = clock.now() + timedelta(hours=1), None
    with CaptureQueriesContext(connection) as queries:
        update_many([one, other], "due_at", "responsible")
    assert len(queries) == 1
    kept = [(row.due_at, row.responsible, row.reason) for row in Order.objects.order_by("pk")]
    assert kept == [(None, city.worker, ""), (other.due_at, None, "")]


def test_ranges_and_sealed_values_are_updated_too(city: City) -> None:
    order, person = make.order(city), city.resident
    order.window = type(order.window)(make.tomorrow_at(8), make.tomorrow_at(9))
    update_many([order], "window")
    person.phone = "13800009999"
    update_many([person], "phone")
    assert Order.objects.get().window == order.window
    assert Person.objects.get(pk=person.pk).phone.open() == "13800009999"
