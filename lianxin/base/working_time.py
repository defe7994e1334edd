"""Working time: weekdays 08:30 to 12:00 and 13:30 to 17:30, with the holidays and worked weekends of the table.

The State Council's yearly notice is loaded as data (`CalendarDay`), never computed: see docs/rules.md, clocks.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db import models
from django.utils import timezone

from lianxin.base.models import CalendarDay
from lianxin.base.prepared import Prepared

SHIFTS = ((time(8, 30), time(12, 0)), (time(13, 30), time(17, 30)))
WORKDAY = timedelta(hours=7.5)
LONGEST_BREAK = timedelta(days=15)


def exceptions(since: date, until: date) -> dict[date, bool]:
    """The table's days between both dates, and whether each is worked; one query."""
    return {each.day: each.is_workday for each in _days_between(since, until)}


_days_between = Prepared(
    lambda since, until: CalendarDay.objects.filter(day__gte=since, day__lte=until),
    models.DateField(),
    models.DateField(),
)


def is_workday(day: date, table: dict[date, bool]) -> bool:
    """Whether people work on `day`: the table's word, else Monday to Friday."""
    return table.get(day, day.weekday() < 5)


def after(moment: datetime, worked: timedelta) -> datetime:
    """The moment at which `worked` time of work has passed since `moment` (both aware)."""
    table = exceptions(moment.date(), (moment + worked * 6 + LONGEST_BREAK).date())
    left = worked
    for start, end in _shifts_from(timezone.localtime(moment), table):
        if start + left <= end:
            return start + left
        left -= end - start
    raise AssertionError("the working calendar never ends")


def between(moment: datetime, until: datetime) -> timedelta:
    """How much time of work lies between both moments (aware); none when `until` is not later."""
    table = exceptions(moment.date(), until.date())
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
