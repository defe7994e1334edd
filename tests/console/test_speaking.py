"""Ringing from the call desk, page by page: whom next, what to tell, whether it was done; and what families ring about."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from lianxin.base import clock
from lianxin.needs.actions.calls.speaking import ring_out
from lianxin.needs.actions.calls.taking import choose_caller, start_call
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.models.calls import Call
from lianxin.needs.models.orders import Order
from lianxin.needs.models.ratings import Rating
from lianxin.notices.models import CallCard
from lianxin.people.models import ContactBy, Helper, Person
from lianxin.users.models import User
from tests import make
from tests.make import City

BrowserOf = Callable[[User], Client]
QueriesOf = Callable[[Client, str], int]


def go(client: Client, route: str, *args: object, **facts: object) -> str:
    answer = client.post(reverse(f"console:{route}", args=args), facts, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def running() -> Call:
    return Call.objects.get(ended_at=None)


def is_to_be_rung(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(contact_by=ContactBy.CALL)


def the_hour_to_ring_has_come() -> None:
    make.everybody_hears()
    CallCard.objects.filter(done_at=None).update(due_at=clock.now())


def test_whom_to_ring_stands_on_the_desk_and_one_call_tells_it_all(city: City, browser_of: BrowserOf) -> None:
    is_to_be_rung(city.resident)
    make.accepted_order(city)
    the_hour_to_ring_has_come()
    client = browser_of(city.operator)
    assert "2 件事要告诉" in client.get(reverse("console:desk")).content.decode()
    page = go(client, "ring_out", city.resident.pk)
    assert "要告诉他的" in page
    assert "他会说" in page
    assert "2 件事都告诉了" in go(client, "desk_told", running().pk)
    go(client, "desk_end", running().pk, kind="")
    assert "现在没有要打的电话" in client.get(reverse("console:desk")).content.decode()


def test_nobody_answers_and_it_is_rung_again_later(city: City, browser_of: BrowserOf) -> None:
    is_to_be_rung(city.resident)
    make.order(city)
    the_hour_to_ring_has_come()
    client = browser_of(city.operator)
    assert "没打通，过会儿再打" in go(client, "ring_out", city.resident.pk)
    assert "到时再打" in go(client, "desk_nobody", running().pk)
    card = CallCard.objects.get()
    assert (card.tries.count(), card.due_at > clock.now()) == (1, True)


def test_whether_it_was_done_is_asked_and_answered_in_the_call(city: City, browser_of: BrowserOf) -> None:
    first = make.served_order(city)
    second = make.served_order(city, start=make.tomorrow_at(14), end=make.tomorrow_at(17))
    client, call = browser_of(city.operator), start_call(by=city.operator, person=city.resident)
    address = reverse("console:desk_done", args=[call.pk])
    assert "（2 单）" in client.get(reverse("console:desk_call", args=[call.pk])).content.decode()
    assert "问哪一单？" in client.get(address).content.decode()
    answer = client.post(f"{address}?order={first.pk}", {"stars": "5", "words": "好得很"}, follow=True)
    assert f"{first.pk} 号「小修小补」回访确认" in answer.content.decode()
    # With one left, the question comes at once.
    assert "做好了吗？还满意吗？" in client.get(address).content.decode()
    refused = client.post(f"{address}?order={second.pk}", {"not_done": "on"})
    assert (refused.status_code, "哪里还没做好" in refused.content.decode()) == (422, True)
    client.post(f"{address}?order={second.pk}", {"not_done": "on", "words": "又灭了"})
    assert [Order.objects.get(pk=each.pk).state for each in (first, second)] == ["done", "waiting"]
    assert Rating.objects.get().words == "好得很"


def test_the_call_page_takes_as_many_queries_for_three_orders_to_ask_about_as_for_one(
    city: City, browser_of: BrowserOf, queries_of: QueriesOf
) -> None:
    is_to_be_rung(city.resident)
    client, hours = browser_of(city.operator), (9, 12, 15)
    counts = []
    for hour in hours:
        make.served_order(city, start=make.tomorrow_at(hour), end=make.tomorrow_at(hour + 2))
        the_hour_to_ring_has_come()
        desk = queries_of(client, reverse("console:desk"))
        call = ring_out(person=city.resident, by=city.operator)
        counts.append(
            (
                desk,
                *(
                    queries_of(client, reverse(f"console:{name}", args=[call.pk]))
                    for name in ("desk_call", "desk_done")
                ),
            )
        )
        Call.objects.filter(pk=call.pk).delete()
    assert counts[0][:2] == counts[2][:2]
    assert counts[1][2] == counts[2][2]


def test_nobody_reaches_her_is_two_keys_and_a_relative_who_acts_no_more_as_well(
    city: City, browser_of: BrowserOf
) -> None:
    daughter = make.person("张敏")
    make.let_daughter_help(city, daughter)
    client, call = browser_of(city.operator), start_call(by=city.operator, person=city.resident)
    choose_caller(call=call, person=city.resident, relation=Call.Relation.FAMILY, by=city.operator)
    asked = client.get(reverse("console:desk_unreachable", args=[call.pk])).content.decode()
    assert ("110" in asked, "还没有人上门见过" in asked) == (True, True)
    assert "警报响了" in go(client, "desk_unreachable", call.pk)
    assert Alarm.objects.get().kind == Alarm.Kind.UNREACHABLE
    helper = Helper.objects.get()
    choose_caller(call=call, person=city.resident, relation=Call.Relation.SELF, by=city.operator)
    assert "张敏" in client.get(reverse("console:desk_family", args=[call.pk])).content.decode()
    assert "张敏不再替他办事" in go(client, "desk_family", call.pk, helper=helper.pk)
    assert "没有代办的家人" in client.get(reverse("console:desk_family", args=[call.pk])).content.decode()


def test_another_operators_call_and_a_resident_out_of_reach_are_not_there(city: City, browser_of: BrowserOf) -> None:
    call = start_call(by=city.operator, person=city.resident)
    worker = browser_of(city.worker)
    for route in ("desk_done", "desk_told", "desk_nobody", "desk_unreachable", "desk_family"):
        assert worker.post(reverse(f"console:{route}", args=[call.pk])).status_code == 404
    assert worker.post(reverse("console:ring_out", args=[make.person("外人").pk])).status_code == 404
