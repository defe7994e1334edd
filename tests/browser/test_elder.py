"""Elder mode: one tap on the first page, without JavaScript, and everything is big and still fits the screen."""

import pytest
from playwright.sync_api import ViewportSize

from lianxin.needs.models.orders import Order
from tests import make
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

SCREENS: list[ViewportSize] = [{"width": 390, "height": 844}, {"width": 320, "height": 568}]

ROOT_SIZE = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
TARGETS = "header .btn, main .btn, main .choice, nav .tab"


def is_big(visitor: Visitor) -> None:
    """Type of 20 px at least, everything to tap 60 px high at least, and nothing beside the screen."""
    assert visitor.page.evaluate(ROOT_SIZE) >= 20
    targets = [each for each in visitor.page.locator(TARGETS).all() if each.is_visible()]
    assert targets
    heights = {each.inner_text(): (each.bounding_box() or {"height": 0})["height"] for each in targets}
    assert {words: height for words, height in heights.items() if height < 60} == {}
    assert not visitor.scrolls_sideways()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("screen", SCREENS, ids=["390", "320"])
def test_a_visitor_makes_the_first_page_big_without_javascript(visit: Visit, screen: ViewportSize) -> None:
    make.small_city()
    visitor = visit(screen=screen, java_script_enabled=False)
    visitor.goes("/")
    visitor.taps_button("大字")
    is_big(visitor)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("screen", SCREENS, ids=["390", "320"])
def test_a_resident_orders_in_big_type_without_javascript(visit: Visit, screen: ViewportSize) -> None:
    city = make.small_city()
    resident = visit(city.resident_user, screen=screen, java_script_enabled=False)
    resident.goes("/")
    resident.taps_button("大字")
    is_big(resident)
    resident.goes("/order/")
    is_big(resident)
    resident.taps_link("小修小补")
    is_big(resident)
    resident.taps_link("明天 上午")
    is_big(resident)
    resident.taps_button("下单")
    is_big(resident)
    assert "社区正在核实" in resident.page.inner_text("main")
    order = Order.objects.get()
    assert (order.resident, order.way, order.state) == (city.resident, Order.Way.WEB, Order.State.CHECKING)
