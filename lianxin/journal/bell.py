"""Who listens to which deed, and how they are called: at least once, in no order, in the background.

A listener is a function of one entry in some app's `tasks.py`. It keys what it does by the entry, so that hearing
twice is harmless.
"""

import json
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import chain
from typing import NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from procrastinate.contrib.django import app

from lianxin.base.actions import part_of_a_whole
from lianxin.base.prepared import Prepared, is_any_of
from lianxin.journal.models import Entry

logger = logging.getLogger(__name__)

Listener = Callable[[Entry], None]
Condition = Callable[[Entry], bool]

AT_ONCE = 50
"""How many jobs that wait are taken along by one that runs."""
GATHERING = 0.25
"""For how many seconds a job lets others come, as databases do with commits; nobody reads a notice sooner."""


class Listening(NamedTuple):
    """A listener, and which entries of the name concern him."""

    listener: Listener
    when: Condition


_listeners: dict[str, list[Listening]] = defaultdict(list)
_long: set[str] = set()
_is_heard_at_once: ContextVar[bool] = ContextVar("heard_at_once", default=False)


def _always(_entry: Entry) -> bool:
    return True


def on(*names: str, when: Condition = _always, is_long: bool = False) -> Callable[[Listener], Listener]:
    """Have the function called for every entry with one of these names.

    `when` looks at the entry alone, before anything is queued. What takes more than a moment says `is_long`, and is
    never done in one transaction with others.
    """

    def listen(listener: Listener) -> Listener:
        for name in names:
            _listeners[name].append(Listening(listener, when))
        if is_long:
            _long.update(names)
        return listener

    return listen


def ring(entries: Iterable[Entry]) -> None:
    """Queue one job per name for those of these entries that somebody listens to.

    It stands in the caller's transaction: no deed, no job; no job lost.
    """
    heard: dict[str, list[int]] = defaultdict(list)
    for entry in entries:
        if _listening_to(entry):
            heard[entry.name].append(entry.pk)
    if is_heard_at_once():
        hear(sorted(chain.from_iterable(heard.values())))
        return
    for name, keys in heard.items():
        (hear_alone if name in _long else hear_waiting).defer(name=name, entries=keys)


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


def is_heard_at_once() -> bool:
    """Whether we are inside of `heard_at_once`."""
    return _is_heard_at_once.get()


def hear(entries: Sequence[int]) -> None:
    """Call the listeners for each entry; one that fails does not silence the others."""
    failed = [error for entry in _rows(entries) for error in _call(entry)]
    if failed:
        raise ExceptionGroup(f"{len(failed)} listeners failed", failed)


@app.task(name="journal.hear_alone", retry=5)
def hear_alone(name: str, entries: Sequence[int]) -> None:
    """Deeds whose listeners take their time, or failed before. The name is for whoever reads the queue."""
    hear(entries)


@app.task(name="journal.hear", retry=5)
def hear_waiting(name: str, entries: Sequence[int]) -> None:
    """These deeds, and with them, in one transaction, whatever else waits by now.

    A job by itself costs more than most listeners (`make bench NAME=loop`). What is taken along leaves the queue with
    its effects, or, if we are killed, neither. If a listener fails, nothing of it was done, and each has it apart.
    """
    time.sleep(GATHERING)
    try:
        with transaction.atomic(), part_of_a_whole():
            for entry in _rows([*entries, *_taken_along()]):
                for listener in _listening_to(entry):
                    listener(entry)
    except Exception:
        logger.exception("heard each apart, because a listener failed", extra={"job": name})
        _hear_apart(entries)


def _hear_apart(entries: Sequence[int]) -> None:
    """These deeds, tried again where a listener fails; and what waits, of which whoever fails gets a job alone."""
    try:
        hear(entries)
    finally:
        with transaction.atomic():
            failed = [entry for entry in _rows(_taken_along()) if list(_call(entry))]
            for entry in failed:
                hear_alone.configure(schedule_in={"seconds": 1}).defer(name=entry.name, entries=[entry.pk])


def _taken_along() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE id IN ("
            "SELECT id FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo' AND scheduled_at IS NULL"
            " ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING args -> 'entries'",
            [hear_waiting.name, AT_ONCE],
        )
        return [key for (keys,) in cursor.fetchall() for key in (json.loads(keys) if isinstance(keys, str) else keys)]


def _rows(entries: Sequence[int]) -> Iterable[Entry]:
    return _entries(list(entries)) if entries else []


_entries = Prepared(
    lambda keys: Entry.objects.filter(is_any_of("pk", keys)).order_by("pk"), ArrayField(models.BigIntegerField())
)


def _listening_to(entry: Entry) -> list[Listener]:
    return [each.listener for each in _listeners.get(entry.name, ()) if each.when(entry)]


def _call(entry: Entry) -> Iterator[Exception]:
    """Each listener in a transaction of its own, or a part of ours; gives what went wrong.

    Heard at once, whatever goes wrong takes the deed along, so that no listener needs a savepoint of his own.
    """
    is_apart = not is_heard_at_once()
    for listener in _listening_to(entry):
        try:
            with transaction.atomic(savepoint=is_apart), part_of_a_whole():
                listener(entry)
        except Exception as error:
            logger.exception("listener %s failed", listener.__qualname__, extra={"entry": entry.pk})
            yield error
