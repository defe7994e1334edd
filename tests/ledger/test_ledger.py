"""Value moves once per key, both sides in one row, and no balance falls below zero."""

from collections import Counter
from typing import NamedTuple

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.base.refused import Refused
from lianxin.ledger.actions import Movement, open_accounts, open_source, transfer_many
from lianxin.ledger.checks import faults
from lianxin.ledger.models import Account, Transfer, Unit
from lianxin.ledger.queries import balance, statement
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Node

pytestmark = pytest.mark.django_db


class Book(NamedTuple):
    """A source and two accounts that may not owe."""

    source: Account
    one: Account
    other: Account
    about: Node


@pytest.fixture
def book() -> Book:
    holders = [open_node(kind=Kind.CITY, name=name, parent=None, by=None) for name in ("甲", "乙")]
    accounts = open_accounts("time", holders, Unit.MINUTES)
    one, other = (accounts[each.pk] for each in holders)
    return Book(open_source("service", Unit.MINUTES), one, other, holders[0])


def movement(book: Book, key: str, source: Account, target: Account, amount: int) -> Movement:
    return Movement(key=key, source=source, target=target, amount=amount, reason="tests", about=book.about)


def kept(account: Account) -> int:
    value = Account.objects.get(pk=account.pk).balance
    assert value is not None
    return value


def test_a_transfer_moves_both_sides(book: Book) -> None:
    transfer_many([movement(book, "in", book.source, book.one, 50), movement(book, "on", book.one, book.other, 20)])
    assert (kept(book.one), kept(book.other)) == (30, 20)
    assert (balance(book.one), balance(book.source)) == (30, -50)
    assert list(faults()) == []


def test_an_account_is_made_once(book: Book) -> None:
    again = open_accounts("time", [book.about], Unit.MINUTES)
    assert again == {book.about.pk: book.one}
    assert open_source("service", Unit.MINUTES) == book.source
    assert open_accounts("time", [], Unit.MINUTES) == {}


def test_a_key_met_again_moves_nothing(book: Book) -> None:
    assert len(transfer_many([movement(book, "in", book.source, book.one, 50)])) == 1
    assert len(transfer_many([movement(book, "in", book.source, book.one, 50)])) == 0
    assert kept(book.one) == 50


def test_a_key_twice_in_one_call_moves_once(book: Book) -> None:
    transfer_many([movement(book, "in", book.source, book.one, 50)] * 2)
    assert kept(book.one) == 50


@pytest.mark.parametrize("amount", [49, 51])
def test_a_known_key_with_another_amount_is_refused(book: Book, amount: int) -> None:
    transfer_many([movement(book, "in", book.source, book.one, 50)])
    with pytest.raises(Refused, match="内容不同"):
        transfer_many([movement(book, "in", book.source, book.one, amount)])
    assert kept(book.one) == 50


def test_a_known_key_for_another_account_is_refused(book: Book) -> None:
    transfer_many([movement(book, "in", book.source, book.one, 50)])
    with pytest.raises(Refused, match="内容不同"):
        transfer_many([movement(book, "in", book.source, book.other, 50)])


def test_one_key_for_two_things_in_one_call_is_refused(book: Book) -> None:
    with pytest.raises(Refused, match="内容不同"):
        transfer_many(
            [movement(book, "in", book.source, book.one, 50), movement(book, "in", book.source, book.other, 50)]
        )
    assert not Transfer.objects.exists()


def test_a_balance_does_not_fall_below_zero_and_then_nothing_moves(book: Book) -> None:
    transfer_many([movement(book, "in", book.source, book.one, 50)])
    with pytest.raises(Refused, match="余额不够"):
        transfer_many(
            [movement(book, "on", book.one, book.other, 30), movement(book, "more", book.one, book.other, 21)]
        )
    assert (kept(book.one), kept(book.other), Transfer.objects.count()) == (50, 0, 1)


@pytest.mark.parametrize("amount", [0, -5])
def test_an_amount_is_above_zero(book: Book, amount: int) -> None:
    with pytest.raises(IntegrityError, match="amount_above_zero"), transaction.atomic():
        transfer_many([movement(book, "in", book.source, book.one, amount)])


def test_units_do_not_mix(book: Book) -> None:
    money = open_accounts("purse", [book.about], Unit.FEN)[book.about.pk]
    with pytest.raises(IntegrityError, match="counts_the_unit"), transaction.atomic():
        transfer_many([movement(book, "in", book.source, money, 50)])


@pytest.mark.parametrize(
    "change", ["UPDATE ledger_transfer SET amount = 1", "DELETE FROM ledger_transfer", "TRUNCATE ledger_transfer"]
)
def test_a_transfer_is_never_changed(book: Book, change: str) -> None:
    transfer_many([movement(book, "in", book.source, book.one, 50)])
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(change)


def test_a_transfer_is_reversed_by_its_mirror(book: Book) -> None:
    [transfer] = transfer_many([movement(book, "in", book.source, book.one, 50)])
    back = Movement(
        key="back", source=book.one, target=book.source, amount=50, reason="tests", about=book.about, reverses=transfer
    )
    transfer_many([back])
    assert kept(book.one) == 0
    assert list(faults()) == []


def test_a_second_reversal_is_refused_in_words_whatever_its_key(book: Book) -> None:
    [transfer] = transfer_many([movement(book, "in", book.source, book.one, 50)])

    def back(key: str) -> Movement:
        return Movement(
            key=key, source=book.one, target=book.source, amount=50, reason="tests", about=book.about, reverses=transfer
        )

    with pytest.raises(Refused, match="已经冲回过"):
        transfer_many([back("one"), back("other")])
    transfer_many([back("back")])
    transfer_many([back("back")])
    with pytest.raises(Refused, match="已经冲回过"):
        transfer_many([back("again")])
    assert kept(book.one) == 0
    assert list(faults()) == []


def test_a_reversal_that_is_no_mirror_is_found_by_the_checks(book: Book) -> None:
    [transfer] = transfer_many([movement(book, "in", book.source, book.one, 50)])
    transfer_many(
        [
            Movement(
                key="back",
                source=book.one,
                target=book.source,
                amount=49,
                reason="tests",
                about=book.about,
                reverses=transfer,
            )
        ]
    )
    assert list(faults()) == ["transfer back does not mirror transfer in that it reverses"]


def test_a_balance_that_was_tampered_with_is_found_by_the_checks(book: Book) -> None:
    transfer_many([movement(book, "in", book.source, book.one, 50)])
    Account.objects.filter(pk=book.one.pk).update(balance=51)
    assert list(faults()) == [f"account {book.one.pk} keeps 51, its transfers make 50"]


def test_a_statement_runs_from_the_newest_and_shows_the_balance_after_each(book: Book) -> None:
    transfer_many([movement(book, "in", book.source, book.one, 50), movement(book, "on", book.one, book.other, 20)])
    lines = [(line.key, line.is_income, line.balance) for line in statement(book.one)]  # type: ignore[attr-defined]
    assert lines == [("on", False, 30), ("in", True, 50)]


WISHES = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(["in", "in other", "on", "back"]), st.integers(1, 100)),
    max_size=25,
)


@settings(deadline=None, max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wishes=WISHES)
def test_the_book_balances_after_any_movements_with_any_keys(book: Book, wishes: list[tuple[str, str, int]]) -> None:
    ways = {
        "in": (book.source, book.one),
        "in other": (book.source, book.other),
        "on": (book.one, book.other),
        "back": (book.other, book.one),
    }
    balances: Counter[int] = Counter()
    written: dict[str, tuple[str, int]] = {}
    with transaction.atomic():
        for key, way, amount in wishes:
            source, target = ways[way]
            is_known = key in written
            is_covered = source == book.source or balances[source.pk] >= amount
            try:
                transfer_many([movement(book, key, source, target, amount)])
            except Refused:
                assert written[key] != (way, amount) if is_known else not is_covered
                continue
            assert written[key] == (way, amount) if is_known else is_covered
            if not is_known:
                written[key] = (way, amount)
                balances[source.pk] -= amount
                balances[target.pk] += amount
            assert (kept(book.one), kept(book.other)) == (balances[book.one.pk], balances[book.other.pk])
            assert list(faults()) == []
        transaction.set_rollback(True)
