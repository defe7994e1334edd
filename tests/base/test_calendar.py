"""The days off of the State Council's notices."""

import json
from datetime import date, timedelta
from typing import Any

import chinese_calendar  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.base.calendar import drop_notice, load_notice, load_shipped_notices, read_notice
from lianxin.base.models import CalendarDay, HolidayNotice
from lianxin.base.refused import Refused
from lianxin.base.working_time import exceptions, is_workday

pytestmark = pytest.mark.django_db


def file_of(year: int, days: dict[str, bool]) -> str:
    listed = [{"name": "元旦", "date": day, "isOffDay": is_off} for day, is_off in days.items()]
    return lines_of(year, listed)


def lines_of(year: int, lines: list[dict[str, Any]]) -> str:
    return json.dumps({"year": year, "papers": ["https://example.org/notice"], "days": lines})


def load(year: int, days: dict[str, bool]) -> HolidayNotice:
    return load_notice(read_notice(file_of(year, days)))


def test_the_shipped_year_2026_agrees_day_by_day_with_the_library_that_everybody_uses() -> None:
    load_shipped_notices()
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    table = exceptions(first, last)
    days = [first + timedelta(days=number) for number in range(365)]
    assert [is_workday(day, table) for day in days] == [chinese_calendar.is_workday(day) for day in days]


def test_the_year_2026_has_33_days_off_and_6_worked_weekend_days() -> None:
    load_shipped_notices()
    assert CalendarDay.objects.filter(is_workday=False).count() == 33
    assert CalendarDay.objects.filter(is_workday=True).count() == 6


def test_what_somebody_loaded_himself_is_not_exchanged_for_what_is_shipped() -> None:
    load(2026, {"2026-01-01": True})
    assert load_shipped_notices() == []
    assert CalendarDay.objects.count() == 1


def test_shipped_notices_are_loaded_once() -> None:
    assert 2026 in load_shipped_notices()
    assert load_shipped_notices() == []


def test_a_calendar_that_is_loaded_while_we_run_counts_at_once() -> None:
    day = date(2031, 1, 1)
    assert is_workday(day, exceptions(day, day))
    load(2031, {"2031-01-01": True})
    assert not is_workday(day, exceptions(day, day))
    drop_notice(2031)
    assert is_workday(day, exceptions(day, day))


def test_a_file_in_the_public_shape_names_its_paper_as_its_source() -> None:
    assert load(2031, {"2031-01-01": True, "2031-01-05": False}).source == "https://example.org/notice"
    assert dict(CalendarDay.objects.values_list("day", "is_workday")) == {
        date(2031, 1, 1): False,
        date(2031, 1, 5): True,
    }


def test_a_source_that_cannot_be_kept_is_left_out() -> None:
    file = json.dumps({"year": 2031, "source": "a\0b", "days": [NEW_YEAR]})
    assert load_notice(read_notice(file)).source == "2031"


def test_loaded_again_a_corrected_file_replaces_what_it_said_before() -> None:
    load(2031, {"2031-01-01": True, "2031-01-05": False})
    load(2031, {"2031-01-01": True})
    assert list(CalendarDay.objects.values_list("day", flat=True)) == [date(2031, 1, 1)]
    assert HolidayNotice.objects.count() == 1


def test_the_last_days_of_a_year_may_stand_in_the_notice_of_the_next() -> None:
    load(2030, {"2030-12-31": False})
    load(2031, {"2030-12-31": True, "2031-01-01": True})
    last = CalendarDay.objects.get(day=date(2030, 12, 31))
    assert (last.is_workday, last.notice.year) == (False, 2031)


NEW_YEAR = {"name": "元旦", "date": "2031-01-01", "isOffDay": True}


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("{\n  nothing", "第 2 行读不懂"),
        (b"\xff\xfe\x00", "读不懂"),
        ("[]", "哪一年"),
        (file_of(31, {"2031-01-01": True}), "哪一年"),
        (file_of(2031, {}), "没有列出"),
        (lines_of(2031, [NEW_YEAR, {"name": "元旦", "date": "1月2日", "isOffDay": True}]), "第 2 天读不懂"),
        (lines_of(2031, [{"name": "元旦", "date": "2031-01-01"}]), "第 1 天读不懂"),
        (lines_of(2031, [NEW_YEAR | {"isOffDay": "no"}]), "true 或 false"),
        (lines_of(2031, [NEW_YEAR | {"name": "元" * 21}]), "最多 20 个字"),
        (lines_of(2031, [NEW_YEAR | {"name": "元\0旦"}]), "最多 20 个字"),
        (lines_of(2031, [NEW_YEAR | {"name": "\ud800"}]), "最多 20 个字"),
        ("[" * 150_000, "不是节假日文件"),
        ('{"year": ' + "9" * 5_000 + "}", "不是节假日文件"),
        (file_of(2031, {"2032-05-01": True}), "不在 2031 年"),
        (lines_of(2031, [NEW_YEAR, NEW_YEAR]), "列了两次"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_the_place_and_changes_nothing(file: str | bytes, words: str) -> None:
    load(2031, {"2031-01-02": True})
    with pytest.raises(Refused, match=words):
        load_notice(read_notice(file))
    assert list(CalendarDay.objects.values_list("day", flat=True)) == [date(2031, 1, 2)]


WORDS = ["year", "days", "date", "name", "isOffDay"]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(WORDS), inner),
)


@given(ANYTHING | st.builds(dict, year=st.just(2031), days=st.lists(ANYTHING, min_size=1)))
def test_whatever_a_file_holds_it_is_read_or_refused(said: Any) -> None:
    try:
        notice = read_notice(json.dumps(said))
    except Refused:
        return
    assert notice.days
