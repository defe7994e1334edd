"""The printed menu and the fridge card: made with a Chinese font, for who may print them, and for nobody else."""

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.journal.models import Entry
from lianxin.needs.documents.menu_sheets import fridge_cards, menu_sheet
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Role
from lianxin.people.actions.registering import give_call_number, give_call_numbers, register_person
from lianxin.people.models import Person
from lianxin.users.models import User
from tests import make
from tests.make import City

pytestmark = pytest.mark.django_db

PDF = b"%PDF-"


@pytest.fixture
def city() -> City:
    return make.small_city()


@pytest.fixture
def lady(city: City) -> Person:
    made = register_person(name="赵桂兰", home=city.community, phone="13877770001", by=city.worker)
    return give_call_number(person=made, by=city.worker)


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_menu_is_printed_on_either_paper(city: City) -> None:
    for paper in ("a4", "a3"):
        address = reverse("console:menu_print", args=[city.community.pk])
        answer = browser_of(city.worker).get(address, {"paper": paper})
        assert (answer.headers["Content-Type"], answer.content[:5]) == ("application/pdf", PDF)


def test_an_empty_menu_is_a_sheet_as_well(city: City) -> None:
    elsewhere = open_node(kind=Kind.CITY, name="空城", parent=None, by=None)
    assert menu_sheet(elsewhere)[:5] == PDF


def test_a_card_for_each_resident_with_a_call_number(city: City, lady: Person) -> None:
    browser = browser_of(city.worker)
    assert browser.get(reverse("console:fridge_card", args=[lady.pk])).content[:5] == PDF
    assert browser.get(reverse("console:fridge_batch", args=[city.community.pk])).content[:5] == PDF
    one, three = (len(fridge_cards(city.community, [lady] * many)) for many in (1, 3))
    assert three > one


def test_without_a_call_number_the_refusal_says_what_to_do(city: City) -> None:
    answer = browser_of(city.worker).get(reverse("console:fridge_card", args=[city.resident.pk]))
    assert (answer.status_code, "先登记再打印" in answer.content.decode()) == (409, True)


def test_a_card_is_printed_by_ones_own_community_alone(city: City, lady: Person) -> None:
    elsewhere = open_node(kind=Kind.COMMUNITY, name="青松社区", parent=city.street, by=None)
    browser = browser_of(make.staff("外站长", Role.STATION_WORKER, elsewhere))
    for route, pk in (("fridge_card", lady.pk), ("fridge_batch", city.community.pk), ("menu_print", city.community.pk)):
        assert browser.get(reverse(f"console:{route}", args=[pk])).status_code == 404


def test_call_numbers_are_given_to_all_at_once_each_his_own_and_one_who_has_one_keeps_it(
    city: City, lady: Person
) -> None:
    others = [register_person(name=name, home=city.community, by=city.worker) for name in ("李桂兰", "赵淑珍")]
    given = give_call_numbers(people=[lady, *others], by=city.worker)
    numbers = [person.call_number for person in given]
    assert numbers[0] == lady.call_number
    assert len(set(numbers)) == 3
    assert Entry.objects.filter(name="people.call_number_given").count() == 3
