"""出事了: written down without a third party, heard by the chain, insured, proven on paper (rules S4 and S5)."""

from datetime import date, timedelta

import pytest

from lianxin.base import clock
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.models import Entry
from lianxin.needs.actions.incidents import close_incident, keep_policy, look_at_volunteers_contacts, report_incident
from lianxin.needs.documents.visit_papers import proof_sheet, visit_slip
from lianxin.needs.models.incidents import Incident, Policy
from lianxin.needs.models.visits import Assignment
from lianxin.needs.queries.incidents import open_incidents, policy_of, roster
from lianxin.organisations.models import Role
from lianxin.people.actions.circumstances import Contact, set_emergency_contacts
from tests import make

pytestmark = pytest.mark.django_db


def report(city: make.City, task: Assignment, by: object = None) -> Incident:
    return report_incident(
        assignment=task,
        kind=Incident.Kind.VOLUNTEER_HURT,
        where="楼道里",
        done="扶他坐下，打了 120",
        handed_to="120",
        by=by or make.user_of(city.volunteer),  # type: ignore[arg-type]
    )


def test_the_chain_hears_it_at_once_and_it_stays_open_until_it_is_ended() -> None:
    city = make.small_city()
    officer = make.staff("罗主任", Role.CITY_OFFICER, city.city)
    incident = report(city, make.accepted_order(city))
    assert incident.due_at - incident.at == timedelta(hours=48)
    make.everybody_hears()
    for user in (city.captain, city.worker, officer):
        assert "出事了" in make.told(user.person)[-1]
    assert list(open_incidents([city.team.path])) == [incident]
    with pytest.raises(Refused) as refused:
        close_incident(incident=incident, ended=" ", by=city.captain)
    assert refused.value.field == "ended"
    close_incident(incident=incident, ended="没有大碍，报了保险", reference="BX-1", by=city.captain)
    assert list(open_incidents([city.team.path])) == []
    with pytest.raises(Refused, match="已经了结"):
        close_incident(incident=incident, ended="再了结", by=city.worker)


def test_no_field_of_an_incident_names_a_third_party() -> None:
    names = {field.name for field in Incident._meta.fields}
    assert names == {
        *("id", "order", "place_path", "team_path", "at", "where", "kind", "done", "handed_to", "reference"),
        *("reported_by", "due_at", "closed_by", "closed_at", "ended"),
    }


def test_who_is_not_at_work_there_does_not_report_or_read() -> None:
    city = make.small_city()
    task = make.accepted_order(city)
    for by in (make.user_of(city.second_volunteer), city.resident_user, make.new_user()):
        with pytest.raises(Forbidden):
            report(city, task, by=by)
    incident = report(city, task, by=city.captain)
    for by in (make.user_of(city.volunteer), city.operator, city.dispatcher):
        with pytest.raises(Forbidden):
            close_incident(incident=incident, ended="好了", by=by)
        with pytest.raises(Forbidden):
            look_at_volunteers_contacts(incident=incident, by=by)


def test_the_captain_sees_whom_to_ring_for_his_member_and_the_look_is_noted() -> None:
    city = make.small_city()
    task = make.accepted_order(city)
    person = city.volunteer.person
    contact = Contact(name="李小红", relation="女儿", phone="13812345678")
    set_emergency_contacts(person=person, contacts=[contact], by=None)
    opened = look_at_volunteers_contacts(incident=report(city, task), by=city.captain)
    assert opened == {"李建国": [("李小红", "女儿", "13812345678")]}
    look = Entry.objects.get(name="people.looked")
    assert (look.for_person_id, look.facts["fields"]) == (person.pk, ["emergency_contacts"])


def test_a_team_without_a_policy_has_that_of_the_one_above() -> None:
    city = make.small_city()
    officer = make.staff("罗主任", Role.CITY_OFFICER, city.corps)
    facts = {"insurer": "平安", "phone": "95511", "until": date(2027, 12, 31)}
    keep_policy(team=city.corps, number="A-1", by=officer, **facts)  # type: ignore[arg-type]
    assert str(policy_of(city.team.path)) == "A-1"
    keep_policy(team=city.team, number="B-2", by=city.captain, **facts)  # type: ignore[arg-type]
    assert str(policy_of(city.team.path)) == "B-2"
    with pytest.raises(Forbidden):
        keep_policy(team=city.corps, number="C-3", by=city.captain, **facts)  # type: ignore[arg-type]
    assert Policy.objects.count() == 2


def test_slip_and_proof_are_made_and_hold_no_phone_and_no_address() -> None:
    city = make.small_city()
    task = make.accepted_order(city)
    incident = report(city, task)
    with clock.at(task.order.planned_start):
        for paper in (visit_slip(task), proof_sheet(incident, list(roster(incident)), None)):
            assert paper.startswith(b"%PDF")
