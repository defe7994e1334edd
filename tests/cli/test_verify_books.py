"""`lianxin verify-books` says what is wrong, and ends with 1 if anything is."""

import pytest

from lianxin.cli.main import main
from lianxin.ledger.models import Account, Unit

pytestmark = pytest.mark.django_db


def test_empty_books_balance(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify-books"]) == 0
    assert capsys.readouterr().out == "The books balance and the journal is whole.\n"


def test_a_balance_that_no_transfer_made_is_a_fault(capsys: pytest.CaptureFixture[str]) -> None:
    account = Account.objects.create(kind="tests", unit=Unit.MINUTES, balance=5)
    assert main(["verify-books"]) == 1
    assert capsys.readouterr().out == f"FAULT account {account.pk} keeps 5, its transfers make 0\nFaults: 1.\n"
