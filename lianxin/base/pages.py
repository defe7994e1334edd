"""A list page by page, as long as it may be.

To count a million rows, or to pass over them to a late page, takes far longer than to read the fifty that are shown.
So the keys of `MOST` rows are looked up, in their order and no more of them, and then the rows of the page by their
keys; what is newest first goes on from the last of them. Two queries in all.
"""

from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

MOST = 1_000


class Pages(Paginator):  # type: ignore[type-arg]  # not subscriptable at run time
    """The pages of a list, and `many` in words."""

    def __init__(self, rows: QuerySet[Any], per_page: int, *, before: str = "") -> None:
        by = rows.query.order_by
        self.is_newest_first = bool(by) and by[-1] == "-pk" and len(by) <= 2
        self.is_later = self.is_newest_first and before.isdecimal()
        self.rows = rows.filter(_older(rows, int(before))) if self.is_later else rows
        super().__init__(self.rows, per_page)

    @cached_property
    def keys(self) -> list[Any]:
        """The keys of the first rows, and of one more if there are more."""
        return list(self.rows.values_list("pk", flat=True)[: MOST + 1])

    @cached_property
    def count(self) -> int:
        return min(len(self.keys), MOST)

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than can be leafed through."""
        return len(self.keys) > MOST

    @property
    def many(self) -> str:
        """How many rows there are, as people read it: 37, or 1000 多."""
        return _("%(most)d 多") % {"most": MOST} if self.is_cut or self.is_later else str(self.count)

    def page(self, number: Any) -> "Page[Any]":
        """The rows of the page; `goes_on` is the key behind which a list that is newest first goes on."""
        last = self.validate_number(number) * self.per_page
        keys = self.keys[: self.count][last - self.per_page : last]
        page: Page[Any] = Page(self.rows.filter(pk__in=keys), int(number), self)
        is_end = self.is_newest_first and self.is_cut and not page.has_next()
        vars(page)["goes_on"] = keys[-1] if is_end else None
        return page


def _older(rows: QuerySet[Any], before: int) -> Q:
    """Which rows stand behind the one with this key, where the newest is first: by key, or by a moment and the key."""
    *moments, _key = rows.query.order_by
    if not moments:
        return Q(pk__lt=before)
    name = str(moments[0]).removeprefix("-")
    here = rows.model._default_manager.filter(pk=before).values_list(name, flat=True).first()
    return Q(**{f"{name}__lte": here}) & (Q(**{f"{name}__lt": here}) | Q(pk__lt=before)) if here else Q(pk__lt=before)


def page_of(request: HttpRequest, rows: QuerySet[Any], per_page: int) -> "Page[Any]":
    """The page of the rows that the address asks for; one that does not exist becomes the nearest that does."""
    return Pages(rows, per_page, before=request.GET.get("before", "")).get_page(request.GET.get("page"))
