"""What time it is. Actions ask here, so that a half-year can be lived through in a minute."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time

from django.utils import timezone

_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """The present moment, aware; the pretended one inside `at`."""
    return _pretended.get() or timezone.now()


def today() -> date:
    """The present day in the city's time zone."""
    return timezone.localdate(now())


def daily(at_time: str) -> str:
    """The cron line for each day at this time of the city (`08:30`), since cron knows only universal time.

    Right all the year round: China has kept no summer time since 1991.
    """
    local = datetime.combine(today(), time.fromisoformat(at_time), timezone.get_default_timezone())
    return f"{local.astimezone(UTC):%-M %-H} * * *"


def day_begins(day: date) -> datetime:
    """The first moment of the day in the city; a moment that an index finds, where the day of a moment is reckoned."""
    return datetime.combine(day, time.min, timezone.get_current_timezone())


def day_ends(day: date) -> datetime:
    """The last moment of the day in the city."""
    return datetime.combine(day, time.max, timezone.get_current_timezone())


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Pretend, in this thread, that it is `moment` (aware)."""
    token = _pretended.set(moment)
    try:
        yield
    finally:
        _pretended.reset(token)
