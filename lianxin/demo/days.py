"""When things happen in the demo city: residents order in waking hours, desks work at desk hours, visits are by day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.utils import timezone

from lianxin.base import working_time

UP, DOWN = 6.0, 21.5
OPENS, CLOSES = 8.5, 17.5
VISIT_HOURS = (9.0, 9.5, 10.0, 13.5, 14.0, 14.5, 15.5)
EVENING, EVENING_SHARE = 18.5, 0.25


def chance_of(seed: str) -> Random:
    """Chance that falls the same way for the same seed."""
    return Random(seed)  # noqa: S311 nothing here is secret


def hour_of(moment: datetime) -> float:
    """The hour of the day in the city, with its fraction."""
    local = timezone.localtime(moment)
    return local.hour + local.minute / 60 + local.second / 3600


def at_hour(moment: datetime, hour: float) -> datetime:
    """The same day at that hour."""
    midnight = timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(hours=hour)


def awake(moment: datetime) -> datetime:
    """The moment itself, or the last before it at which people were awake: nobody asks for a lamp at three at night."""
    if hour_of(moment) < UP:
        return at_hour(moment - timedelta(days=1), DOWN)
    return min(moment, at_hour(moment, DOWN))


@dataclass
class Days:
    """Draws moments; it knows the days off, and a little of chance."""

    rng: Random
    off: dict[date, bool]

    def after(self, moment: datetime, least: float, most: float, until: float = DOWN) -> datetime:
        """Some hours later, put off till the morning when people are asleep."""
        later = moment + self._hours(least, most)
        if hour_of(later) < UP:
            return at_hour(later, UP + self.rng.uniform(0.2, 2))
        return later if hour_of(later) < until else at_hour(later + timedelta(days=1), UP + self.rng.uniform(0.2, 2))

    def at_desk_after(self, moment: datetime, least: float, most: float) -> datetime:
        """Some hours later, put off till the desk opens."""
        later = moment + self._hours(least, most)
        while not self.is_open(later):
            is_too_early = self.is_worked(later) and hour_of(later) < OPENS
            later = at_hour(later if is_too_early else later + timedelta(days=1), OPENS + self.rng.uniform(0, 0.7))
        return later

    def visit_after(self, moment: datetime, least_days: int, most_days: int) -> datetime:
        """A time for a visit on one of the next days, an hour away at least; at times in the evening."""
        while True:
            day = moment + timedelta(days=self.rng.randint(least_days, most_days))
            is_evening = self.is_worked(day) and self.chance(EVENING_SHARE)
            visit = at_hour(day, EVENING if is_evening else self.rng.choice(VISIT_HOURS))
            if visit - moment >= timedelta(hours=1):
                return visit
            most_days += 1

    def chance(self, share: float) -> bool:
        """True in this share of the cases."""
        return self.rng.random() < share

    def _hours(self, least: float, most: float) -> timedelta:
        return timedelta(seconds=round(self.rng.uniform(least, most) * 3600))

    def is_worked(self, moment: datetime) -> bool:
        """Whether the desks are open that day."""
        return working_time.is_workday(timezone.localtime(moment).date(), self.off)

    def is_open(self, moment: datetime) -> bool:
        """Whether the desks are open at that moment."""
        return self.is_worked(moment) and OPENS <= hour_of(moment) < CLOSES
