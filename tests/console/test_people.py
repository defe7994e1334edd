"""Residents as the desk of their community keeps them: found, written down once, looked at with a trace."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.journal.models import Entry
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Role
from lianxin.people.actions.circumstances import Contact, describe_circumstances, set_emergency_contacts
from lianxin.people.actions.consents import Said
from lianxin.people.actions.registering import give_call_number, register_person
from lianxin.people.models import Barred, Consent, Helper, Person
from lianxin.people.queries import emergency_contacts_of, may_be_acted_for_by
from lianxin.users.models import User
from tests import make
from tests.make import City

BrowserOf = Callable[[User], Client]
QueriesOf = Callable[[Client, str], int]
PHONE, ADDRESS, WAY_IN, CONTACT = "13877770001", "幸福路 9 号", "钥匙在对门老孟家", "13866660002"


@pytest.fixture
def lady(city: City) -> Person:
    made = register_person(name="赵桂兰", home=city.community, phone=PHONE, address=ADDRESS, by=city.worker)
    describe_circumstances(person=made, hearing="hard", way_in=WAY_IN, said_yes=Said(Consent.How.CALL), by=city.worker)
    set_emergency_contacts(person=made, contacts=[Contact("赵小军", "儿子", CONTACT)], by=city.worker)
    return give_call_number(person=made, by=city.worker)


@pytest.fixture
def other_worker(city: City) -> User:
    other = open_node(kind=Kind.COMMUNITY, name="幸福里社区", parent=city.community.parent, by=None)
    return make.staff("外站长", Role.STATION_WORKER, other)


def page_of(browser: Client, person: Person) -> str:
    return browser.get(reverse("console:person", args=[person.pk])).content.decode()


def filled(city: City, **said: object) -> dict[str, object]:
    return {"name": "赵桂兰", "home": city.community.pk, "phone": PHONE} | said


def test_residents_are_found_by_what_they_say_on_the_telephone(city: City, browser_of: BrowserOf, lady: Person) -> None:
    browser = browser_of(city.worker)
    for query in ("桂兰", "zgl", PHONE, PHONE[-4:], lady.call_number):
        assert list(browser.get(reverse("console:people"), {"q": query}).context["page"]) == [lady], query
    assert list(browser.get(reverse("console:people"), {"q": "没有这人"}).context["page"]) == []


def test_an_officer_who_writes_somebody_down_is_led_nowhere_where_she_may_not_go(
    city: City, browser_of: BrowserOf, officer: User
) -> None:
    browser, address = browser_of(officer), reverse("console:person_new")
    assert f'href="{reverse("console:people")}"' not in browser.get(address).content.decode()
    answer = browser.post(address, filled(city))
    assert (answer.status_code, answer["Location"]) == (303, address)
    assert "登记好了" in browser.get(address).content.decode()


def test_a_card_is_offered_only_of_who_has_a_number(city: City, browser_of: BrowserOf) -> None:
    address = reverse("console:fridge_card", args=[city.resident.pk])
    assert address not in page_of(browser_of(city.worker), city.resident)
    give_call_number(person=city.resident, by=city.worker)
    assert address in page_of(browser_of(city.worker), city.resident)


def test_a_worker_finds_only_who_lives_in_her_places(
    city: City, browser_of: BrowserOf, lady: Person, other_worker: User
) -> None:
    browser = browser_of(other_worker)
    for query in ("", "桂兰", PHONE, lady.call_number):
        assert list(browser.get(reverse("console:people"), {"q": query}).context["page"]) == []


def test_a_resident_written_down_has_a_call_number_at_once(city: City, browser_of: BrowserOf) -> None:
    answer = browser_of(city.worker).post(reverse("console:person_new"), filled(city))
    made = Person.objects.get(name="赵桂兰")
    assert (answer.status_code, len(made.call_number), made.home) == (303, 5, city.community)


def test_who_may_stand_there_already_is_shown_first(city: City, browser_of: BrowserOf, lady: Person) -> None:
    browser, address = browser_of(city.worker), reverse("console:person_new")
    answer = browser.post(address, filled(city, name="赵桂花"))
    assert (answer.status_code, "先看看，别登记两次" in answer.content.decode()) == (422, True)
    assert Person.objects.filter(name="赵桂花").count() == 0
    answer = browser.post(address, filled(city, name="赵桂花", unlike=[lady.pk]))
    assert (answer.status_code, Person.objects.filter(name="赵桂花").count()) == (303, 1)


def test_a_worker_registers_nobody_elsewhere(city: City, browser_of: BrowserOf, other_worker: User) -> None:
    answer = browser_of(other_worker).post(reverse("console:person_new"), filled(city))
    assert (answer.status_code, Person.objects.filter(name="赵桂兰").count()) == (422, 0)


SEALED = (PHONE, ADDRESS, WAY_IN, CONTACT)


def test_sealed_fields_open_with_a_button_and_leave_a_trace(city: City, browser_of: BrowserOf, lady: Person) -> None:
    browser = browser_of(city.worker)
    assert [word for word in SEALED if word in page_of(browser, lady)] == []
    opened = browser.post(reverse("console:person_look", args=[lady.pk])).content.decode()
    assert [word for word in SEALED if word not in opened] == []
    looks = Entry.objects.filter(name="people.looked", for_person_id=lady.pk).order_by("pk")
    assert [look.facts["fields"] for look in looks] == [["address", "phone"], ["contacts", "way_in"]]
    assert "陈站长看了" in page_of(browser, lady)


@pytest.mark.parametrize("route", ["person", "person_look", "person_change", "person_lives", "person_contacts"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_page_about_a_resident_opens_to_another_community(
    city: City, browser_of: BrowserOf, lady: Person, other_worker: User, route: str, method: str
) -> None:
    answer = getattr(browser_of(other_worker), method)(reverse(f"console:{route}", args=[lady.pk]))
    assert answer.status_code in {404, 405}
    assert [word for word in (*SEALED, "赵桂兰", "赵小军") if word in answer.content.decode()] == []


@pytest.mark.parametrize("route", ["person_change", "person_lives", "person_contacts"])
def test_forms_never_show_what_is_sealed(city: City, browser_of: BrowserOf, lady: Person, route: str) -> None:
    page = browser_of(city.worker).get(reverse(f"console:{route}", args=[lady.pk])).content.decode()
    assert [word for word in SEALED if word in page] == []


def test_an_empty_phone_leaves_the_old_one(city: City, browser_of: BrowserOf, lady: Person) -> None:
    said = {"name": "赵桂兰", "home": city.community.pk, "contact_by": "call", "helped_how": "耳背"}
    answer = browser_of(city.worker).post(reverse("console:person_change", args=[lady.pk]), said)
    lady.refresh_from_db()
    assert (answer.status_code, lady.helped_how, lady.phone.open()) == (303, "耳背", PHONE)
    assert Entry.objects.get(name="people.changed").facts == {"fields": ["contact_by", "helped_how"]}


def test_contacts_are_written_down_from_the_page(city: City, browser_of: BrowserOf, lady: Person) -> None:
    said = {"name_1": "老孟", "relation_1": "邻居", "phone_1": "0414-2345678"}
    browser_of(city.worker).post(reverse("console:person_contacts", args=[lady.pk]), said)
    assert [(each.name, each.phone.open()) for each in emergency_contacts_of(lady)] == [("老孟", "04142345678")]


def test_a_relative_is_let_in_after_the_words_were_read_aloud(city: City, browser_of: BrowserOf, lady: Person) -> None:
    daughter = make.person("张敏", home=city.street)
    browser, address = browser_of(city.worker), reverse("console:helper_new", args=[lady.pk])
    assert "张敏" in browser.get(address, {"q": "张敏"}).content.decode()
    said = {"helper": daughter.pk, "relation": "女儿", "scopes": ["follow"], "given_how": "call"}
    assert browser.post(f"{address}?q=张敏", said).status_code == 303
    [given] = may_be_acted_for_by(lady)
    assert (given.helper, given.scopes, given.given_how) == (daughter, ["follow"], Helper.GivenHow.CALL)
    assert given.words.startswith("您女儿张敏想替您办这些事：查看进度")


def test_one_call_ends_it_and_one_may_be_kept_out(city: City, browser_of: BrowserOf) -> None:
    son = make.person("张强", home=city.street)
    given = make.let_daughter_help(city, son)
    browser = browser_of(city.worker)
    browser.post(reverse("console:helper_stop", args=[given.pk]), {"bar": "1"})
    assert (list(may_be_acted_for_by(city.resident)), Barred.objects.get().other) == ([], son)
    said = {"helper": son.pk, "relation": "儿子", "scopes": ["follow"], "given_how": "call"}
    answer = browser.post(reverse("console:helper_new", args=[city.resident.pk]) + "?q=张强", said)
    assert (answer.status_code, "本人说过不要" in answer.content.decode()) == (422, True)


def test_only_her_own_desk_ends_it(city: City, browser_of: BrowserOf, other_worker: User) -> None:
    given = make.let_daughter_help(city, make.person("张敏", home=city.street))
    assert browser_of(other_worker).post(reverse("console:helper_stop", args=[given.pk])).status_code == 404
    assert may_be_acted_for_by(city.resident).count() == 1


def test_lists_take_as_many_queries_for_three_rows_as_for_one(
    city: City, browser_of: BrowserOf, queries_of: QueriesOf, lady: Person
) -> None:
    browser, address = browser_of(city.worker), reverse("console:people")
    make.let_daughter_help(city, make.person("张敏", home=city.street))
    one = queries_of(browser, address), queries_of(browser, reverse("console:person", args=[city.resident.pk]))
    for name in ("钱甲", "钱乙"):
        register_person(name=name, home=city.community, by=city.worker)
        make.let_daughter_help(city, make.person(f"{name}女儿", home=city.street))
        make.order(city)
    three = queries_of(browser, address), queries_of(browser, reverse("console:person", args=[city.resident.pk]))
    assert three == one
