"""Nobody answers, something happens, it is not done: on the volunteer's and the resident's phone and at both desks."""

from datetime import timedelta

import pytest
from playwright.sync_api import ViewportSize

from lianxin.base import clock
from lianxin.hours.actions import dispute_record
from lianxin.hours.models import Record
from lianxin.needs.actions.closing import rate_order
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.models.incidents import Incident
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from tests import make
from tests.browser.conftest import Visit

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}


def _due_now(city: make.City) -> Assignment:
    """Accepted for tomorrow and set to now: nobody alone accepts anything for a night, when these tests may run too."""
    task = make.accepted_order(city)
    Order.objects.filter(pk=task.order_id).update(starts_at=clock.now())
    return task


@pytest.mark.django_db(transaction=True)
def test_nobody_answers_and_the_desk_states_what_came_of_it(visit: Visit) -> None:
    city = make.small_city()
    task = _due_now(city)
    volunteer = visit(make.user_of(city.volunteer), screen=PHONE)
    volunteer.goes(f"/tasks/{task.pk}/")
    volunteer.page.get_by_text("没人应门").first.click()
    volunteer.taps_button("报给社区，马上找人")
    volunteer.sees("没人应门，正在找人")
    worker = visit(city.worker, screen=DESK)
    worker.goes("/console/")
    worker.sees("1 个警报还没有结果")
    worker.goes("/console/alarms/")
    worker.sees("没人应门")
    worker.goes(f"/console/alarms/{Alarm.objects.get().pk}/")
    worker.taps_button("看电话和住址，马上打")
    worker.sees("紧急联系人", "幸福路")
    worker.page.get_by_text("安全在家").click()
    worker.taps_button("写下结果")
    worker.sees("没有警报", "安全在家")


@pytest.mark.django_db(transaction=True)
def test_something_happens_and_is_written_down(visit: Visit) -> None:
    city = make.small_city()
    task = _due_now(city)
    volunteer = visit(make.user_of(city.volunteer), screen=PHONE)
    volunteer.goes(f"/tasks/{task.pk}/accident/")
    volunteer.sees("120 急救", "不要搬动")
    volunteer.page.get_by_text("东西坏了").click()
    volunteer.page.get_by_label("在哪里").fill("厨房")
    volunteer.page.get_by_label("做了什么").fill("灯罩碎了，扫干净了")
    volunteer.taps_button("告诉队长、站点和市里")
    volunteer.sees("灯罩碎了")
    captain = visit(city.captain, screen=PHONE)
    captain.goes("/console/visits/")
    captain.sees("李建国")
    captain.goes(f"/console/visits/{task.pk}/")
    captain.sees("补录签了字的纸质单")
    captain.goes(f"/console/incidents/{Incident.objects.get().pk}/")
    captain.sees("打印情况证明")
    captain.goes("/console/policies/")
    captain.sees("没有自己的，用上级的")


@pytest.mark.django_db(transaction=True)
def test_it_is_not_done_and_the_desk_settles_the_rest(visit: Visit) -> None:
    city = make.small_city()
    done = make.done_order(city)
    rate_order(order=done, by=city.resident_user, stars=1, words="来晚了")
    record = Record.objects.get()
    with clock.at(done.planned_end + timedelta(days=1)):
        span = record.during
        by = make.user_of(city.volunteer)
        dispute_record(record=record, start=span.lower, end=span.upper, reason="少记了", by=by)
    served = make.served_order(city, start=make.tomorrow_at(14), end=make.tomorrow_at(17))
    resident = visit(city.resident_user, screen=PHONE)
    resident.goes(f"/orders/{served.pk}/")
    resident.page.get_by_text("还没做好").first.click()
    resident.page.get_by_label("哪里还没做好").fill("灯又灭了")
    resident.page.get_by_text("另外找人").click()
    resident.taps_button("请再来一次")
    resident.sees("说还没做好")
    assert Order.objects.get(pk=served.pk).state == Order.State.WAITING
    resident.goes(f"/orders/{done.pk}/")
    resident.sees("您不满意的事")
    worker = visit(city.worker, screen=DESK)
    worker.goes("/console/follow-ups/")
    worker.sees("来晚了")
    worker.goes("/console/contested/")
    worker.sees("少记了")
    worker.goes(f"/console/disputes/{record.disputes.get().pk}/")
    worker.sees("他说应该是")
    member = visit(make.user_of(city.volunteer), screen=PHONE)
    member.goes(f"/time/{record.pk}/")
    member.sees("我提的异议")
