"""日志: what was done, in people's words."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from lianxin.console import journal
from lianxin.journal.models import Entry
from lianxin.journal.seals import seal_entries
from lianxin.users.models import User
from tests import make
from tests.make import City

BrowserOf = Callable[[User], Client]
QueriesOf = Callable[[Client, str], int]
JOURNAL = "console:journal"


def names(client: Client, **query: object) -> list[str]:
    rows = client.get(reverse(JOURNAL), query).context["rows"]  # type: ignore[arg-type]
    return [entry.name for entry, _words, _order, _subject in rows]


def test_an_order_is_followed_through_its_offers_and_visits(city: City, officer: User, browser_of: BrowserOf) -> None:
    make.order(city)
    order = make.done_order(city)
    assert names(browser_of(officer), order=order.number) == [
        "needs.order_confirmed",
        "needs.visit_finished",
        "needs.visit_started",
        "needs.accepted",
        "needs.offered",
        "needs.order_verified",
        "needs.order_placed",
    ]


def test_entries_are_told_in_words_with_their_name_and_order(city: City, officer: User, browser_of: BrowserOf) -> None:
    order = make.verified_order(city)
    page = browser_of(officer).get(reverse(JOURNAL), {"order": order.number}).content.decode()
    for words in ("核实通过", "needs.order_verified", "陈站长", f"{order.number} 号单"):
        assert words in page


def test_an_auditor_who_may_not_see_orders_gets_no_link_to_them(
    city: City, auditor: User, browser_of: BrowserOf
) -> None:
    order = make.order(city)
    page = browser_of(auditor).get(reverse(JOURNAL)).content.decode()
    assert f"{order.number} 号单" in page
    assert reverse("console:order", args=[order.pk]) not in page


def test_the_journal_says_what_is_sealed(city: City, auditor: User, browser_of: BrowserOf) -> None:
    seal_entries()
    make.order(city)
    rows = browser_of(auditor).get(reverse(JOURNAL)).context["rows"]
    assert [entry.is_sealed for entry, _words, _order, _subject in rows[:2]] == [False, True]


def test_entries_are_narrowed_by_actor_app_and_day(city: City, auditor: User, browser_of: BrowserOf) -> None:
    make.verified_order(city)
    client = browser_of(auditor)
    assert names(client, actor="陈站") == ["needs.order_verified"]
    assert names(client, app="needs") == ["needs.order_verified", "needs.order_placed"]
    assert names(client, day="2001-01-01") == []
    assert names(client, order="nonsense", day="gestern", before="x") != []


def test_earlier_pages_go_on_where_the_last_one_ended(
    city: City, auditor: User, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "ROWS_A_PAGE", 2)
    client = browser_of(auditor)
    found = list(Entry.objects.order_by("-pk")[:4])
    first = client.get(reverse(JOURNAL)).context
    second = client.get(reverse(JOURNAL) + first["earlier"]).context
    assert [entry for entry, _words, _order, _subject in [*first["rows"], *second["rows"]]] == found


def test_who_may_not_see_the_journal_is_refused_in_words(city: City, browser_of: BrowserOf) -> None:
    answer = browser_of(city.worker).get(reverse(JOURNAL))
    assert answer.status_code == 403
    assert "您的身份不能打开这个页面" in answer.content.decode()


def test_every_name_that_was_written_has_words(city: City) -> None:
    make.done_order(city)
    written = set(Entry.objects.values_list("name", flat=True))
    with override("zh-hans"):
        assert {name for name in written if name not in journal.WORDS and not name.startswith("users.")} == set()


def test_three_entries_take_as_many_queries_as_one(
    city: City, auditor: User, browser_of: BrowserOf, queries_of: QueriesOf
) -> None:
    client = browser_of(auditor)
    make.order(city)
    address = reverse(JOURNAL) + "?app=needs"
    with_one = queries_of(client, address)
    make.order(city)
    make.order(city)
    assert queries_of(client, address) == with_one
