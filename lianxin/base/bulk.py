"""Writing thousands of rows at once. Below a few hundred, Django's own insert is as quick."""

from collections.abc import Iterable
from typing import TypeVar

from django.db import connection, models
from django.db.models.fields import NOT_PROVIDED

Row = TypeVar("Row", bound=models.Model)

COPY_FROM = 200


def insert_many(rows: Iterable[Row]) -> list[Row]:
    """Insert the rows and give them their keys: by COPY when there are many.

    Neither asks `save()`, so what it derives (`search`) is to be filled before; sealed fields seal themselves.
    """
    found = list(rows)
    if len(found) < COPY_FROM:
        return type(found[0])._default_manager.bulk_create(found) if found else []
    _draw_keys(found)
    _copy(found)
    return found


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
            row._state.adding, row._state.db = False, connection.alias


def _copy(rows: list[Row]) -> None:
    options = rows[0]._meta
    # What the database itself fills in (the moment of writing) is left to it.
    fields = [field for field in options.concrete_fields if field.db_default is NOT_PROVIDED]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(options.db_table)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copying:
        for row in rows:
            copying.write_row([field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields])
