"""Look-ups that Django compiles once, for the few that every request and every action makes.

Django builds and compiles a query anew each time it is asked; for a row by its key that takes longer than PostgreSQL
needs to answer (`make bench NAME=prepared`). A prepared look-up is an ordinary queryset, built once from slots instead
of values; afterwards only the values change. docs/decisions/0006-statements-put-together-once.md says what is and is
not one.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import connection, models
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler

from lianxin.base.database.asking import rows_of

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


class Statement:
    """What Django makes of a queryset with slots: its text, and its values and slots."""

    def __init__(self, rows: "models.QuerySet[Any, Any]") -> None:
        self.compiler = rows.query.get_compiler(connection=connection)
        self.sql, self._values = self.compiler.as_sql()
        self._converters = self.compiler.get_converters(
            [each[0] for each in self.compiler.select[: self.compiler.col_count]]
        )

    def rows(self, values: Sequence[Any]) -> Iterable[Sequence[Any]]:
        """The rows that the database gives for these values, as Django's fields read them."""
        bound = [values[each.position] if isinstance(each, Slot) else each for each in self._values]
        found = rows_of(self.sql, bound)
        read: Iterable[Sequence[Any]] = self.compiler.apply_converters(found, self._converters)
        return read


class Shape(NamedTuple):
    """How a row becomes an object."""

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
        self._compiled: tuple[Statement, Shape] | None = None

    def __call__(self, *values: Any) -> list[Row]:
        """The rows for these values, one per slot."""
        statement, shape = self._compiled = self._compiled or self._compile()
        return list(_objects(shape, statement.rows(values)))

    def first(self, *values: Any) -> Row | None:
        """The first of the rows, or None."""
        return next(iter(self(*values)), None)

    def _compile(self) -> tuple[Statement, Shape]:
        statement = Statement(self._build(*_slots(self._fields)))
        return statement, _shape(statement.compiler)


class PreparedValues:
    """The same of a `values_list`, annotations and sums too: its rows are tuples."""

    def __init__(self, build: "Callable[..., models.QuerySet[Any, Any]]", *fields: "models.Field[Any, Any]") -> None:
        self._build, self._fields = build, fields
        self._statement: Statement | None = None

    def __call__(self, *values: Any) -> list[Any]:
        """The rows for these values, one per slot."""
        self._statement = self._statement or Statement(self._build(*_slots(self._fields)))
        return [tuple(row) for row in self._statement.rows(values)]


def _slots(fields: "Iterable[models.Field[Any, Any]]") -> list[Slot]:
    return [Slot(position, field) for position, field in enumerate(fields)]


def _shape(compiler: SQLCompiler) -> Shape:
    about = compiler.klass_info
    chosen = about["select_fields"]
    columns = slice(chosen[0], chosen[-1] + 1)
    names = [each[0].target.attname for each in compiler.select[columns]]
    populators = get_related_populators(about, compiler.select, connection.alias)  # type: ignore[call-arg]
    return Shape(about["model"], names, columns, populators)


def _objects(shape: Shape, rows: Iterable[Sequence[Any]]) -> Iterator[Any]:
    for row in rows:
        made = shape.model.from_db(connection.alias, shape.names, row[shape.columns])
        for populator in shape.populators:
            populator.populate(row, made)
        yield made
