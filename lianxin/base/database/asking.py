"""Asking the database of this thread, the short way."""

from collections.abc import Sequence
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, connections

from lianxin.base.database.base import DatabaseWrapper


def rows_of(statement: str, values: Sequence[Any]) -> list[Any]:
    """All rows that the statement gives for these values; the statement must be one of few, for it stays prepared."""
    return cast("DatabaseWrapper", connections[DEFAULT_DB_ALIAS]).rows(statement, values)
