"""How somebody lives and whom to ring for him: written down by himself or his community, by nobody else."""

import pytest

from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.models import Entry
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Role
from lianxin.people.actions.circumstances import Contact, describe_circumstances, set_emergency_contacts
from lianxin.people.actions.consents import Said
from lianxin.people.models import Circumstances, Consent, EmergencyContact, Person
from lianxin.people.queries import emergency_contacts_of, what_to_mind
from tests import make

pytestmark = pytest.mark.django_db

SAID = Said(Consent.How.CALL)
DAUGHTER = Contact("张敏", "女儿", "138 0000 0001")
NEIGHBOUR = Contact("老孟", "邻居", "0414-2345678")


def test_contacts_are_rung_in_the_order_given_and_take_the_place_of_earlier_ones() -> None:
    city = make.small_city()
    set_emergency_contacts(person=city.resident, contacts=[NEIGHBOUR], by=city.worker)
    set_emergency_contacts(person=city.resident, contacts=[DAUGHTER, NEIGHBOUR], by=city.worker)
    kept = emergency_contacts_of(city.resident)
    assert [(each.rank, each.name, each.phone.open()) for each in kept] == [
        (1, "张敏", "13800000001"),
        (2, "老孟", "04142345678"),
    ]


@pytest.mark.parametrize(
    ("contacts", "words"),
    [
        ([DAUGHTER, NEIGHBOUR, DAUGHTER], "最多登记两位"),
        ([Contact("张敏", " ", "13800000001")], "姓名和关系"),
        ([Contact("张敏", "女儿", "12345")], "手机号码"),
    ],
)
def test_what_cannot_be_rung_is_refused_and_changes_nothing(contacts: list[Contact], words: str) -> None:
    city = make.small_city()
    set_emergency_contacts(person=city.resident, contacts=[NEIGHBOUR], by=city.worker)
    with pytest.raises(Refused, match=words):
        set_emergency_contacts(person=city.resident, contacts=contacts, by=city.worker)
    assert [each.name for each in emergency_contacts_of(city.resident)] == ["老孟"]


def test_circumstances_are_told_in_short_words_without_the_way_in() -> None:
    city = make.small_city()
    describe_circumstances(
        person=city.resident, hearing="hard", mobility="chair", wished="woman", pets="有只小狗",
        languages="东北话", best_hours="上午九点以后", way_in="钥匙在对门老孟家", said_yes=SAID, by=city.worker,
    )  # fmt: skip
    person = Person.objects.select_related("circumstances").get(pk=city.resident.pk)
    assert what_to_mind(person) == ["耳背，请大声些", "坐轮椅", "希望是女同志", "有只小狗", "东北话"]
    assert person.circumstances.way_in.open() == "钥匙在对门老孟家"


def test_the_way_in_stays_when_it_is_not_said_again_and_goes_when_it_is_taken_back() -> None:
    city = make.small_city()
    describe_circumstances(person=city.resident, way_in="钥匙在对门", by=city.worker)
    describe_circumstances(person=city.resident, pets="猫", by=city.worker)
    assert Circumstances.objects.get().way_in.open() == "钥匙在对门"
    describe_circumstances(person=city.resident, way_in="", by=city.worker)
    assert Circumstances.objects.get().way_in is None


def test_the_journal_names_fields_and_never_what_stands_in_them() -> None:
    city = make.small_city()
    describe_circumstances(person=city.resident, hearing="deaf", way_in="钥匙在对门", said_yes=SAID, by=city.worker)
    set_emergency_contacts(person=city.resident, contacts=[DAUGHTER], by=city.worker)
    written = Entry.objects.filter(name__in=["people.circumstances_described", "people.emergency_contacts_set"])
    assert [entry.facts for entry in written.order_by("pk")] == [{"fields": ["hearing", "way_in"]}, {"many": 1}]


def test_the_person_himself_may_write_it_down() -> None:
    city = make.small_city()
    describe_circumstances(person=city.resident, pets="猫", by=city.resident_user)
    set_emergency_contacts(person=city.resident, contacts=[DAUGHTER], by=city.resident_user)
    assert EmergencyContact.objects.count() == 1


def test_nobody_else_may() -> None:
    city = make.small_city()
    elsewhere = open_node(kind=Kind.COMMUNITY, name="青松社区", parent=city.street, by=None)
    others = [
        make.staff("别站", Role.STATION_WORKER, elsewhere),
        make.staff("罗主任", Role.CITY_OFFICER, city.city),
        make.user_of(city.volunteer),
        city.dispatcher,
        make.user_of(make.person("路人", home=city.community)),
    ]
    for by in others:
        with pytest.raises(Forbidden, match="不在您负责的社区"):
            describe_circumstances(person=city.resident, pets="猫", by=by)
        with pytest.raises(Forbidden, match="不在您负责的社区"):
            set_emergency_contacts(person=city.resident, contacts=[DAUGHTER], by=by)
    assert Circumstances.objects.count() == EmergencyContact.objects.count() == 0
