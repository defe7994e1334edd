"""Making an export's file: at once when it is short, else by a job; row by row either way."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from lianxin.base import clock
from lianxin.base.actions import action
from lianxin.base.refused import Refused
from lianxin.base.words import full_moment_in_words
from lianxin.base.workbooks.writing import Value, workbook
from lianxin.console.exchange.lists import LISTINGS
from lianxin.exchange.actions.exports import fail_export, keep_export, note_looks
from lianxin.exchange.models.exports import Export
from lianxin.exchange.rules.rights import MOST_SEALED_ROWS
from lianxin.people.rules import is_minor
from lianxin.users.models import User


def make(export: Export) -> Export:
    """Make the file of a wanted export; twice is harmless. One that cannot be made says so in the register."""
    if export.state != Export.State.WANTED:
        return export
    try:
        return _made(export=export)
    except Refused:
        fail_export(export=export)
        raise


@action
def _made(*, export: Export) -> Export:
    """File and looks in one transaction: no sealed field leaves without its note."""
    listing = LISTINGS[export.listing]
    heads = [str(words) for words in listing.heads]
    if export.with_sealed:
        heads += [str(words) for words in listing.sealed.values()]
    data, rows = workbook(title=export.title, headers=heads, rows=_rows(export), notes=[watermark(export)])
    return keep_export(export=export, data=data, rows=rows)


def watermark(export: Export) -> str:
    """Who took it, when and what for: the first line of the sheet (rule X4)."""
    words = _("%(who)s 于 %(when)s 导出，登记号 %(number)d") % {
        "who": export.wanted_by.display_name,
        "when": full_moment_in_words(export.wanted_at),
        "number": export.pk,
    }
    return f"{words}；{_('用途')}：{export.reason}" if export.reason else words


def _rows(export: Export) -> Iterator[Sequence[Value]]:
    listing, user, query = LISTINGS[export.listing], export.wanted_by, QueryDict(export.query)
    taken = 0
    for batch in listing.batches(user, query):
        taken += len(batch)
        cells = listing.cells(user, batch)
        if export.with_sealed and listing.person:
            if taken > MOST_SEALED_ROWS:  # more have come in since it was asked for
                raise Refused(_("名单变长了，请先筛选再导出。"))
            cells = [row + extra for row, extra in zip(cells, _opened(export, user, batch), strict=True)]
        yield from cells


def _opened(export: Export, user: User, batch: Sequence[Any]) -> list[list[Value]]:
    """Nothing sealed of a minor leaves, nor of whoever is restricted (rules P12 and P13)."""
    listing = LISTINGS[export.listing]
    assert listing.person is not None  # noqa: S101 asked by the caller
    people = [listing.person(row) for row in batch]
    leaving = {person.pk for person in people if not is_minor(person, clock.today()) and person.restricted_at is None}
    note_looks(
        export=export, people=[each for each in people if each.pk in leaving], fields=list(listing.sealed), by=user
    )
    return [[_open(person, name) if person.pk in leaving else "" for name in listing.sealed] for person in people]


def _open(person: Any, name: str) -> str:
    kept = getattr(person, name)
    return str(kept.open()) if kept else ""
