"""From an office's file to people on roll: all good lines or none, and nothing twice."""

from io import BytesIO

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from lianxin.base import clock
from lianxin.base.refused import Forbidden, Refused
from lianxin.exchange.actions import rosters as actions
from lianxin.exchange.actions import writing
from lianxin.exchange.models.roll import OnRoll
from lianxin.exchange.models.rosters import Line, Outcome, Roster, Source
from lianxin.exchange.queries.rosters import rosters_of, same_file
from lianxin.exchange.rules.rights import FILE_KEPT
from lianxin.journal.models import Entry
from lianxin.organisations.models import Role
from lianxin.people.models import Person
from lianxin.people.queries import people_named
from lianxin.users.models import User
from lianxin.volunteers.models import Volunteer
from tests import make
from tests.exchange.conftest import Office
from tests.exchange.messy import messy, with_check

HEADS = ("姓名", "身份证号", "手机", "服务队", "社区", "特长")
IDS = [with_check(f"1101051970010{day}001") for day in range(1, 9)]
COUNTED = ("new", "changed", "known", "wrong", "lost")


def book(*rows: tuple[object, ...], heads: tuple[str, ...] = HEADS) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet("名单")
        for number, row in enumerate((heads, *rows)):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def brought(office: Office, data: bytes, *, by: User | None = None, source: str = "", name: str = "a.xlsx") -> Roster:
    """Uploaded, mapped as guessed, and checked."""
    clerk = by or office.clerk
    roster = actions.upload_roster(data=data, file_name=name, source=source, by=clerk)
    make.everybody_hears()
    roster.refresh_from_db()
    if roster.state == Roster.State.TO_MAP:
        actions.map_roster(roster=roster, mapping=roster.mapping, by=clerk)
        make.everybody_hears()
        roster.refresh_from_db()
    return roster


def accepted(office: Office, data: bytes, *, by: User | None = None) -> Roster:
    roster = brought(office, data, by=by)
    actions.accept_roster(roster=roster, by=by or office.clerk)
    make.everybody_hears()
    roster.refresh_from_db()
    return roster


def counts(roster: Roster) -> list[int]:
    return [roster.counts[name] for name in COUNTED]


def line(
    name: str, number: str, phone: str = "", team: str = "东河红帽队", home: str = "", skills: str = ""
) -> tuple[str, ...]:
    return name, number, phone, team, home, skills


def test_what_is_good_is_written_and_the_rest_comes_back_with_reasons(office: Office) -> None:
    messed = messy(7, office.world)
    roster = accepted(office, messed.data)
    assert roster.state == Roster.State.ACCEPTED
    assert counts(roster) == [messed.people, 0, 0, len(messed.faults), 0]
    assert OnRoll.objects.count() == Person.objects.filter(is_imported=True).count() == messed.people
    back = CalamineWorkbook.from_filelike(BytesIO(actions.take_errors(roster=roster, by=office.clerk)))
    rows = back.get_sheet_by_index(0).to_python()[2:]
    assert [int(row[0]) for row in rows] == [number for number, *_rest in messed.faults]  # type: ignore[arg-type]
    assert all(row[1] and row[2] and row[3] for row in rows)


def test_an_id_number_that_lost_digits_comes_back_as_a_number_so_that_it_never_looks_good(office: Office) -> None:
    roster = brought(office, book(("王芳", 440524188001010014.0, "", "东河红帽队", "", "")))
    back = CalamineWorkbook.from_filelike(BytesIO(actions.take_errors(roster=roster, by=office.clerk)))
    assert isinstance(back.get_sheet_by_index(0).to_python()[2][5], float)


def test_people_are_found_like_those_who_were_written_down_one_by_one(office: Office) -> None:
    accepted(office, book(line("单小丽", IDS[0], "13800001111", home="和平里社区", skills="理发")))
    imported = Person.objects.get(is_imported=True)
    by_hand = make.person("单小丽", is_user=False)
    assert imported.search == by_hand.search
    assert list(people_named("小丽")) == [imported, by_hand]
    assert imported.id_number.open() == IDS[0] and imported.phone.open() == "13800001111"
    assert imported.born_on is not None and imported.home == office.city.community
    assert IDS[0].encode() not in bytes(imported.id_number)


def test_the_imported_count_for_nothing(office: Office) -> None:
    accepted(office, book(line("王芳", IDS[0])))
    person = Person.objects.get(is_imported=True)
    assert (person.claimed_at, person.user) == (None, None)
    assert not Volunteer.objects.filter(person=person).exists()
    assert not person.blocks.exists() and list(people_named("王芳")) == [person]


def test_the_same_file_again_changes_nothing_and_says_so(office: Office) -> None:
    data = book(line("王芳", IDS[0], "13800001111"), line("李强", IDS[1]))
    accepted(office, data)
    again = brought(office, data)
    assert counts(again) == [0, 0, 2, 0, 0]
    assert same_file(again) is not None
    with pytest.raises(Refused):
        actions.accept_roster(roster=again, by=office.clerk)
    assert OnRoll.objects.count() == 2


def test_who_has_not_confirmed_is_brought_up_to_date(office: Office) -> None:
    accepted(office, book(line("王芳", IDS[0], "13800001111")))
    roster = accepted(office, book(line("王芳", IDS[0], "13800002222", skills="理发")))
    assert counts(roster) == [0, 1, 0, 0, 0]
    person = Person.objects.get(is_imported=True)
    assert person.phone.open() == "13800002222" and person.phone_ending == "2222"
    assert person.on_roll.skills != []
    assert accepted_again(office) == [0, 0, 1, 0, 0]


def accepted_again(office: Office) -> list[int]:
    return counts(brought(office, book(line("王芳", IDS[0], "13800002222", skills="理发"))))


def test_an_id_number_under_another_name_is_never_overwritten(office: Office) -> None:
    accepted(office, book(line("王芳", IDS[0])))
    roster = brought(office, book(line("李强", IDS[0])))
    assert [problem["code"] for problem in Line.objects.get(roster=roster).problems] == ["id_of_other"]


def test_one_person_belongs_to_one_team_and_the_other_is_named_only_within_reach(office: Office) -> None:
    accepted(office, book(line("王芳", IDS[0])))
    again = brought(office, book(line("王芳", IDS[0], team="南山银龄队")))
    assert Line.objects.get(roster=again).problems == [{"field": "team", "code": "two_teams", "about": "东河红帽队"}]
    stranger = make.staff("外人", Role.CAPTAIN, office.teams[1])
    elsewhere = brought(office, book(line("王芳", IDS[0], team="南山银龄队")), by=stranger)
    assert Line.objects.get(roster=elsewhere).problems[0]["about"] == "别处的一支队"


def test_a_clerk_of_another_subtree_names_none_of_these_teams_and_sees_no_roster(office: Office) -> None:
    roster = brought(office, book(line("王芳", IDS[0])))
    stranger = make.staff("外人", Role.CAPTAIN, office.teams[1])
    assert list(rosters_of(stranger)) == []
    assert list(rosters_of(office.colleague)) == [roster]
    for deed in (actions.accept_roster, actions.drop_roster, actions.take_errors):
        with pytest.raises(Forbidden):
            deed(roster=roster, by=stranger)
    other = brought(office, book(line("王芳", IDS[0])), by=stranger)
    assert [problem["code"] for problem in Line.objects.get(roster=other).problems] == ["team_unknown"]


def test_the_second_of_two_clerks_learns_which_lines_lost(office: Office) -> None:
    data = book(line("王芳", IDS[0]), line("李强", IDS[1]))
    mine = brought(office, data)
    theirs = brought(office, book(line("王芳", IDS[0])), by=office.colleague)
    actions.accept_roster(roster=theirs, by=office.colleague)
    actions.accept_roster(roster=mine, by=office.clerk)
    make.everybody_hears()
    mine.refresh_from_db()
    assert counts(mine) == [1, 0, 0, 0, 1]
    assert Line.objects.get(roster=mine, outcome=Outcome.LOST).name == "王芳"
    assert Person.objects.filter(is_imported=True).count() == 2


def test_a_writing_that_breaks_off_leaves_nothing(office: Office) -> None:
    roster = brought(office, book(*(line("王芳", number) for number in IDS)))
    actions.accept_roster(roster=roster, by=office.clerk)
    broken = pytest.MonkeyPatch()
    broken.setattr(writing, "_change", _killed)
    with pytest.raises(KeyboardInterrupt):
        writing.write_roster(roster=roster, by=office.clerk)
    broken.undo()
    roster.refresh_from_db()
    assert roster.state == Roster.State.ACCEPTING
    assert (OnRoll.objects.count(), Person.objects.filter(is_imported=True).count()) == (0, 0)
    make.everybody_hears()
    assert OnRoll.objects.count() == len(IDS)


def _killed(*_facts: object) -> None:
    raise KeyboardInterrupt


def test_a_check_that_was_killed_begins_again(office: Office) -> None:
    roster = actions.upload_roster(data=book(line("王芳", IDS[0])), file_name="a.xlsx", source="", by=office.clerk)
    make.everybody_hears()
    roster.refresh_from_db()
    actions.map_roster(roster=roster, mapping=roster.mapping, by=office.clerk)
    Line.objects.create(roster=roster, number=99, outcome=Outcome.NEW)
    make.everybody_hears()
    assert list(Line.objects.filter(roster=roster).values_list("number", flat=True)) == [2]


def test_columns_are_remembered_for_a_source(office: Office) -> None:
    heads = ("人员", "证件", "电话", "编组", "社区", "特长")
    data = book(line("王芳", IDS[0]), heads=heads)
    roster = actions.upload_roster(data=data, file_name="a.xlsx", source="网格系统导出", by=office.clerk)
    make.everybody_hears()
    roster.refresh_from_db()
    with pytest.raises(Refused, match="姓名"):
        actions.map_roster(roster=roster, mapping=roster.mapping, by=office.clerk)
    mapping = {"0": "name", "1": "id_number", "3": "team"}
    actions.map_roster(roster=roster, mapping=mapping, by=office.clerk)
    assert Source.objects.get().mapping == {"人员": "name", "证件": "id_number", "编组": "team"}
    again = actions.upload_roster(data=data, file_name="b.xlsx", source="网格系统导出", by=office.colleague)
    make.everybody_hears()
    again.refresh_from_db()
    assert again.mapping == mapping


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_files_are_read_in_the_usual_encodings(office: Office, encoding: str) -> None:
    text = "\n".join(",".join(row) for row in (HEADS, line("扎西·尼玛", IDS[0], "13800001111")))
    roster = brought(office, text.encode(encoding), name="名单.csv")
    assert counts(roster) == [1, 0, 0, 0, 0]


def test_what_is_no_workbook_says_what_to_do(office: Office) -> None:
    for data, name in ((b"\x89PNG", "a.xlsx"), (b"PK\x03\x04broken", "a.xlsx"), (b"\xd0\xcf\x11\xe0broken", "a.xls")):
        roster = brought(office, data, name=name)
        assert roster.state == Roster.State.FAILED
        assert "xlsx" in roster.failure


def test_the_file_is_sealed_and_forgotten_in_time(office: Office) -> None:
    data = book(line("王芳", IDS[0]))
    roster = accepted(office, data)
    assert data not in bytes(Roster.objects.get(pk=roster.pk).file)
    with clock.at(clock.now() + FILE_KEPT * 2):
        actions.forget_old_rosters()
    assert Roster.objects.get(pk=roster.pk).file is None
    assert not Line.objects.filter(roster=roster).exists()
    assert OnRoll.objects.count() == 1


def test_nothing_private_reaches_the_journal(office: Office) -> None:
    accepted(office, book(line("王芳", IDS[0], "13800001111")))
    written = " ".join(f"{entry.subject_name} {entry.facts}" for entry in Entry.objects.all())
    assert IDS[0] not in written and "13800001111" not in written and "王芳" not in written
    lines = " ".join(str(row) for row in Line.objects.values_list())
    assert IDS[0] not in lines and "13800001111" not in lines
