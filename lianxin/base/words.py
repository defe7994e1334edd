"""Times and lengths as people say them; pages use them through the filters of `templatetags.parts`."""

from datetime import date, datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from lianxin.base.clock import today

WEEKDAYS = tuple(map(gettext_lazy, ("周一", "周二", "周三", "周四", "周五", "周六", "周日")))
NEAR = {-1: gettext_lazy("昨天"), 0: gettext_lazy("今天"), 1: gettext_lazy("明天")}
HOUR = 60
REMEMBERED = 2_000
"""How many days and moments keep their words, of today and in the language: a list that is seen again says the same."""


def day_in_words(value: date) -> str:
    """A day as people say it: 昨天, 今天, 明天, 周六 for the five days after that, 3月5日, 2027年3月5日."""
    day = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return _day(day, today(), get_language())


def moment_in_words(value: datetime) -> str:
    """A moment as people say it: 今天 14:30."""
    local = timezone.localtime(value)
    return f"{day_in_words(local.date())} {local:%H:%M}"


def full_date_in_words(value: date) -> str:
    """A day with its year and weekday: 2026年3月5日 周四."""
    return _full_date(value.year, value.month, value.day, get_language())


def calendar_day_in_words(value: date) -> str:
    """A day of a year that is known, with its weekday: 3月5日 周四."""
    return f"{_calendar_words(value, with_year=False)} {WEEKDAYS[value.weekday()]}"


def full_moment_in_words(value: datetime) -> str:
    """A moment with its year and weekday: 2026年3月5日 周四 14:30."""
    local = timezone.localtime(value)
    return f"{full_date_in_words(local)} {local:%H:%M}"


def hours_in_words(minutes: int) -> str:
    """Whole minutes, never rounded: 45 分钟, 2 小时, 1.5 小时, 1 小时 20 分钟."""
    whole, rest = divmod(minutes, HOUR)
    if minutes and not whole:
        return _("%(minutes)d 分钟") % {"minutes": rest}
    if rest == 0:
        return _("%(hours)s 小时") % {"hours": whole}
    if rest == HOUR // 2:
        return _("%(hours)s 小时") % {"hours": f"{whole}.5"}
    return _("%(hours)d 小时 %(minutes)d 分钟") % {"hours": whole, "minutes": rest}


@lru_cache(maxsize=REMEMBERED)
def _day(day: date, present: date, _language: str | None) -> str:
    ahead = (day - present).days
    if ahead in NEAR:
        return str(NEAR[ahead])
    if 1 < ahead < len(WEEKDAYS):
        return str(WEEKDAYS[day.weekday()])
    return _calendar_words(day, with_year=day.year != present.year)


@lru_cache(maxsize=REMEMBERED)
def _full_date(year: int, month: int, day: int, _language: str | None) -> str:
    value = date(year, month, day)
    return f"{_calendar_words(value, with_year=True)} {WEEKDAYS[value.weekday()]}"


def _calendar_words(day: date, *, with_year: bool) -> str:
    words = _("%(month)d月%(day)d日") % {"month": day.month, "day": day.day}
    return _("%(year)d年%(rest)s") % {"year": day.year, "rest": words} if with_year else words
