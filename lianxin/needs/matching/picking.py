"""Picking volunteers for several orders at once: each order its best that is still free."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Want:
    """An order that needs `people` more between two moments, and whom it could ask, the best first."""

    key: int
    people: int
    start: datetime
    end: datetime
    ranked: Sequence[int]


def pick(wants: Iterable[Want]) -> dict[int, list[int]]:
    """For each want, as they come, its best candidates; nobody twice for the same time. Some may get too few."""
    taken: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    picked = {}
    for want in wants:
        free = [key for key in want.ranked if all(want.end <= start or end <= want.start for start, end in taken[key])]
        picked[want.key] = free[: want.people]
        for key in picked[want.key]:
            taken[key].append((want.start, want.end))
    return picked
