"""The call desk without a mouse: every keystroke of an order by telephone is counted, from the ring to the rating."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from lianxin.base import clock
from lianxin.needs.actions.calls.rings import connect_line, ring
from lianxin.needs.actions.dispatching import accept_offer, offer_order
from lianxin.needs.actions.serving import finish_visit, start_visit
from lianxin.needs.models.calls import Call
from lianxin.needs.models.orders import Order
from lianxin.needs.models.ratings import Rating
from lianxin.notices.models import CallCard
from lianxin.organisations.models import Role
from lianxin.people.models import ContactBy, Person
from lianxin.timebank.queries import minutes_of
from tests import make
from tests.browser.conftest import Visit as Come
from tests.browser.visitor import Visitor

DESK: ViewportSize = {"width": 1440, "height": 900}
DETAILS = "厨房灯坏了"
MOST_KEYSTROKES, MOST_KEYSTROKES_OF_ALL = 25, 40


class Keyboard:
    """Two hands and no mouse; every press is counted, apart from the caller's own words."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        # Words of a page may be seen before its script listens, and a key would fall on deaf ears.
        self.page.wait_for_load_state("domcontentloaded")
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def writes_down(self, words: str) -> None:
        self.page.keyboard.insert_text(words)

    def sees(self, words: str) -> None:
        expect(self.page.locator("main")).to_contain_text(words)


def goes_to_the_desk(operator: Visitor) -> None:
    """Open the call desk and wait until it hears: the cursor comes to the field after the page has come."""
    operator.goes("/console/desk/")
    expect(operator.page.locator("#typed")).to_be_focused()


def lady(city: make.City) -> Person:
    """She rings from her own telephone, which her husband shares."""
    made = make.person("赵桂兰", home=city.community, is_user=False)
    made.contact_by = ContactBy.CALL
    made.save()
    husband = make.person("赵大爷", home=city.community, is_user=False)
    husband.phone = made.phone.open() if made.phone else ""
    husband.save()
    return made


def the_hour_to_ring_has_come() -> None:
    make.everybody_hears()
    CallCard.objects.filter(done_at=None).update(due_at=clock.now())


@pytest.mark.django_db(transaction=True)
def test_a_resident_by_telephone_only_from_the_ring_to_the_stars(visit: Come) -> None:
    city = make.small_city()
    caller = lady(city)
    assert caller.phone
    operator = visit(city.operator, screen=DESK)
    goes_to_the_desk(operator)
    hands = Keyboard(operator.page)

    # Number, person, order, item, time, words and reading back, done, hang up.
    hands.press(*caller.phone.open(), "Enter")
    expect(operator.page.locator("h1")).to_contain_text("谁在打电话")
    operator.sees("赵桂兰", "赵大爷")
    hands.press("1")
    hands.sees("赵桂兰的电话")
    operator.sees("还没点过单")
    hands.press("o")
    hands.sees("小修小补")
    hands.press("1")
    hands.sees("什么时候")
    operator.sees("明天")
    hands.press("2")
    hands.sees("对吗？")
    operator.sees("念一遍")
    hands.writes_down(DETAILS)
    hands.press("Enter")
    hands.sees("记下了，请告诉对方")
    hands.press("Enter")
    expect(operator.page.locator("#typed")).to_be_focused()
    assert hands.pressed == 18
    assert hands.pressed <= MOST_KEYSTROKES, f"{hands.pressed} keystrokes"

    order = Order.objects.get()
    assert order.details
    assert (order.resident, order.way, order.details.open()) == (caller, Order.Way.CALL, DETAILS)
    call = Call.objects.get()
    assert (call.kind, call.order, call.ended_at is None) == (Call.Kind.ORDER, order, False)

    # Somebody comes: she is rung, and hears when, who, and the word.
    [offer] = offer_order(order=order, to=[city.volunteer], by=city.dispatcher)
    task = accept_offer(offer=offer, by=make.user_of(city.volunteer))
    the_hour_to_ring_has_come()
    goes_to_the_desk(operator)
    hands.press("Escape", "d")
    hands.sees("要告诉他的")
    operator.sees(order.door_word, "不收钱")
    hands.press("a")
    hands.sees(caller.phone.open())
    hands.press("r")
    hands.sees("1 件事都告诉了")
    hands.press("Enter")
    expect(operator.page.locator("#typed")).to_be_focused()
    assert hands.pressed == 18 + 5

    # It is done: one call asks, confirms and takes the stars.
    begins = Order.objects.get().planned_start
    with clock.at(begins):
        start_visit(assignment=task, by=make.user_of(city.volunteer))
    with clock.at(begins + timedelta(minutes=40)):
        finish_visit(assignment=task, by=make.user_of(city.volunteer))
    the_hour_to_ring_has_come()
    goes_to_the_desk(operator)
    hands.press("Escape", "d")
    hands.sees("要告诉他的")
    hands.press("a")
    hands.sees(caller.phone.open())
    hands.press("v")
    hands.sees("做好了吗？还满意吗？给几颗星？")
    operator.sees("5 星，很满意", "还没做好")
    hands.press("5")
    hands.sees("回访确认")
    hands.press("Enter")
    expect(operator.page.locator("#typed")).to_be_focused()
    assert hands.pressed == 18 + 5 + 6
    assert hands.pressed <= MOST_KEYSTROKES_OF_ALL, f"{hands.pressed} keystrokes"

    order.refresh_from_db()
    rating = Rating.objects.get()
    assert (order.state, order.confirmed_how, rating.stars, rating.how) == ("done", "call", 5, Rating.How.CALL)
    assert minutes_of(city.volunteer.person) == 40
    assert list(Call.objects.order_by("pk").values_list("kind", "source", "outcome", "order")) == [
        ("order", "live", "done", order.pk),
        ("call_back", "out", "done", None),
        ("call_back", "out", "done", order.pk),
    ]
    make.everybody_hears()
    assert not CallCard.objects.filter(done_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_what_rings_opens_with_one_key_and_an_urging_is_three_more(visit: Come) -> None:
    city = make.small_city()
    caller = lady(city)
    assert caller.phone
    order = make.verified_order(city, resident=caller, by=city.operator)
    line, _ = connect_line(desk=city.city, name="总机", by=make.staff("系统员", Role.SYSTEM_ADMINISTRATOR, city.city))
    operator = visit(city.operator, screen=DESK)
    goes_to_the_desk(operator)
    hands = Keyboard(operator.page)
    ring(line=line, number=caller.phone.open())
    hands.sees("来电：尾号")
    hands.press("Enter")
    hands.sees("赵桂兰")
    hands.press("1")
    hands.sees("赵桂兰的电话")
    hands.press("c")
    hands.sees("催哪一单")
    hands.press("1")
    hands.sees("催了第 1 次")
    hands.press("Enter")
    expect(operator.page.locator("#typed")).to_be_focused()
    assert hands.pressed == 5
    order.refresh_from_db()
    assert order.urged == 1


@pytest.mark.django_db(transaction=True)
def test_another_time_is_three_keys(visit: Come) -> None:
    city = make.small_city()
    order = make.accepted_order(city).order
    operator = visit(city.operator, screen=DESK)
    goes_to_the_desk(operator)
    hands = Keyboard(operator.page)
    hands.writes_down("王秀英")
    hands.press("Enter")
    hands.sees("谁在打电话")
    hands.press("1")
    hands.sees("王秀英的电话")
    before = hands.pressed
    hands.press("y")
    hands.sees("改到什么时候")
    operator.sees("原来是")
    hands.press(operator.page.locator("a[data-key]", has_text="明天下午").get_attribute("data-key") or "")
    hands.sees("李师傅，我们重新去问")
    operator.sees("改到明天下午，对吗？")
    hands.press("Enter")
    hands.sees("请告诉对方")
    assert hands.pressed - before == 3
    order.refresh_from_db()
    assert (order.state, order.window.lower) == (Order.State.OFFERED, make.tomorrow_at(14))
    assert Call.objects.get().kind == Call.Kind.RESCHEDULE


@pytest.mark.django_db(transaction=True)
def test_escape_goes_back_letters_stay_quiet_while_typing_and_ending_needs_a_kind(visit: Come) -> None:
    city = make.small_city()
    caller = lady(city)
    operator = visit(city.operator, screen=DESK)
    goes_to_the_desk(operator)
    hands = Keyboard(operator.page)
    hands.writes_down("赵桂兰")
    hands.press("Enter")
    hands.sees("赵桂兰")
    hands.press("1")
    hands.sees("赵桂兰的电话")
    hands.press("o")
    hands.sees("要点什么")
    hands.press("Escape")
    hands.sees("什么事？")
    hands.press("b")
    hands.page.keyboard.type("wo")
    expect(operator.page.locator("[name=words]")).to_have_value("wo")
    hands.press("Escape", "g")
    expect(operator.page.locator("#typed")).to_be_focused()
    call = Call.objects.get()
    assert (call.kind, call.person) == (Call.Kind.THANKS, caller)
    assert call.words
    assert call.words.open() == "wo"


@pytest.mark.django_db(transaction=True)
def test_without_scripts_the_same_is_done_by_tabbing(visit: Come) -> None:
    city = make.small_city()
    operator = visit(city.operator, screen=DESK, java_script_enabled=False)
    operator.goes("/console/desk/")
    operator.page.fill("#typed", "王秀英")
    operator.taps_button("接电话")
    operator.taps_button("王秀英")
    operator.taps_link("点单")
    operator.taps_link("小修小补")
    operator.taps_link("明天上午")
    operator.taps_button("下单")
    operator.taps_button("结束")
    assert Order.objects.get().resident == city.resident
    assert Call.objects.get().ended_at


PAGES = "call-log call-backs shift events knowledge sheets aliases desk/slip".split()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("screen", [DESK, {"width": 390, "height": 844}], ids=["desk", "phone"])
def test_every_page_of_the_desk_fits_and_disturbs_nobody(visit: Come, screen: ViewportSize) -> None:
    city = make.small_city()
    operator = visit(city.operator, screen=screen)
    for name in PAGES:
        operator.goes(f"/console/{name}/")
        operator.sees()
