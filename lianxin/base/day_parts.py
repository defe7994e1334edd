"""Parts of a day, as people choose them: 明天上午, 周六下午."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.words import day_in_words

HALF_HOUR = timedelta(minutes=30)


class Part(TextChoices):
    """A part of a day in which people visit each other."""

    MORNING = "morning", _("上午")
    AFTERNOON = "afternoon", _("下午")
    EVENING = "evening", _("晚上")


DECENT = (time(7), time(21))
HOURS = {
    Part.MORNING: (time(9), time(12)),
    Part.AFTERNOON: (time(14), time(17)),
    Part.EVENING: (time(18), time(20)),
}


@dataclass(frozen=True)
class DayPart:
    """One part of one day; of a part that is running, what is left from the next half hour on."""

    day: date
    part: Part

    def __str__(self) -> str:
        return f"{day_in_words(self.day)}{self.part.label}"

    @property
    def slug(self) -> str:
        """What an address names it by: 2026-11-23-morning."""
        return f"{self.day:%Y-%m-%d}-{self.part.value}"

    @property
    def start(self) -> datetime:
        """When it begins, or the next half hour if it has begun."""
        return max(self._at(HOURS[self.part][0]), next_half_hour(clock.now()))

    @property
    def end(self) -> datetime:
        """When it is over."""
        return self._at(HOURS[self.part][1])

    def has_room_for(self, minutes: int) -> bool:
        """Whether something of that length can still be done in it."""
        is_whole = self.start == self._at(HOURS[self.part][0])
        return is_whole or self.start + timedelta(minutes=minutes) <= self.end

    def _at(self, hour: time) -> datetime:
        return datetime.combine(self.day, hour, timezone.get_current_timezone())


def next_half_hour(moment: datetime) -> datetime:
    """The first full or half hour at or after `moment`, in the city's time."""
    local = timezone.localtime(moment)
    begun = local.replace(minute=local.minute // 30 * 30, second=0, microsecond=0)
    return begun if begun == local else begun + HALF_HOUR


def is_decent(moment: datetime) -> bool:
    """Whether one may ring at a door then: from 07:00 to 21:00."""
    return DECENT[0] <= timezone.localtime(moment).time() < DECENT[1]


def next_decent(moment: datetime) -> datetime:
    """`moment`, or the next 07:00 if one may not ring at a door then."""
    local = timezone.localtime(moment)
    morning = local.replace(hour=DECENT[0].hour, minute=0, second=0, microsecond=0)
    if local.time() < DECENT[0]:
        return morning
    return local if local.time() < DECENT[1] else morning + timedelta(days=1)


def days_with_parts(since: date, days: int, minutes: int) -> Iterator[tuple[date, list[DayPart]]]:
    """The next days from `since` on, each with those of its parts that have room; a day without any is left out."""
    for ahead in range(days):
        day = since + timedelta(days=ahead)
        parts = [each for part in Part if (each := DayPart(day, part)).has_room_for(minutes)]
        if parts:
            yield day, parts
