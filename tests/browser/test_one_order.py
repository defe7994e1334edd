"""One order from button to ledger, tapped by everybody whom it concerns, on telephones and on desks."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Route, ViewportSize, expect

from lianxin.base import clock
from lianxin.hours import checks as hours_checks
from lianxin.journal.models import Entry
from lianxin.ledger import checks as ledger_checks
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Visit
from lianxin.organisations.models import Role
from lianxin.timebank.queries import minutes_of
from tests import make
from tests.browser.conftest import Visit as Come

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}

DEEDS = "点单 核实通过 派单 接单 查看联系方式 上门开始服务 服务结束 确认做好 评价".split()
HOURS = "记下服务时间 确认服务时间".split()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_from_the_button_to_the_ledger(visit: Come, screen: ViewportSize) -> None:
    city = make.small_city()
    resident, volunteer = city.resident, city.volunteer
    assert resident.phone
    phone, address = resident.phone.open(), "幸福路 8 号"
    private = resident.name, phone, address

    # The resident orders: what, when, and yes. Three taps.
    orderer = visit(city.resident_user, screen=screen)
    orderer.goes("/")
    orderer.sees("您需要什么？")
    orderer.taps_link("小修小补")
    orderer.sees("什么时候")
    orderer.taps_link("明天 上午")
    orderer.sees("看一遍，没错就下单")
    orderer.taps_button("下单")
    orderer.sees("社区正在核实")
    assert orderer.taps == 3
    make.everybody_hears()

    # The station rings him up.
    worker = visit(city.worker, screen=screen)
    worker.goes("/console/verify/")
    worker.sees("待核实", "1 单")
    worker.taps_link("小修小补")
    worker.sees("核实通过，怎么核实的？")
    worker.taps_button("电话问过")
    worker.sees("核实通过，转去派单", "都核实完了")

    # The desk asks whom the list puts first.
    dispatcher = visit(city.dispatcher, screen=screen)
    dispatcher.goes("/console/dispatch/")
    dispatcher.sees("待派单")
    dispatcher.taps_link("小修小补")
    dispatcher.sees("推荐的人")
    expect(dispatcher.page.get_by_label("李建国")).to_be_checked()
    expect(dispatcher.page.get_by_label("孙晓梅")).not_to_be_checked()
    dispatcher.taps_button("派给选中的人")
    dispatcher.sees("已派给 李建国", "等志愿者回应")
    make.everybody_hears()

    # The volunteer says yes without knowing who it is; then he may look.
    helper = visit(make.user_of(volunteer), screen=screen)
    helper.goes("/")
    helper.sees("有人需要您", "小修小补")
    helper.knows_nothing_of(*private)
    helper.taps_link("我来帮忙")
    helper.sees("您几点去？")
    helper.knows_nothing_of(*private)
    helper.page.get_by_role("radio").nth(2).check()
    helper.taps_button("我来帮忙")
    helper.sees("说定了", "王**")
    helper.knows_nothing_of(*private)
    helper.taps_button("查看联系方式")
    helper.sees(*private)
    make.everybody_hears()
    orderer.goes("/")
    orderer.sees("李师傅来", "来的人会先说这个词")

    # The day has come: he goes there, and half an hour later he is done.
    Order.objects.update(starts_at=clock.now())
    helper.taps_button("开始服务")
    helper.sees("正在服务")
    helper.page.get_by_label("做得怎么样").fill("换了灯泡")
    Visit.objects.update(started_at=clock.now() - timedelta(minutes=30))
    helper.taps_button("服务完成")
    helper.sees("已记下 30 分钟")
    make.everybody_hears()

    # The resident confirms and rates.
    orderer.goes("/orders/")
    orderer.sees("还在办的")
    orderer.taps_link("小修小补")
    orderer.sees("做好了吗？请您看一看")
    orderer.taps_button("已经做好了")
    orderer.sees("谢谢您，确认好了")
    orderer.page.get_by_role("radio", name="很满意", exact=True).check()
    orderer.taps_button("评好了")
    orderer.sees("谢谢您的评价（5 星）")
    make.everybody_hears()
    orderer.goes("/notices/")
    orderer.sees("「小修小补」做好了吗？")

    # The volunteer sees his time; the auditor of the city what was done there and what became of the time.
    helper.goes("/time/")
    helper.sees("存着的时间", "30 分钟")
    helper.taps_link("看每一笔存取")
    helper.sees("+30 分钟")
    auditor = visit(make.staff("严审计", Role.AUDITOR, city.city), screen=screen)
    auditor.goes("/console/journal/")
    auditor.sees(*DEEDS, *HOURS)

    assert Order.objects.get().state == Order.State.DONE
    assert minutes_of(volunteer.person) == 30
    assert Entry.objects.filter(name="timebank.deposited").count() == 1
    assert [*ledger_checks.faults(), *hours_checks.faults()] == []


@pytest.mark.django_db(transaction=True)
def test_the_button_gives_up_what_was_asked_for_before_it(visit: Come) -> None:
    """A slow network: came its answer first, that of the button would find the desk exchanged, and be lost."""
    city = make.small_city()
    make.verified_order(city)
    dispatcher = visit(city.dispatcher, screen=DESK)
    dispatcher.goes("/console/dispatch/")
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)

    dispatcher.page.route(re.compile(r"/console/dispatch/\?order="), hold)
    dispatcher.taps_link("小修小补")
    dispatcher.taps_button("派给选中的人")
    dispatcher.sees("已派给 李建国", "等志愿者回应")
    assert [route.request.failure for route in asked] == ["net::ERR_ABORTED"]
