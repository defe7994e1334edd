"""The volunteer stands at the door and nobody opens: it is red until somebody says what came of it."""

from datetime import timedelta

import pytest

from lianxin.base import clock
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.models.orders import Order
from lianxin.needs.rules import Then
from lianxin.notices.models import CallCard
from lianxin.people.models import Person
from tests import make
from tests.stories.walk import People, Walker, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> People:
    return People(make.small_city())


@pytest.fixture
def daughter(people: People) -> Person:
    own = make.person("张敏", home=people.city.street)
    make.let_daughter_help(people.city, own)
    return own


def test_the_lady_was_at_the_hairdresser_and_the_visit_goes_on(people: People, daughter: Person) -> None:
    city = people.city
    order = make.verified_order(city)
    task = people.accept(people.ask(order, city.volunteer), people.volunteer)
    stands_there = now(order).planned_start
    with clock.at(stands_there):
        people.volunteer.does("site:task_no_answer", task)
        alarm = Alarm.objects.get()
        assert any("没人应门" in text for text in make.told(city.worker.person))
        assert any("王秀英" in text for text in make.told(daughter))
        assert CallCard.objects.filter(notice__person_id=city.resident.pk, done_at=None).exists()
        assert "王**" in people.worker.sees("console:alarms")

    with clock.at(stands_there + timedelta(minutes=12)):
        said = {"outcome": Alarm.Outcome.OUT, "words": "在理发店，马上到家", "then": Then.AGAIN}
        people.worker.does("console:alarm", alarm.pk, **said)
    assert any("请放心" in text for text in make.told(daughter))
    people.serve(task, people.volunteer, at=stands_there + timedelta(minutes=20))
    assert now(order).state == Order.State.TO_CONFIRM


def test_until_then_nothing_else_can_be_done_with_the_order_and_no_stranger_ends_it(people: People) -> None:
    order = make.verified_order(people.city)
    task = people.accept(people.ask(order, people.city.volunteer), people.volunteer)
    with clock.at(now(order).planned_start):
        people.volunteer.does("site:task_no_answer", task)
        alarm = Alarm.objects.get()
        refused = people.resident.client.post(f"/orders/{order.pk}/cancel/")
        assert refused.status_code == 409
        assert people.dispatcher.is_kept_out("console:alarm", alarm.pk)
        assert people.second_volunteer.is_kept_out("console:alarm", alarm.pk)
    assert (now(order).state, Alarm.objects.get().state) == (Order.State.ACCEPTED, Alarm.State.RINGING)


def test_that_she_is_in_hospital_is_said_by_voice_and_written_to_nobody(people: People, daughter: Person) -> None:
    order = make.verified_order(people.city)
    task = people.accept(people.ask(order, people.city.volunteer), people.volunteer)
    hers, words = Walker(make.user_of(daughter)), ("住院", "心脏不舒服")
    with clock.at(now(order).planned_start):
        people.volunteer.does("site:task_no_answer", task)
        assert "没人应门，社区正在查看" in hers.sees("site:relative", people.city.resident.pk)
        said = {"outcome": Alarm.Outcome.HOSPITAL, "words": "心脏不舒服", "then": Then.CANCEL}
        people.worker.does("console:alarm", Alarm.objects.get().pk, **said)
        relative = hers.sees("site:relative", people.city.resident.pk)
        read = [relative, hers.sees("site:order", order.pk), people.resident.sees("site:order", order.pk)]
        told = [
            text for each in (daughter, people.city.resident, people.city.volunteer.person) for text in make.told(each)
        ]
        tasks = people.volunteer.sees("site:tasks")
    assert "有结果了，请打电话细问" in relative
    assert "社区查明情况以后取消的" in read[1]
    assert [word for page in (*read, *told, tasks) for word in words if word in page] == []


def test_the_volunteer_reads_only_what_is_harmless_of_it(people: People) -> None:
    order = make.verified_order(people.city)
    task = people.accept(people.ask(order, people.city.volunteer), people.volunteer)
    with clock.at(now(order).planned_start):
        people.volunteer.does("site:task_no_answer", task)
        said = {"outcome": Alarm.Outcome.AMBULANCE, "words": "心脏不舒服", "then": Then.AGAIN}
        people.worker.does("console:alarm", Alarm.objects.get().pk, **said)
        page = people.volunteer.sees("site:task", task)
    assert ["社区查明了情况" in page, "已叫 120" in page, "心脏" in page] == [True, False, False]
