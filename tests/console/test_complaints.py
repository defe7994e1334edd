"""投诉: read, looked into, answered."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from lianxin.journal.models import Entry
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Role
from lianxin.people.actions.complaints import complain
from lianxin.people.models import Complaint
from lianxin.users.models import User
from tests import make
from tests.make import City

BrowserOf = Callable[[User], Client]
QueriesOf = Callable[[Client, str], int]
LIST, ONE = "console:complaints", "console:complaint"


def complaint(city: City) -> Complaint:
    return complain(
        text="志愿者来晚了。", page="/orders/", contact="13812345678", by=city.resident_user, scope=city.community.path
    )


def test_an_answer_closes_the_complaint(city: City, browser_of: BrowserOf) -> None:
    one = complaint(city)
    answer = browser_of(city.worker).post(
        reverse(ONE, args=[one.pk]), {"answer": "对不起，已经提醒了队长。"}, follow=True
    )
    assert f"{one.number} 号已经答复。" in answer.content.decode()
    one.refresh_from_db()
    assert (one.state, one.answer, one.answered_by) == ("answered", "对不起，已经提醒了队长。", city.worker)
    assert list(answer.context["page"]) == []


def test_an_empty_answer_is_refused_at_the_field(city: City, browser_of: BrowserOf) -> None:
    one = complaint(city)
    answer = browser_of(city.worker).post(reverse(ONE, args=[one.pk]))
    assert answer.status_code == 422
    assert "请写下答复。" in answer.content.decode()


def test_a_second_answer_is_refused_in_words(city: City, browser_of: BrowserOf) -> None:
    one = complaint(city)
    browser_of(city.worker).post(reverse(ONE, args=[one.pk]), {"answer": "第一"})
    answer = browser_of(city.worker).post(reverse(ONE, args=[one.pk]), {"answer": "第二"})
    assert answer.status_code == 409
    one.refresh_from_db()
    assert one.answer == "第一"


def test_what_they_say_and_how_to_reach_them_shows_only_after_a_look_which_is_noted(
    city: City, browser_of: BrowserOf
) -> None:
    one, client = complaint(city), browser_of(city.worker)
    for address in (reverse(LIST), reverse(ONE, args=[one.pk])):
        page = client.get(address).content.decode()
        assert ("13812345678" in page, "志愿者来晚了" in page) == (False, False)
    opened = client.post(reverse("console:complaint_look", args=[one.pk])).content.decode()
    assert ("13812345678" in opened, "志愿者来晚了" in opened) == (True, True)
    assert Entry.objects.get(name="people.looked").subject_id == one.pk


def test_complaints_of_another_place_are_not_found(city: City, browser_of: BrowserOf) -> None:
    one = complaint(city)
    other = open_node(kind=Kind.COMMUNITY, name="幸福里社区", parent=city.community.parent, by=None)
    client = browser_of(make.staff("外站长", Role.STATION_WORKER, other))
    assert list(client.get(reverse(LIST)).context["page"]) == []
    assert client.get(reverse(ONE, args=[one.pk])).status_code == 404
    assert client.post(reverse("console:complaint_look", args=[one.pk])).status_code == 404


def test_an_operator_does_not_answer_complaints(city: City, browser_of: BrowserOf) -> None:
    assert browser_of(city.operator).get(reverse(LIST)).status_code == 403


def test_three_complaints_take_as_many_queries_as_one(city: City, browser_of: BrowserOf, queries_of: QueriesOf) -> None:
    client = browser_of(city.worker)
    complaint(city)
    with_one = queries_of(client, reverse(LIST))
    complaint(city)
    complaint(city)
    assert queries_of(client, reverse(LIST)) == with_one
