"""A daughter far away on her telephone: what she does for her mother, what she may not see, and that one call ends it.
And these pages in big type, without JavaScript, and readable by whoever cannot see."""

from datetime import timedelta

import pytest
from playwright.sync_api import ViewportSize, expect

from lianxin.base import clock
from lianxin.needs.actions.alarms import end_alarm
from lianxin.needs.actions.checking import verify_order
from lianxin.needs.actions.dispatching import accept_offer, offer_order
from lianxin.needs.actions.serving import finish_visit, start_visit
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.models.calls import Call
from lianxin.needs.models.orders import Order
from lianxin.needs.models.ratings import Rating
from lianxin.needs.models.visits import Assignment
from lianxin.needs.models.visits import Visit as AtTheDoor
from lianxin.people.models import Application, Helper, Person
from tests import make
from tests.browser.conftest import Visit
from tests.browser.test_call_desk import Keyboard
from tests.browser.test_elder import is_big
from tests.browser.test_sign_in import comes_in_by_code
from tests.browser.visitor import Visitor

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}
HEALTH, SAID = "听力不好，心脏装过支架", "钥匙在门垫下"


def accepted(city: make.City, order: Order) -> Assignment:
    """The station has checked it, and the volunteer comes."""
    [offer] = offer_order(
        order=verify_order(order=order, by=city.worker, how="call"), to=[city.volunteer], by=city.dispatcher
    )
    return accept_offer(offer=offer, by=make.user_of(city.volunteer))


def served(task: Assignment, found: AtTheDoor.Found) -> None:
    by, begins = make.user_of(task.volunteer), Order.objects.get(pk=task.order_id).planned_start
    with clock.at(begins):
        start_visit(assignment=task, by=by)
    with clock.at(begins + timedelta(minutes=40)):
        finish_visit(assignment=task, by=by, found=found)


def reads(visitor: Visitor, *words: str) -> None:
    """The page says this; whether it disturbs anybody is looked at where it first has everything on it."""
    for each in words:
        expect(visitor.page.locator("body")).to_contain_text(each)


def is_closed(visitor: Visitor, path: str) -> bool:
    """Whether nobody of this visitor's standing finds a page there."""
    answer = visitor.page.goto(path)
    return answer is not None and answer.status == 404


@pytest.mark.django_db(transaction=True)
def test_a_daughter_orders_follows_answers_and_rings_until_one_call_of_her_mother_ends_it(visit: Visit) -> None:
    city = make.small_city()
    mother, daughter = city.resident, make.person("张敏", home=city.street)
    Person.objects.filter(pk=mother.pk).update(helped_how=HEALTH)
    make.let_daughter_help(city, daughter)
    assert mother.phone
    relative = f"/family/{mother.pk}/"

    # She comes in and orders for her mother.
    hers = visit(screen=PHONE)
    comes_in_by_code(hers, make.user_of(daughter).phone.open())
    hers.taps_link("王秀英")
    reads(hers, "还没有人上过门", "现在没有在办的单")
    hers.taps_link("替王秀英点一单")
    reads(hers, "替王秀英点")
    hers.taps_link("小修小补")
    hers.taps_link("明天 上午")
    expect(hers.page.get_by_role("radio", name="王秀英")).to_be_checked()
    hers.page.get_by_label("还有什么要说的").fill(SAID)
    hers.taps_button("下单")
    reads(hers, "社区正在核实", "替王秀英点的", "家人代下")
    order = Order.objects.get()
    assert (order.resident, order.placed_by, order.state) == (mother, daughter.user, Order.State.CHECKING)

    # Somebody comes: she reads who and of which team, and nothing that is her mother's alone.
    secrets = order.door_word, "幸福路", mother.phone.open(), HEALTH, SAID
    task = accepted(city, order)
    make.everybody_hears()
    hers.goes(relative)
    hers.sees("李师傅", "和平里红帽队")
    hers.knows_nothing_of(*secrets)
    hers.taps_link("看这一单")
    hers.sees("李师傅接了单", "想要的时间")
    hers.knows_nothing_of(*secrets, "谁看过")
    hers.goes("/notices/")
    reads(hers, "李师傅上门")
    hers.knows_nothing_of(*secrets)

    # It is done: she says so, and how well.
    served(task, AtTheDoor.Found.WELL)
    hers.goes(relative)
    reads(hers, "做完了，等确认", "平安")
    hers.taps_link("看这一单")
    reads(hers, "请先问一问王秀英")
    hers.taps_button("已经做好了")
    reads(hers, "谢谢您，确认好了")
    hers.page.get_by_role("radio", name="很满意", exact=True).check()
    hers.taps_button("评好了")
    hers.sees("谢谢您的评价（5 星）")
    rating = Rating.objects.get()
    assert (rating.order_id, rating.stars, rating.how) == (order.pk, 5, Rating.How.OWN)

    # The next one is not done: she says that, and somebody is looked for anew.
    start, end = make.tomorrow_at(14), make.tomorrow_at(17)
    again = make.order(city, by=daughter.user, start=start, end=end)
    served(accepted(city, again), AtTheDoor.Found.WELL)
    hers.goes(f"/orders/{again.pk}/")
    hers.page.get_by_text("还没做好").first.click()
    hers.page.get_by_label("哪里还没做好").fill("灯又灭了")
    hers.page.get_by_text("另外找人").click()
    hers.taps_button("请再来一次")
    reads(hers, "说还没做好")
    assert Order.objects.get(pk=again.pk).state == Order.State.WAITING

    # Her mother does not answer: one button, and she reads what came of it.
    hers.goes(relative)
    hers.taps_link("联系不上王秀英")
    hers.sees("120 急救", "110 报警", "最近见到")
    hers.taps_button("请社区马上去看看")
    reads(hers, "联系不上，社区正在查看")
    end_alarm(alarm=Alarm.objects.get(), outcome=Alarm.Outcome.SAFE, words="在午睡，没听见", by=city.worker)
    make.everybody_hears()
    hers.goes(relative)
    hers.sees("安全在家，请放心")
    hers.knows_nothing_of("在午睡", *secrets)

    # One call of her mother's to the desk ends it, while a page of the daughter's is open.
    hers.goes(f"/orders/{again.pk}/reschedule/")
    operator = visit(city.operator, screen=DESK)
    operator.goes("/console/desk/")
    hands = Keyboard(operator.page)
    hands.press(*mother.phone.open(), "Enter")
    hands.sees("谁在打电话")
    hands.press("1")
    hands.sees("王秀英的电话")
    hands.press("f")
    hands.sees("不再让谁代办？")
    operator.sees("女儿 张敏")
    hands.press("1")
    hands.sees("不再替他办事")
    assert Call.objects.get().kind == Call.Kind.FAMILY
    hers.page.get_by_role("radio").first.check()
    hers.taps_button("改到这个时间")
    expect(hers.page.locator("h1")).to_have_text("没有找到这个页面")
    assert all(is_closed(hers, each) for each in (relative, f"{relative}unreachable/", f"/orders/{order.pk}/"))
    hers.complaints.clear()
    for path in ("/", "/orders/", "/family/"):
        hers.goes(path)
        hers.knows_nothing_of("王秀英", *secrets)
    make.everybody_hears()
    hers.goes("/notices/")
    reads(hers, "您不再替王秀英办事了")


@pytest.mark.django_db(transaction=True)
def test_each_relative_sees_only_what_was_given_to_him(visit: Visit) -> None:
    city = make.small_city()
    scopes = Helper.Scope
    son, niece = make.person("张强", home=city.street), make.person("张丽", home=city.street)
    make.let_daughter_help(city, son, scopes=[scopes.VISITS])
    make.let_daughter_help(city, niece, scopes=[scopes.FOLLOW])
    task = accepted(city, make.order(city))
    served(task, AtTheDoor.Found.CONCERN)
    order, relative = task.order, f"/family/{city.resident.pk}/"
    his, nieces = visit(make.user_of(son), screen=PHONE), visit(make.user_of(niece), screen=PHONE)
    his.goes(relative)
    reads(his, "需关注", "和平里红帽队")
    his.knows_nothing_of(order.door_word, "看这一单", "点一单", "等确认")
    assert is_closed(his, f"/orders/{order.pk}/")
    nieces.goes(relative)
    reads(nieces, "做完了，等确认")
    nieces.knows_nothing_of("需关注", "点一单")
    nieces.taps_link("看这一单")
    reads(nieces, "李师傅说做好了")
    nieces.knows_nothing_of("已经做好了", "还没做好", "取消这一单", "改个时间", order.door_word)


@pytest.mark.django_db(transaction=True)
def test_a_daughter_asks_in_big_type_without_javascript(visit: Visit) -> None:
    city = make.small_city()
    daughter = make.person("张敏", home=city.community)
    visitor = visit(make.user_of(daughter), screen={"width": 390, "height": 844}, java_script_enabled=False)
    visitor.goes("/")
    visitor.taps_button("大字")
    visitor.goes("/family/")
    is_big(visitor)
    visitor.taps_link("我要帮家里人点单")
    is_big(visitor)
    visitor.page.get_by_label("家人的姓名").fill("王秀英")
    visitor.page.get_by_label("家人住在哪个社区").select_option(label="和平里社区")
    visitor.page.get_by_label("您是他的什么人").fill("女儿")
    visitor.taps_button("交给社区")
    assert "等社区核实" in visitor.page.inner_text("main")
    assert Application.objects.get().kind == Application.Kind.HELP


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_a_family_are_big_and_fit(visit: Visit) -> None:
    city = make.small_city()
    daughter = make.person("张敏", home=city.community)
    make.let_daughter_help(city, daughter, scopes=list(Helper.Scope))
    make.order(city)
    visitor = visit(make.user_of(daughter), screen={"width": 390, "height": 844}, java_script_enabled=False)
    visitor.goes("/")
    visitor.taps_button("大字")
    relative = f"/family/{city.resident.pk}/"
    for address in ("/family/", relative, f"{relative}unreachable/", "/me/data/", "/privacy/"):
        visitor.goes(address)
        is_big(visitor)
