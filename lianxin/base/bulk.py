"""Writing rows, one or thousands, by statements that are put together once.

Django compiles an insert anew each time, and an update of several rows as a CASE per field and row; for the few rows
of an everyday action that takes longer than PostgreSQL needs to write them (`make bench NAME=prepared`).
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, TypeAlias, TypeVar

from django.db import connection, models
from django.db.models.fields import NOT_PROVIDED

from lianxin.base.database.asking import rows_of

Row = TypeVar("Row", bound=models.Model)
AnyField: TypeAlias = "models.Field[Any, Any]"

COPY_FROM = 200


def insert_many(rows: Iterable[Row]) -> list[Row]:
    """Insert the rows and give them their keys: by COPY when there are many.

    Neither asks `save()`, so what it derives (`search`) is to be filled before; sealed fields seal themselves.
    """
    found = list(rows)
    if len(found) >= COPY_FROM:
        _draw_keys(found)
        _copy(found)
    elif found:
        _insert(found)
    return found


def insert_new(rows: Iterable[Row], *, key: str, within: tuple[str, ...] = ()) -> list[Row]:
    """Insert those of the rows whose `key` is not there yet; gives those.

    The key is unique; or it is so `within` other fields, which are the same for all of the rows.
    """
    waiting, new = list(rows), list[Row]()
    while waiting:
        some, waiting = waiting[:COPY_FROM], waiting[COPY_FROM:]
        new += _insert(some, key, *within)
    return new


def update_many(rows: Sequence[Row], *fields: str) -> None:
    """Write these fields of the rows, as they now are, by one statement. Not for fields that are lists themselves."""
    if rows:
        written = _written(type(rows[0]), fields)
        rows_of(
            _update_statement(type(rows[0]), fields),
            [[row.pk for row in rows], *([_for_database(field, row) for row in rows] for field in written)],
        )


def _insert(rows: list[Row], *unique: str) -> list[Row]:
    """Those that were inserted: all of them, or, where a key is named, those whose key was free."""
    model = type(rows[0])
    fields, back = _inserted(model), model._meta.db_returning_fields
    values = [_for_database(field, row, add=True) for row in rows for field in fields]
    answers = rows_of(_insert_statement(model, len(rows), unique), values)
    if unique:
        by_key = {getattr(row, unique[0]): row for row in rows}
        rows, answers = [by_key[answer[-1]] for answer in answers], [answer[:-1] for answer in answers]
    for row, answer in zip(rows, answers, strict=True):
        for field, value in zip(back, answer, strict=True):
            setattr(row, field.attname, value)
        _is_there_now(row)
    return rows


@cache
def _insert_statement(model: type[models.Model], many: int, unique: tuple[str, ...]) -> str:
    fields = _inserted(model)
    one = f"({', '.join(['%s'] * len(fields))})"
    back, unless = _columns(model._meta.db_returning_fields), ""
    if unique:
        key = _written(model, unique)
        back, unless = f"{back}, {_columns(key[:1])}", f" ON CONFLICT ({_columns(key)}) DO NOTHING"
    into = f"INSERT INTO {_table(model)} ({_columns(fields)})"
    return f"{into} VALUES {', '.join([one] * many)}{unless} RETURNING {back}"


@cache
def _update_statement(model: type[models.Model], names: tuple[str, ...]) -> str:
    key, fields = model._meta.pk, _written(model, names)
    arrays = ", ".join(f"%s::{field.rel_db_type(connection)}[]" for field in (key, *fields))
    became = ", ".join(f"{_columns([field])} = new.{_columns([field])}" for field in fields)
    row = f"new ({_columns([key, *fields])})"
    return (
        f"UPDATE {_table(model)} AS old SET {became} FROM unnest({arrays}) AS {row} "  # noqa: S608 names of ours
        f"WHERE old.{_columns([key])} = new.{_columns([key])}"
    )


@cache
def _inserted(model: type[models.Model]) -> tuple[AnyField, ...]:
    """What the database itself fills in (the key, the moment of writing, what it computes) is left to it."""
    return tuple(
        field
        for field in model._meta.concrete_fields
        if field.db_default is NOT_PROVIDED and not field.generated and field is not model._meta.auto_field
    )


@cache
def _written(model: type[models.Model], names: tuple[str, ...]) -> tuple[AnyField, ...]:
    fields = [model._meta.get_field(name) for name in names]
    return tuple(field for field in fields if isinstance(field, models.Field))


def _for_database(field: AnyField, row: models.Model, *, add: bool = False) -> Any:
    return field.get_db_prep_save(field.pre_save(row, add), connection)


def _columns(fields: Iterable[AnyField]) -> str:
    return ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _is_there_now(row: models.Model) -> None:
    row._state.adding, row._state.db = False, connection.alias


def _draw_keys(rows: list[Row]) -> None:
    """Keys are drawn beforehand, in the order of the rows, because COPY tells nobody which it gave."""
    options = rows[0]._meta
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [options.db_table, options.pk.column, len(rows)],
        )
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key
            _is_there_now(row)


def _copy(rows: list[Row]) -> None:
    model = type(rows[0])
    fields = (model._meta.pk, *_inserted(model))
    statement = f"COPY {_table(model)} ({_columns(fields)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copying:
        for row in rows:
            copying.write_row([_for_database(field, row, add=True) for field in fields])
