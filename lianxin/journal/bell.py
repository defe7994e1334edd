"""Who listens to which deed, and how they are called: at least once, in no order, in the background.

A listener is a function of one entry in some app's `tasks.py`. It keys what it does by the entry, so that hearing
twice is harmless.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from procrastinate.contrib.django import app

from lianxin.journal.models import Entry

logger = logging.getLogger(__name__)

Listener = Callable[[Entry], None]

_listeners: dict[str, list[Listener]] = defaultdict(list)
_is_heard_at_once: ContextVar[bool] = ContextVar("heard_at_once", default=False)


def on(*names: str) -> Callable[[Listener], Listener]:
    """Have the function called for every entry with one of these names."""

    def listen(listener: Listener) -> Listener:
        for name in names:
            _listeners[name].append(listener)
        return listener

    return listen


def has_listeners(name: str) -> bool:
    """Whether anybody listens to entries of this name."""
    return name in _listeners


def ring(name: str, entries: Sequence[int]) -> None:
    """Queue one job for these entries, in the caller's transaction: no deed, no job; no job lost."""
    if _is_heard_at_once.get():
        hear(name=name, entries=entries)
    else:
        hear.defer(name=name, entries=list(entries))


@contextmanager
def heard_at_once() -> Iterator[None]:
    """Inside, listeners hear in the deed's own transaction and at its own, perhaps pretended, time.

    For whoever lives through a history: a job would be done later, and by the real clock.
    """
    token = _is_heard_at_once.set(True)
    try:
        yield
    finally:
        _is_heard_at_once.reset(token)


@app.task(name="journal.hear", retry=5)
def hear(name: str, entries: Sequence[int]) -> None:
    """Call the listeners for each entry; one that fails does not silence the others, and the job is tried again."""
    failed = []
    for entry in Entry.objects.filter(pk__in=entries).order_by("pk"):
        for listener in _listeners[name]:
            try:
                listener(entry)
            except Exception as error:
                logger.exception("listener %s failed", listener.__qualname__, extra={"entry": entry.pk})
                failed.append(error)
    if failed:
        raise ExceptionGroup(f"{len(failed)} listeners failed", failed)
