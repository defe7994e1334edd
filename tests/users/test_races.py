"""Limits hold when everybody comes at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection

from lianxin.base.refused import Refused
from lianxin.users import rules
from lianxin.users.actions import ask_for_code, try_code
from lianxin.users.models import TRIES, SignInCode, User

pytestmark = pytest.mark.django_db(transaction=True)

R = TypeVar("R")

AT_ONCE = 20
PHONE, ADDRESS = "13800000001", "203.0.113.7"


def all_at_once(act: Callable[[int], R]) -> list[R | Refused]:
    """What each of twenty threads got, or was refused, when all started together."""
    start = Barrier(AT_ONCE)

    def one(number: int) -> R | Refused:
        start.wait()
        try:
            return act(number)
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(one, range(AT_ONCE)))


def test_twenty_requests_at_once_send_one_code() -> None:
    results = all_at_once(lambda _number: ask_for_code(phone=PHONE, address=ADDRESS))
    assert [isinstance(result, Refused) for result in results].count(False) == 1
    assert SignInCode.objects.count() == 1


def test_of_twenty_wrong_codes_at_once_five_are_tried() -> None:
    sent, digits = ask_for_code(phone=PHONE, address=ADDRESS)
    guesses = [f"{(int(digits) + number) % 10**6:06d}" for number in range(1, AT_ONCE + 1)]
    results = all_at_once(lambda number: try_code(sent=sent, digits=guesses[number]))
    assert results.count(None) == TRIES
    assert sum(isinstance(result, Refused) for result in results) == AT_ONCE - TRIES


def test_the_right_code_twenty_times_at_once_lets_in_once() -> None:
    sent, digits = ask_for_code(phone=PHONE, address=ADDRESS)
    results = all_at_once(lambda _number: try_code(sent=sent, digits=digits))
    assert [result for result in results if isinstance(result, User)] == [User.objects.get()]


def test_one_address_gets_no_more_than_its_share_with_many_phones_at_once() -> None:
    _span, share = rules.CODES_PER_ADDRESS
    for number in range(share - 1):
        ask_for_code(phone=f"139000000{number:02d}", address=ADDRESS)
    results = all_at_once(lambda number: ask_for_code(phone=f"137000000{number:02d}", address=ADDRESS))
    assert [isinstance(result, Refused) for result in results].count(False) == 1
