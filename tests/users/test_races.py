"""Limits hold when everybody comes at once."""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TypeVar

import pyotp
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo
from pytest_django import Settings

from lianxin.base import clock
from lianxin.base.refused import Refused
from lianxin.organisations.models import Role
from lianxin.users import rules
from lianxin.users.actions.accounts import open_account
from lianxin.users.actions.codes import ask_for_code, try_code
from lianxin.users.actions.factors import (
    begin_authenticator,
    confirm_authenticator,
    make_recovery_codes,
    try_authenticator,
    try_recovery_code,
)
from lianxin.users.actions.passwords import set_password, try_password
from lianxin.users.actions.slips import issue_slip, try_slip
from lianxin.users.models import TRIES, SignInCode, User
from tests import make

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
    [(_span, share)] = rules.CODES_PER_ADDRESS.caps
    for number in range(share - 1):
        ask_for_code(phone=f"139000000{number:02d}", address=ADDRESS)
    results = all_at_once(lambda number: ask_for_code(phone=f"137000000{number:02d}", address=ADDRESS))
    assert [isinstance(result, Refused) for result in results].count(False) == 1


def test_of_twenty_wrong_passwords_at_once_five_are_tried_known_phone_or_not() -> None:
    user = User.objects.make(PHONE)
    set_password(user=user, password="Hongmei-2026-hua", by=user)
    for phone in (PHONE, "13800000002"):
        results = all_at_once(
            lambda number, phone=phone: try_password(  # type: ignore[misc]
                phone=phone, password=f"Wrong-word-{number}", address=f"203.0.113.{number}"
            )
        )
        assert results.count(None) == rules.FAILURES
        assert sum(isinstance(result, Refused) for result in results) == AT_ONCE - rules.FAILURES


def test_of_twenty_wrong_second_factors_at_once_five_are_tried() -> None:
    user = User.objects.make(PHONE)
    results = all_at_once(lambda number: try_authenticator(user=user, digits=f"{number:06d}"))
    assert results.count(False) == rules.FAILURES


def test_one_code_of_the_app_twenty_times_at_once_proves_once() -> None:
    user = User.objects.make(PHONE)
    app = pyotp.TOTP(begin_authenticator(user=user, by=user).secret.open())
    with clock.at(clock.now() - timedelta(hours=1)):
        assert confirm_authenticator(user=user, digits=app.at(clock.now()), by=user)
    digits = app.at(clock.now())
    results = all_at_once(lambda _number: try_authenticator(user=user, digits=digits))
    assert results.count(True) == 1


def test_one_recovery_code_and_one_slip_twenty_times_at_once_work_once() -> None:
    user = User.objects.make(PHONE)
    [code, *_rest] = make_recovery_codes(user=user, by=user)
    assert all_at_once(lambda _number: try_recovery_code(user=user, code=code)).count(True) == 1
    _slip, words = issue_slip(user=user, by=None, scope=None, id_card_seen=True)
    results = all_at_once(lambda _number: try_slip(code=words, address=ADDRESS))
    assert [result for result in results if isinstance(result, User)] == [user]


GUESS = """
import sys, django
django.setup()
from lianxin.base.refused import Refused
from lianxin.users.actions.passwords import try_password
for number in range(4):
    try:
        try_password(phone=sys.argv[1], password=f"Wrong-word-{number}", address="203.0.113.9")
        print("tried")
    except Refused:
        print("refused")
"""


def test_the_lock_holds_across_processes(settings: Settings) -> None:
    user = User.objects.make(PHONE)
    set_password(user=user, password="Hongmei-2026-hua", by=user)
    facts = connection.get_connection_params()
    url = make_conninfo(
        **{name: facts[name] for name in ("host", "port", "user", "password", "dbname") if name in facts}
    )
    surroundings = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "lianxin.config.settings",
        "LIANXIN_KEY_FILE": str(settings.KEY_FILE),
    }
    command = [sys.executable, "-W", "ignore", "-c", GUESS, PHONE]
    guessers = [subprocess.Popen(command, env=surroundings, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    said = "".join(guesser.communicate()[0] for guesser in guessers).split()
    assert (said.count("tried"), said.count("refused")) == (rules.FAILURES, 12 - rules.FAILURES)


def test_twenty_who_open_an_account_for_one_phone_at_once_open_one() -> None:
    security = make.staff("安管", Role.SECURITY_ADMINISTRATOR, make.small_city().city)
    results = all_at_once(lambda _number: open_account(name="周市管", phone=PHONE, by=security))
    assert [isinstance(result, Refused) for result in results].count(False) == 1
    assert User.objects.filter(display_name="周市管").count() == 1
