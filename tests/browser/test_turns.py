"""The turns of an order in a real browser: the captain's phone, the desk's lists and sheets, the resident's page."""

import pytest
from django.urls import reverse

from lianxin.needs.actions.duty import object_to_dispatch
from lianxin.needs.actions.redirecting import redirect_order
from lianxin.needs.actions.teams import offer_to_team
from lianxin.needs.models.detours import Redirect
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from tests import make
from tests.browser.conftest import Visit

pytestmark = pytest.mark.django_db(transaction=True)

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


def test_a_captain_hands_on_from_his_phone(visit: Visit) -> None:
    city = make.small_city()
    offer = offer_to_team(order=make.verified_order(city), team=city.team, by=city.dispatcher)
    captain = visit(city.captain, screen=PHONE)
    captain.goes(reverse("site:team"))
    captain.sees("问到队里的", "小修小补")
    captain.taps_link("小修小补")
    captain.sees("请谁去？可以多选", "李建国")
    captain.knows_nothing_of("王秀英", "王**", "幸福路")
    captain.page.get_by_label("李建国").check()
    captain.taps_button("问选中的队员")
    captain.sees("问了 1 位队员", "李建国：等待回应")
    assert Offer.objects.get(under=offer).volunteer == city.volunteer


def test_the_desk_works_many_orders_and_each_turn(visit: Visit) -> None:
    city = make.small_city()
    orders = [make.order(city) for _each in range(2)]
    redirected = make.order(city)
    redirect_order(order=redirected, by=city.worker, reason="井盖坏了", to=Redirect.To.HOTLINE, outside_number="7-19")
    worker = visit(city.worker, screen=DESK)
    worker.goes(reverse("console:verify"))
    for order in orders:
        worker.page.get_by_label(f"选中 {order.number} 号").check()
    worker.taps_button("选中的都打过电话，核实通过")
    worker.sees("2 单核实通过")
    worker.goes(reverse("console:redirected"))
    worker.sees("转办待回访")
    worker.goes(reverse("console:order", args=[redirected.pk]))
    worker.sees("对方单号 7-19", "打电话问结果", "首接负责")
    dispatcher = visit(city.dispatcher, screen=DESK)
    dispatcher.goes(reverse("console:suggested"))
    dispatcher.sees("按推荐派单", "李建国")
    dispatcher.taps_button("选中的都按推荐派")
    dispatcher.sees("2 单派出去了")
    object_to_dispatch(order=orders[0], by=city.captain, reason="不是我们片区")
    dispatcher.goes(reverse("console:objections"))
    dispatcher.sees("不是我们片区")
    dispatcher.goes(f"{reverse('console:dispatch')}?order={orders[0].pk}")
    dispatcher.sees("有异议，等上级决定", "决定派单异议")


def test_a_resident_changes_the_time_and_the_person(visit: Visit) -> None:
    city = make.small_city()
    done = make.done_order(city)
    held = make.accepted_order(city, start=make.tomorrow_at(14), end=make.tomorrow_at(17))
    lady = visit(city.resident_user, screen=PHONE)
    lady.goes(reverse("site:order", args=[held.order_id]))
    lady.sees("改个时间", "想换个人来")
    lady.taps_link("改个时间")
    lady.sees("改到什么时候？")
    lady.goes(reverse("site:order", args=[done.pk]))
    lady.sees("再请李师傅来一次")
    lady.goes(reverse("site:comers"))
    lady.sees("李师傅", "以后换个人")
    lady.page.get_by_text("以后换个人").click()
    lady.sees("已经约好还没来的也换别人")
    lady.taps_button("好，换个人")
    lady.sees("您请换了的")
    assert Order.objects.get(pk=held.order_id).state == Order.State.WAITING
