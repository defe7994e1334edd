"""Confirmed minutes are banked once, and stand in a statement."""

import pytest

from lianxin.base.refused import Refused
from lianxin.hours.models import Record
from lianxin.journal.models import Entry
from lianxin.ledger.models import Transfer
from lianxin.timebank.actions import Deposit, deposit
from lianxin.timebank.queries import account_of, minutes_of, statement
from tests import make

pytestmark = pytest.mark.django_db


def test_a_deposit_repeated_banks_and_notes_once() -> None:
    city = make.small_city()
    make.done_order(city)
    record = Record.objects.get()
    assert list(deposit([Deposit(record, record.person, record.minutes, record.place_path)])) == []
    assert (minutes_of(record.person), Transfer.objects.count()) == (50, 1)
    assert Entry.objects.filter(name="timebank.deposited").count() == 1


def test_a_deposit_repeated_with_other_minutes_is_refused() -> None:
    city = make.small_city()
    make.done_order(city)
    record = Record.objects.get()
    with pytest.raises(Refused, match="内容不同"):
        deposit([Deposit(record, record.person, record.minutes + 1, record.place_path)])


def test_who_never_served_has_no_account_and_an_empty_statement() -> None:
    person = make.small_city().resident
    assert (account_of(person), minutes_of(person), list(statement(person))) == (None, 0, [])


def test_the_statement_names_what_was_served() -> None:
    city = make.small_city()
    make.done_order(city)
    record = Record.objects.get()
    [line] = statement(city.volunteer.person)
    assert (line.amount, line.about_type, line.about_id) == (50, "hours.record", record.pk)


def test_no_deposits_are_no_transfers() -> None:
    assert list(deposit([])) == []
