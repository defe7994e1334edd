"""The days off of the State Council's notices."""

import json
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar  # type: ignore[import-untyped]
import pytest

from lianxin.base.calendar import load_calendar, load_shipped_calendars
from lianxin.base.models import CalendarDay
from lianxin.base.working_time import exceptions, is_workday

pytestmark = pytest.mark.django_db


def write(folder: Path, days: dict[str, bool]) -> Path:
    file = folder / "2031.json"
    listed = [{"name": "元旦", "date": day, "isOffDay": is_off} for day, is_off in days.items()]
    file.write_text(json.dumps({"year": 2031, "papers": ["https://example.org/notice"], "days": listed}))
    return file


def test_the_shipped_year_2026_agrees_day_by_day_with_the_library_that_everybody_uses() -> None:
    load_shipped_calendars()
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    table = exceptions(first, last)
    days = [first + timedelta(days=number) for number in range(365)]
    assert [is_workday(day, table) for day in days] == [chinese_calendar.is_workday(day) for day in days]


def test_a_calendar_that_is_loaded_while_we_run_counts_at_once(tmp_path: Path) -> None:
    day = date(2031, 1, 1)
    assert is_workday(day, exceptions(day, day))
    load_calendar(write(tmp_path, {"2031-01-01": True}))
    assert not is_workday(day, exceptions(day, day))


def test_the_year_2026_has_33_days_off_and_6_worked_weekend_days() -> None:
    load_shipped_calendars()
    assert CalendarDay.objects.filter(is_workday=False).count() == 33
    assert CalendarDay.objects.filter(is_workday=True).count() == 6


def test_a_file_in_the_public_shape_without_a_source_is_loaded(tmp_path: Path) -> None:
    assert load_calendar(write(tmp_path, {"2031-01-01": True, "2031-01-05": False})) == 2
    assert dict(CalendarDay.objects.values_list("day", "is_workday")) == {
        date(2031, 1, 1): False,
        date(2031, 1, 5): True,
    }


def test_loaded_again_a_corrected_file_replaces_what_it_said_before(tmp_path: Path) -> None:
    load_calendar(write(tmp_path, {"2031-01-01": True, "2031-01-05": False}))
    load_calendar(write(tmp_path, {"2031-01-01": True}))
    assert list(CalendarDay.objects.values_list("day", flat=True)) == [date(2031, 1, 1)]
