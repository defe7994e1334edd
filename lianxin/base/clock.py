"""What time it is. Actions ask here, so that a half-year can be lived through in a minute."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """The present moment, aware; the pretended one inside `at`."""
    return _pretended.get() or timezone.now()


def today() -> date:
    """The present day in the city's time zone."""
    return timezone.localdate(now())


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Pretend, in this thread, that it is `moment` (aware)."""
    token = _pretended.set(moment)
    try:
        yield
    finally:
        _pretended.reset(token)
