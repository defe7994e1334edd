"""A list is leafed through as far as it can be counted quickly; what is newest first goes on from there."""

import pytest
from django.core.paginator import Page
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from lianxin.base import pages
from lianxin.base.models import Upkeep
from lianxin.base.pages import Pages, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Seven rows, newest first; no more than four are counted."""
    monkeypatch.setattr(pages, "MOST", 4)
    return [Upkeep.objects.create(kind=Upkeep.Kind.BACKUP).pk for _ in range(7)][::-1]


def asked(order: str = "-pk", **query: str | int) -> "Page[Upkeep]":
    return page_of(RequestFactory().get("/", query), Upkeep.objects.order_by(order), 2)


def shown(page: "Page[Upkeep]") -> list[int]:
    return [row.pk for row in page]


def test_the_first_rows_have_pages_and_the_last_of_them_leads_on(keys: list[int]) -> None:
    first, second = asked(), asked(page=2)
    assert (shown(first), shown(second)) == (keys[:2], keys[2:4])
    assert (first.goes_on, second.goes_on) == (None, keys[3])  # type: ignore[attr-defined]
    assert pages_of(second).many == "4 多"


def test_further_down_there_are_pages_again_until_the_end(keys: list[int]) -> None:
    below = asked(before=keys[3])
    end = asked(before=keys[3], page=2)
    assert (shown(below), shown(end)) == (keys[4:6], keys[6:])
    assert end.goes_on is None  # type: ignore[attr-defined]


def test_a_list_in_another_order_ends_where_it_is_cut(keys: list[int]) -> None:
    last = asked("pk", page=99)
    assert shown(last) == keys[::-1][2:4]
    assert (last.goes_on, pages_of(last).is_cut) == (None, True)  # type: ignore[attr-defined]


def test_a_short_list_says_how_long_it_is(keys: list[int]) -> None:
    Upkeep.objects.exclude(pk__in=keys[:3]).delete()
    page = asked()
    assert (pages_of(page).many, pages_of(page).is_cut, page.goes_on) == ("3", False, None)  # type: ignore[attr-defined]


def test_words_that_are_no_key_and_no_page_are_passed_over(keys: list[int]) -> None:
    assert shown(asked(before="x", page="y")) == keys[:2]


def test_however_long_the_list_a_page_takes_two_queries(keys: list[int]) -> None:
    with CaptureQueriesContext(connection) as asked_for:
        shown(asked(page=2))
    assert len(asked_for) == 2


def pages_of(page: "Page[Upkeep]") -> Pages:
    found = page.paginator
    assert isinstance(found, Pages)
    return found
