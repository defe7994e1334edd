"""警报 at the desk: red on every page, opened, answered."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from lianxin.journal.models import Entry
from lianxin.needs.actions.alarms import end_alarm, raise_alarm
from lianxin.needs.models.alarms import Alarm
from lianxin.users.models import User
from tests import make
from tests.make import City

BrowserOf = Callable[[User], Client]
QueriesOf = Callable[[Client, str], int]
LIST, ONE = "console:alarms", "console:alarm"


def alarm(city: City) -> Alarm:
    order = make.accepted_order(city).order
    return raise_alarm(person=city.resident, kind=Alarm.Kind.NO_ANSWER, by=make.user_of(city.volunteer), order=order)


def test_an_alarm_stands_on_every_page_until_an_outcome_is_written(city: City, browser_of: BrowserOf) -> None:
    one, client = alarm(city), browser_of(city.worker)
    assert "1 个警报还没有结果" in client.get(reverse("console:verify")).content.decode()
    facts = {"outcome": "out", "words": "在女儿家", "then": "anew"}
    answer = client.post(reverse(ONE, args=[one.pk]), facts, follow=True)
    assert "会告诉家人" in answer.content.decode()
    one.refresh_from_db()
    assert one.words
    assert (one.outcome, one.words.open(), one.ended_by) == ("out", "在女儿家", city.worker)
    assert "个警报还没有结果" not in client.get(reverse("console:verify")).content.decode()


def test_without_an_outcome_nothing_is_written(city: City, browser_of: BrowserOf) -> None:
    one = alarm(city)
    for facts in ({}, {"outcome": "other", "then": "again"}, {"outcome": "late", "then": "again"}):
        answer = browser_of(city.worker).post(reverse(ONE, args=[one.pk]), facts)
        assert answer.status_code == 422
    one.refresh_from_db()
    assert one.state == "ringing"


def test_the_number_shows_only_after_a_look(city: City, browser_of: BrowserOf) -> None:
    one, client = alarm(city), browser_of(city.operator)
    assert "幸福路" not in client.get(reverse(ONE, args=[one.pk])).content.decode()
    assert "幸福路" in client.post(reverse("console:alarm_look", args=[one.pk])).content.decode()


def test_what_was_written_about_the_end_is_read_after_a_look_by_whom_it_concerns(
    city: City, browser_of: BrowserOf
) -> None:
    one = alarm(city)
    end_alarm(alarm=one, outcome=Alarm.Outcome.HOSPITAL, words="送到市一院", by=city.worker)
    page, read = reverse(ONE, args=[one.pk]), reverse("console:alarm_read", args=[one.pk])
    for user in (city.worker, city.captain):
        assert "送到市一院" not in browser_of(user).get(page).content.decode()
    assert browser_of(city.captain).post(read).status_code == 403
    assert "送到市一院" in browser_of(city.worker).post(read).content.decode()
    look = Entry.objects.get(name="people.looked", for_person_id=city.resident.pk)
    assert (look.actor_id, look.facts["fields"]) == (city.worker.pk, ["note"])


def test_a_captain_answers_but_sees_neither_name_nor_number(city: City, browser_of: BrowserOf) -> None:
    one, client = alarm(city), browser_of(city.captain)
    shown = client.get(reverse(ONE, args=[one.pk])).content.decode()
    assert "王秀英" not in shown
    assert client.post(reverse("console:alarm_look", args=[one.pk])).status_code == 403
    assert client.post(reverse(ONE, args=[one.pk]), {"outcome": "safe", "then": "again"}).status_code == 303


def test_three_alarms_take_as_many_queries_as_one(city: City, browser_of: BrowserOf, queries_of: QueriesOf) -> None:
    client = browser_of(city.worker)
    alarm(city)
    with_one = queries_of(client, reverse(LIST))
    for kind in (Alarm.Kind.UNREACHABLE, Alarm.Kind.MISSED):
        raise_alarm(person=city.resident, kind=kind, by=city.worker)
    assert queries_of(client, reverse(LIST)) == with_one
