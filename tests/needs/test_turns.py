"""What an order may meet on its way: handed on, paused, sent back, handed over, objected to, rescheduled."""

from datetime import date, timedelta
from typing import Any

import pytest

from lianxin.base import clock
from lianxin.base.refused import Forbidden, Refused
from lianxin.needs.actions.again import order_again
from lianxin.needs.actions.checking import resubmit_order, return_order
from lianxin.needs.actions.dispatching import accept_offer, offer_order
from lianxin.needs.actions.duty import decide_objection, hand_over, object_to_dispatch
from lianxin.needs.actions.headcount import send_fewer
from lianxin.needs.actions.pausing import pause_order, resume_order
from lianxin.needs.actions.redirecting import redirect_order, state_outcome
from lianxin.needs.actions.releasing import release_volunteer, spare, spare_no_more
from lianxin.needs.actions.reopening import reopen_order
from lianxin.needs.actions.rescheduling import reschedule_order
from lianxin.needs.actions.serving import start_visit
from lianxin.needs.models.detours import Objection, Redirect
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from lianxin.needs.queries import desk
from lianxin.needs.queries.candidates import suggestions
from lianxin.needs.queries.timeline import timeline
from lianxin.needs.tasks.clocks import resume
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Role
from lianxin.people.models import Person
from lianxin.volunteers.models import Block, Commitment
from tests import make

pytestmark = pytest.mark.django_db


def old_city() -> make.City:
    """A city whose people have held their roles since long before the day of the test."""
    with clock.at(make.moment("2026-01-05 09:00")):
        return make.small_city()


def fresh(order: Order) -> Order:
    return Order.objects.select_related("resident", "item", "place").get(pk=order.pk)


def words_of(order: Order) -> list[str]:
    return [step.words for step in timeline(fresh(order))]


# -- handed on (rules V3 and V4)


@pytest.mark.parametrize(("to", "due"), [("110", "2026-11-20 17:30"), ("12345", "2026-11-23 17:00")])
def test_what_is_handed_on_stays_open_until_a_call_back_is_due(to: str, due: str) -> None:
    city = old_city()
    with clock.at(make.moment("2026-11-20 17:00")):
        order = make.order(city)
        redirect_order(order=order, by=city.worker, reason="不归我们", to=Redirect.To(to), outside_number="X-7")
    order = fresh(order)
    assert (order.state, order.due_at) == (Order.State.REDIRECTED, make.moment(due))
    assert list(desk.redirected([city.community.path])) == [order]
    assert order.state not in Order.ENDED


def test_the_call_back_settles_goes_on_or_brings_it_back() -> None:
    city = make.small_city()
    order = make.order(city)
    redirect = redirect_order(order=order, by=city.worker, reason="路灯坏了", to=Redirect.To.HOTLINE)
    with pytest.raises(Forbidden):
        state_outcome(redirect=redirect, by=city.dispatcher, came=Redirect.Came.SETTLED, outcome="修好了")
    with pytest.raises(Refused, match="写明问到的结果"):
        state_outcome(redirect=redirect, by=city.operator, came=Redirect.Came.SETTLED, outcome=" ")
    state_outcome(redirect=redirect, by=city.operator, came=Redirect.Came.GOES_ON, outcome="说明天来")
    assert fresh(order).state == Order.State.REDIRECTED
    state_outcome(redirect=redirect, by=city.operator, came=Redirect.Came.BACK, outcome="说不归他们")
    assert fresh(order).state == Order.State.CHECKING
    again = redirect_order(order=order, by=city.worker, reason="再转", to=Redirect.To.PROPERTY)
    state_outcome(redirect=again, by=city.worker, came=Redirect.Came.SETTLED, outcome="修好了")
    assert (fresh(order).state, fresh(order).due_at) == (Order.State.SETTLED, None)
    with pytest.raises(Refused, match="已经写明"):
        state_outcome(redirect=again, by=city.worker, came=Redirect.Came.BACK, outcome="又说没修")
    make.everybody_hears()
    assert "「小修小补」转给物业的结果：修好了" in make.told(city.resident)
    assert words_of(order).count("问过转办的结果") == 3


# -- paused (rule C5)


def test_a_pause_keeps_what_was_left_and_goes_on_by_itself() -> None:
    city = old_city()
    start, end = make.moment("2026-12-10 09:00"), make.moment("2026-12-10 12:00")
    with clock.at(make.moment("2026-11-18 10:00")):
        order = make.verified_order(city, start=start, end=end)
    with clock.at(make.moment("2026-11-18 16:30")):
        pause_order(order=order, by=city.worker, reason="等灯泡到货", until=make.moment("2026-11-25 08:30"))
    assert (fresh(order).state, fresh(order).rises_at) == (Order.State.PAUSED, None)
    with clock.at(make.moment("2026-11-25 08:29")):
        resume(timestamp=0)
        assert fresh(order).state == Order.State.PAUSED
    with clock.at(make.moment("2026-11-25 08:30")):
        resume(timestamp=0)
        resume(timestamp=0)
    # From 10:00 to 16:30 five of 7½ hours had passed; 2½ are left.
    assert (fresh(order).state, fresh(order).due_at) == (Order.State.WAITING, make.moment("2026-11-25 11:00"))
    make.everybody_hears()
    assert any("先停一停：等灯泡到货" in text for text in make.told(city.resident))


def test_a_pause_needs_a_reason_an_end_and_nobody_who_holds_the_order() -> None:
    city = make.small_city()
    order, _offer = make.offered_order(city)
    tomorrow = clock.now() + timedelta(days=1)
    with pytest.raises(Refused, match="写明原因"):
        pause_order(order=order, by=city.worker, reason="", until=tomorrow)
    with pytest.raises(Refused, match="暂停到哪天"):
        pause_order(order=order, by=city.worker, reason="等人", until=clock.now() + timedelta(days=60))
    with pytest.raises(Forbidden):
        pause_order(order=order, by=city.captain, reason="等人", until=tomorrow)
    pause_order(order=order, by=city.dispatcher, reason="等人", until=tomorrow)
    assert not order.offers.filter(state=Offer.State.OPEN).exists()
    resume_order(order=order, by=city.worker)
    with pytest.raises(Refused, match="没有暂停"):
        resume_order(order=order, by=city.worker)
    held = make.accepted_order(city, start=make.tomorrow_at(14), end=make.tomorrow_at(17))
    with pytest.raises(Refused, match="已经有志愿者接了"):
        pause_order(order=held.order, by=city.worker, reason="等人", until=tomorrow)


# -- put right (rule V5)


def test_the_resident_puts_right_what_came_back() -> None:
    city = make.small_city()
    order = make.order(city)
    facts: dict[str, Any] = {"start": make.tomorrow_at(14), "end": make.tomorrow_at(17), "details": "卧室的灯"}
    with pytest.raises(Refused, match="不用再补交"):
        resubmit_order(order=order, by=city.resident_user, **facts)
    return_order(order=order, by=city.worker, reason="哪一盏灯？")
    with pytest.raises(Forbidden):
        resubmit_order(order=order, by=make.user_of(city.volunteer), **facts)
    resubmit_order(order=order, by=city.resident_user, **facts)
    order = fresh(order)
    assert (order.state, order.window.lower, order.reason) == (Order.State.CHECKING, make.tomorrow_at(14), "")
    assert order.details and order.details.open() == "卧室的灯"


# -- first-responder duty and objections (rules D10 and D11)


def test_who_takes_it_first_stays_responsible_until_it_is_handed_over() -> None:
    city = make.small_city()
    order, _offer = make.offered_order(city)
    assert fresh(order).responsible == city.worker
    with pytest.raises(Refused, match="不负责这里"):
        hand_over(order=order, to=city.resident_user, by=city.worker)
    with pytest.raises(Forbidden):
        hand_over(order=order, to=city.operator, by=city.operator)
    hand_over(order=order, to=city.operator, by=city.worker)
    assert fresh(order).responsible == city.operator
    make.everybody_hears()
    assert any("交给您负责到底" in text for text in make.told(city.operator.person))


def test_an_objection_is_decided_by_somebody_above_and_moves_the_order() -> None:
    city = make.small_city()
    order = make.verified_order(city)
    other = open_node(kind=Kind.TEAM, name="幸福里分队", parent=city.team.parent, by=None)
    with pytest.raises(Forbidden):
        object_to_dispatch(order=order, by=city.worker, reason="不是我们片区")
    objection = object_to_dispatch(order=order, by=city.captain, reason="不是我们片区")
    with pytest.raises(Refused, match="已经提过"):
        object_to_dispatch(order=order, by=city.captain, reason="再说一次")
    with pytest.raises(Forbidden, match="由上级决定"):
        decide_objection(objection=objection, by=city.captain, words="改", to=other)
    with pytest.raises(Forbidden, match="由上级决定"):
        decide_objection(objection=objection, by=make.staff("外队长", Role.CAPTAIN, other), words="不要", to=None)
    decide_objection(objection=objection, by=city.dispatcher, words="那边更近", to=other)
    order = fresh(order)
    assert (order.team_path, order.state, order.tier) == (other.path, Order.State.WAITING, 0)
    assert Objection.objects.get().state == Objection.State.MOVED
    make.everybody_hears()
    assert any("改派" in text and "那边更近" in text for text in make.told(city.captain.person))
    assert {"needs.objected", "needs.objection_decided"} <= set(make.deeds(about=order))


def test_a_captain_of_the_rung_above_may_keep_the_dispatch() -> None:
    city = make.small_city()
    assert city.team.parent
    above = make.staff("韩支队", Role.CAPTAIN, city.team.parent)
    order = make.verified_order(city)
    objection = object_to_dispatch(order=order, by=city.captain, reason="忙不过来")
    decide_objection(objection=objection, by=above, words="请克服一下")
    assert (Objection.objects.get().state, fresh(order).team_path) == ("kept", city.team.path)


# -- how many go (rules D8 and D9)


def test_a_first_visit_a_minor_and_a_night_need_two() -> None:
    city = make.small_city()
    item = make.menu_item(city.city, "陪伴", is_alone_at_first=False)
    first = make.order(city, item=item)
    assert (first.people, first.two_because, first.two_in_words) == (2, ["first"], "第一次上门")
    child = make.person("小明", home=city.community)
    Person.objects.filter(pk=child.pk).update(born_on=date(2015, 5, 1))
    for_child = make.order(city, resident=child, by=make.user_of(child))
    assert (for_child.people, for_child.two_because) == (2, ["minor"])
    at_night = make.order(city, start=make.tomorrow_at(21), end=make.tomorrow_at(23))
    assert (at_night.people, at_night.two_because) == (2, ["night"])
    make.done_order(city, start=make.tomorrow_at(9), end=make.tomorrow_at(12))
    assert make.order(city, item=item).people == 1


def test_a_dispatcher_may_send_one_on_a_first_visit_but_not_to_a_minor() -> None:
    city = make.small_city()
    item = make.menu_item(city.city, "陪伴", is_alone_at_first=False)
    order = make.verified_order(city, item=item)
    for by in (city.worker, city.captain):
        with pytest.raises(Forbidden):
            send_fewer(order=order, by=by, reason="邻居陪着")
    [offer] = offer_order(order=order, to=[city.volunteer], by=city.dispatcher)
    accept_offer(offer=offer, by=make.user_of(city.volunteer))
    assert fresh(order).state == Order.State.WAITING
    send_fewer(order=order, by=city.dispatcher, reason="社区专干陪着去")
    assert (fresh(order).state, fresh(order).people) == (Order.State.ACCEPTED, 1)
    Person.objects.filter(pk=city.resident.pk).update(born_on=date(2015, 5, 1))
    for_child = make.verified_order(city, start=make.tomorrow_at(14), end=make.tomorrow_at(17))
    with pytest.raises(Refused, match="未成年人必须两个人"):
        send_fewer(order=for_child, by=city.dispatcher, reason="家长在")


# -- let go, spared, asked again (rules D12, D13, D15 and D16)


def test_who_did_not_come_is_let_go_without_a_word_of_blame() -> None:
    city = make.small_city()
    held = make.accepted_order(city)
    with pytest.raises(Forbidden):
        release_volunteer(assignment=held, by=city.resident_user, because=Assignment.Why.NOT_COME)
    release_volunteer(assignment=held, by=city.operator, because=Assignment.Why.NOT_COME)
    assert (fresh(held.order).state, fresh(held.order).starts_at) == (Order.State.WAITING, None)
    assert Commitment.objects.get().state == Commitment.State.RELEASED
    make.everybody_hears()
    assert make.told(city.volunteer.person)[-1] == "「小修小补」另有安排，您这次不用去了。谢谢您！"
    assert any("另外找人" in text for text in make.told(city.resident))


def test_who_is_spared_is_told_only_that_there_is_another_arrangement() -> None:
    city = make.small_city()
    held = make.accepted_order(city)
    with pytest.raises(Forbidden):
        spare(resident=city.resident, volunteer=city.volunteer, by=make.user_of(city.second_volunteer))
    spare(resident=city.resident, volunteer=city.volunteer, by=city.resident_user)
    assert fresh(held.order).state == Order.State.WAITING
    assert city.volunteer not in [each.volunteer for each in suggestions(fresh(held.order))]
    make.everybody_hears()
    assert make.told(city.volunteer.person)[-1] == "「小修小补」另有安排，您这次不用去了。谢谢您！"
    spare_no_more(resident=city.resident, volunteer=city.volunteer, by=city.worker)
    assert not Block.objects.exists()


def test_who_is_at_the_door_finishes_although_he_will_not_come_again() -> None:
    city = make.small_city()
    held = make.accepted_order(city)
    with clock.at(make.tomorrow_at(9)):
        start_visit(assignment=held, by=make.user_of(city.volunteer))
    spare(resident=city.resident, volunteer=city.volunteer, by=city.worker)
    assert fresh(held.order).state == Order.State.SERVING


def test_another_time_is_agreed_and_who_was_coming_is_asked_again() -> None:
    city = make.small_city()
    held = make.accepted_order(city)
    start, end = make.tomorrow_at(14), make.tomorrow_at(17)
    facts: dict[str, Any] = {"start": start, "end": end, "how": Order.Way.CALL}
    with pytest.raises(Forbidden):
        reschedule_order(order=held.order, by=make.user_of(city.volunteer), **facts)
    reschedule_order(order=held.order, by=city.operator, **facts)
    order = fresh(held.order)
    assert (order.state, order.window.lower, order.starts_at) == (Order.State.OFFERED, start, None)
    again = order.offers.get(state=Offer.State.OPEN)
    accept_offer(offer=again, by=make.user_of(city.volunteer))
    assert fresh(order).state == Order.State.ACCEPTED
    assert "改了时间" in words_of(order)


def test_the_family_hears_of_another_time_and_of_who_did_not_come_once_each() -> None:
    city = make.small_city()
    daughter = make.person("张敏")
    make.let_daughter_help(city, daughter)
    held = make.accepted_order(city)
    make.everybody_hears()
    before = len(make.told(daughter))
    facts: dict[str, Any] = {"start": make.tomorrow_at(14), "end": make.tomorrow_at(17), "how": Order.Way.CALL}
    reschedule_order(order=held.order, by=city.operator, **facts)
    make.everybody_hears()
    assert make.told(daughter)[before:] == ["王秀英的「小修小补」改了时间，改到明天 14:00。"]
    again = held.order.offers.get(state=Offer.State.OPEN)
    held = accept_offer(offer=again, by=make.user_of(city.volunteer))
    release_volunteer(assignment=held, by=city.operator, because=Assignment.Why.NOT_COME)
    make.everybody_hears()
    assert make.told(daughter)[-1] == "王秀英的「小修小补」原来的志愿者来不了，正在另外找人。"


def test_who_cannot_at_the_new_time_reads_that_he_need_not_come() -> None:
    city = make.small_city()
    make.accepted_order(city, start=make.tomorrow_at(14), end=make.tomorrow_at(15))
    held = make.accepted_order(city)
    facts: dict[str, Any] = {"start": make.tomorrow_at(14), "end": make.tomorrow_at(15), "how": Order.Way.WEB}
    reschedule_order(order=held.order, by=city.resident_user, **facts)
    assert fresh(held.order).state == Order.State.WAITING
    make.everybody_hears()
    assert "「小修小补」另有安排，您这次不用去了。谢谢您！" in make.told(city.volunteer.person)


def test_ordered_again_who_served_last_is_asked_first_by_itself() -> None:
    city = make.small_city()
    done = make.done_order(city)
    with pytest.raises(Forbidden):
        order_again(order=done, by=make.user_of(city.volunteer), way=Order.Way.WEB)
    with clock.at(done.planned_end + timedelta(hours=2)):
        again = order_again(order=done, by=city.operator, way=Order.Way.CALL)
        make.everybody_hears()
    assert (again.window.lower - done.window.lower, again.wished) == (timedelta(weeks=1), city.volunteer)
    assert fresh(again).state == Order.State.OFFERED
    assert again.offers.get().volunteer == city.volunteer


def test_in_a_second_round_a_volunteer_is_let_go_and_a_time_changed_as_in_the_first() -> None:
    city = make.small_city()
    order = make.served_order(city)
    again = clock.now() + timedelta(days=1)
    order = reopen_order(order=order, words="水还在漏", by=city.resident_user, start=again)
    [held] = order.assignments.filter(state=Assignment.State.HELD)
    release_volunteer(assignment=held, by=city.operator, because=Assignment.Why.NOT_COME)
    order.refresh_from_db()
    assert order.state == Order.State.WAITING
    later = again + timedelta(days=1)
    order = reschedule_order(
        order=order, start=later, end=later + timedelta(hours=3), by=city.resident_user, how=Order.Way.WEB
    )
    assert order.window.lower == later
