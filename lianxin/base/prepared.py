"""Look-ups that Django compiles once, for the few that every request and every action makes.

Django builds and compiles a query anew each time it is asked; for a row by its key that takes longer than PostgreSQL
needs to answer (`make bench NAME=prepared`). A prepared look-up is an ordinary queryset, built once from slots instead
of values; afterwards only the values change. docs/decisions/0006-statements-put-together-once.md says what is and is
not one.
"""

from collections.abc import Callable, Iterator
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import connection, models
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=models.Model)


class Slot(models.Expression):
    """The place of a value in a query that is compiled before the value is known."""

    def __init__(self, position: int, field: "models.Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.position = position

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        return "%s", [self]


def is_any_of(name: str, values: Slot) -> models.Func:
    """That the field is one of the list of values in this slot."""
    return models.Func(
        models.F(name), values, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=models.BooleanField()
    )


class Compiled(NamedTuple):
    """What Django made of the queryset: the statement, its values and slots, and how a row becomes an object."""

    sql: str
    values: tuple[Any, ...]
    compiler: SQLCompiler
    converters: dict[int, Any]
    model: type[models.Model]
    names: list[str]
    columns: slice
    populators: list[Any]


class Prepared(Generic[Row]):
    """`build` makes the queryset from one slot per field; calling it with the values gives the rows.

    The values are handed to the database as they are: no field converts them, and a slot stands for one value; for a
    list of them there is `is_any_of`. Annotations and prefetches are not for here.
    """

    def __init__(self, build: "Callable[..., models.QuerySet[Row]]", *fields: "models.Field[Any, Any]") -> None:
        self._build, self._fields = build, fields
        self._compiled: Compiled | None = None

    def __call__(self, *values: Any) -> list[Row]:
        """The rows for these values, one per slot."""
        kept = self._compiled = self._compiled or self._compile()
        bound = [values[each.position] if isinstance(each, Slot) else each for each in kept.values]
        with connection.cursor() as cursor:
            cursor.execute(kept.sql, bound)
            return list(_objects(kept, cursor.fetchall()))

    def first(self, *values: Any) -> Row | None:
        """The first of the rows, or None."""
        return next(iter(self(*values)), None)

    def _compile(self) -> Compiled:
        rows = self._build(*(Slot(position, field) for position, field in enumerate(self._fields)))
        compiler = rows.query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        about = compiler.klass_info
        chosen = about["select_fields"]
        columns = slice(chosen[0], chosen[-1] + 1)
        names = [each[0].target.attname for each in compiler.select[columns]]
        populators = get_related_populators(about, compiler.select, connection.alias)  # type: ignore[call-arg]
        converters = compiler.get_converters([each[0] for each in compiler.select[: compiler.col_count]])
        return Compiled(sql, tuple(values), compiler, converters, about["model"], names, columns, populators)


def _objects(kept: Compiled, found: list[Any]) -> Iterator[Any]:
    for row in kept.compiler.apply_converters(found, kept.converters):
        made = kept.model.from_db(connection.alias, kept.names, row[kept.columns])
        for populator in kept.populators:
            populator.populate(row, made)
        yield made
