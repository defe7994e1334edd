"""Moments as whole minutes since the city's first day (UTC), and their texts, made once per day and minute."""

from datetime import UTC, date, datetime, timedelta

DAY = 1_440
CITY_TIME = 480
"""How many minutes the city's clock is ahead of UTC."""

_CLOCK = [f"{minute // 60:02}:{minute % 60:02}:00+00:00" for minute in range(DAY)]


class Moments:
    """The texts of all minutes between two days, written as Python writes an aware datetime."""

    def __init__(self, first: date, until: datetime) -> None:
        self.first = first
        start = datetime(first.year, first.month, first.day, tzinfo=UTC)
        self.now = int((until - start).total_seconds() // 60)
        self._days = [f"{first + timedelta(days=day)}" for day in range(self.now // DAY + 400)]

    def text(self, minute: int) -> str:
        """The moment, as the database reads it."""
        day, rest = divmod(minute, DAY)
        return f"{self._days[day]} {_CLOCK[rest]}"

    def past(self, minute: int | None) -> str | None:
        """The moment if it is over; else None."""
        return None if minute is None or minute > self.now else self.text(minute)

    def day(self, number: int) -> str:
        """The date of the day of that number, the first being 0."""
        return self._days[number]

    def range(self, start: int, end: int) -> str:
        """From the one moment to the other."""
        return f'["{self.text(start)}","{self.text(end)}")'

    def local(self, day: int, hour: float) -> int:
        """The moment at which the city's clocks show that hour of that day."""
        return day * DAY + int(hour * 60) - CITY_TIME
