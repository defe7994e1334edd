"""Filling tables by COPY, and doing without their indexes meanwhile.

A row is a tuple of texts, numbers and None, in the order in which its table names the columns; everything that the
model has a default for and the table does not name gets that default. Texts hold no tab, line break or backslash.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models
from django.db.models.fields import NOT_PROVIDED

Cell = str | int | float | None
AT_ONCE = 20_000


class Table:
    """The rows of one model on their way into the database, with their keys drawn from `next_key` on."""

    def __init__(self, model: type[models.Model], *columns: str) -> None:
        named = [model._meta.get_field(name) for name in columns]
        others = [
            field
            for field in model._meta.concrete_fields
            if field not in named and field.db_default is NOT_PROVIDED and not field.primary_key
        ]
        self.model, self.count = model, 0
        self._columns = ", ".join(f'"{field.column}"' for field in (*named, *others))  # type: ignore[union-attr]
        self._rest = "".join(f"\t{_default(field)}" for field in others)
        self._kept: list[tuple[Cell, ...]] = []
        self.first_key = _next_key(model)
        self.next_key = self.first_key

    def add(self, row: tuple[Cell, ...]) -> None:
        """One row more, whose first cell is its own key."""
        self._kept.append(row)
        if len(self._kept) >= AT_ONCE:
            self.flush()

    def key(self) -> int:
        """The key of a row that is going to be added."""
        self.next_key += 1
        return self.next_key - 1

    def flush(self) -> None:
        """Write what was added."""
        rest = self._rest
        lines = ["\t".join([r"\N" if cell is None else str(cell) for cell in row]) + rest for row in self._kept]
        self.count += len(lines)
        self._kept = []
        if lines:
            with connection.cursor() as cursor, cursor.copy(f"{self._copy} FROM STDIN") as copying:
                copying.write("\n".join(lines) + "\n")

    @property
    def _copy(self) -> str:
        return f'COPY "{self.model._meta.db_table}" ({self._columns})'


def sweep(filled: Iterable[type[models.Model]]) -> None:
    """Have PostgreSQL sweep these tables, and take samples of them, by which it plans; outside of a transaction."""
    with connection.cursor() as cursor:
        for model in filled:
            cursor.execute(f"VACUUM (ANALYZE) {connection.ops.quote_name(model._meta.db_table)}")


def close(tables: Iterable[Table]) -> None:
    """Write what is left and let the database draw the next keys behind ours."""
    with connection.cursor() as cursor:
        for table in tables:
            table.flush()
            if table.next_key > table.first_key:
                sequence = _sequence(table.model)
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [*sequence, table.next_key - 1])


@contextmanager
def without_indexes(tables: Sequence[type[models.Model]]) -> Iterator[None]:
    """Take foreign keys, unique and exclusion constraints and indexes off, and put them back.

    To put a constraint back, PostgreSQL checks every row against it, so nothing stands in the end that it would have
    refused. Checks, NOT NULL and triggers stay where they are.
    """
    names = [model._meta.db_table for model in tables]
    with connection.cursor() as cursor:
        cursor.execute(CONSTRAINTS, [names])
        constraints = cursor.fetchall()
        for table, name, _definition in constraints:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute(INDEXES, [names])
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
        for _name, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in reversed(constraints):
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


# Foreign keys come first, so that what they lean on can be dropped after them and put back before them.
CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype IN ('f', 'u', 'x') AND conrelid::regclass::text = ANY (%s)
ORDER BY contype <> 'f', conrelid::regclass::text, conname"""
INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE NOT indisprimary AND indrelid::regclass::text = ANY (%s) ORDER BY 1"""


def raw(value: bytes) -> str:
    """Bytes as COPY reads them."""
    return rf"\\x{value.hex()}"


def array(values: Iterable[object]) -> str:
    """An array of short texts without quotes, or of numbers."""
    return f"{{{','.join(map(str, values))}}}"


def _default(field: "models.Field[Any, Any]") -> str:
    value = field.get_default()
    if value is None:
        return r"\N"
    if isinstance(value, list):
        return "{}"
    return str(value)


def _sequence(model: type[models.Model]) -> tuple[str, str]:
    return model._meta.db_table, str(model._meta.pk.column)


def _next_key(model: type[models.Model]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", _sequence(model))
        (sequence,) = cursor.fetchone()
        if sequence is None:
            return 0
        cursor.execute("SELECT nextval(%s)", [sequence])
        return int(cursor.fetchone()[0])
