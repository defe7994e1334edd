"""What a list of the console shows, said once more as columns, so that an export shows exactly that (rule X1)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise

from lianxin.base.workbooks.writing import Value
from lianxin.people.models import Person
from lianxin.users.models import User

ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Listing:
    """A list: who may see it, its rows as the address narrows them, its columns, and a batch of rows as cells.

    `person` gives of each row whose sealed fields (`sealed`) may be added for a reason.
    """

    title: str | Promise
    permission: str
    route: str
    heads: Sequence[str | Promise]
    rows: Callable[[User, QueryDict], Sequence[QuerySet[Any]]]
    cells: Callable[[User, Sequence[Any]], list[list[Value]]]
    person: Callable[[Any], Person] | None = None
    sealed: Mapping[str, str | Promise] = field(default_factory=dict)

    def count(self, user: User, query: QueryDict) -> int:
        """How many rows it has now."""
        return sum(rows.count() for rows in self.rows(user, query))

    def batches(self, user: User, query: QueryDict) -> Iterator[Sequence[Any]]:
        """The rows themselves, a few hundred at a time, so that a long list is never held whole."""
        for rows in self.rows(user, query):
            coming = rows.iterator(chunk_size=ROWS_AT_ONCE)
            while batch := list(islice(coming, ROWS_AT_ONCE)):
                yield batch


def by_row(cells: Callable[[Any], list[Value]]) -> Callable[[User, Sequence[Any]], list[list[Value]]]:
    """A batch of rows as cells, each row by itself, the same for whoever asks."""
    return lambda _user, batch: [cells(row) for row in batch]
