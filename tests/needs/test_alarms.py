"""警报: nobody answers, nobody came, nobody can be reached; and how it ends."""

from datetime import timedelta

import pytest

from lianxin.base import clock
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.models import Entry
from lianxin.needs.actions.alarms import end_alarm, look_at_alarmed, raise_alarm, remind_of_alarms
from lianxin.needs.actions.placing import cancel_order
from lianxin.needs.actions.serving import finish_visit, start_visit
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment, Visit
from lianxin.needs.queries.alarms import missed_orders, ringing
from lianxin.needs.rules import Then
from lianxin.needs.tasks.alarms import ring
from lianxin.notices.models import CallCard
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Node, Role
from lianxin.volunteers.models import Commitment
from tests import make

pytestmark = pytest.mark.django_db
NO_ANSWER, MISSED, UNREACHABLE = Alarm.Kind.NO_ANSWER, Alarm.Kind.MISSED, Alarm.Kind.UNREACHABLE


def knocked(city: make.City) -> tuple[Assignment, Alarm]:
    """The volunteer has begun, and then nobody opened after all."""
    assignment = make.accepted_order(city)
    by = make.user_of(city.volunteer)
    with clock.at(assignment.order.planned_start):
        start_visit(assignment=assignment, by=by)
        alarm = raise_alarm(person=city.resident, kind=NO_ANSWER, by=by, order=assignment.order)
    return assignment, alarm


def order_of(assignment: Assignment) -> Order:
    return Order.objects.get(pk=assignment.order_id)


def test_a_visit_begun_at_a_closed_door_has_not_begun() -> None:
    city = make.small_city()
    assignment, alarm = knocked(city)
    assert (alarm.state, alarm.due_at - alarm.raised_at) == ("ringing", timedelta(minutes=15))
    assert not Visit.objects.exists()
    assert order_of(assignment).state == Order.State.ACCEPTED


def test_raised_twice_it_is_one_alarm() -> None:
    city = make.small_city()
    assignment, alarm = knocked(city)
    again = raise_alarm(person=city.resident, kind=NO_ANSWER, by=city.captain, order=assignment.order)
    assert again == alarm


def test_nobody_cancels_while_it_is_not_known_whether_she_is_well() -> None:
    city = make.small_city()
    assignment, alarm = knocked(city)
    for by in (city.resident_user, city.worker):
        with pytest.raises(Refused, match="先不能取消"):
            cancel_order(order=assignment.order, by=by)
    end_alarm(alarm=alarm, outcome=Alarm.Outcome.SAFE, by=city.worker)
    assert cancel_order(order=assignment.order, by=city.resident_user).state == Order.State.CANCELLED


@pytest.mark.parametrize(
    ("then", "state", "held"),
    [
        (Then.AGAIN, Order.State.ACCEPTED, 1),
        (Then.ANEW, Order.State.WAITING, 0),
        (Then.CANCEL, Order.State.CANCELLED, 0),
    ],
)
def test_the_outcome_says_what_becomes_of_the_visit(then: Then, state: str, held: int) -> None:
    city = make.small_city()
    assignment, alarm = knocked(city)
    with clock.at(assignment.order.planned_end + timedelta(days=1)):
        end_alarm(alarm=alarm, outcome=Alarm.Outcome.HOSPITAL, by=city.worker, then=then)
        order = order_of(assignment)
        assert order.state == state
        assert order.state != Order.State.WAITING or order.latest_start > clock.now()
    assert Commitment.objects.filter(state="held").count() == held
    assert (order.starts_at is None) == (then == Then.ANEW)


def test_other_needs_words_and_a_second_outcome_is_refused() -> None:
    city = make.small_city()
    _assignment, alarm = knocked(city)
    with pytest.raises(Refused) as refused:
        end_alarm(alarm=alarm, outcome=Alarm.Outcome.OTHER, by=city.worker)
    assert refused.value.field == "words"
    end_alarm(alarm=alarm, outcome=Alarm.Outcome.OTHER, words="在邻居家", by=city.worker)
    with pytest.raises(Refused, match="已经是"):
        end_alarm(alarm=alarm, outcome=Alarm.Outcome.SAFE, by=city.captain)


def test_the_journal_holds_no_word_on_health() -> None:
    city = make.small_city()
    _assignment, alarm = knocked(city)
    end_alarm(alarm=alarm, outcome=Alarm.Outcome.HOSPITAL, words="心脏不舒服", by=city.worker)
    make.everybody_hears()
    written = str(list(Entry.objects.values("subject_name", "facts")))
    assert "hospital" not in written
    assert "心脏" not in written
    assert not [text for text in make.told(city.volunteer.person) if "住院" in text]


def test_strangers_and_other_volunteers_do_not_ring_and_do_not_answer() -> None:
    city = make.small_city()
    assignment = make.accepted_order(city)
    outside = make.staff("外站长", Role.STATION_WORKER, other_community(city))
    for by in (make.new_user(), make.user_of(city.second_volunteer), city.dispatcher, outside):
        with pytest.raises(Forbidden):
            raise_alarm(person=city.resident, kind=NO_ANSWER, by=by, order=assignment.order)
    alarm = raise_alarm(person=city.resident, kind=NO_ANSWER, by=make.user_of(city.volunteer), order=assignment.order)
    for by in (make.user_of(city.volunteer), city.dispatcher, outside, city.resident_user):
        with pytest.raises(Forbidden):
            end_alarm(alarm=alarm, outcome=Alarm.Outcome.SAFE, by=by)
    for by in (city.captain, outside):
        with pytest.raises(Forbidden):
            look_at_alarmed(alarm=alarm, by=by)
    assert list(ringing([other_community(city).path])) == []


def other_community(city: make.City) -> Node:
    found = Node.objects.filter(name="幸福里社区").first()
    return found or open_node(kind=Kind.COMMUNITY, name="幸福里社区", parent=city.street, by=None)


def test_the_desk_opens_phone_and_address_and_the_look_is_noted() -> None:
    city = make.small_city()
    _assignment, alarm = knocked(city)
    assert look_at_alarmed(alarm=alarm, by=city.operator)["address"]
    look = Entry.objects.get(name="people.looked")
    assert (look.subject_type, look.subject_id, look.for_person_id) == ("needs.alarm", alarm.pk, city.resident.pk)


def test_worker_captain_and_resident_hear_of_it_at_once() -> None:
    city = make.small_city()
    assignment = make.accepted_order(city)
    with clock.at(make.moment(f"{make.tomorrow_at(9):%Y-%m-%d} 22:00")):
        raise_alarm(person=city.resident, kind=NO_ANSWER, by=city.captain, order=assignment.order)
        make.everybody_hears()
        card = CallCard.objects.get(notice__person_id=city.resident.pk)
        assert card.due_at == clock.now()
    for user in (city.worker, city.captain):
        assert "没人应门" in make.told(user.person)[-1]


def test_a_quarter_of_an_hour_later_those_above_hear_it_once() -> None:
    city = make.small_city()
    assignment, alarm = knocked(city)
    with clock.at(alarm.due_at):
        assert remind_of_alarms() == [alarm]
        assert remind_of_alarms() == []
    make.everybody_hears()
    assert "还没有结果" in make.told(city.operator.person)[-1]
    assert assignment.order.alarms.get().state == "ringing"


def test_half_an_hour_late_the_clock_rings_once_and_the_arrival_ends_it() -> None:
    city = make.small_city()
    assignment = make.accepted_order(city)
    start = assignment.order.planned_start
    with clock.at(start + timedelta(minutes=29)):
        assert list(missed_orders()) == []
    with clock.at(start + timedelta(minutes=31)):
        ring(0)
        ring(0)
        alarm = Alarm.objects.get()
        assert (alarm.kind, alarm.raised_by, alarm.state) == (MISSED, None, "ringing")
        make.everybody_hears()
        assert "您到了吗" in make.told(city.volunteer.person)[-1]
        start_visit(assignment=assignment, by=make.user_of(city.volunteer))
    alarm.refresh_from_db()
    assert (alarm.state, alarm.outcome) == ("ended", Alarm.Outcome.LATE)
    with clock.at(start + timedelta(minutes=70)):
        finish_visit(assignment=assignment, by=make.user_of(city.volunteer))
        ring(0)
    assert Alarm.objects.count() == 1


def test_a_daughter_who_cannot_reach_her_mother_rings_without_an_order() -> None:
    city = make.small_city()
    daughter = make.person("张敏")
    with pytest.raises(Forbidden):
        raise_alarm(person=city.resident, kind=UNREACHABLE, by=make.user_of(daughter))
    make.let_daughter_help(city, daughter)
    alarm = raise_alarm(person=city.resident, kind=UNREACHABLE, by=make.user_of(daughter))
    assert list(ringing([city.community.path])) == [alarm]
    end_alarm(alarm=alarm, outcome=Alarm.Outcome.SAFE, by=city.worker)
    make.everybody_hears()
    assert "安全在家，请放心" in make.told(daughter)[-1]
