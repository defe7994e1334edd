"""Emergency contacts are rung when nobody knows how somebody is, each on a call card of his own (rule S1)."""

from datetime import timedelta

import pytest

from lianxin.base import clock
from lianxin.base.refused import Forbidden
from lianxin.journal.models import Entry
from lianxin.needs.actions.alarms import end_alarm, raise_alarm, ring_round
from lianxin.needs.models.aids import HomeVisit
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.queries.alarms import calls_to_contacts
from lianxin.notices.actions import try_call
from lianxin.notices.models import CallCard, CallTry
from lianxin.notices.queries import open_calls
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Role
from lianxin.people.actions.circumstances import Contact, set_emergency_contacts
from lianxin.people.actions.looking import look_at_callee
from lianxin.people.models import EmergencyContact
from lianxin.people.queries import looks_at
from tests import make

pytestmark = pytest.mark.django_db
SON, NEIGHBOUR = "13866660001", "13866660002"


@pytest.fixture
def city() -> make.City:
    city = make.small_city()
    contacts = [Contact("王小军", "儿子", SON), Contact("老孟", "邻居", NEIGHBOUR)]
    set_emergency_contacts(person=city.resident, contacts=contacts, by=city.worker)
    return city


def rung(city: make.City, kind: Alarm.Kind = Alarm.Kind.NO_ANSWER) -> Alarm:
    order = make.accepted_order(city).order
    alarm = raise_alarm(person=city.resident, kind=kind, by=make.user_of(city.volunteer), order=order)
    make.everybody_hears()
    return alarm


def test_each_contact_has_a_card_of_his_own_at_once(city: make.City) -> None:
    alarm = rung(city)
    cards = list(calls_to_contacts(alarm))
    assert [(card.person_name, card.due_at <= clock.now()) for card in cards] == [("王小军", True), ("老孟", True)]
    assert "您是王秀英留的紧急联系人（儿子）。志愿者刚才上门，没人应门" in cards[0].notice.text
    assert {card.pk for card in cards} < {card.pk for card in open_calls([city.community.path])}
    assert look_at_callee(card=cards[0], by=city.operator) == {"phone": SON}
    assert [entry.facts["fields"] for entry in looks_at(city.resident)] == [["emergency_contacts"]]
    ring_round(alarm=alarm)
    assert CallCard.objects.filter(contact_id__isnull=False).count() == 2


def test_a_number_opens_for_who_makes_the_calls_there_and_for_nobody_else(city: make.City) -> None:
    card = calls_to_contacts(rung(city))[0]
    other = open_node(kind=Kind.COMMUNITY, name="幸福里社区", parent=city.street, by=None)
    for user in (city.captain, city.dispatcher, city.resident_user, make.staff("外人", Role.STATION_WORKER, other)):
        with pytest.raises(Forbidden):
            look_at_callee(card=card, by=user)
    assert SON not in str(list(Entry.objects.values("subject_name", "facts")))


def test_who_does_not_answer_is_tried_again_soon_and_nobody_is_sent_to_his_home(city: make.City) -> None:
    card = calls_to_contacts(rung(city))[0]
    tried = try_call(card=card, result=CallTry.Result.NO_ANSWER, by=city.operator)
    assert timedelta(minutes=14) < tried.due_at - clock.now() <= timedelta(minutes=15)
    for _time in range(2):
        tried = try_call(card=card, result=CallTry.Result.NO_ANSWER, by=city.operator)
    make.everybody_hears()
    assert tried.outcome == CallCard.Outcome.NO_ANSWER and not HomeVisit.objects.exists()


def test_with_the_outcome_nobody_need_be_rung_any_more(city: make.City) -> None:
    alarm = rung(city)
    son, neighbour = calls_to_contacts(alarm)
    try_call(card=son, result=CallTry.Result.REACHED, by=city.operator)
    end_alarm(alarm=alarm, outcome=Alarm.Outcome.OUT, by=city.worker)
    outcomes = dict(CallCard.objects.filter(notice__key__startswith="alarm:").values_list("person_name", "outcome"))
    assert outcomes == {"王小军": "reached", "老孟": "withdrawn", "王秀英": "withdrawn"}
    assert Entry.objects.filter(name="notices.call_withdrawn").count() == 2
    assert neighbour.pk not in {card.pk for card in open_calls([city.community.path])}


def test_whoever_hears_of_it_too_late_rings_nobody(city: make.City) -> None:
    order = make.accepted_order(city).order
    alarm = raise_alarm(person=city.resident, kind=Alarm.Kind.NO_ANSWER, by=make.user_of(city.volunteer), order=order)
    end_alarm(alarm=alarm, outcome=Alarm.Outcome.SAFE, by=city.worker)
    make.everybody_hears()
    assert not CallCard.objects.filter(notice__key__startswith="alarm:").exists()


def test_the_son_who_rang_himself_is_not_rung_and_a_missed_visit_alarms_no_family(city: make.City) -> None:
    son = make.person("王小军")
    EmergencyContact.objects.filter(rank=1).delete()
    make.let_daughter_help(city, son)
    his = str(son.phone.open()) if son.phone else ""
    contacts = [Contact("王小军", "儿子", his), Contact("老孟", "邻居", NEIGHBOUR)]
    set_emergency_contacts(person=city.resident, contacts=contacts, by=city.worker)
    alarm = raise_alarm(person=city.resident, kind=Alarm.Kind.UNREACHABLE, by=make.user_of(son))
    make.everybody_hears()
    assert [card.person_name for card in calls_to_contacts(alarm)] == ["老孟"]
    end_alarm(alarm=alarm, outcome=Alarm.Outcome.SAFE, by=city.worker)
    order = make.accepted_order(city).order
    missed = raise_alarm(person=city.resident, kind=Alarm.Kind.MISSED, by=city.worker, order=order)
    make.everybody_hears()
    assert not calls_to_contacts(missed).exists()


def test_who_was_named_anew_meanwhile_is_no_longer_to_be_had(city: make.City) -> None:
    card = calls_to_contacts(rung(city))[0]
    EmergencyContact.objects.all().delete()
    assert look_at_callee(card=card, by=city.operator) == {} and not looks_at(city.resident).exists()
