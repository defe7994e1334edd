"""When a desk works through what has come in: two rounds on each day on which it is open."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from lianxin.demo.days import Days, at_hour, chance_of

MORNING, AFTERNOON = 10.2, 15.4
CHECKS_BEFORE = 1.1
CALLS = 14.6
TELEPHONES_UNTIL = 20.4


@dataclass(frozen=True)
class Rounds:
    """The rounds of one county's desks; on each day at minutes of its own."""

    county: str
    off: dict[date, bool]

    @property
    def days(self) -> Days:
        return Days(self.chance(date.min), self.off)

    def chance(self, day: date) -> Random:
        """The same for everybody who asks about this desk and day."""
        return chance_of(f"rounds:{self.county}:{day}")

    def after(self, moment: datetime, *, at_least: timedelta = timedelta()) -> datetime:
        """The first round at which the desk asks volunteers, so much later than `moment`."""
        earliest = moment + at_least
        day = earliest
        while True:
            for asked in self.of(day):
                if asked >= earliest:
                    return asked
            day = at_hour(day + timedelta(days=1), 0.0)

    def before(self, moment: datetime, back: int = 0) -> datetime:
        """The last round before `moment`, or one that lies so many further back."""
        day = moment
        while True:
            done = [asked for asked in reversed(self.of(day)) if asked < moment]
            if back < len(done):
                return done[back]
            back -= len(done)
            day = at_hour(day - timedelta(days=1), 23.9)
            moment = day

    def of(self, day: datetime) -> list[datetime]:
        """The rounds of that day; none when the desk is closed."""
        if not self.days.is_worked(day):
            return []
        rng = self.chance(at_hour(day, 12.0).date())
        return [at_hour(day, hour + rng.uniform(0, 0.7)) for hour in (MORNING, AFTERNOON)]

    def checked_before(self, asked: datetime) -> datetime:
        """When the station has checked what is asked about in this round."""
        return asked - timedelta(hours=CHECKS_BEFORE)

    def calls_of(self, day: datetime) -> datetime:
        """When the operators ring on that day those for whom something was done; every day of the week."""
        return at_hour(day, CALLS + self.chance(at_hour(day, 12.0).date()).uniform(0, 0.9))
