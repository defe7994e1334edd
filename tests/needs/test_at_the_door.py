"""Start and finish without a phone, forgotten ends, and who may write down what (rules E4 to E6, H4, H5)."""

from datetime import datetime, timedelta

import pytest

from lianxin.base import clock
from lianxin.base.refused import Forbidden, Refused
from lianxin.hours.models import Record
from lianxin.needs.actions.closing import confirm_order
from lianxin.needs.actions.serving import ask_about_forgotten, finish_visit, record_visit, start_visit
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment, Visit
from lianxin.organisations.actions.appointing import give_role
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Role
from tests import make

pytestmark = pytest.mark.django_db


def planned(assignment: Assignment) -> tuple[datetime, datetime]:
    order = Order.objects.get(pk=assignment.order_id)
    return order.planned_start, order.planned_end


def test_who_checks_in_and_out_himself_is_known_best() -> None:
    city = make.small_city()
    make.served_order(city)
    assert Record.objects.get().grade == "A"
    visit = Visit.objects.get()
    assert (visit.started_how, visit.finished_how) == ("own", "own")


def test_the_captain_starts_and_finishes_for_his_member_and_the_resident_confirms() -> None:
    city = make.small_city()
    assignment = make.accepted_order(city)
    start, end = planned(assignment)
    with clock.at(end):
        start_visit(assignment=assignment, by=city.captain, at=start + timedelta(minutes=5))
        finish_visit(assignment=assignment, by=city.captain, at=end - timedelta(minutes=5))
        record = Record.objects.get()
        assert (record.grade, record.recorder, record.minutes) == ("B", city.captain, 50)
        confirm_order(order=assignment.order, by=city.resident_user)
    record.refresh_from_db()
    assert record.state == "confirmed"


def test_the_desk_writes_down_what_it_hears_on_the_telephone() -> None:
    city = make.small_city()
    assignment = make.accepted_order(city)
    start, _end = planned(assignment)
    with clock.at(start + timedelta(minutes=40)):
        start_visit(assignment=assignment, by=city.operator, at=start, how=Visit.How.CALL)
        finish_visit(assignment=assignment, by=make.user_of(city.volunteer))
    assert (Visit.objects.get().started_how, Record.objects.get().grade) == ("call", "B")


def test_a_slip_is_entered_afterwards_with_its_times_and_its_writer_does_not_confirm_it() -> None:
    city = make.small_city()
    assignment = make.accepted_order(city)
    start, end = planned(assignment)
    with clock.at(end + timedelta(days=3)):
        record_visit(assignment=assignment, start=start, end=end, by=city.worker, outcome="灯修好了")
        assert (Record.objects.get().grade, Visit.objects.get().finished_how) == ("C", "slip")
        with pytest.raises(Refused, match="记录时间的人不能自己确认"):
            confirm_order(order=assignment.order, by=city.worker, how="slip")
        assert confirm_order(order=assignment.order, by=city.operator, how="slip").state == Order.State.DONE


def test_nobody_enters_his_own_slip_and_no_stranger_anybodys() -> None:
    city = make.small_city()
    assignment = make.accepted_order(city)
    start, end = planned(assignment)
    elsewhere = open_node(kind=Kind.COMMUNITY, name="幸福里社区", parent=city.street, by=None)
    outside = make.staff("外站长", Role.STATION_WORKER, elsewhere)
    give_role(user=make.user_of(city.volunteer), role=Role.CAPTAIN, node=city.team, by=None)
    others = [make.user_of(city.volunteer), make.user_of(city.second_volunteer), outside, city.dispatcher]
    with clock.at(end + timedelta(hours=1)):
        for by in [*others, city.resident_user]:
            with pytest.raises(Forbidden):
                record_visit(assignment=assignment, start=start, end=end, by=by)


def test_a_visit_begins_two_hours_early_at_the_earliest_and_never_ahead_of_time() -> None:
    city = make.small_city()
    assignment = make.accepted_order(city)
    start, _end = planned(assignment)
    by = make.user_of(city.volunteer)
    with clock.at(start - timedelta(minutes=121)), pytest.raises(Refused, match="最早"):
        start_visit(assignment=assignment, by=by)
    with clock.at(start), pytest.raises(Refused, match="还没到"):
        start_visit(assignment=assignment, by=city.captain, at=start + timedelta(minutes=1))
    with clock.at(start - timedelta(minutes=119)):
        start_visit(assignment=assignment, by=by)


def forgotten(city: make.City) -> Assignment:
    assignment = make.accepted_order(city)
    with clock.at(planned(assignment)[0]):
        start_visit(assignment=assignment, by=make.user_of(city.volunteer))
    return assignment


def test_a_forgotten_end_is_asked_about_once_and_never_counts_by_itself() -> None:
    city = make.small_city()
    end = planned(forgotten(city))[1]
    with clock.at(end + timedelta(hours=1)):
        assert list(ask_about_forgotten()) == []
    with clock.at(end + timedelta(hours=3)):
        assert len(ask_about_forgotten()) == 1
        assert list(ask_about_forgotten()) == []
        make.everybody_hears()
    assert "忘了点" in make.told(city.volunteer.person)[-1]
    assert "请替他记" in make.told(city.captain.person)[-1]
    assert not Record.objects.exists()


def test_long_after_the_end_the_time_has_to_be_named() -> None:
    city = make.small_city()
    assignment = forgotten(city)
    start, end = planned(assignment)
    by = make.user_of(city.volunteer)
    with clock.at(end + timedelta(hours=5)):
        with pytest.raises(Refused) as refused:
            finish_visit(assignment=assignment, by=by)
        assert refused.value.field == "at"
        for wrong in (start, end + timedelta(hours=6)):
            with pytest.raises(Refused):
                finish_visit(assignment=assignment, by=by, at=wrong)
        finish_visit(assignment=assignment, by=by, at=end)
    assert (Record.objects.get().minutes, Record.objects.get().grade) == (60, "B")


def test_a_very_long_visit_needs_the_captains_word() -> None:
    city = make.small_city()
    assignment = forgotten(city)
    start, _end = planned(assignment)
    with clock.at(start + timedelta(hours=6)):
        for by in (make.user_of(city.volunteer), city.operator):
            with pytest.raises(Refused, match="要队长来记"):
                finish_visit(assignment=assignment, by=by, at=start + timedelta(minutes=241))
        finish_visit(assignment=assignment, by=city.captain, at=start + timedelta(minutes=241))
    assert Record.objects.get().minutes == 241
