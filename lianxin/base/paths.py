"""Places in a tree as PostgreSQL `ltree` paths: `under` asks for a subtree, `above` for the way to the root."""

import re
from typing import Any

from django.db import models

FEW_PATHS = 16

_PATH = re.compile(r"\d+(?:\.\d+)*")


class PathField(models.Field):  # type: ignore[type-arg]  # not subscriptable at run time
    """A path such as `1.4.37`: the primary keys from the root down to the row itself."""

    description = "ltree path"

    def db_type(self, connection: Any) -> str:
        return "ltree"


class _PathLookup(models.Lookup):
    operator: str

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} {self.operator} {right}::ltree", (*left_values, *right_values)


@PathField.register_lookup
class Under(_PathLookup):
    """`path__under=p`: the row with path p and all below it."""

    lookup_name = "under"
    operator = "<@"


@PathField.register_lookup
class Above(_PathLookup):
    """`path__above=p`: the row with path p and all above it."""

    lookup_name = "above"
    operator = "@>"


class _AnyPathLookup(_PathLookup):
    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (list(value),)

    def get_prep_lookup(self) -> Any:
        return self.rhs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} {self.operator} {right}::ltree[]", (*left_values, *right_values)


@PathField.register_lookup
class UnderAny(_AnyPathLookup):
    """`path__under_any=[p, q]`: all rows below any of the paths; none when the list is empty.

    A few paths are written into the statement one by one. Of `<@` with a path that it can read PostgreSQL knows how
    many rows it will find; of an array, or of a value that comes later, it guesses one in a thousand, and then reads
    a whole city by the index to sort it.
    """

    lookup_name = "under_any"
    operator = "<@"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        if not isinstance(self.rhs, list | tuple) or not 1 <= len(self.rhs) <= FEW_PATHS:
            return super().as_sql(compiler, connection)
        if not all(map(_PATH.fullmatch, self.rhs)):
            raise ValueError("a path is keys and dots")
        left, values = self.process_lhs(compiler, connection)
        asked = " OR ".join(f"{left} <@ '{path}'::ltree" for path in self.rhs)
        return f"({asked})", tuple(values) * len(self.rhs)


def is_under(path: str, top: str) -> bool:
    """Whether `path` is `top` itself or below it."""
    return path == top or path.startswith(f"{top}.")


class Parent(models.Func):
    """The path of what stands directly above the path in `field`; the empty path for a root."""

    output_field = PathField()
    template = "subpath(%(expressions)s, 0, nlevel(%(expressions)s) - 1)"


class Carried(models.Func):
    """The path in `field`, at or below `was`, as it reads when what stood at `was` stands at `now`."""

    output_field = PathField()

    def __init__(self, field: str, was: str, now: str) -> None:
        self.was, self.now = was, now
        super().__init__(models.F(field))

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        field, values = compiler.compile(self.source_expressions[0])
        return f"(%s || substr({field}::text, %s))::ltree", [self.now, *values, len(self.was) + 1]
