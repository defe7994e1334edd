"""What rests on a yes is asked for, kept as it was said, and stops when it is taken back; children; closed accounts."""

from datetime import date, timedelta

import pytest

from lianxin.base import clock
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.models import Entry
from lianxin.needs.actions.leaving import ask_to_close, close_account
from lianxin.needs.models.orders import Order
from lianxin.needs.queries.leaving import what_must_be_handed_over
from lianxin.organisations.models import Role
from lianxin.people import rules
from lianxin.people.actions.circumstances import Contact, Guardian, describe_circumstances, set_emergency_contacts
from lianxin.people.actions.consents import Said, give_consent
from lianxin.people.actions.looking import look
from lianxin.people.actions.reaching import tell
from lianxin.people.actions.registering import claim, register_person
from lianxin.people.actions.withdrawing import take_up_again, withdraw_consent
from lianxin.people.models import Application, Circumstances, Consent, EmergencyContact, Person, Purpose
from lianxin.people.queries import people_with_phone, residents_matching, residents_under, what_to_mind
from lianxin.users.models import User
from lianxin.volunteers.models import Volunteer
from tests import make
from tests.make import City

pytestmark = pytest.mark.django_db

BY_CALL, PAPER = Said(Consent.How.CALL), Consent.How.PAPER
MOTHER = Contact("张敏", "母亲", "13866660002")
SAID_YES = Guardian(MOTHER, Consent.How.VISIT)


@pytest.fixture
def city() -> City:
    return make.small_city()


def born(years: int) -> date:
    """A birthday a month ago, that many years back."""
    return (clock.today() - timedelta(days=30)).replace(year=clock.today().year - years)


def child(city: City) -> Person:
    return register_person(name="张小宝", home=city.community, born_on=born(9), guardian=SAID_YES, by=city.worker)


def hard_of_hearing(city: City) -> Person:
    describe_circumstances(person=city.resident, hearing="hard", pets="猫", said_yes=BY_CALL, by=city.worker)
    return Person.objects.select_related("circumstances").get(pk=city.resident.pk)


def test_hearing_is_written_down_only_with_a_yes_and_everything_else_without(city: City) -> None:
    describe_circumstances(person=city.resident, pets="猫", by=city.worker)
    with pytest.raises(Refused, match="要本人同意才能记") as refusal:
        describe_circumstances(person=city.resident, hearing="hard", by=city.worker)
    assert refusal.value.field == "how"
    assert what_to_mind(hard_of_hearing(city)) == ["耳背，请大声些", "猫"]
    describe_circumstances(person=city.resident, hearing="deaf", by=city.worker)
    kept = Consent.objects.get()
    assert (kept.purpose, kept.how, kept.recorded_by) == (Purpose.HEALTH, "call", city.worker)
    assert kept.words == str(rules.CONSENT_WORDS[Purpose.HEALTH])


def test_other_words_ask_anew_and_until_then_nothing_rests_on_the_old_yes(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    lady = hard_of_hearing(city)
    monkeypatch.setitem(rules.CONSENT_WORDS, Purpose.HEALTH, "还告诉保险公司。")
    assert what_to_mind(lady) == ["猫"]
    with pytest.raises(Refused, match="要本人同意才能记"):
        describe_circumstances(person=city.resident, hearing="hard", by=city.worker)
    give_consent(person=city.resident, purpose=Purpose.HEALTH, said=Said(Consent.How.OWN), by=city.resident_user)
    assert what_to_mind(lady) == ["耳背，请大声些", "猫"]
    ended = list(Consent.objects.order_by("pk").values_list("ended_how", "how"))
    assert ended == [("renewed", "call"), ("", "own")]


def test_said_twice_to_the_same_words_it_is_one_yes(city: City) -> None:
    kept = [
        give_consent(person=city.resident, purpose=Purpose.HEALTH, said=BY_CALL, by=city.worker) for _time in range(2)
    ]
    assert kept[0] == kept[1]


def test_taken_back_what_it_allowed_is_deleted_at_once(city: City) -> None:
    lady = hard_of_hearing(city)
    withdraw_consent(consent=Consent.objects.get(), by=city.worker)
    lady.circumstances.refresh_from_db()
    assert (lady.circumstances.hearing, lady.circumstances.pets) == ("", "猫")
    with pytest.raises(Refused, match="已经撤回过了"):
        withdraw_consent(consent=Consent.objects.get(), by=city.resident_user)
    names = Entry.objects.filter(name__startswith="people.consent_").order_by("pk").values_list("name", flat=True)
    assert list(names) == ["people.consent_given", "people.consent_withdrawn"]


def test_a_yes_on_paper_names_a_witness_who_is_neither_of_the_two(city: City) -> None:
    for witness, words in [("", "见证人的姓名"), ("王秀英", "不能是本人"), ("陈站长", "不能是本人")]:
        with pytest.raises(Refused, match=words) as refusal:
            give_consent(person=city.resident, purpose=Purpose.HEALTH, said=Said(PAPER, witness), by=city.worker)
        assert refusal.value.field == "witness"
    kept = give_consent(person=city.resident, purpose=Purpose.HEALTH, said=Said(PAPER, "老孟"), by=city.worker)
    assert kept.witness == "老孟"


def test_nobody_else_says_yes_or_no_for_a_person(city: City) -> None:
    others = (make.user_of(city.volunteer), city.dispatcher, make.staff("罗主任", Role.CITY_OFFICER, city.city))
    hard_of_hearing(city)
    for by in others:
        with pytest.raises(Forbidden):
            give_consent(person=city.resident, purpose=Purpose.HEALTH, said=BY_CALL, by=by)
        with pytest.raises(Forbidden):
            withdraw_consent(consent=Consent.objects.get(), by=by)
    with pytest.raises(Forbidden, match="只有本人能在网上"):
        give_consent(person=city.resident, purpose=Purpose.HEALTH, said=Said(Consent.How.OWN), by=city.worker)


def test_a_child_is_written_down_only_with_a_guardians_yes(city: City) -> None:
    with pytest.raises(Refused, match="要先问监护人") as refusal:
        register_person(name="张小宝", home=city.community, born_on=born(13), by=city.worker)
    assert refusal.value.field == "guardian_name"
    id_number = f"510101{born(9):%Y%m%d}0017"
    with pytest.raises(Refused, match="要先问监护人"):
        register_person(name="张小宝", home=city.community, id_number=id_number, by=city.worker)
    with pytest.raises(Refused, match="监护人的姓名和电话"):
        nobody = Guardian(Contact("张敏", "母亲", ""), Consent.How.CALL)
        register_person(name="张小宝", home=city.community, born_on=born(9), guardian=nobody, by=city.worker)
    made = register_person(name="张小宝", home=city.community, id_number=id_number, guardian=SAID_YES, by=city.worker)
    kept = Consent.objects.get(person=made)
    assert (made.born_on, kept.purpose, kept.given_by) == (born(9), Purpose.CHILD, "张敏")
    assert EmergencyContact.objects.get(person=made).rank == 0
    assert register_person(name="张大宝", home=city.community, born_on=born(14), by=city.worker).consents.count() == 0


def test_whom_to_ring_may_change_and_the_guardian_stays(city: City) -> None:
    made = child(city)
    set_emergency_contacts(person=made, contacts=[Contact("老孟", "邻居", "13866660003")], by=city.worker)
    assert [each.name for each in made.emergency_contacts.order_by("rank")] == ["张敏", "老孟"]


def test_when_a_guardian_takes_it_back_the_childs_record_is_only_kept(city: City) -> None:
    made = child(city)
    placed = make.order(city, resident=made, by=city.worker, way=Order.Way.CALL)
    withdraw_consent(consent=Consent.objects.get(person=made), by=city.worker)
    make.everybody_hears()
    placed.refresh_from_db()
    assert placed.state == Order.State.CANCELLED
    assert made not in residents_under([city.city.path])
    assert EmergencyContact.objects.filter(person=made).count() == 0


def test_a_childs_account_is_closed_though_a_guardians_yes_still_stands(city: City) -> None:
    made = claim(person=child(city), user=make.new_user(), by=None)
    close_account(application=ask_to_close(by=make.user_of(made)), by=city.worker)
    made.refresh_from_db()
    assert made.restricted_at
    assert not Consent.objects.filter(person=made, ended_at=None).exists()


def closed(city: City) -> Person:
    application = ask_to_close(by=city.resident_user)
    close_account(application=application, by=city.worker)
    return Person.objects.select_related("home").get(pk=city.resident.pk)


def test_a_closed_account_leaves_a_record_that_is_found_opened_and_told_nothing(city: City) -> None:
    phone = city.resident.phone.open()
    hard_of_hearing(city)
    make.let_daughter_help(city, make.person("张敏", home=city.street))
    kept = closed(city)
    assert list(people_with_phone(phone)) == list(residents_matching([city.city.path], "秀英")) == []
    assert tell(person=kept, text="好消息", key="news") is None
    with pytest.raises(Refused, match="已经封存"):
        look(person=kept, fields=["phone"], by=city.worker, about=kept)
    with pytest.raises(Refused, match="已经封存"):
        make.order(city, resident=kept, by=city.worker, way=Order.Way.CALL)
    assert Circumstances.objects.count() == Consent.objects.filter(ended_at=None).count() == 0
    assert kept.helpers.filter(during__contains=clock.today()).count() == 0
    assert kept.phone and kept.name == "王秀英"


def test_taken_up_again_at_his_own_word_he_is_helped_as_before(city: City) -> None:
    kept = closed(city)
    with pytest.raises(Forbidden):
        take_up_again(person=kept, by=city.captain)
    take_up_again(person=kept, by=city.worker)
    assert kept.user_id is not None
    user = User.objects.get(pk=kept.user_id)
    assert user.is_active and user.has_perm("needs.serve") is False
    placed = make.order(city, resident=Person.objects.get(pk=kept.pk), by=city.worker, way=Order.Way.CALL)
    assert placed.state == Order.State.WAITING


def test_who_holds_something_hears_what_to_hand_over_first(city: City) -> None:
    make.order(city)
    assert what_must_be_handed_over(city.resident_user, city.resident) == [
        "您点的单还有 1 单没办完。等办完，或者先取消。"
    ]
    with pytest.raises(Refused, match="停用前要先交接：您点的单还有 1 单"):
        ask_to_close(by=city.resident_user)
    worker = Person.objects.get(user=city.worker)
    assert what_must_be_handed_over(city.worker, worker) == [
        "您还是和平里社区的「站点工作人员」。请先让单位安排别人，再请管理员结束这个身份。"
    ]
    make.accepted_order(city)
    served = what_must_be_handed_over(make.user_of(city.volunteer), city.volunteer.person)
    assert served == ["您接的单还有 1 单没完。做完它，或者在单里点「去不了了」。"]


def test_what_was_taken_on_after_asking_is_not_ended_by_closing(city: City) -> None:
    application = ask_to_close(by=city.resident_user)
    make.order(city)
    with pytest.raises(Refused, match="停用前要先交接"):
        close_account(application=application, by=city.worker)
    assert Application.objects.get().state == Application.State.RECEIVED
    assert User.objects.get(pk=city.resident_user.pk).is_active


def test_a_volunteer_who_closes_his_account_is_restricted_and_keeps_his_record(city: City) -> None:
    person = city.volunteer.person
    person.home = city.community
    person.save()
    close_account(application=ask_to_close(by=make.user_of(person)), by=city.worker)
    assert Volunteer.objects.get(person=person).state == Volunteer.State.RESTRICTED
    assert Person.objects.get(pk=person.pk).restricted_at is not None
