"""Working time: weekdays 08:30 to 12:00 and 13:30 to 17:30, with the holidays and worked weekends of the table.

The State Council's yearly notice is loaded as data (`CalendarDay`), never computed: see docs/rules.md, clocks.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from time import monotonic

from django.utils import timezone

from lianxin.base.models import CalendarDay

SHIFTS = ((time(8, 30), time(12, 0)), (time(13, 30), time(17, 30)))
WORKDAY = timedelta(hours=7.5)


KEPT_FOR = 60.0
"""For how many seconds a process may know the table from memory: it changes once a year, and is asked at every step."""


def exceptions(since: date, until: date) -> dict[date, bool]:
    """The table's days between both dates, and whether each is worked."""
    return {day: is_worked for day, is_worked in _table().items() if since <= day <= until}


def forget_table() -> None:
    """The table has changed: this process reads it anew at once, every other one within a minute."""
    _read.cache_clear()


def _table() -> dict[date, bool]:
    return _read(int(monotonic() / KEPT_FOR))


@lru_cache(maxsize=1)
def _read(_minute: int) -> dict[date, bool]:
    return dict(CalendarDay.objects.values_list("day", "is_workday"))


def is_workday(day: date, table: dict[date, bool]) -> bool:
    """Whether people work on `day`: the table's word, else Monday to Friday."""
    return table.get(day, day.weekday() < 5)


def after(moment: datetime, worked: timedelta) -> datetime:
    """The moment at which `worked` time of work has passed since `moment` (both aware)."""
    table = _table()
    left = worked
    for start, end in _shifts_from(timezone.localtime(moment), table):
        if start + left <= end:
            return start + left
        left -= end - start
    raise AssertionError("the working calendar never ends")


def between(moment: datetime, until: datetime) -> timedelta:
    """How much time of work lies between both moments (aware); none when `until` is not later."""
    table = _table()
    worked = timedelta()
    for start, end in _shifts_from(timezone.localtime(moment), table):
        if start >= until:
            return worked
        worked += min(end, until) - start
    raise AssertionError("the working calendar never ends")


def _shifts_from(moment: datetime, table: dict[date, bool]) -> Iterator[tuple[datetime, datetime]]:
    day = moment.date()
    while True:
        if is_workday(day, table):
            for opens, closes in SHIFTS:
                start = max(moment, datetime.combine(day, opens, moment.tzinfo))
                end = datetime.combine(day, closes, moment.tzinfo)
                if start < end:
                    yield start, end
        day += timedelta(days=1)
