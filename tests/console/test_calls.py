"""电话卡: whom to ring, what to say, how it went."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.base import clock
from lianxin.journal.models import Entry
from lianxin.notices.models import CallCard, CallTry
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Role
from lianxin.people.actions.reaching import tell
from lianxin.people.models import ContactBy, Person
from lianxin.users.models import User
from tests import make
from tests.make import City

BrowserOf = Callable[[User], Client]
QueriesOf = Callable[[Client, str], int]
CALLS = "console:call_cards"


def card(city: City, key: str = "1", name: str = "李桂兰") -> CallCard:
    callee = make.person(name, home=city.community, is_user=False)
    callee.contact_by = ContactBy.CALL
    callee.save()
    notice = tell(person=callee, text="明天上午九点，红帽队李师傅上门修灯。", key=key)
    return CallCard.objects.get(notice=notice)


def attempt(client: Client, to: CallCard, result: CallTry.Result, **options: object) -> object:
    return client.post(reverse("console:call_try", args=[to.pk]), {"result": result}, **options)  # type: ignore[arg-type]


def test_the_card_says_whom_to_ring_and_what_to_say(city: City, browser_of: BrowserOf) -> None:
    one = card(city)
    page = browser_of(city.operator).get(reverse("console:call_card", args=[one.pk])).content.decode()
    assert "李桂兰您好，这里是和平里社区。明天上午九点，红帽队李师傅上门修灯。" in page


def test_the_number_shows_only_after_a_look_which_is_noted(city: City, browser_of: BrowserOf) -> None:
    one, client = card(city), browser_of(city.operator)
    phone = Person.objects.get(pk=one.notice.person_id).phone
    assert phone is not None
    number = phone.open()
    assert number not in client.get(reverse("console:call_card", args=[one.pk])).content.decode()
    assert number in client.post(reverse("console:call_look", args=[one.pk])).content.decode()
    look = Entry.objects.get(name="people.looked")
    assert (look.actor_id, look.subject_type, look.subject_id) == (city.operator.pk, "notices.callcard", one.pk)


def test_a_call_that_reached_its_person_leaves_the_list(city: City, browser_of: BrowserOf) -> None:
    one, client = card(city), browser_of(city.operator)
    answer = client.post(reverse("console:call_try", args=[one.pk]), {"result": CallTry.Result.REACHED}, follow=True)
    assert "李桂兰：已告知本人。" in answer.content.decode()
    assert list(answer.context["page"]) == []


def test_nobody_answering_says_when_to_ring_again(city: City, browser_of: BrowserOf) -> None:
    one = card(city)
    answer = browser_of(city.operator).post(
        reverse("console:call_try", args=[one.pk]), {"result": CallTry.Result.NO_ANSWER}, follow=True
    )
    assert "李桂兰：这次没打通" in answer.content.decode()
    assert "1 次没通" in answer.content.decode()


def test_in_the_side_sheet_a_try_goes_on_to_the_next_card(city: City, browser_of: BrowserOf) -> None:
    first = card(city)
    with clock.at(clock.now() + timedelta(hours=1)):
        second = card(city, "2", "张德福")
    address = reverse("console:call_try", args=[first.pk])
    answer = browser_of(city.operator).post(address, {"result": "reached"}, headers={"HX-Request": "true"})
    assert answer["Location"] == reverse("console:call_card", args=[second.pk])


def test_the_second_of_two_operators_is_refused_in_words(city: City, browser_of: BrowserOf) -> None:
    one = card(city)
    attempt(browser_of(city.operator), one, CallTry.Result.REACHED)
    answer = browser_of(city.worker).post(reverse("console:call_try", args=[one.pk]), {"result": "no_answer"})
    assert answer.status_code == 409
    assert "这个电话已经有人打过了。" in answer.content.decode()
    assert CallTry.objects.count() == 1


def test_cards_of_another_place_are_not_found(city: City, browser_of: BrowserOf) -> None:
    one = card(city)
    other = open_node(kind=Kind.COMMUNITY, name="幸福里社区", parent=city.community.parent, by=None)
    client = browser_of(make.staff("外站长", Role.STATION_WORKER, other))
    assert list(client.get(reverse(CALLS)).context["page"]) == []
    assert client.get(reverse("console:call_card", args=[one.pk])).status_code == 404
    assert client.post(reverse("console:call_look", args=[one.pk])).status_code == 404
    assert client.post(reverse("console:call_try", args=[one.pk]), {"result": "reached"}).status_code == 404


@pytest.mark.parametrize("route", ["console:call_look", "console:call_try"])
def test_a_dispatcher_may_neither_look_nor_ring(city: City, browser_of: BrowserOf, route: str) -> None:
    one, client = card(city), browser_of(city.dispatcher)
    assert client.get(reverse(CALLS)).status_code == 403
    assert client.post(reverse(route, args=[one.pk])).status_code == 403


def test_three_cards_take_as_many_queries_as_one(city: City, browser_of: BrowserOf, queries_of: QueriesOf) -> None:
    client = browser_of(city.operator)
    attempt(client, card(city), CallTry.Result.NO_ANSWER)
    with_one = queries_of(client, reverse(CALLS))
    attempt(client, card(city, "2", "张德福"), CallTry.Result.NO_ANSWER)
    card(city, "3", "刘玉珍")
    assert queries_of(client, reverse(CALLS)) == with_one
