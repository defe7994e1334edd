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
from lianxin.exchange.actions.counting import count_roll
from lianxin.exchange.models.roll import OnRoll, RollCount
from lianxin.exchange.queries.standing import many_waiting
from lianxin.journal.models import Entry, Sealing
from lianxin.needs.models.orders import Order
from lianxin.organisations.models import Node, Role
from lianxin.people.models import Person
from lianxin.users.models import User
from lianxin.volunteers.actions.counting import count_heads
from lianxin.volunteers.models import Headcount, Skill, Volunteer
from lianxin.volunteers.queries import GONE, Asked, all_volunteers_within, counts, narrowed, standing
from lianxin.volunteers.queries.headcounts import Figures, figures_within, standing_within
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


def test_figures_added_up_from_headcounts_are_those_of_everybody_counted(city: City) -> None:
    place, corps = city.ground.city.path, city.ground.corps.path
    street, team = (Node.objects.get(pk=spot.key) for spot in (city.ground.streets[0], city.ground.teams[0]))
    skill = Skill.objects.order_by("pk")[0]
    questions = [Asked(), Asked(state="active"), Asked(skill=skill), Asked(imported=True), Asked(team=team)]
    with clock.at(NOW):
        assert figures_within([place], Asked()) is None
        assert count_heads() == Headcount.objects.count() > 0
        for asked in [*questions, Asked(place=street, state="left")]:
            for paths, at in (([place], None), ([place], street), ([place], team), ([corps, place], None)):
                assert figures_of_each(paths, asked, at) == facts_of(figures_within(paths, asked, at))
        assert standing_within([place]) == standing(all_volunteers_within([place]))


def test_who_is_on_roll_is_as_many_by_the_kept_counts_as_one_by_one(city: City) -> None:
    place, corps = city.ground.city.path, city.ground.corps.path
    street, team = (Node.objects.get(pk=spot.key) for spot in (city.ground.streets[0], city.ground.teams[0]))
    asked = [Asked(), Asked(team=team), Asked(place=street), Asked(words="张"), Asked(state="active")]
    reaches: list[tuple[list[str], list[Node]]] = [([place], []), ([corps], [street]), ([corps, place], [team])]
    one_by_one = [many_waiting(paths, each, below) for each in asked for paths, below in reaches]
    assert max(one_by_one) == OnRoll.objects.filter(confirmed_at=None, left_at=None).count() > 0
    assert count_roll() == RollCount.objects.count() > 0
    assert [many_waiting(paths, each, below) for each in asked for paths, below in reaches] == one_by_one


def test_few_nodes_members_and_words_are_counted_one_by_one(city: City) -> None:
    party = Node.objects.get(kind="committee").path
    with clock.at(NOW):
        count_heads()
        assert figures_within([city.ground.streets[0].path], Asked()) is None
        assert figures_within([city.ground.city.path, party], Asked()) is None
        assert figures_within([city.ground.city.path], Asked(words="张")) is None
        assert figures_within([], Asked()) is None


def test_the_page_of_counts_says_as_of_when_it_counts_a_large_city(city: City) -> None:
    client, address = Client(), reverse("console:volunteer_counts")
    client.force_login(User.objects.get(pk=city.society.desks[Role.CITY_OFFICER][0]))
    with clock.at(NOW):
        assert "一起数的" not in client.get(address).content.decode()
        count_heads()
        page = client.get(address).content.decode()
    many = Volunteer.objects.exclude(state__in=GONE).count() + OnRoll.objects.filter(confirmed_at=None).count()
    assert "今天 10:00</time> 一起数的" in page
    assert f'<span class="kpi-number">{many}<small>' in page


def figures_of_each(paths: list[str], asked: Asked, at: Node | None) -> tuple[object, ...]:
    found = all_volunteers_within(paths)
    if at:
        found = found.filter(pk__in=all_volunteers_within([at.path]).values("pk"))
    found = narrowed(found, asked)
    return counts(found), standing(found)


def facts_of(figures: Figures | None) -> tuple[object, ...] | None:
    return (figures.counts, figures.standing) if figures else None


def _search_of(name: str) -> list[str]:
    person = Person(name=name)
    person.fill_search()
    return person.search
