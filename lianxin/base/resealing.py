"""Sealing old rows again under the current key, table by table in small set-based steps (rule B4).

Nothing is remembered outside the rows themselves: each sealed value names its key, so whoever was killed midway goes
on where the rows say, and two may work at once.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from psycopg import sql

from lianxin.base.sealed import Sealed, SealedField, keys

BATCH = SealedField.at_once


@dataclass(frozen=True)
class Column:
    """One sealed column of one table, and the table's key."""

    table: str
    name: str
    key: str
    key_type: str
    context: bytes
    at_once: int

    def __str__(self) -> str:
        return f"{self.table}.{self.name}"


def columns() -> list[Column]:
    """Every sealed column of every table."""
    sealed = [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, SealedField) and field.model is model
    ]
    return [_column(model, field) for model, field in sealed]


def left_over() -> dict[str, int]:
    """How many values each column still holds under another key than the current one."""
    counted = {str(column): _count(column) for column in columns()}
    return {name: count for name, count in counted.items() if count}


def open_some(column: Column) -> int:
    """Open the newest values of a column and forget them; raises what a wrong key raises. Gives how many."""
    with connection.cursor() as cursor:
        cursor.execute(_sql(SOME, column), {"batch": column.at_once})
        return len([Sealed(bytes(value), column.context).open_bytes() for (value,) in cursor.fetchall()])


def reseal_all() -> Generator[int, None, None]:
    """Seal again what needs it; gives the number of values after each step, which is committed by then."""
    for column in columns():
        after = None
        while found := _reseal_some(column, after):
            after = found[-1]
            yield len(found)


@transaction.atomic
def _reseal_some(column: Column, after: Any) -> list[Any]:
    """The next values behind the key `after`, opened under their own key, closed under the current one.

    One statement writes them all. Rows that somebody is just changing are passed over: he seals them again himself,
    or the next run finds them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_sql(FIND, column), {"current": keys().current, "batch": column.at_once, "after": after})
        found = [(_plain(key), bytes(value)) for key, value in cursor.fetchall()]
        again = [bytes(Sealed.close(Sealed(value, column.context).open_bytes(), column.context)) for _, value in found]
        if found:
            cursor.execute(_sql(WRITE, column), {"keys": [key for key, _ in found], "values": again})
    return [key for key, _ in found]


SOME = "SELECT {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY {key} DESC LIMIT %(batch)s"
FIND = """
SELECT {key}, {column} FROM {table}
WHERE (%(after)s::{key_type} IS NULL OR {key} > %(after)s::{key_type}) AND get_byte({column}, 0) <> %(current)s
ORDER BY {key} LIMIT %(batch)s FOR NO KEY UPDATE SKIP LOCKED
"""
WRITE = """
UPDATE {table} AS kept SET {column} = again.sealed
FROM unnest(%(keys)s::{key_type}[], %(values)s::bytea[]) AS again (key, sealed)
WHERE kept.{key} = again.key
"""
COUNT = "SELECT count(*) FROM {table} WHERE get_byte({column}, 0) <> %(current)s"


def _count(column: Column) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_sql(COUNT, column), {"current": keys().current})
        return int(cursor.fetchone()[0])


def _column(model: type[models.Model], field: "models.Field[Any, Any]") -> Column:
    key = model._meta.pk
    assert isinstance(field, SealedField)  # noqa: S101 as `columns` chose it
    key_type = (key.rel_db_type(connection) or "bigint").partition("(")[0]
    return Column(model._meta.db_table, str(field.column), str(key.column), key_type, field.context, field.at_once)


def _sql(template: str, column: Column) -> str:
    names = {"table": column.table, "column": column.name, "key": column.key}
    quoted = {name: sql.Identifier(value) for name, value in names.items()}
    statement = sql.SQL(template).format(**quoted, key_type=sql.SQL(column.key_type))
    return statement.as_string(connection.connection)


def _plain(key: Any) -> Any:
    return bytes(key) if isinstance(key, memoryview) else key
