"""A list page by page, as long as it may be.

To count a million rows, or to pass over them to a late page, takes far longer than to read the fifty that are shown.
So no more than `MOST` rows are counted and leafed through; what is newest first goes on from the last of them.
"""

from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

MOST = 1_000


class Pages(Paginator):  # type: ignore[type-arg]  # not subscriptable at run time
    """The pages of a list, with `many` in words and, behind the last of very many rows, where it goes on."""

    def __init__(self, rows: QuerySet[Any], per_page: int, *, before: str = "") -> None:
        self._is_newest_first = rows.query.order_by == ("-pk",)
        self.is_later = self._is_newest_first and before.isdecimal()
        self.rows = rows.filter(pk__lt=int(before)) if self.is_later else rows
        super().__init__(self.rows, per_page)

    @cached_property
    def _counted(self) -> int:
        return self.rows.order_by()[: MOST + 1].count()

    @cached_property
    def count(self) -> int:  # type: ignore[override]
        return min(self._counted, MOST)

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than are counted."""
        return self._counted > MOST

    @property
    def many(self) -> str:
        """How many rows there are, as people read it: 37, or 1000 多."""
        if self.is_cut or self.is_later:
            return _("%(most)d 多") % {"most": MOST}
        return str(self.count)

    def goes_on(self, page: "Page[Any]") -> int | None:
        """From which key a list goes on that is newest first and longer than its last page; else None."""
        if self._is_newest_first and self.is_cut and not page.has_next():
            return int(list(page.object_list)[-1].pk)
        return None


def page_of(request: HttpRequest, rows: QuerySet[Any], per_page: int) -> "Page[Any]":
    """The page of the rows that the address asks for; one that does not exist becomes the nearest that does."""
    pages = Pages(rows, per_page, before=request.GET.get("before", ""))
    page = pages.get_page(request.GET.get("page"))
    shown: Any = page
    shown.goes_on = pages.goes_on(page)
    return page
