"""The city that benches are measured in is one that the product itself could have made."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from bench.city.making import City, make_city
from bench.city.sizes import SIZES
from bench.drive.pages import asked_of
from lianxin.base import clock
from lianxin.base.models import Installation
from lianxin.base.sealed import keyed_hash
from lianxin.cli.verify_books import faults
from lianxin.journal.models import Entry, Sealing
from lianxin.needs.models.orders import Order
from lianxin.people.models import Person
from lianxin.users.models import User
from tests import make

pytestmark = pytest.mark.django_db
NOW = make.moment("2026-11-18 10:00")


@pytest.fixture(scope="module")
def twice(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[list[object], City]]:
    """What stood in one that was undone, and one that stays; nothing outlives these tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        Installation.objects.create(city="连心市")
        with transaction.atomic():
            make_city(size=SIZES["tiny"], until=NOW, is_bulk=False)
            undone = looks_of_it()
            transaction.set_rollback(True)
        yield undone, make_city(size=SIZES["tiny"], until=NOW, is_bulk=False)
        transaction.set_rollback(True)


@pytest.fixture
def city(twice: tuple[list[object], City]) -> City:
    return twice[1]


def looks_of_it() -> list[object]:
    """What can be compared of two cities, whose keys differ."""
    facts = "placed_at", "state", "resident__name", "item__name", "place__name", "door_word", "minutes"
    return list(Order.objects.order_by("pk").values_list(*facts))


def test_its_books_balance_and_its_journal_is_sealed(city: City) -> None:
    assert list(faults()) == []
    assert Sealing.objects.count() == Entry.objects.count() == city.rows["journal_entry"]


def test_no_row_breaks_a_constraint_and_every_choice_is_one(city: City) -> None:
    connection.check_constraints()
    for state in Order.objects.values_list("state", flat=True).distinct():
        assert state in Order.State.values
    assert set(Order.objects.values_list("state", flat=True)) >= {"done", "cancelled", "settled"}


def test_its_private_values_are_sealed_and_found_as_the_product_does_it(city: City) -> None:
    person = Person.objects.filter(phone__isnull=False).order_by("pk")[0]
    assert person.phone is not None
    phone = person.phone.open()
    assert (phone[-4:], keyed_hash(phone)) == (person.phone_ending, bytes(person.phone_hash or b""))
    assert person.search == _search_of(person.name)


def test_the_same_seed_makes_the_same_city(twice: tuple[list[object], City]) -> None:
    assert twice[0] == looks_of_it()


def test_every_page_opens_in_it(city: City) -> None:
    with clock.at(NOW):
        for _who, user, pages in asked_of():
            client = Client()
            client.force_login(User.objects.get(pk=user))
            for route, args, queries in pages:
                assert client.get(reverse(route, args=args), queries[-1]).status_code == 200, route


def _search_of(name: str) -> list[str]:
    person = Person(name=name)
    person.fill_search()
    return person.search
