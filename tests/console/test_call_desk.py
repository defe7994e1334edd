"""The pages of the call desk: who it is, what it is about, and lists that stay quick."""

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.needs.actions.calls.events import open_event
from lianxin.needs.actions.calls.rings import connect_line, ring
from lianxin.needs.actions.calls.taking import end_call, start_call
from lianxin.needs.models.calls import Call, CallBack, Ring
from lianxin.needs.models.orders import Order
from lianxin.organisations.actions.aliases import name_place
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Role
from lianxin.people.models import Person
from lianxin.users.models import User
from tests import make
from tests.make import City

BrowserOf = Callable[[User], Client]
QueriesOf = Callable[[Client, str], int]
NUMBER = "13800000077"


def go(client: Client, route: str, *args: object, **facts: object) -> str:
    return client.post(reverse(f"console:{route}", args=args), facts, follow=True).content.decode()


def running() -> Call:
    return Call.objects.get(ended_at=None)


def test_from_ring_to_order_on_the_pages(city: City, browser_of: BrowserOf) -> None:
    client = browser_of(city.operator)
    assert city.resident.phone
    page = go(client, "desk_answer", typed=city.resident.phone.open())
    assert "王秀英" in page
    page = go(client, "desk_choose", running().pk, person=city.resident.pk)
    assert "王秀英的电话" in page
    call = running()
    when = client.get(reverse("console:desk_when", args=[call.pk, city.item.pk]))
    slug = when.context["parts"][0][1].slug
    address = reverse("console:desk_place", args=[call.pk, city.item.pk, slug])
    key = client.get(address).context["form"].initial["key"]
    for _ in range(2):
        client.post(address, {"details": "灯坏了", "key": key})
    order = Order.objects.get()
    assert (order.way, order.placed_by, order.state) == (Order.Way.CALL, city.operator, Order.State.WAITING)
    go(client, "desk_end", call.pk, kind="")
    call.refresh_from_db()
    assert (call.kind, call.order) == (Call.Kind.ORDER, order)


def test_the_script_of_an_item_is_read_while_ordering(city: City, browser_of: BrowserOf) -> None:
    city.item.script = "几楼？有没有电梯？养狗吗？"
    city.item.save()
    call = start_call(by=city.operator, person=city.resident)
    page = browser_of(city.operator).get(reverse("console:desk_when", args=[call.pk, city.item.pk]))
    assert city.item.script in page.content.decode()


def test_a_repeat_is_offered_for_merging_and_no_is_possible(city: City, browser_of: BrowserOf) -> None:
    order = make.verified_order(city)
    call, client = start_call(by=city.operator, person=city.resident), browser_of(city.operator)
    address = reverse("console:desk_when", args=[call.pk, city.item.pk])
    assert f"同一件事，并到 {order.pk} 号" in client.get(address).content.decode()
    assert "同一件事" not in client.get(f"{address}?another=1").content.decode()
    assert "没有另点" in go(client, "desk_urge", call.pk, order=order.pk, is_repeat="1")
    order.refresh_from_db()
    assert order.urged == 1
    assert "催 1" in client.get(reverse("console:orders")).content.decode()


def test_a_call_without_a_kind_is_refused_kindly(city: City, browser_of: BrowserOf) -> None:
    call = start_call(by=city.operator, number=NUMBER)
    answer = browser_of(city.operator).post(reverse("console:desk_end", args=[call.pk]), {"words": "记一笔"})
    assert answer.status_code == 422
    assert "还差一步" in answer.content.decode()
    assert "记一笔" in answer.content.decode()


def test_somebody_new_is_written_down_in_the_same_call(city: City, browser_of: BrowserOf) -> None:
    name_place(place=city.community, words="老粮店后头", by=city.operator)
    call, client = start_call(by=city.operator, number=NUMBER), browser_of(city.operator)
    assert "和平里社区" in client.get(reverse("console:desk_places"), {"where": "粮店"}).content.decode()
    go(client, "desk_new", call.pk, name="赵桂兰", where="粮店", address="3 单元 201")
    met = Person.objects.get(name="赵桂兰")
    call.refresh_from_db()
    assert (met.home, call.person, len(met.call_number)) == (city.community, met, 5)
    assert met.phone
    assert met.phone.open() == NUMBER


def test_two_communities_that_fit_are_chosen_from(city: City, browser_of: BrowserOf) -> None:
    other = open_node(kind=Kind.COMMUNITY, name="和平西社区", parent=city.community.parent, by=None)
    call, client = start_call(by=city.operator, number=NUMBER), browser_of(city.operator)
    page = go(client, "desk_new", call.pk, name="赵桂兰", where="和平")
    assert "请选一个" in page
    go(client, "desk_new", call.pk, name="赵桂兰", where="和平", place=other.pk)
    assert Person.objects.get(name="赵桂兰").home == other


def test_another_operators_call_is_not_there(city: City, browser_of: BrowserOf) -> None:
    call, client = start_call(by=city.operator, person=city.resident), browser_of(city.worker)
    for name in ("desk_call", "desk_new", "desk_urge", "desk_order", "desk_event", "desk_pass"):
        assert client.get(reverse(f"console:{name}", args=[call.pk])).status_code == 404
    for name in ("desk_look", "desk_end", "desk_choose"):
        assert client.post(reverse(f"console:{name}", args=[call.pk])).status_code == 404


def test_number_and_note_stay_closed_to_who_may_not_read_them(city: City, browser_of: BrowserOf) -> None:
    call = start_call(by=city.operator, number=NUMBER, person=city.resident)
    end_call(call=call, by=city.operator, kind="question", words="心里难受")
    row, read = reverse("console:call_row", args=[call.pk]), reverse("console:call_read", args=[call.pk])
    worker = browser_of(city.worker)
    assert NUMBER not in worker.get(row).content.decode()
    assert worker.post(read).status_code == 403
    assert browser_of(city.dispatcher).get(row).status_code == 403
    far = open_node(kind=Kind.COMMUNITY, name="幸福里社区", parent=city.community.parent, by=None)
    assert browser_of(make.staff("外站长", Role.STATION_WORKER, far)).get(row).status_code == 404
    opened = browser_of(city.operator).post(read).content.decode()
    assert NUMBER in opened
    assert "心里难受" in opened


def test_the_list_of_calls_is_narrowed(city: City, browser_of: BrowserOf) -> None:
    end_call(call=start_call(by=city.operator, number=NUMBER), by=city.operator, kind="thanks")
    end_call(call=start_call(by=city.worker, person=city.resident), by=city.worker, kind="question")
    client = browser_of(city.operator)

    def shown(**asked: str) -> list[str]:
        return [call.kind for call in client.get(reverse("console:call_log"), asked).context["page"]]

    assert shown() == ["question", "thanks"]
    assert [shown(kind="thanks"), shown(mine="on"), shown(q=NUMBER[-4:])] == [["thanks"]] * 3
    assert [shown(q="秀英"), shown(since="2100-01-01"), shown(q="没有")] == [["question"], [], []]


def test_an_event_is_two_keys(city: City, browser_of: BrowserOf) -> None:
    event = open_event(name="停水", place=city.community, script="正在抢修，六点来水。", by=city.operator)
    call, client = start_call(by=city.operator, number=NUMBER), browser_of(city.operator)
    page = go(client, "desk_event", call.pk, event=event.pk)
    assert "正在抢修，六点来水。" in page
    go(client, "desk_end", call.pk)
    assert event.calls.get().kind == Call.Kind.QUESTION


class TestIncoming:
    """What a telephone system sends, from a client of our own."""

    def connected(self, city: City) -> str:
        admin = make.staff("系统员", Role.SYSTEM_ADMINISTRATOR, city.city)
        return connect_line(desk=city.city, name="总机", by=admin)[1]

    def told(self, secret: str, body: object = None, **options: object) -> int:
        client = Client(enforce_csrf_checks=True)
        return client.post(
            reverse("console:incoming"),
            data=json.dumps({"number": "0414-555 0001"} if body is None else body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"},
        ).status_code

    def test_a_ring_shows_on_the_desk_and_enter_takes_it(self, city: City, browser_of: BrowserOf) -> None:
        assert self.told(self.connected(city)) == 202
        client = browser_of(city.operator)
        assert "尾号 0001" in client.get(reverse("console:desk_ringing")).content.decode()
        go(client, "desk_answer", typed="")
        call = running()
        assert call.number
        assert (call.number.open(), Ring.objects.get().call) == ("04145550001", call)
        assert "尾号 0001" not in browser_of(city.worker).get(reverse("console:desk_ringing")).content.decode()

    def test_without_the_secret_nothing_rings(self, city: City) -> None:
        self.connected(city)
        assert [self.told(secret) for secret in ("", "wrong", "x" * 500)] == [401] * 3
        assert Ring.objects.count() == 0

    @pytest.mark.parametrize("body", [{"number": "12345678901234567890"}, {"number": 7}, [], {"number": "abc"}])
    def test_a_number_that_cannot_be_read_is_said_so(self, city: City, body: object) -> None:
        assert self.told(self.connected(city), body) == 400

    def test_what_is_no_json_is_said_so(self, city: City) -> None:
        client, secret = Client(), self.connected(city)
        answer = client.post(
            reverse("console:incoming"),
            "{",
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )
        assert answer.status_code == 400

    def test_another_desk_does_not_hear_it(self, city: City, browser_of: BrowserOf) -> None:
        admin = make.staff("系统员", Role.SYSTEM_ADMINISTRATOR, city.city)
        far = open_node(kind=Kind.COMMUNITY, name="幸福里社区", parent=city.community.parent, by=None)
        line, _ = connect_line(desk=far, name="分机", by=admin)
        ring(line=line, number=NUMBER)
        assert "7777" not in browser_of(city.worker).get(reverse("console:desk_ringing")).content.decode()
        assert (
            browser_of(city.worker).post(reverse("console:ring_take", args=[Ring.objects.get().pk])).status_code == 404
        )


def lists(city: City) -> list[str]:
    return [reverse(f"console:{name}") for name in ("desk", "call_log", "call_backs", "shift", "events", "knowledge")]


def test_three_rows_take_as_many_queries_as_one(city: City, browser_of: BrowserOf, queries_of: QueriesOf) -> None:
    client = browser_of(city.operator)
    line, _ = connect_line(desk=city.city, name="总机", by=make.staff("系统员", Role.SYSTEM_ADMINISTRATOR, city.city))

    def one_more(number: int) -> None:
        person = make.person(f"居民{number}", home=city.community, is_user=False)
        make.verified_order(city, resident=person, by=city.operator)
        open_event(name=f"停水{number}", place=city.community, script="抢修", by=city.operator)
        call = start_call(by=city.operator, number=f"1380000007{number}", person=person)
        end_call(call=call, by=city.operator, kind="question", call_back_at=make.tomorrow_at(10))
        ring(line=line, number=f"1380000008{number}")

    one_more(1)
    with_one = [queries_of(client, address) for address in lists(city)]
    one_more(2)
    one_more(3)
    assert [queries_of(client, address) for address in lists(city)] == with_one
    assert CallBack.objects.count() == 3
    assert max(with_one) <= 22


def test_a_call_takes_as_many_queries_for_three_people_behind_it_as_for_one(
    city: City, browser_of: BrowserOf, queries_of: QueriesOf
) -> None:
    client, call = browser_of(city.operator), start_call(by=city.operator, number=NUMBER)
    address = reverse("console:desk_call", args=[call.pk])

    def behind(name: str) -> None:
        person = make.person(name, home=city.community, is_user=False)
        person.phone = NUMBER
        person.save()
        make.verified_order(city, resident=person, by=city.operator)

    behind("张大爷")
    with_one = queries_of(client, address)
    behind("李大妈")
    behind("王大妈")
    assert queries_of(client, address) == with_one
