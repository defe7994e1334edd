"""One order from button to ledger, and the ways in which it may go differently."""

import asyncio
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from lianxin.base import clock
from lianxin.base.refused import Forbidden, Refused
from lianxin.config.jobs import work
from lianxin.hours import checks as hours_checks
from lianxin.hours.models import Record
from lianxin.journal import seals
from lianxin.journal.bell import hear
from lianxin.journal.models import Entry
from lianxin.ledger import checks as ledger_checks
from lianxin.needs.actions.checking import return_order, verify_order
from lianxin.needs.actions.closing import confirm_order, rate_order
from lianxin.needs.actions.dispatching import accept_offer, decline_offer, offer_order, withdraw
from lianxin.needs.actions.redirecting import redirect_order
from lianxin.needs.actions.serving import finish_visit, start_visit
from lianxin.needs.models.detours import Redirect
from lianxin.needs.models.orders import Order
from lianxin.needs.queries.candidates import suggestions
from lianxin.needs.queries.residents import menu_of, orders_of
from lianxin.needs.queries.tasks import open_offers_to, tasks_of
from lianxin.needs.tasks.clocks import lapse
from lianxin.notices.actions import try_call
from lianxin.notices.models import CallCard, CallTry, Notice, Sms
from lianxin.notices.queries import inbox, open_calls
from lianxin.organisations.models import Role
from lianxin.organisations.queries import reach
from lianxin.people.actions.complaints import answer_complaint, complain
from lianxin.people.actions.registering import register_person
from lianxin.people.models import ContactBy
from lianxin.people.queries import complaint_scope, open_complaints
from lianxin.timebank.queries import minutes_of, statement
from lianxin.users.models import User
from tests import make


def all_is_well() -> bool:
    """The books balance, records and book agree, the journal's chain holds."""
    seals.seal_entries()
    return [*ledger_checks.faults(), *hours_checks.faults(), *seals.faults()] == []


def background_work() -> None:
    """What is queued is done by the real worker, which then gives its thread's connection back."""
    work(wait=False)
    asyncio.run(sync_to_async(connections.close_all)())


@pytest.mark.django_db(transaction=True)
def test_from_the_button_to_the_ledger() -> None:
    city = make.small_city()
    resident, volunteer = city.resident, city.volunteer
    own = make.user_of(volunteer)

    # The resident chooses from the menu; the station rings him up.
    [item] = menu_of(city.community)
    order = make.order(city, item=item)
    verify_order(order=order, by=city.worker, how="call")
    background_work()

    # The desk asks whom the list puts first; he says yes.
    chosen = suggestions(order)[0].volunteer
    assert chosen == volunteer
    offer_order(order=order, to=[chosen], by=city.dispatcher)
    background_work()
    [offer] = open_offers_to(volunteer)
    accept_offer(offer=offer, by=own, starts_at=make.tomorrow_at(10))
    background_work()
    [task] = tasks_of(volunteer)

    # He comes, says the word, repairs the lamp, goes.
    ten = make.tomorrow_at(10)
    with clock.at(ten):
        start_visit(assignment=task, by=own)
    with clock.at(ten + timedelta(minutes=47)):
        finish_visit(assignment=task, by=own, outcome="换了灯泡")
    background_work()

    # The resident confirms and rates; the minutes are in the book.
    with clock.at(ten + timedelta(hours=2)):
        confirm_order(order=order, by=city.resident_user)
        rate_order(order=order, by=city.resident_user, stars=5, words="手很巧")
    background_work()

    order = orders_of(resident).get()
    assert order.state == Order.State.DONE
    assert minutes_of(volunteer.person) == 47
    assert [line.amount for line in statement(volunteer.person)] == [47]
    assert make.deeds(about=order) == [
        "needs.order_placed",
        "needs.order_verified",
        "needs.offered",
        "needs.accepted",
        "needs.visit_started",
        "needs.visit_finished",
        "needs.order_confirmed",
        "needs.order_rated",
    ]
    assert set(Entry.objects.values_list("name", flat=True)) >= {
        "hours.claimed",
        "hours.confirmed",
        "timebank.deposited",
    }
    placed, comes, asked = make.told(resident)
    assert placed.startswith("「小修小补」我们记下了")
    assert f"10:00，和平里红帽队李师傅上门「小修小补」。他会说“{order.door_word}”。不收钱。" in comes
    assert asked == "「小修小补」做好了吗？请您确认一下。"
    may_you, thanks = make.told(volunteer.person)
    assert may_you.startswith("有人需要「小修小补」")
    assert thanks == "「小修小补」已经确认，服务时间记入您的账户。谢谢您！"
    assert all_is_well()


pytestmark = pytest.mark.django_db


def test_one_declines_another_is_asked_and_comes() -> None:
    city = make.small_city()
    order, offer = make.offered_order(city)
    decline_offer(offer=offer, by=make.user_of(city.volunteer))
    assert [each.volunteer for each in suggestions(order)] == [city.second_volunteer]
    [again] = offer_order(order=order, to=[city.second_volunteer], by=city.captain)
    accept_offer(offer=again, by=make.user_of(city.second_volunteer))
    make.everybody_hears()
    assert "孙师傅上门" in make.told(city.resident)[-1]
    assert make.deeds(about=order) == [
        "needs.order_placed",
        "needs.order_verified",
        "needs.offered",
        "needs.declined",
        "needs.offered",
        "needs.accepted",
    ]


def test_nobody_answers_in_time_and_the_desk_has_the_order_again_at_once() -> None:
    city = make.small_city()
    order, offer = make.offered_order(city)
    with clock.at(offer.lapses_at + timedelta(seconds=1)):
        lapse(timestamp=0)
        order.refresh_from_db()
        assert (order.state, order.due_at) == (Order.State.WAITING, clock.now())
    assert make.deeds(about=order)[-1] == "needs.lapsed"


def test_a_volunteer_who_cannot_come_after_all_says_so_and_another_is_found() -> None:
    city = make.small_city()
    assignment = make.accepted_order(city)
    order = assignment.order
    withdraw(assignment=assignment, by=make.user_of(city.volunteer))
    [offer] = offer_order(order=order, to=[city.second_volunteer], by=city.dispatcher)
    accept_offer(offer=offer, by=make.user_of(city.second_volunteer))
    make.everybody_hears()
    words = make.told(city.resident)
    assert len([text for text in words if "李师傅上门" in text]) == 0
    assert words[-1].count("孙师傅上门") == 1
    assert "另外找人" not in words[-1]


def test_who_hears_at_once_is_told_of_each_turn() -> None:
    city = make.small_city()
    assignment = make.accepted_order(city)
    make.everybody_hears()
    withdraw(assignment=assignment, by=make.user_of(city.volunteer))
    make.everybody_hears()
    _placed, comes, looking = make.told(city.resident)
    assert "李师傅上门" in comes
    assert "来不了" in looking


def test_an_order_that_was_returned_is_placed_anew() -> None:
    city = make.small_city()
    order = make.order(city)
    return_order(order=order, by=city.worker, reason="请写明是哪个房间")
    make.everybody_hears()
    assert make.told(city.resident)[-1] == "「小修小补」已退回：请写明是哪个房间"
    again = make.order(city, details="厨房的灯")
    assert verify_order(order=again, by=city.worker, how="web").state == Order.State.WAITING


def test_what_volunteers_must_not_do_is_handed_on() -> None:
    city = make.small_city()
    order = make.order(city)
    redirect_order(order=order, by=city.worker, reason="漏电请找电力公司 95598", to=Redirect.To.OTHER)
    make.everybody_hears()
    assert (
        make.told(city.resident)[-1]
        == "「小修小补」转给其他单位：漏电请找电力公司 95598。办得怎么样，我们会再问、再告诉您。"
    )
    with pytest.raises(Refused):
        offer_order(order=order, to=[city.volunteer], by=city.dispatcher)


def test_a_daughter_orders_for_her_mother_follows_and_confirms() -> None:
    city = make.small_city()
    daughter = make.person("张敏")
    by = make.user_of(daughter)
    with pytest.raises(Forbidden, match="请先请社区登记您是他的家人"):
        make.order(city, by=by)
    make.let_daughter_help(city, daughter)
    order = make.served_order(city, by=by)
    assert list(orders_of(daughter)) == [order]
    confirm_order(order=order, by=by)
    entry = Entry.objects.get(name="needs.order_confirmed")
    assert (entry.actor_id, entry.for_person_id) == (by.pk, city.resident.pk)


def test_an_old_lady_rings_and_everything_reaches_her_by_telephone() -> None:
    city = make.small_city()
    lady = register_person(
        name="赵桂兰", home=city.community, phone="13800000001", contact_by=ContactBy.CALL, by=city.operator
    )
    order = make.order(city, resident=lady, by=city.operator, way=Order.Way.CALL)
    assert order.state == Order.State.WAITING
    [offer] = offer_order(order=order, to=[city.volunteer], by=city.dispatcher)
    accept_offer(offer=offer, by=make.user_of(city.volunteer))
    make.everybody_hears()
    cards = list(open_calls(reach(city.operator, "people.call")))
    assert [card.person_name for card in cards] == ["赵桂兰", "赵桂兰"]
    for card in cards:
        try_call(card=card, result=CallTry.Result.REACHED, by=city.operator)
    assert list(open_calls(reach(city.operator, "people.call"))) == []


def test_a_known_resident_waits_for_no_second_check() -> None:
    city = make.small_city()
    easy = make.menu_item(city.city, "陪聊", is_low_risk=True)
    make.done_order(city)
    assert make.order(city, item=easy).state == Order.State.WAITING


def test_two_carry_a_wardrobe_and_both_are_credited() -> None:
    city = make.small_city()
    both = [city.volunteer, city.second_volunteer]
    order = make.verified_order(city, item=make.menu_item(city.city, "搬柜子", people=2))
    offers = offer_order(order=order, to=both, by=city.dispatcher)
    tasks = [accept_offer(offer=offer, by=make.user_of(each)) for offer, each in zip(offers, both, strict=True)]
    nine = make.tomorrow_at(9)
    for minutes, task in zip((30, 40), tasks, strict=True):
        with clock.at(nine):
            start_visit(assignment=task, by=make.user_of(task.volunteer))
        with clock.at(nine + timedelta(minutes=minutes)):
            finish_visit(assignment=task, by=make.user_of(task.volunteer))
    make.everybody_hears()
    confirm_order(order=order, by=city.resident_user)
    make.everybody_hears()
    assert [minutes_of(each.person) for each in both] == [30, 40]
    assert [make.told(each.person)[-1].startswith("「搬柜子」已经确认") for each in both] == [True, True]
    assert len([text for text in make.told(city.resident) if "做好了吗" in text]) == 1
    assert all_is_well()


def test_a_time_that_clashes_completes_the_order_and_banks_nothing() -> None:
    city = make.small_city()
    make.done_order(city, start=make.tomorrow_at(9), end=make.tomorrow_at(12))
    later = make.accepted_order(city, start=make.tomorrow_at(10), end=make.tomorrow_at(13))
    by = make.user_of(city.volunteer)
    with clock.at(make.tomorrow_at(9) + timedelta(minutes=40)):
        start_visit(assignment=later, by=by)
    with clock.at(make.tomorrow_at(10) + timedelta(minutes=30)):
        finish_visit(assignment=later, by=by)
    order = confirm_order(order=later.order, by=city.resident_user)
    make.everybody_hears()
    assert order.state == Order.State.DONE
    assert [record.state for record in Record.objects.order_by("pk")] == ["confirmed", "contested"]
    assert minutes_of(city.volunteer.person) == 50
    assert make.told(city.volunteer.person)[-1].startswith("「小修小补」已经确认。服务时间和您的另一次服务重叠")
    assert all_is_well()


def test_hearing_twice_tells_once() -> None:
    city = make.small_city()
    make.done_order(city)
    counts = []
    for _ in range(2):
        for entry in Entry.objects.order_by("pk"):
            hear([entry.pk])
        counts.append(Notice.objects.count())
    assert counts[0] == counts[1] > 0


def test_what_is_heard_late_is_not_told_as_if_it_still_held() -> None:
    city = make.small_city()
    assignment = make.accepted_order(city)
    withdraw(assignment=assignment, by=make.user_of(city.volunteer))
    make.everybody_hears()
    assert not [text for text in make.told(city.resident) if "上门" in text]
    assert not [text for text in make.told(city.volunteer.person) if "能去吗" in text]


def test_three_calls_that_nobody_answers_become_a_visit() -> None:
    city = make.small_city()
    lady = register_person(
        name="赵桂兰", home=city.community, phone="13800000001", contact_by=ContactBy.CALL, by=city.operator
    )
    make.order(city, resident=lady, by=city.operator, way=Order.Way.CALL)
    make.everybody_hears()
    card = CallCard.objects.get()
    for _ in range(3):
        card = try_call(card=card, result=CallTry.Result.NO_ANSWER, by=city.operator)
    assert card.outcome == CallCard.Outcome.GIVEN_UP
    assert Entry.objects.filter(name="notices.call_tried", for_person_id=lady.pk).count() == 3


def test_who_has_only_a_phone_is_told_by_a_short_message_without_a_link() -> None:
    city = make.small_city()
    neighbour = register_person(name="老孟", home=city.community, phone="13800000002", by=city.operator)
    make.order(city, resident=neighbour, by=city.operator, way=Order.Way.CALL)
    make.everybody_hears()
    text = Sms.objects.get().text.open()
    assert text.startswith("【连心】「小修小补」我们记下了")
    assert "/" not in text


def test_a_complaint_from_a_page_is_answered() -> None:
    city = make.small_city()
    scope = complaint_scope(city.resident)
    complaint = complain(text="没人回电话", page="/orders/", contact="", by=city.resident_user, scope=scope)
    [found] = open_complaints(reach(city.worker, "people.answer_complaints"))
    answer_complaint(complaint=found, answer="今天上午已经回电，抱歉。", by=city.worker)
    complaint.refresh_from_db()
    assert complaint.answer == "今天上午已经回电，抱歉。"


def test_a_complaint_of_somebody_unknown_reaches_the_city() -> None:
    city = make.small_city()
    complain(text="打不开", page="/", contact="", by=None, scope=complaint_scope(None))
    officer = make.staff("市管", Role.CITY_OFFICER, city.city)
    assert len(open_complaints(reach(officer, "people.answer_complaints"))) == 1


def test_each_reads_his_own_messages() -> None:
    city = make.small_city()
    make.done_order(city)
    make.everybody_hears()
    assert [notice.text for notice in inbox(city.resident_user)] == list(reversed(make.told(city.resident)))
    assert list(inbox(User.objects.get(pk=city.dispatcher.pk))) == []
