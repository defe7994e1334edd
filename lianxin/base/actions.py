"""The one way to write: lock, check, write, note, in one transaction (house rules 3 and 4)."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, wraps
from typing import Any, Generic, ParamSpec, TypeAlias, TypeVar

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.utils.functional import Promise

from lianxin.base.prepared import Prepared, Slot, is_any_of
from lianxin.base.refused import Refused

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
Row = TypeVar("Row", bound=models.Model)

DEADLOCK, SERIALISATION_FAILURE = "40P01", "40001"
TRIES = 3
MOST_LEFT = 2_000

Finish: TypeAlias = Callable[[list[Any]], object]
_left_for_the_end: ContextVar[dict[Finish, list[Any]] | None] = ContextVar("left for the end", default=None)
"""What the outermost action does last, with all that its parts have left for it; None outside of any."""


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Run `function` as one transaction, wholly or not at all.

    An action called by another joins its transaction. A deadlock or serialisation failure is tried again, up to three
    times in all: two who promise one person's time at one moment wait for each other, and one has to begin anew. A
    broken constraint becomes a refusal in the constraint's own words.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _left_for_the_end.get() is not None:
            return function(*args, **kwargs)
        for _failed in range(TRIES - 1):
            try:
                return _once(function, *args, **kwargs)
            except OperationalError as error:
                if connection.in_atomic_block or _sqlstate(error) not in {DEADLOCK, SERIALISATION_FAILURE}:
                    raise
        return _once(function, *args, **kwargs)

    return run


def _once(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    with constraints_in_words(), transaction.atomic(), part_of_a_whole():
        return function(*args, **kwargs)


@contextmanager
def part_of_a_whole() -> Iterator[None]:
    """Actions called in here join the transaction that the caller has opened, without a savepoint each."""
    if _left_for_the_end.get() is not None:
        yield
        return
    token = _left_for_the_end.set({})
    try:
        yield
        _finish()
    finally:
        _left_for_the_end.reset(token)


def at_the_end(finish: Finish, rows: Iterable[Any]) -> None:
    """Have `finish` called with these rows, and all that others leave for it, at the end of the outermost action.

    It is still a part of the transaction: one statement instead of one for each deed. Outside of any action, at once;
    and of a deed done to very many, whenever so many have come together that they would only fill the memory.
    """
    left = _left_for_the_end.get()
    if left is None:
        finish(list(rows))
        return
    left.setdefault(finish, []).extend(rows)
    if len(left[finish]) >= MOST_LEFT:
        finish(left.pop(finish))


def _finish() -> None:
    """Until nothing is left: what is done last may leave something in its turn."""
    left = _left_for_the_end.get() or {}
    while left:
        finish = next(iter(left))
        rows = left.pop(finish)
        finish(rows)


@contextmanager
def constraints_in_words() -> Iterator[None]:
    """Turn a broken constraint into the refusal that the constraint itself words."""
    try:
        yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        words = _words_by_constraint().get(getattr(diagnosis, "constraint_name", None) or "")
        if words is None:
            raise
        raise Refused(words) from error


def lock(model: type[Row], pk: int, *related: str) -> Row:
    """The row with this key, locked against other writers until the transaction ends; `related` rows come unlocked."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a lock outside of an action would not last")
    # Twice: whose related row was exchanged while we waited for the lock falls out of the join of the first statement.
    find = _locking(model, related)
    locked: Row | None = find.first(pk) or (find.first(pk) if related else None)
    if locked is None:
        raise model.DoesNotExist(f"{model._meta.object_name} {pk}")  # type: ignore[attr-defined]
    return locked


@cache
def _locking(model: type[models.Model], related: tuple[str, ...]) -> Prepared[Any]:
    def rows(pk: Slot) -> models.QuerySet[models.Model]:
        locked = model._default_manager.select_for_update(of=("self",), no_key=True).filter(pk=pk)
        return locked.select_related(*related) if related else locked

    return Prepared(rows, models.BigIntegerField())


def alone(key: bytes) -> None:
    """Until this transaction ends no other may be alone with `key`, where there may be no row yet to lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(key[:8], signed=True)])


def lock_many(model: type[Row], pks: Iterable[int], *related: str) -> list[Row]:
    """The rows with these keys, locked in the order of their keys by one statement; what is gone is left out."""
    keys, find = set(pks), _locking_many(model, related)
    found: list[Row] = find(sorted(keys))
    if related and len(found) < len(keys):  # as in `lock`
        found += find(sorted(keys - {row.pk for row in found}))
    return sorted(found, key=lambda row: row.pk)


@cache
def _locking_many(model: type[models.Model], related: tuple[str, ...]) -> Prepared[Any]:
    def rows(pks: Slot) -> models.QuerySet[models.Model]:
        locked = model._default_manager.select_for_update(of=("self",), no_key=True)
        locked = locked.filter(is_any_of("pk", pks)).order_by("pk")
        return locked.select_related(*related) if related else locked

    return Prepared(rows, ArrayField(models.BigIntegerField()))


@dataclass
class Many(Generic[T]):
    """What became of a deed done to many rows in one transaction: what it made, and who was refused, by the row's key.

    A row that is refused is left as it was; the others go through together. What the database itself refuses at the
    end, or a fault, undoes them all.
    """

    done: list[T] = field(default_factory=list)
    refused: dict[int, Refused] = field(default_factory=dict)

    def or_refuse(self) -> list[T]:
        """What was made; of a deed that one row was refused, that refusal, which undoes it all."""
        for refusal in self.refused.values():
            raise refusal
        return self.done


@cache
def _words_by_constraint() -> dict[str, str | Promise]:
    return {
        constraint.name: constraint.violation_error_message or ""
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if constraint.violation_error_message != models.BaseConstraint.default_violation_error_message
    }


def _sqlstate(error: Exception) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)
