"""Who opened or exported sealed fields: the journal's entries of looks, for the day of a leak (rule B5).

One entry tells of one person; an export writes one for each person in it.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, QuerySet

from lianxin.journal.models import Entry

LOOKED = ".looked"


def looks(
    *, since: datetime, until: datetime, by: int | None = None, person: int | None = None
) -> "QuerySet[Entry, Entry]":
    """The looks written between two moments of the real clock, the oldest first.

    `by` is a user's number, `person` the number of whom the fields were.
    """
    found = Entry.objects.filter(name__endswith=LOOKED, written_at__gte=since, written_at__lte=until)
    if by is not None:
        found = found.filter(actor_id=by)
    if person is not None:
        found = found.filter(for_person_id=person)
    return found.order_by("pk")


def looks_by_actor(found: "QuerySet[Entry, Entry]") -> Iterator[tuple[str, int, int]]:
    """Who looked, how often, and at how many people; who looked most comes first."""
    counted = found.order_by().values("actor_id", "actor_name")
    counted = counted.annotate(times=Count("pk"), people=Count("for_person_id", distinct=True))
    for row in counted.order_by("-times", "actor_id"):
        yield f"{row['actor_name']} ({row['actor_id']})", row["times"], row["people"]
