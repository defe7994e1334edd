"""今天上门, 差评跟进, 时间争议 at the desk."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lianxin.base import clock
from lianxin.hours.actions import dispute_record
from lianxin.hours.models import Record
from lianxin.needs.actions.closing import rate_order
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.models.orders import Order
from lianxin.needs.models.ratings import FollowUp
from lianxin.needs.models.visits import Visit
from lianxin.timebank.queries import minutes_of
from lianxin.users.models import User
from tests import make
from tests.make import City

BrowserOf = Callable[[User], Client]
QueriesOf = Callable[[Client, str], int]


def stamp(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def test_the_captain_starts_and_finishes_for_a_member_without_a_phone(city: City, browser_of: BrowserOf) -> None:
    task, client = make.accepted_order(city), browser_of(city.captain)
    order = Order.objects.get()
    with clock.at(order.planned_start + timedelta(minutes=1)):
        assert "李建国" in client.get(reverse("console:visits")).content.decode()
        facts = {"start-at": stamp(order.planned_start), "start-how": "captain"}
        client.post(reverse("console:visit_start", args=[task.pk]), facts)
    assert Visit.objects.get().started_how == "captain"
    with clock.at(order.planned_end + timedelta(hours=6)):
        assert stamp(order.planned_end) in client.get(reverse("console:visit", args=[task.pk])).content.decode()
        facts = {"finish-at": stamp(order.planned_end), "finish-how": "captain"}
        client.post(reverse("console:visit_finish", args=[task.pk]), facts)
    assert Record.objects.get().minutes == 60


def test_a_slip_with_a_wrong_time_is_refused_at_the_field(city: City, browser_of: BrowserOf) -> None:
    task, client = make.accepted_order(city), browser_of(city.worker)
    order = Order.objects.get()
    with clock.at(order.planned_end):
        facts = {"slip-start": stamp(order.planned_start - timedelta(hours=5)), "slip-end": stamp(order.planned_end)}
        answer = client.post(reverse("console:visit_slip", args=[task.pk]), facts)
        assert answer.status_code in {409, 422}
        facts["slip-start"] = stamp(order.planned_start)
        assert client.post(reverse("console:visit_slip", args=[task.pk]), facts).status_code == 303
    assert Record.objects.get().grade == "C"


def test_a_call_that_nobody_opens_rings(city: City, browser_of: BrowserOf) -> None:
    task = make.accepted_order(city)
    browser_of(city.operator).post(reverse("console:visit_no_answer", args=[task.pk]))
    assert Alarm.objects.get().kind == Alarm.Kind.NO_ANSWER


def test_many_are_confirmed_from_the_list(city: City, browser_of: BrowserOf) -> None:
    first = make.served_order(city)
    second = make.served_order(city, start=make.tomorrow_at(14), end=make.tomorrow_at(17))
    facts = {"order": [first.pk, second.pk], "how": "slip"}
    answer = browser_of(city.worker).post(reverse("console:confirm_many"), facts, follow=True)
    assert "2 单确认好了" in answer.content.decode()
    answer = browser_of(city.worker).post(reverse("console:confirm_many"), facts, follow=True)
    assert f"{first.number} 号没有办成：已经是「已完成」了" in answer.content.decode()
    assert minutes_of(city.volunteer.person) == 100


def test_the_captain_vouches_where_nobody_answered(city: City, browser_of: BrowserOf) -> None:
    order = make.served_order(city)
    second = make.served_order(city, start=make.tomorrow_at(14), end=make.tomorrow_at(17))
    Order.objects.update(asked=Order.Asked.CAPTAIN)
    early = make.served_order(city, start=make.tomorrow_at(18), end=make.tomorrow_at(20))
    client = browser_of(city.captain)
    assert "我作证做好了" in client.get(reverse("console:visits")).content.decode()
    facts = {"orders": [order.pk, second.pk, early.pk]}
    answer = client.post(reverse("console:vouch_many"), facts, follow=True).content.decode()
    assert "2 单记下了：队长作证" in answer
    assert f"{early.number} 号没有办成：服务对象还在答复的时间里" in answer
    for each in (order, second):
        each.refresh_from_db()
        assert (each.state, each.confirmed_how) == (Order.State.DONE, "captain")
    early.refresh_from_db()
    assert early.state == Order.State.TO_CONFIRM
    assert "请先勾选几单" in client.post(reverse("console:vouch_many"), follow=True).content.decode()


def test_a_poor_rating_is_followed_up(city: City, browser_of: BrowserOf) -> None:
    rate_order(order=make.done_order(city), by=city.resident_user, stars=2, words="来晚了")
    client, one = browser_of(city.worker), FollowUp.objects.get()
    assert "来晚了" in client.get(reverse("console:follow_ups")).content.decode()
    address = reverse("console:follow_up", args=[one.pk])
    assert client.post(address, {"finding": "true"}).status_code == 422
    client.post(address, {"finding": "true", "done": "上门道歉了"})
    one.refresh_from_db()
    assert (one.finding, one.closed_by) == ("true", city.worker)
    answer = browser_of(city.resident_user).get(reverse("site:order", args=[one.rating.order_id]))
    assert "上门道歉了" in answer.content.decode()


def test_contested_time_is_settled_on_one_page(city: City, browser_of: BrowserOf) -> None:
    make.done_order(city)
    first = Record.objects.get()
    second = Record.objects.create(
        **{
            field.attname: getattr(first, field.attname)
            for field in Record._meta.concrete_fields
            if field.attname not in {"id", "about_id", "state"}
        },
        about_id=0,
        state=Record.State.CONTESTED,
    )
    client = browser_of(city.captain)
    assert (
        reverse("console:contested_record", args=[second.pk])
        in client.get(reverse("console:contested")).content.decode()
    )
    facts = {"reason": "写重了"}
    for record in (first, second):
        facts |= {f"start_{record.pk}": stamp(record.during.lower), f"end_{record.pk}": stamp(record.during.upper)}
    facts[f"stands_{first.pk}"] = "on"
    answer = client.post(reverse("console:contested_record", args=[second.pk]), facts)
    assert answer.status_code == 303
    second.refresh_from_db()
    assert (second.state, second.reason) == ("void", "写重了")
    assert minutes_of(city.volunteer.person) == 50


def test_a_dispute_is_raised_on_the_phone_and_answered_at_the_desk(city: City, browser_of: BrowserOf) -> None:
    order = make.done_order(city)
    record = Record.objects.get()
    start, end = record.during.lower, record.during.upper + timedelta(minutes=10)
    with clock.at(order.planned_end + timedelta(days=1)):
        mine = browser_of(make.user_of(city.volunteer))
        facts = {"start": stamp(start), "end": stamp(end), "reason": "少记十分钟"}
        assert mine.post(reverse("site:record", args=[record.pk]), facts).status_code == 303
        dispute = record.disputes.get()
        client = browser_of(city.captain)
        assert "少记十分钟" in client.get(reverse("console:contested")).content.decode()
        facts = {"is_right": "yes", "answer": "确实"}
        assert client.post(reverse("console:dispute", args=[dispute.pk]), facts).status_code == 303
    assert minutes_of(city.volunteer.person) == 60


def test_three_rows_take_as_many_queries_as_one(city: City, browser_of: BrowserOf, queries_of: QueriesOf) -> None:
    client, hours = browser_of(city.worker), (9, 13, 17)
    counts = []
    for number, hour in enumerate(hours):
        order = make.done_order(city, start=make.tomorrow_at(hour), end=make.tomorrow_at(hour + 3))
        rate_order(order=order, by=city.resident_user, stars=1)
        record = Record.objects.order_by("-pk")[0]
        with clock.at(order.planned_end + timedelta(days=1)):
            by, span = make.user_of(city.volunteer), record.during
            dispute_record(record=record, start=span.lower, end=span.upper, reason="不对", by=by)
        if number in {0, 2}:
            counts.append([queries_of(client, reverse(f"console:{name}")) for name in ("follow_ups", "contested")])
    assert counts[0] == counts[1]


def test_three_visits_take_as_many_queries_as_one(city: City, browser_of: BrowserOf, queries_of: QueriesOf) -> None:
    client = browser_of(city.captain)
    counts = []
    with clock.at(make.tomorrow_at(6)):
        today = timezone.localtime(clock.now()).replace(minute=0)
    for hour in (9, 13, 17):
        start = today.replace(hour=hour)
        make.accepted_order(city, start=start, end=start + timedelta(hours=3))
        with clock.at(today.replace(hour=8)):
            counts.append(queries_of(client, reverse("console:visits")))
    assert counts[0] == counts[2]
