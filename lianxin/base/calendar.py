"""The yearly plan of days off, loaded as data and never computed (rule C2).

One JSON file per notice of the State Council: {year, papers, source, days: [{name, date, isOffDay}]}. The shape is that
of the public `holiday-cn` files, so that the next year's file can be taken from there; `source` is our own addition. A
file's year is that of its notice, so that the last days of the year before may stand in it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from lianxin.base import clock, working_time
from lianxin.base.actions import action
from lianxin.base.models import CalendarDay, HolidayNotice
from lianxin.base.refused import Refused

SHIPPED = Path(__file__).parent / "calendar_data"
YEARS = range(2000, 2101)
LONGEST_NAME, LONGEST_SOURCE, MOST_DAYS = 20, 200, 400


@dataclass(frozen=True)
class Day:
    """One line of a notice."""

    day: date
    is_workday: bool
    name: str


@dataclass(frozen=True)
class Notice:
    """What a file says: days in the order of the calendar, each once."""

    year: int
    source: str
    days: tuple[Day, ...]


def read_notice(text: str | bytes) -> Notice:
    """Read a file; refused with the line or the day that cannot be understood."""
    try:
        said = json.loads(text)
    except json.JSONDecodeError as error:
        raise Refused(_("第 %(line)s 行读不懂，请用 JSON 格式的节假日文件。") % {"line": error.lineno}) from error
    except UnicodeDecodeError as error:
        raise Refused(_("文件的文字编码读不懂，请另存为 UTF-8。")) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, brackets within brackets
        raise Refused(_("这不是节假日文件，请检查。")) from error
    if not isinstance(said, dict) or not isinstance(said.get("year"), int) or said["year"] not in YEARS:
        raise Refused(_("文件里要写明是哪一年（year）。"))
    lines = said.get("days")
    if not isinstance(lines, list) or not 1 <= len(lines) <= MOST_DAYS:
        raise Refused(_("文件里没有列出放假和上班的日子（days）。"))
    days = [_read_day(number, line, said["year"]) for number, line in enumerate(lines, start=1)]
    return Notice(said["year"], _source(said), tuple(sorted(_each_once(days), key=lambda each: each.day)))


def _read_day(number: int, line: Any, year: int) -> Day:
    try:
        day, is_off, name = date.fromisoformat(line["date"]), line["isOffDay"], line["name"]
    except (KeyError, TypeError, ValueError) as error:
        words = _("第 %(number)s 天读不懂：要有 date（如 2027-01-01）、isOffDay 和 name。")
        raise Refused(words % {"number": number}) from error
    if not isinstance(is_off, bool) or not isinstance(name, str) or not _is_name(name):
        words = _("第 %(number)s 天：isOffDay 只能是 true 或 false，name 最多 %(most)s 个字。")
        raise Refused(words % {"number": number, "most": LONGEST_NAME})
    if not date(year - 1, 12, 1) <= day <= date(year + 1, 1, 31):
        raise Refused(_("第 %(number)s 天 %(day)s 不在 %(year)s 年。") % {"number": number, "day": day, "year": year})
    return Day(day, not is_off, name)


def _is_name(name: str) -> bool:
    """What can be kept and shown: no control characters, which JSON may hold and the database does not take."""
    return 1 <= len(name) <= LONGEST_NAME and name.isprintable()


def _each_once(days: list[Day]) -> list[Day]:
    known: set[date] = set()
    for each in days:
        if each.day in known:
            raise Refused(_("%(day)s 列了两次，请只留一次。") % {"day": each.day})
        known.add(each.day)
    return days


def _source(said: Mapping[str, Any]) -> str:
    papers = said.get("papers")
    first = papers[0] if isinstance(papers, list) and papers else ""
    named = str(said.get("source") or first)[:LONGEST_SOURCE]
    return named if named and named.isprintable() else str(said["year"])


@action
def load_notice(notice: Notice) -> HolidayNotice:
    """Put the days into the table, in place of all that an earlier file of the same year's notice said.

    A day that another year's notice has said too is as the one says that was loaded last.
    """
    said = {"source": notice.source, "loaded_at": clock.now()}
    row, _is_new = HolidayNotice.objects.update_or_create(year=notice.year, defaults=said)
    CalendarDay.objects.filter(notice=row).delete()
    CalendarDay.objects.bulk_create(
        [CalendarDay(day=each.day, is_workday=each.is_workday, name=each.name, notice=row) for each in notice.days],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["is_workday", "name", "notice"],
    )
    working_time.forget_table()
    return row


@action
def drop_notice(year: int) -> int:
    """Take a year's notice out of the table, which should not have been loaded; how many days it had said."""
    said = CalendarDay.objects.filter(notice__year=year).count()
    HolidayNotice.objects.filter(year=year).delete()
    working_time.forget_table()
    return said


@action
def load_shipped_notices() -> list[int]:
    """Load what comes with this release of years whose notice nobody has loaded; the years."""
    known = set(HolidayNotice.objects.values_list("year", flat=True))
    shipped = [read_notice(file.read_text()) for file in sorted(SHIPPED.glob("*.json"))]
    new = [notice for notice in shipped if notice.year not in known]
    for notice in new:
        load_notice(notice)
    return [notice.year for notice in new]
