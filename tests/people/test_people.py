"""Who people are, how they are reached, who may look, and that every complaint is answered."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.base import clock
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.models import Entry
from lianxin.needs.actions.serving import look_at_contact
from lianxin.notices.models import CallCard, Notice, Sms, Way
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Role
from lianxin.people import rules
from lianxin.people.actions.complaints import answer_complaint, complain
from lianxin.people.actions.looking import look
from lianxin.people.actions.reaching import tell, way_to
from lianxin.people.actions.registering import claim, give_call_number, introduce, register_person
from lianxin.people.models import Complaint, ContactBy, Helper, Person, masked
from lianxin.people.queries import looks_at, may_act_for, open_complaints, people_named, people_with_phone
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王秀英", "王**"),
        ("李雷", "李*"),
        ("王", "王"),
        ("", ""),
        ("欧阳修远之子", "欧***"),
        ("扎西·尼玛", "扎西·**"),
        ("阿·德·吉", "阿·***"),
    ],
)
def test_a_masked_name_shows_its_first_part_only(name: str, shown: str) -> None:
    assert masked(name) == shown


@given(name=st.text(st.sampled_from("王李扎西尼玛·Ab"), max_size=50))
def test_a_masked_name_is_short_and_hides_all_but_the_beginning(name: str) -> None:
    first, dot, rest = name.partition("·")
    shown = masked(name)
    assert shown.startswith(name[:1])
    assert set(shown.removeprefix(first + dot if dot else name[:1])) <= {"*"}
    assert shown.count("*") == min(len(rest) if dot else max(len(name) - 1, 0), 3)


@pytest.mark.parametrize(
    ("born_on", "way"),
    [
        (date(1956, 11, 21), ContactBy.CALL),
        (date(1956, 11, 22), ContactBy.APP),
        (date(1940, 1, 1), ContactBy.CALL),
        (None, ContactBy.APP),
    ],
)
def test_from_seventy_on_people_are_telephoned(born_on: date | None, way: ContactBy) -> None:
    assert rules.usual_contact(born_on, date(2026, 11, 21)) == way


@given(latitude=st.floats(-90, 90), longitude=st.floats(-180, 180))
def test_a_home_point_is_rounded_to_about_half_a_kilometre(latitude: float, longitude: float) -> None:
    for degrees in (latitude, longitude):
        rounded = rules.rounded(degrees)
        assert abs(rounded - degrees) <= rules.GRID_DEGREES / 2 + 1e-9
        assert round(rounded * 1000) % 5 == 0


REACH = [
    # contact by, has a user, a phone, a home -> way
    (ContactBy.APP, True, True, True, Way.IN_APP),
    (ContactBy.APP, False, True, True, Way.SMS),
    (ContactBy.SMS, False, True, False, Way.SMS),
    (ContactBy.CALL, False, True, True, Way.CALL),
    (ContactBy.CALL, True, True, True, Way.CALL),
    (ContactBy.VISIT, False, False, True, Way.CALL),
    (ContactBy.APP, False, False, True, Way.CALL),
    (ContactBy.CALL, True, False, True, Way.IN_APP),
    (ContactBy.APP, False, False, False, Way.IN_APP),
]


@pytest.mark.parametrize(("contact_by", "is_user", "has_phone", "has_home", "way"), REACH)
def test_who_cannot_be_reached_by_message_is_a_card_on_the_desk(
    contact_by: ContactBy, is_user: bool, has_phone: bool, has_home: bool, way: Way
) -> None:
    home = open_node(kind=Kind.CITY, name="连心市", parent=None, by=None) if has_home else None
    person = register_person(
        name="王秀英", home=home, phone="13800000001" if has_phone else "", contact_by=contact_by, by=None
    )
    if is_user:
        claim(person=person, user=make.new_user(), by=None)
    person = Person.objects.get(pk=person.pk)
    assert way_to(person) == way
    assert tell(person=person, text="您好", key="k")
    assert tell(person=person, text="您好", key="k") is None
    assert (CallCard.objects.count(), Sms.objects.count()) == (way == Way.CALL, way == Way.SMS)
    assert Notice.objects.get().way == way


def test_a_person_is_claimed_by_one_user() -> None:
    city = make.small_city()
    with pytest.raises(Refused, match="已经有账号了"):
        claim(person=city.resident, user=make.new_user(), by=None)


def test_a_user_claims_one_person() -> None:
    city = make.small_city()
    with pytest.raises(Refused, match="已经登记过"):
        introduce(user=city.resident_user, name="王秀英", home=city.community, by=city.resident_user)
    assert Person.objects.filter(name="王秀英").count() == 1


def test_who_introduces_himself_is_a_resident_of_his_community() -> None:
    city = make.small_city()
    user = make.new_user()
    person = introduce(user=user, name="新来的", home=city.community, by=user)
    assert isinstance(person, Person)
    assert (person.user, user.display_name) == (user, "新来的")
    assert [(held.role, held.node) for held in user.roles_held.all()] == [(Role.RESIDENT, city.community)]
    assert person.phone_ending == user.phone_ending


def test_an_id_number_belongs_to_one_person() -> None:
    register_person(name="甲", id_number="110101195001011234", by=None)
    with pytest.raises(Refused, match="这个证件号码已经登记过"):
        register_person(name="乙", id_number="110101195001011234", by=None)


def test_a_family_may_share_a_phone() -> None:
    people = [register_person(name=name, phone="13800000001", by=None) for name in ("甲", "乙")]
    assert list(people_with_phone("13800000001")) == people
    assert list(people_with_phone("13800000002")) == []


def test_people_are_found_by_part_of_the_name_and_nobody_by_nothing() -> None:
    person = register_person(name="王秀英", by=None)
    register_person(name="李建国", by=None)
    assert list(people_named("秀英")) == [person]
    assert list(people_named("wx")) == [person]
    assert list(people_named("  ")) == []


def test_a_call_number_is_given_once_and_fits_on_the_card() -> None:
    person = register_person(name="王秀英", by=None)
    Person.objects.filter(pk=person.pk).update(id=123_456_789)
    person = Person.objects.get(pk=123_456_789)
    number = give_call_number(person=person, by=None).call_number
    assert len(number) in {4, 5}
    assert number.isdecimal()
    assert give_call_number(person=person, by=None).call_number == number


def test_call_numbers_differ() -> None:
    people = [register_person(name="王秀英", by=None) for _ in range(5)]
    assert len({give_call_number(person=person, by=None).call_number for person in people}) == 5


def test_a_look_is_noted_with_who_what_and_why_and_without_the_value() -> None:
    city = make.small_city()
    assignment = make.accepted_order(city)
    by = make.user_of(city.volunteer)
    opened = look_at_contact(assignment=assignment, by=by)
    assert (opened["name"], opened["address"]) == ("王秀英", "幸福路 8 号 3 单元 201")
    entry = looks_at(city.resident).get()
    assert (entry.actor_id, entry.subject_type, entry.facts) == (by.pk, "needs.order", {"fields": ["address", "phone"]})
    assert opened["phone"] not in str(entry.__dict__)


def test_a_look_at_what_is_not_there_opens_nothing() -> None:
    city = make.small_city()
    person = register_person(name="无电话", by=None)
    assert look(person=person, fields=["phone", "address"], by=city.worker, about=person) == {}


def test_no_private_value_ever_stands_in_the_journal() -> None:
    city = make.small_city()
    order = make.done_order(city)
    make.everybody_hears()
    written = "\n".join(f"{entry.subject_name} {entry.facts}" for entry in Entry.objects.all())
    for private in ("王秀英", "李建国", "幸福路", "厨房的灯", "1390000", order.door_word):
        assert private not in written


def test_everybody_may_act_for_himself() -> None:
    city = make.small_city()
    assert may_act_for(city.resident, city.resident, Helper.Scope.ORDER)
    assert not may_act_for(city.volunteer.person, city.resident, Helper.Scope.ORDER)


def test_a_complaint_gets_a_number_and_an_answer_within_five_working_days() -> None:
    city = make.small_city()
    complaint = complain(text="没人回电话", page="/orders/1/", contact="", by=None, scope=city.community.path)
    assert (complaint.number[:6], len(complaint.number)) == (f"{clock.today():%y%m%d}", 12)
    assert complaint.due_at - complaint.made_at >= timedelta(days=5) - timedelta(hours=24)
    assert list(open_complaints([city.city.path])) == [complaint]
    answered = answer_complaint(complaint=complaint, answer="已经回了", by=city.worker)
    assert (answered.state, answered.answered_by) == (Complaint.State.ANSWERED, city.worker)
    assert list(open_complaints([city.city.path])) == []


def test_a_complaint_is_answered_once_by_who_is_in_charge_there() -> None:
    city = make.small_city()
    complaint = complain(text="没人回电话", page="", contact="", by=city.resident_user, scope=city.community.path)
    for by in (city.resident_user, city.captain, city.operator):
        with pytest.raises(Forbidden):
            answer_complaint(complaint=complaint, answer="好", by=by)
    answer_complaint(complaint=complaint, answer="已经回了", by=city.worker)
    with pytest.raises(Refused, match="已经是「已答复」"):
        answer_complaint(complaint=complaint, answer="再答一次", by=city.worker)


def test_an_empty_answer_is_refused() -> None:
    city = make.small_city()
    complaint = complain(text="没人回电话", page="", contact="", by=None, scope=city.community.path)
    with pytest.raises(Refused, match="答复"):
        answer_complaint(complaint=complaint, answer="  ", by=city.worker)


def test_a_complaint_carries_the_citys_day_even_after_midnight() -> None:
    with clock.at(clock.now().replace(hour=18, minute=0)):
        complaint = complain(text="晚上没人", page="", contact="", by=None, scope=None)
        assert complaint.number[:6] == f"{clock.today():%y%m%d}"
