"""Asking for a code and typing it back."""

from datetime import datetime, timedelta

import pytest

from lianxin.base import clock
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.models import Entry
from lianxin.users.actions.codes import ask_again, ask_for_code, try_code
from lianxin.users.actions.sessions import forget_the_old
from lianxin.users.models import TRIES, SignInCode, User

pytestmark = pytest.mark.django_db

PHONE = "13800000001"
ADDRESS = "203.0.113.7"


def ask(phone: str = PHONE, address: str = ADDRESS) -> tuple[SignInCode, str]:
    return ask_for_code(phone=phone, address=address)


def later(**span: float) -> datetime:
    return clock.now() + timedelta(**span)


def wrong(digits: str) -> str:
    return f"{(int(digits) + 1) % 10**6:06d}"


def test_the_right_code_lets_a_known_phone_in() -> None:
    user = User.objects.make(PHONE)
    sent, digits = ask()
    assert try_code(sent=sent, digits=digits) == user


def test_no_user_is_made_before_the_code_is_proven() -> None:
    sent, digits = ask()
    assert not User.objects.exists()
    user = try_code(sent=sent, digits=digits)
    assert user == User.objects.get_by_phone(PHONE)


def test_the_phone_is_the_same_however_it_was_typed() -> None:
    user = User.objects.make(PHONE)
    sent, digits = ask("+86 138 0000 0001")
    assert try_code(sent=sent, digits=digits) == user


def test_a_code_lets_in_once() -> None:
    sent, digits = ask()
    try_code(sent=sent, digits=digits)
    with pytest.raises(Refused, match="已经失效"):
        try_code(sent=sent, digits=digits)


def test_a_code_lives_five_minutes() -> None:
    sent, digits = ask()
    with clock.at(later(minutes=5)), pytest.raises(Refused, match="已经失效"):
        try_code(sent=sent, digits=digits)


def test_five_wrong_codes_end_the_code() -> None:
    sent, digits = ask()
    assert [try_code(sent=sent, digits=wrong(digits)) for _ in range(TRIES)] == [None] * TRIES
    with pytest.raises(Refused, match="已经失效"):
        try_code(sent=sent, digits=digits)


def test_a_new_code_ends_the_one_before() -> None:
    first, old_digits = ask()
    with clock.at(later(minutes=1)):
        second, digits = ask_again(sent=first, address=ADDRESS)
        with pytest.raises(Refused, match="已经失效"):
            try_code(sent=first, digits=old_digits)
        assert try_code(sent=second, digits=digits) == User.objects.get_by_phone(PHONE)


def test_a_code_of_another_phone_is_wrong() -> None:
    mine, digits = ask()
    others = [ask(f"1390000000{number}")[1] for number in range(3)]
    theirs = next(other for other in others if other != digits)
    assert try_code(sent=mine, digits=theirs) is None


def test_a_second_code_within_a_minute_is_refused() -> None:
    ask()
    with clock.at(later(seconds=59)), pytest.raises(Refused, match=r"验证码刚刚发过，请 \d 秒后再获取"):
        ask()
    with clock.at(later(seconds=61)):
        ask()


def test_a_sixth_code_within_an_hour_is_refused() -> None:
    for minute in range(5):
        with clock.at(later(minutes=2 * minute)):
            ask()
    with clock.at(later(minutes=30)), pytest.raises(Refused, match=r"次数太多了，请 3\d 分钟后再试"):
        ask()
    with clock.at(later(minutes=61)):
        ask()


def test_an_eleventh_code_within_a_day_is_refused() -> None:
    for hour in range(10):
        with clock.at(later(hours=hour)):
            ask()
    with clock.at(later(hours=20)), pytest.raises(Refused, match="次数太多了"):
        ask()


def test_a_hundred_and_first_code_for_one_address_within_an_hour_is_refused() -> None:
    for number in range(100):
        ask(f"139000000{number:02d}")
    with pytest.raises(Refused, match="次数太多了"):
        ask("13700000000")
    ask("13700000000", address="203.0.113.8")


def test_a_closed_account_is_told_so_only_after_the_code() -> None:
    user = User.objects.make(PHONE)
    user.is_active = False
    user.save()
    sent, digits = ask()
    with pytest.raises(Forbidden, match="已经停用"):
        try_code(sent=sent, digits=digits)


def test_every_step_is_in_the_journal() -> None:
    sent, digits = ask()
    for _ in range(TRIES):
        try_code(sent=sent, digits=wrong(digits))
    with clock.at(later(minutes=1)):
        sent, digits = ask()
        try_code(sent=sent, digits=digits)
    names = Entry.objects.order_by("pk").values_list("name", flat=True)
    assert list(names) == [
        "users.code_asked",
        "users.code_locked",
        "users.code_asked",
        "users.user_made",
        "users.signed_in",
    ]


def test_old_codes_are_forgotten_when_no_limit_counts_them() -> None:
    ask()
    with clock.at(later(hours=23)):
        forget_the_old()
        assert SignInCode.objects.count() == 1
    with clock.at(later(hours=25)):
        forget_the_old()
        assert not SignInCode.objects.exists()
