"""People on roll say that it is them: with a phone, with a slip, on paper. Nobody else can say it for them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianxin.base import clock
from lianxin.base.refused import Forbidden, Refused
from lianxin.exchange.actions.confirming import (
    confirm,
    confirm_sheet,
    make_slips,
    say_it_is_not_me,
    void_sheet,
    write_sheet,
)
from lianxin.exchange.models.roll import WRONG_TRIES, OnRoll, SignedSheet
from lianxin.exchange.queries.rosters import by_slip, to_claim
from lianxin.exchange.rules.rights import SLIP_LIVES
from lianxin.organisations.models import Role
from lianxin.organisations.queries import roles_of
from lianxin.people.models import Person
from lianxin.users.models import User
from lianxin.volunteers.models import Volunteer
from tests import make
from tests.exchange.conftest import Office
from tests.exchange.test_rosters import IDS, accepted, book, brought, line

PHONE = "13800001111"


@pytest.fixture
def row(office: Office) -> OnRoll:
    accepted(office, book(line("扎西•尼玛", IDS[0], PHONE, skills="理发")))
    return OnRoll.objects.get()


@pytest.fixture
def owner(row: OnRoll) -> User:
    return User.objects.make(PHONE)


def volunteers(row: OnRoll) -> int:
    return Volunteer.objects.filter(person=row.person, state=Volunteer.State.ACTIVE).count()


def test_import_claim_active(office: Office, row: OnRoll, owner: User) -> None:
    assert list(to_claim(owner)) == [row]
    assert confirm(row=row, name="扎西·尼玛", ending=IDS[0][-4:], how=OnRoll.How.PHONE, by=owner)
    person = Person.objects.get(pk=row.person_id)
    assert person.user == owner and person.claimed_at is not None
    volunteer = Volunteer.objects.get(person=person)
    assert (volunteer.state, volunteer.team, volunteer.skills.get().name) == ("active", office.teams[0], "理发")
    assert [held.role for held in roles_of(User.objects.get(pk=owner.pk))] == [Role.VOLUNTEER]
    assert list(to_claim(owner)) == []


def test_five_wrong_tries_end_it_and_tell_nothing(row: OnRoll, owner: User) -> None:
    for _try in range(WRONG_TRIES):
        assert confirm(row=row, name="扎西", ending=IDS[0][-4:], how=OnRoll.How.PHONE, by=owner) is None
    with pytest.raises(Refused):
        confirm(row=row, name="扎西·尼玛", ending=IDS[0][-4:], how=OnRoll.How.PHONE, by=owner)
    assert list(to_claim(owner)) == [] and volunteers(row) == 0


def test_another_phone_is_offered_nobody(row: OnRoll) -> None:
    assert list(to_claim(make.new_user())) == []
    with pytest.raises(Forbidden):
        say_it_is_not_me(row=row, by=make.new_user())


def test_who_says_no_is_not_put_on_roll_again_by_a_list(office: Office, row: OnRoll, owner: User) -> None:
    say_it_is_not_me(row=row, by=owner)
    again = brought(office, book(line("扎西·尼玛", IDS[0], PHONE)))
    assert again.lines.get().problems == [{"field": "name", "code": "declined"}]
    assert list(to_claim(owner)) == [] and volunteers(row) == 0


def test_what_he_has_confirmed_no_list_changes(office: Office, row: OnRoll, owner: User) -> None:
    confirm(row=row, name="扎西·尼玛", ending=IDS[0][-4:], how=OnRoll.How.PHONE, by=owner)
    roster = brought(office, book(line("扎西·尼玛", IDS[0], "13900009999")))
    assert roster.counts["known"] == 1 and roster.good == 0


def test_a_slip_works_once_until_its_day_and_with_the_right_name_only(office: Office, row: OnRoll) -> None:
    [(_row, first)] = make_slips(rows=[row], by=office.clerk)
    [(_row, code)] = make_slips(rows=[row], by=office.clerk)
    assert by_slip(first) is None
    held = by_slip(f" {code[:5].lower()} {code[5:]}")
    assert held == row
    with clock.at(clock.now() + SLIP_LIVES + timedelta(minutes=1)):
        assert by_slip(code) is None
    holder = make.new_user()
    assert confirm(row=row, name="别人", ending="0000", how=OnRoll.How.SLIP, by=holder) is None
    assert confirm(row=row, name="扎西·尼玛", ending=IDS[0][-4:], how=OnRoll.How.SLIP, by=holder)
    assert by_slip(code) is None and volunteers(row) == 1


def test_slips_and_sheets_are_made_within_reach_only(office: Office, row: OnRoll) -> None:
    stranger = make.staff("外人", Role.CAPTAIN, office.teams[1])
    with pytest.raises(Refused):
        make_slips(rows=[row], by=stranger)
    with pytest.raises(Refused):
        write_sheet(rows=[row], team=row.team, witness="何见证", signed_on=clock.today(), by=stranger)


def test_a_signed_sheet_needs_a_witness_and_a_second_person(office: Office, row: OnRoll) -> None:
    today = clock.today()
    for witness, day in (("", today), ("扎西·尼玛", today), ("何见证", today + timedelta(days=1))):
        with pytest.raises(Refused):
            write_sheet(rows=[row], team=row.team, witness=witness, signed_on=day, by=office.clerk)
    sheet = write_sheet(rows=[row], team=row.team, witness="何见证", signed_on=today, by=office.clerk)
    assert volunteers(row) == 0
    with pytest.raises(Refused):
        confirm_sheet(sheet=sheet, by=office.clerk)
    with pytest.raises(Forbidden):
        confirm_sheet(sheet=sheet, by=make.staff("外人", Role.CAPTAIN, office.teams[1]))
    confirm_sheet(sheet=sheet, by=office.colleague)
    person = Person.objects.get(pk=row.person_id)
    assert volunteers(row) == 1 and person.user is None and person.claimed_at is not None


def test_all_who_signed_a_sheet_serve_with_as_many_statements_as_one(office: Office) -> None:
    lines = [
        line(name, number, skills="理发") for name, number in zip(("王芳", "李强", "赵敏", "孙丽"), IDS, strict=False)
    ]
    accepted(office, book(*lines))
    first, *others = OnRoll.objects.select_related("team").order_by("pk")
    queries = []
    for rows in ([first], others):
        sheet = write_sheet(rows=rows, team=first.team, witness="何见证", signed_on=clock.today(), by=office.clerk)
        with CaptureQueriesContext(connection) as asked:
            confirm_sheet(sheet=sheet, by=office.colleague)
        queries.append(len(asked))
    assert queries[1] <= queries[0]
    serving = Volunteer.objects.filter(state=Volunteer.State.ACTIVE, person__on_roll__in=[first, *others])
    assert [[skill.name for skill in each.skills.all()] for each in serving] == [["理发"]] * len([first, *others])


def test_a_sheet_written_down_wrongly_lets_its_people_wait_again(office: Office, row: OnRoll) -> None:
    sheet = write_sheet(rows=[row], team=row.team, witness="何见证", signed_on=clock.today(), by=office.clerk)
    void_sheet(sheet=sheet, by=office.clerk)
    assert OnRoll.objects.get().sheet is None
    with pytest.raises(Refused):
        confirm_sheet(sheet=sheet, by=office.colleague)
    assert SignedSheet.objects.get().state == SignedSheet.State.VOID


def test_somebody_we_know_already_is_asked_and_says_yes_with_one_tap(office: Office) -> None:
    known = make.person("王芳", home=office.city.community)
    phone = known.phone.open()
    accepted(office, book(line("王芳", IDS[0], phone)))
    row = OnRoll.objects.get()
    assert row.person == known and Person.objects.filter(is_imported=True).count() == 0
    make.everybody_hears()
    assert any("东河红帽队" in text for text in make.told(known))
    assert confirm(row=row, name="", ending="", how=OnRoll.How.PHONE, by=make.user_of(known))
    assert volunteers(row) == 1
