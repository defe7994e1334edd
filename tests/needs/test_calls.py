"""The call desk: every call a row, urging that moves things, promises that are kept, and nobody who reads too much."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lianxin.base import clock
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.models import Entry
from lianxin.needs.actions.calls.aids import (
    close_home_visit,
    make_sheet,
    open_sheet,
    plan_duty,
    send_somebody,
    write_knowledge,
)
from lianxin.needs.actions.calls.events import link_event, open_event, tell_callers, update_event
from lianxin.needs.actions.calls.orders import (
    ask_to_cancel_by_call,
    cancel_by_call,
    order_by_call,
    renew_promises,
    reschedule_by_call,
    urge_order,
)
from lianxin.needs.actions.calls.promises import hand_over, read_handover, ring_back, take_over
from lianxin.needs.actions.calls.rings import connect_line, disconnect_line, ring, take_ring
from lianxin.needs.actions.calls.taking import (
    choose_caller,
    complain_by_call,
    end_call,
    look_at_caller,
    meet_caller,
    read_note,
    start_call,
)
from lianxin.needs.models.aids import DaySheet, HomeVisit
from lianxin.needs.models.calls import Call, CallBack
from lianxin.needs.models.menu import Clock
from lianxin.needs.models.orders import Order
from lianxin.needs.queries import calls
from lianxin.needs.tasks.calls import print_sheets, renew
from lianxin.notices.actions import try_call
from lianxin.notices.models import CallCard, CallTry, Notice, Sms
from lianxin.organisations.actions.aliases import name_place
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Node, Role
from lianxin.organisations.queries import communities_called, reach
from lianxin.people.models import ContactBy, Person
from lianxin.users.models import User
from tests import make
from tests.make import City, moment

pytestmark = pytest.mark.django_db

TAKE = "needs.take_calls"
NUMBER = "13800000077"


@pytest.fixture
def city() -> City:
    return make.small_city()


@pytest.fixture
def officer(city: City) -> User:
    return make.staff("罗主任", Role.CITY_OFFICER, city.city)


def a_call(city: City, number: str = NUMBER, person: Person | None = None, by: User | None = None) -> Call:
    return start_call(by=by or city.operator, number=number, person=person)


def about(city: City, person: Person | None = None) -> Call:
    return a_call(city, person=person or city.resident)


def elsewhere(city: City) -> Node:
    return open_node(kind=Kind.COMMUNITY, name="幸福里社区", parent=city.community.parent, by=None)


class TestTaking:
    def test_a_call_ends_only_when_somebody_says_what_it_was(self, city: City) -> None:
        call = a_call(city)
        with pytest.raises(Refused, match="请选这个电话是什么事"):
            end_call(call=call, by=city.operator)
        ended = end_call(call=call, by=city.operator, kind=Call.Kind.WRONG)
        assert (ended.kind, ended.outcome, ended.ended_at is None) == ("wrong", "done", False)

    def test_one_call_at_a_time(self, city: City) -> None:
        a_call(city)
        with pytest.raises(Refused, match="还有一个电话没有结束"):
            a_call(city)

    def test_the_number_is_sealed_and_found_by_its_hash(self, city: City) -> None:
        call = Call.objects.get(pk=a_call(city).pk)
        assert (str(call.number), call.number_ending) == ("•••", NUMBER[-4:])
        assert [each.pk for each in Call.objects.filter(number_hash=call.number_hash)] == [call.pk]

    def test_several_people_stand_behind_one_number(self, city: City) -> None:
        neighbour = make.person("邻居", home=city.community, is_user=False)
        daughter = make.person("王小红", is_user=False)
        make.let_daughter_help(city, daughter)
        assert daughter.phone
        number = daughter.phone.open()
        earlier = start_call(by=city.operator, number=number, person=neighbour)
        end_call(call=earlier, by=city.operator, kind=Call.Kind.QUESTION)
        call = start_call(by=city.operator, number=number)
        behind = calls.callers(call, "", reach(city.operator, TAKE))
        assert {each.name for each in behind} == {"王秀英", "邻居"}

    def test_who_lives_elsewhere_is_counted_and_not_named(self, city: City) -> None:
        stranger = make.person("外社区", home=elsewhere(city), is_user=False)
        assert stranger.phone
        call = start_call(by=city.worker, number=stranger.phone.open())
        paths = reach(city.worker, TAKE)
        assert calls.callers(call, "", paths) == []
        assert calls.callers(call, "外社区", paths) == []
        assert calls.count_out_of_reach(call, paths) == 1
        with pytest.raises(Forbidden):
            choose_caller(call=call, person=stranger, relation=Call.Relation.SELF, by=city.worker)

    def test_a_short_number_finds_its_person(self, city: City) -> None:
        call = a_call(city)
        met = meet_caller(
            call=call, name="赵桂兰", home=city.community, address="3 单元", is_own_number=True, by=city.operator
        )
        end_call(call=call, by=city.operator, kind=Call.Kind.QUESTION)
        [found] = calls.callers(a_call(city, ""), met.call_number, reach(city.operator, TAKE))
        assert (found, found.contact_by) == (met, ContactBy.CALL)

    def test_a_borrowed_telephone_is_not_written_down_as_hers(self, city: City) -> None:
        met = meet_caller(
            call=a_call(city), name="赵桂兰", home=city.community, address="", is_own_number=False, by=city.operator
        )
        assert met.phone is None or str(met.phone) != "•••"
        assert Call.objects.get().relation == Call.Relation.NEIGHBOUR

    def test_the_call_is_the_reason_for_the_look(self, city: City) -> None:
        call = about(city)
        opened = look_at_caller(call=call, by=city.operator)
        assert opened["number"] == NUMBER
        look = Entry.objects.get(name="people.looked")
        assert (look.subject_type, look.subject_id, look.for_person_id) == ("needs.call", call.pk, city.resident.pk)
        assert NUMBER not in f"{look.facts}{look.subject_name}"

    def test_nobody_looks_through_a_call_that_is_over_or_not_his(self, city: City) -> None:
        call = about(city)
        with pytest.raises(Forbidden):
            look_at_caller(call=call, by=city.worker)
        end_call(call=call, by=city.operator, kind=Call.Kind.QUESTION)
        with pytest.raises(Refused, match="已经结束"):
            look_at_caller(call=call, by=city.operator)

    def test_the_note_is_read_by_the_operators_of_that_reach_and_the_city(self, city: City, officer: User) -> None:
        call = end_call(call=about(city), by=city.operator, kind=Call.Kind.QUESTION, words="心里难受")
        other = make.staff("外接线", Role.CALL_OPERATOR, elsewhere(city))
        assert [read_note(call=call, by=by) for by in (city.operator, officer)] == ["心里难受"] * 2
        for by in (city.worker, city.dispatcher, other, city.captain):
            with pytest.raises(Forbidden):
                read_note(call=call, by=by)
        assert Entry.objects.filter(name="people.looked", for_person_id=city.resident.pk).count() == 2
        assert "难受" not in "".join(str(entry.facts) for entry in Entry.objects.all())

    def test_a_slip_keeps_the_time_at_which_it_came(self, city: City) -> None:
        came = clock.now() - timedelta(hours=9)
        call = start_call(by=city.operator, number=NUMBER, source=Call.Source.SLIP, started_at=came)
        assert (call.started_at, call.entered_at > came) == (came, True)
        end_call(call=call, by=city.operator, kind=Call.Kind.THANKS)
        with pytest.raises(Refused, match="不能晚于现在"):
            start_call(by=city.operator, started_at=clock.now() + timedelta(hours=1))

    def test_a_dispatcher_takes_no_calls(self, city: City) -> None:
        with pytest.raises(Forbidden):
            start_call(by=city.dispatcher)

    def test_a_complaint_gets_a_number_to_read_out(self, city: City) -> None:
        call = about(city)
        complaint = complain_by_call(call=call, text="师傅没来", by=city.operator)
        ended = end_call(call=call, by=city.operator)
        assert (ended.kind, complaint.scope) == (Call.Kind.COMPLAINT, city.community.path)


class TestUrging:
    def urged(self, city: City, order: Order, times: int) -> Order:
        for _ in range(times):
            call = about(city)
            order = urge_order(call=call, order=order, by=city.operator)
            end_call(call=call, by=city.operator)
        return order

    def test_urging_halves_the_time_left_and_counts(self, city: City) -> None:
        order = make.verified_order(city)
        assert order.due_at
        with clock.at(order.due_at - timedelta(minutes=40)):
            urged = self.urged(city, order, 1)
        assert (urged.urged, urged.due_at) == (1, order.due_at - timedelta(minutes=20))

    def test_once_per_call(self, city: City) -> None:
        order, call = make.verified_order(city), about(city)
        urge_order(call=call, order=order, by=city.operator)
        assert urge_order(call=call, order=order, by=city.operator).urged == 1

    def test_the_dispatcher_hears_each_time_and_the_city_from_the_third_on(self, city: City, officer: User) -> None:
        order = make.verified_order(city)
        self.urged(city, order, 2)
        make.everybody_hears()
        dispatcher, above = Person.objects.get(user=city.dispatcher), Person.objects.get(user=officer)
        assert (len(make.told(dispatcher)), make.told(above)) == (2, [])
        self.urged(city, order, 1)
        make.everybody_hears()
        assert len(make.told(dispatcher)) == 3
        assert "催了第 3 次" in make.told(above)[0]

    def test_only_ones_own_open_order_is_urged(self, city: City) -> None:
        other = make.person("赵桂兰", home=city.community, is_user=False)
        order = make.verified_order(city)
        with pytest.raises(Refused, match="不是这位居民"):
            urge_order(call=about(city, other), order=order, by=city.operator)
        end_call(call=Call.objects.get(), by=city.operator, kind=Call.Kind.WRONG)
        done = make.done_order(city)
        with pytest.raises(Refused, match="已经结束"):
            urge_order(call=about(city), order=done, by=city.operator)

    def test_the_same_again_within_seven_days_is_asked_about(self, city: City) -> None:
        first = make.verified_order(city)
        assert calls.same_matter(city.resident, city.item) == first
        assert calls.same_matter(city.resident, make.menu_item(city.city, "陪聊")) is None
        with clock.at(first.placed_at + timedelta(days=8)):
            assert calls.same_matter(city.resident, city.item) is None

    def test_a_merged_repeat_makes_no_second_order(self, city: City) -> None:
        first, call = make.verified_order(city), about(city)
        urge_order(call=call, order=first, by=city.operator, is_repeat=True)
        end_call(call=call, by=city.operator)
        assert (Order.objects.count(), Call.objects.get().order) == (1, first)
        assert Entry.objects.get(name="needs.order_urged").facts == {"times": 1, "is_repeat": True}

    def test_a_caller_calls_off_what_is_his(self, city: City) -> None:
        order, call = make.verified_order(city), about(city)
        cancel_by_call(call=call, order=order, reason="好了", by=city.operator)
        order.refresh_from_db()
        assert (order.state, Call.objects.get().kind) == (Order.State.CANCELLED, Call.Kind.CANCEL)

    def test_at_the_word_of_a_relative_the_resident_is_rung_and_nothing_is_called_off(self, city: City) -> None:
        """Rule O9, by telephone as on the relative's own page."""
        order, call = make.verified_order(city), about(city)
        choose_caller(call=call, person=city.resident, relation=Call.Relation.FAMILY, by=city.operator)
        with pytest.raises(Refused, match="先问本人"):
            cancel_by_call(call=call, order=order, reason="好了", by=city.operator)
        for _twice in range(2):
            ask_to_cancel_by_call(call=call, order=order, by=city.operator)
        make.everybody_hears()
        order.refresh_from_db()
        card = CallCard.objects.get(notice__person_id=city.resident.pk)
        assert (order.state, Call.objects.get().kind) == (Order.State.WAITING, Call.Kind.CANCEL)
        assert "是不是不用了" in card.notice.text
        assert make.deeds(about=order).count("needs.cancel_asked") == 1

    def test_the_desk_asks_first_where_another_rings(self, city: City) -> None:
        order, call = make.verified_order(city), about(city)
        choose_caller(call=call, person=city.resident, relation=Call.Relation.FAMILY, by=city.operator)
        client = Client()
        client.force_login(city.operator)
        address = reverse("console:desk_cancel", args=[call.pk])
        assert "取消这一单" not in client.get(address).content.decode()
        answer = client.post(address, {"order": order.pk, "ask": "1"}, follow=True)
        assert "先不取消" in answer.content.decode()
        order.refresh_from_db()
        assert order.state == Order.State.WAITING

    def test_another_time_in_a_call_asks_who_was_coming_anew_and_rings_nobody_who_heard_it(self, city: City) -> None:
        order = make.accepted_order(city).order
        make.everybody_hears()
        told, start, end = len(make.told(city.resident)), make.tomorrow_at(14), make.tomorrow_at(17)
        for _twice in range(2):
            moved = reschedule_by_call(
                call=Call.objects.first() or about(city), order=order, start=start, end=end, by=city.operator
            )
        make.everybody_hears()
        assert (moved.state, moved.window.lower, Call.objects.get().kind) == ("offered", start, "reschedule")
        assert make.deeds(about=order).count("needs.order_rescheduled") == 1
        assert len(make.told(city.resident)) == told
        assert "有人需要「小修小补」" in make.told(city.volunteer.person)[-1]
        assert end_call(call=Call.objects.get(), by=city.operator).order == order

    def test_when_a_neighbour_rings_the_resident_hears_of_the_new_time(self, city: City) -> None:
        order, call = make.verified_order(city), about(city)
        choose_caller(call=call, person=city.resident, relation=Call.Relation.NEIGHBOUR, by=city.operator)
        times = {"start": make.tomorrow_at(14), "end": make.tomorrow_at(17)}
        reschedule_by_call(call=call, order=order, by=city.operator, **times)
        make.everybody_hears()
        assert "继续给您办，时间是明天 14:00" in make.told(city.resident)[-1]

    def test_what_was_called_off_in_ones_own_call_is_not_rung_about(self, city: City) -> None:
        order, call = make.verified_order(city), about(city)
        cancel_by_call(call=call, order=order, reason="好了", by=city.operator)
        make.everybody_hears()
        assert [text for text in make.told(city.resident) if "取消" in text] == []

    def test_only_ones_own_order_is_moved_and_not_once_somebody_is_there(self, city: City) -> None:
        other, times = make.person("赵桂兰", home=city.community, is_user=False), {"start": make.tomorrow_at(14)}
        times["end"] = make.tomorrow_at(17)
        with pytest.raises(Refused, match="不是这位居民"):
            reschedule_by_call(call=about(city, other), order=make.order(city), by=city.operator, **times)
        end_call(call=Call.objects.get(), by=city.operator, kind=Call.Kind.WRONG)
        served = make.served_order(city)
        with pytest.raises(Refused, match="不能改约"):
            reschedule_by_call(call=about(city), order=served, by=city.operator, **times)
        assert served not in calls.orders_to_reschedule(city.resident, [city.city.path])


class TestPromises:
    def promised(self, city: City, minutes: int = 30) -> CallBack:
        due_at = clock.now() + timedelta(minutes=minutes)
        ended = end_call(call=about(city), by=city.operator, kind=Call.Kind.QUESTION, call_back_at=due_at)
        assert ended.promise
        assert ended.outcome == Call.Outcome.PROMISED
        return ended.promise

    def test_a_promise_is_kept_by_a_call_that_reaches_somebody(self, city: City) -> None:
        promise = self.promised(city)
        call = ring_back(promise=promise, by=city.operator)
        assert (call.kind, call.person) == (Call.Kind.CALL_BACK, city.resident)
        end_call(call=call, by=city.operator, is_reached=False)
        assert list(calls.open_call_backs([city.city.path])) == [promise]
        end_call(call=ring_back(promise=promise, by=city.worker), by=city.worker)
        assert list(calls.open_call_backs([city.city.path])) == []
        with pytest.raises(Refused, match="已经有人回过"):
            ring_back(promise=promise, by=city.operator)

    def test_two_do_not_ring_the_same_person_back_at_once(self, city: City) -> None:
        promise = self.promised(city)
        ring_back(promise=promise, by=city.operator)
        with pytest.raises(Refused, match="周接线正在回这个电话"):
            ring_back(promise=promise, by=city.worker)

    def test_without_number_and_name_nothing_can_be_promised(self, city: City) -> None:
        call = a_call(city, "")
        with pytest.raises(Refused, match="没有号码"):
            end_call(
                call=call,
                by=city.operator,
                kind=Call.Kind.QUESTION,
                call_back_at=clock.now() + timedelta(hours=1),
            )

    def test_the_next_shift_takes_what_was_not_kept(self, city: City) -> None:
        promise = self.promised(city)
        handover = hand_over(words="老王的事急", by=city.operator)
        promise.refresh_from_db()
        assert promise.owner == city.operator
        with pytest.raises(Refused, match="自己"):
            take_over(handover=handover, by=city.operator)
        next_one = make.staff("夜班", Role.CALL_OPERATOR, city.city)
        assert read_handover(handover=handover, by=next_one) == "老王的事急"
        take_over(handover=handover, by=next_one)
        promise.refresh_from_db()
        assert promise.owner == next_one
        with pytest.raises(Refused, match="已经有人接班"):
            take_over(handover=handover, by=make.staff("另一个", Role.CALL_OPERATOR, city.city))

    def test_a_shift_is_not_left_in_the_middle_of_a_call(self, city: City) -> None:
        a_call(city)
        with pytest.raises(Refused, match="先结束再交班"):
            hand_over(words="", by=city.operator)

    def test_a_worker_of_another_place_neither_rings_back_nor_takes_over(self, city: City) -> None:
        promise = self.promised(city)
        stranger = make.staff("外站长", Role.STATION_WORKER, elsewhere(city))
        with pytest.raises(Forbidden):
            ring_back(promise=promise, by=stranger)
        with pytest.raises(Forbidden):
            take_over(handover=hand_over(words="", by=city.operator), by=stranger)

    def test_a_promise_that_was_not_kept_is_made_anew_and_told(self, city: City) -> None:
        order = make.verified_order(city)
        with clock.at(order.promised_at + timedelta(minutes=1)):
            renew(timestamp=0)
            renew(timestamp=0)
        make.everybody_hears()
        renewed = Order.objects.get()
        assert renewed.promised_at > order.promised_at
        assert [text for text in make.told(city.resident) if "还没找到合适的人，我们在找" in text].__len__() == 1
        assert renew_promises(orders=[renewed]) == []


class TestNights:
    @pytest.mark.parametrize(
        ("at", "is_told"),
        [("2026-11-23 20:00", True), ("2026-11-23 10:00", False), ("2026-11-23 17:30", True)],
    )
    def test_an_urgent_order_after_hours_wakes_who_is_on_duty(self, city: City, at: str, is_told: bool) -> None:
        urgent = make.menu_item(city.city, "断电", clock=Clock.URGENT)
        begins = moment("2026-11-23 08:00")
        with clock.at(begins):
            plan_duty(
                desk=city.city, user=city.operator, since=begins, until=moment("2026-11-24 08:00"), by=_officer(city)
            )
        with clock.at(moment(at)):
            make.order(
                city,
                item=urgent,
                by=city.worker,
                way=Order.Way.CALL,
                start=moment(at),
                end=moment(at) + timedelta(hours=4),
            )
        make.everybody_hears()
        told = [text for text in make.told(Person.objects.get(user=city.operator)) if "急单" in text]
        assert len(told) == (2 if is_told else 0), "in-app and by SMS"

    def test_a_plain_order_waits_for_the_morning(self, city: City) -> None:
        plan_duty(
            desk=city.city,
            user=city.operator,
            since=clock.now() - timedelta(hours=1),
            until=clock.now() + timedelta(days=1),
            by=_officer(city),
        )
        with clock.at(moment("2026-11-23 22:00")):
            make.order(city)
        make.everybody_hears()
        assert make.told(Person.objects.get(user=city.operator)) == []

    def test_only_who_takes_calls_there_is_put_on_duty(self, city: City) -> None:
        now = clock.now()
        with pytest.raises(Refused, match="接线员"):
            plan_duty(desk=city.city, user=city.captain, since=now, until=now + timedelta(hours=9), by=_officer(city))
        with pytest.raises(Forbidden):
            plan_duty(desk=city.city, user=city.operator, since=now, until=now + timedelta(hours=9), by=city.operator)


def _officer(city: City) -> User:
    return make.staff("罗主任", Role.CITY_OFFICER, city.city)


class TestEvents:
    def linked(self, city: City, many: int) -> None:
        event = open_event(name="停水", place=city.community, script="正在抢修，六点来水。", by=city.operator)
        people = [
            Person(
                name=f"居民{n}",
                home=city.community,
                phone=f"1380000{n:04}",
                contact_by=(ContactBy.CALL, ContactBy.SMS)[n % 2],
                made_at=clock.now(),
            )
            for n in range(many)
        ]
        for person in people:
            person.save()
        for person in people:
            call = start_call(by=city.operator, number="", person=person)
            link_event(call=call, event=event, by=city.operator)
            end_call(call=call, by=city.operator)

    def test_three_hundred_calls_and_one_update_to_each(
        self, city: City, django_assert_max_num_queries: object
    ) -> None:
        self.linked(city, 300)
        event = calls.open_events([city.city.path]).get()
        again = start_call(by=city.operator, person=Person.objects.get(name="居民0"))
        link_event(call=again, event=event, by=city.operator)
        end_call(call=again, by=city.operator)
        update_event(event=event, text="水来了。", by=city.operator, is_over=True)
        with django_assert_max_num_queries(40):  # type: ignore[operator]
            make.everybody_hears()
        told = Notice.objects.filter(text="水来了。")
        assert (told.count(), told.values("person_id").distinct().count()) == (300, 300)
        assert (CallCard.objects.count(), Sms.objects.count()) == (150, 150)
        assert tell_callers(update=event.updates.get()) == 0

    def test_numbers_that_nobody_has_are_told_too(self, city: City) -> None:
        event = open_event(name="停水", place=city.community, script="正在抢修。", by=city.operator)
        for number in ("13811112222", "13811112222", "04145550001"):
            call = start_call(by=city.operator, number=number)
            link_event(call=call, event=event, by=city.operator)
            end_call(call=call, by=city.operator)
        update_event(event=event, text="水来了。", by=city.operator)
        make.everybody_hears()
        assert [sms.phone_ending for sms in Sms.objects.all()] == ["2222"]
        assert [promise.number_ending for promise in CallBack.objects.all()] == ["0001"]
        assert "水来了。" in Sms.objects.get().text.open()

    def test_who_rings_after_the_update_was_not_told_by_it(self, city: City) -> None:
        self.linked(city, 1)
        event = calls.open_events([city.city.path]).get()
        update_event(event=event, text="水来了。", by=city.operator, is_over=True)
        with pytest.raises(Refused, match="已经过去"):
            update_event(event=event, text="又停了。", by=city.operator)
        call = about(city)
        with pytest.raises(Refused, match="已经过去"):
            link_event(call=call, event=event, by=city.operator)

    def test_a_dispatcher_opens_no_event(self, city: City) -> None:
        with pytest.raises(Forbidden):
            open_event(name="停水", place=city.community, script="抢修", by=city.dispatcher)


class TestAids:
    def test_knowledge_is_found_by_two_characters_or_its_number(self, city: City, officer: User) -> None:
        write_knowledge(place=city.city, words="退休金没到账", answer="打人社热线", number="12333", by=officer)
        paths = reach(city.worker, TAKE)
        found = [calls.knowledge_for(paths, query).count() for query in ("退休", "12333", "人社", "医保")]
        assert found == [1, 1, 1, 0]
        with pytest.raises(Forbidden):
            write_knowledge(place=city.city, words="随便", answer="写", by=city.worker)

    def test_a_place_is_found_by_its_nickname(self, city: City) -> None:
        name_place(place=city.community, words="铁西老粮店后头", by=city.operator)
        paths = [city.city.path]
        assert [list(communities_called(query, paths)) for query in ("粮店", "和平", "海边", "")] == [
            [city.community],
            [city.community],
            [],
            [],
        ]
        with pytest.raises(Forbidden):
            name_place(place=city.community, words="别的叫法", by=city.dispatcher)

    def test_after_the_third_try_the_station_goes_there(self, city: City) -> None:
        lady = make.person("赵桂兰", home=city.community, is_user=False)
        lady.contact_by = ContactBy.CALL
        lady.save()
        make.order(city, resident=lady, by=city.operator, way=Order.Way.CALL)
        make.everybody_hears()
        card = CallCard.objects.get()
        for _ in range(3):
            card = try_call(card=card, result=CallTry.Result.NO_ANSWER, by=city.operator)
        make.everybody_hears()
        visit = HomeVisit.objects.get()
        assert send_somebody(card=card) == visit
        again = close_home_visit(visit=visit, outcome="", by=city.worker)
        assert (again.times, again.done_at) == (1, None)
        told = close_home_visit(visit=visit, outcome=HomeVisit.Outcome.TOLD, by=city.worker)
        assert (told.times, told.outcome) == (2, "told")
        with pytest.raises(Refused, match="有人去过"):
            close_home_visit(visit=visit, outcome=HomeVisit.Outcome.TOLD, by=city.worker)

    def test_another_stations_worker_does_not_go_there(self, city: City) -> None:
        visit = HomeVisit.objects.create(
            card=1,
            person=city.resident,
            place_path=city.community.path,
            text="好",
            made_at=clock.now(),
            due_at=clock.now(),
        )
        stranger = make.staff("外站长", Role.STATION_WORKER, elsewhere(city))
        for by in (stranger, city.operator):
            with pytest.raises(Forbidden):
                close_home_visit(visit=visit, outcome="told", by=by)

    def test_at_seven_each_desk_has_its_sheet_once_and_each_opening_is_noted(self, city: City) -> None:
        assignment = make.accepted_order(city)
        day = timezone.localtime(assignment.order.planned_start).replace(hour=0, minute=0)
        with clock.at(day + timedelta(hours=6, minutes=59)):
            print_sheets(timestamp=0)
        assert DaySheet.objects.count() == 0
        with clock.at(day + timedelta(hours=7)):
            print_sheets(timestamp=0)
            print_sheets(timestamp=0)
        assert {sheet.place for sheet in DaySheet.objects.all()} == {city.city, city.community}
        sheet = DaySheet.objects.get(place=city.community)
        assert sheet.people == [city.resident.pk]
        assert open_sheet(sheet=sheet, by=city.worker).startswith(b"%PDF")
        look = Entry.objects.get(name="people.looked")
        assert (look.for_person_id, look.facts) == (city.resident.pk, {"fields": ["address", "phone"]})
        with clock.at(day + timedelta(days=9, hours=8)):
            print_sheets(timestamp=0)
        assert not DaySheet.objects.filter(day=sheet.day).exists()

    def test_a_sheet_opens_to_its_own_desk_only(self, city: City, officer: User) -> None:
        sheet = make_sheet(place=city.community, by=city.worker)
        stranger = make.staff("外站长", Role.STATION_WORKER, elsewhere(city))
        for by in (stranger, city.dispatcher, officer):
            with pytest.raises(Forbidden):
                open_sheet(sheet=sheet, by=by)


class TestRings:
    def test_a_ring_is_taken_by_one_and_told_twice_is_one(self, city: City) -> None:
        admin = make.staff("系统员", Role.SYSTEM_ADMINISTRATOR, city.city)
        line, secret = connect_line(desk=city.city, name="总机", by=admin)
        assert calls.line_with(secret) == line
        assert secret not in f"{line.secret_hash}"
        first, second = ring(line=line, number=NUMBER), ring(line=line, number=NUMBER)
        assert first == second
        take_ring(ring=first, by=city.operator)
        late = make.staff("夜班", Role.CALL_OPERATOR, city.city)
        with pytest.raises(Refused, match="周接线已经接了"):
            take_ring(ring=first, by=late)
        disconnect_line(line=line, by=admin)
        assert calls.line_with(secret) is None

    def test_what_nobody_took_is_missed_and_then_rung_back(self, city: City) -> None:
        line, _ = connect_line(
            desk=city.city, name="总机", by=make.staff("系统员", Role.SYSTEM_ADMINISTRATOR, city.city)
        )
        rung, paths = ring(line=line, number=NUMBER), [city.city.path]
        assert [list(calls.ringing(paths)), list(calls.missed(paths))] == [[rung], []]
        with clock.at(clock.now() + timedelta(minutes=5)):
            assert [list(calls.ringing(paths)), list(calls.missed(paths))] == [[], [rung]]
            assert take_ring(ring=rung, by=city.operator).source == Call.Source.OUT

    def test_only_the_system_administrator_connects_a_line(self, city: City) -> None:
        with pytest.raises(Forbidden):
            connect_line(desk=city.city, name="总机", by=city.operator)


def test_an_order_by_call_goes_straight_to_dispatch_and_needs_a_person(city: City) -> None:
    call = a_call(city)
    facts = {"item": city.item, "start": make.tomorrow_at(9), "end": make.tomorrow_at(12), "details": "灯坏了"}
    with pytest.raises(Refused, match="谁在打电话"):
        order_by_call(call=call, by=city.operator, **facts)  # type: ignore[arg-type]
    choose_caller(call=call, person=city.resident, relation=Call.Relation.SELF, by=city.operator)
    order = order_by_call(call=call, by=city.operator, key=make.new_key(), **facts)  # type: ignore[arg-type]
    assert (order.state, order.way, Call.objects.get().order) == (Order.State.WAITING, Order.Way.CALL, order)
