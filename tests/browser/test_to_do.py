"""The to-do page in a real browser: by keyboard alone, in the side sheet and back, on a phone, and by itself."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from lianxin.needs.models.orders import Order
from lianxin.people.actions.complaints import complain
from tests import make
from tests.browser.conftest import Visit

pytestmark = pytest.mark.django_db(transaction=True)

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
HOME = "console:home"


def test_a_worker_goes_through_the_list_by_keyboard(visit: Visit) -> None:
    city = make.small_city()
    first, second = make.order(city), make.order(city)
    complain(text="没人回电话", page="/", contact="", by=None, scope=city.community.path)
    worker = visit(city.worker, screen=DESK)
    page, keys, focused = worker.page, worker.page.keyboard, worker.page.locator(":focus")
    worker.goes(f"{reverse(HOME)}?kind=verify")
    worker.sees("待办", f"{first.number} 号", "王秀英")
    keys.press("j")
    expect(focused).to_have_text("小修小补")
    keys.press("ArrowDown")
    keys.press("k")
    keys.press("Enter")
    expect(page.locator("#sheet")).to_contain_text(f"{first.number} 号")
    worker.sees("整页打开")
    keys.press("Escape")
    expect(page.locator("#sheet")).to_be_hidden()
    assert str(focused.get_attribute("href")).startswith(reverse("console:order", args=[first.pk]))
    keys.press("Enter")
    page.get_by_role("button", name="电话问过").click()
    expect(page.locator("#sheet")).to_contain_text(f"{second.number} 号")
    expect(page.locator("#rows")).not_to_contain_text(f"{first.number} 号")
    expect(page.locator("#count-verify")).to_contain_text("1")
    page.get_by_role("button", name="电话问过").click()
    expect(page.locator("#sheet")).to_be_hidden()
    worker.sees(f"{second.number} 号「小修小补」核实通过", "这样筛选，没有要办的事")
    assert page.url.endswith("?kind=verify")
    keys.press("/")
    keys.type("jk?")
    expect(focused).to_have_value("jk?")
    keys.press("Escape")
    keys.press("?")
    expect(page.locator("#sheet")).to_contain_text("勾选这一行")
    worker.sees("快捷键")


def test_what_leads_out_of_the_sheet_opens_as_a_page_with_its_message(visit: Visit) -> None:
    """As after a turn that an order took at the dispatch desk, which has no part for the sheet."""
    city = make.small_city()
    order = make.verified_order(city)
    dispatcher = visit(city.dispatcher, screen=DESK)
    dispatcher.goes(reverse("console:orders"))
    dispatcher.page.get_by_role("link", name="小修小补").click()
    expect(dispatcher.page.locator("#sheet")).to_contain_text(f"{order.number} 号")
    dispatcher.page.evaluate(
        "order => htmx.ajax('GET', order, {source: '#sheet-body', target: '#sheet-body', select: '[data-sheet]'})",
        f"{reverse('console:dispatch')}?order={order.pk}",
    )
    dispatcher.page.wait_for_url("**/dispatch/?order=*")
    dispatcher.sees("派单", "李建国")


def test_on_a_phone_a_row_is_a_page_and_the_way_back_keeps_the_filter(visit: Visit) -> None:
    city = make.small_city()
    order = make.order(city)
    worker = visit(city.worker, screen=PHONE)
    worker.goes(f"{reverse(HOME)}?kind=verify")
    worker.sees("小修小补")
    worker.taps_link("小修小补")
    worker.sees("回到待办", "居民")
    worker.taps_button("电话问过")
    worker.sees("核实通过，转去派单")
    assert worker.page.url.endswith("?kind=verify")
    assert Order.objects.get(pk=order.pk).state == Order.State.WAITING


def test_a_page_that_stands_open_says_what_is_new(visit: Visit) -> None:
    city = make.small_city()
    worker = visit(city.worker, screen=DESK)
    worker.goes(reverse(HOME))
    worker.sees("都办完了")
    assert worker.page.title().startswith("待办")
    make.order(city)
    worker.page.evaluate("htmx.trigger('#desk-live', 'look')")
    expect(worker.page.locator("#desk-news")).to_contain_text("新来：待核实 1 单")
    expect(worker.page.locator("#count-verify")).to_be_visible()
    worker.sees("新来")
    assert worker.page.title().startswith("(1) 待办")
