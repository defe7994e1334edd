"""Passwords: which are good, how many wrong ones are tried, and on whatever many threads (rules A2 and A3)."""

from datetime import timedelta

import pytest

from lianxin.base import clock
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.models import Entry
from lianxin.organisations.models import Role
from lianxin.users.actions.accounts import set_policy
from lianxin.users.actions.passwords import set_password, try_password
from lianxin.users.models import FormerPassword, Policy, User
from tests import make

pytestmark = pytest.mark.django_db

PHONE, ADDRESS = "13800000001", "203.0.113.7"
GOOD, WRONG = "Hongmei-2026-hua", "Hongmei-2026-cao"


@pytest.fixture
def user() -> User:
    made = User.objects.make(PHONE)
    return set_password(user=made, password=GOOD, by=made)


def attempt(password: str, phone: str = PHONE, address: str = ADDRESS) -> User | None:
    return try_password(phone=phone, password=password, address=address)


def test_the_right_password_lets_in(user: User) -> None:
    assert attempt(GOOD) == user


def test_the_password_is_kept_as_an_argon2_hash(user: User) -> None:
    assert user.password.startswith("argon2")


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("Ab1-short", "至少要 10 位"),
        ("onlysmalllettershere", "请至少用三种"),
        ("lowerwith123456", "请至少用三种"),
        ("Qq-13800000001", "太好猜"),
        ("Password123", "太好猜"),
    ],
)
def test_a_weak_password_is_refused_in_words_that_say_why(password: str, words: str) -> None:
    user = User.objects.make(PHONE)
    with pytest.raises(Refused, match=words):
        set_password(user=user, password=password, by=user)


def test_none_of_the_last_five_is_taken_again(user: User) -> None:
    for number in range(5):
        if number == 4:
            with pytest.raises(Refused, match="最近 5 次"):
                set_password(user=user, password=GOOD, by=user)
        set_password(user=user, password=f"{GOOD}{number}", by=user)
    set_password(user=user, password=GOOD, by=user)
    assert FormerPassword.objects.filter(user=user).count() == 5


def test_five_wrong_passwords_lock_even_the_right_one_for_a_quarter_of_an_hour(user: User) -> None:
    assert [attempt(WRONG) for _ in range(5)] == [None] * 5
    with pytest.raises(Refused, match="暂时锁定"):
        attempt(GOOD)
    with clock.at(clock.now() + timedelta(minutes=15, seconds=1)):
        assert attempt(GOOD) == user
    assert Entry.objects.filter(name="users.locked").count() == 1


@pytest.mark.parametrize("phone", [PHONE, "13800000002"], ids=["without a password", "without an account"])
def test_a_phone_without_an_account_is_answered_and_locked_alike(phone: str) -> None:
    User.objects.make(PHONE)
    assert [attempt(WRONG, phone) for _ in range(5)] == [None] * 5
    with pytest.raises(Refused, match="连续输错 5 次，暂时锁定"):
        attempt(WRONG, phone)


def test_a_right_password_forgives_a_resident_and_not_a_desk() -> None:
    city = make.small_city()
    for user, forgiven in ((city.resident_user, True), (city.worker, False)):
        set_password(user=user, password=GOOD, by=user)
        phone = user.phone.open()
        for _ in range(4):
            attempt(WRONG, phone)
        assert attempt(GOOD, phone) == user
        attempt(WRONG, phone)
        user.refresh_from_db()
        assert user.is_locked is not forgiven


def test_one_address_has_sixty_wrong_passwords_an_hour() -> None:
    for number in range(60):
        attempt(WRONG, f"139000000{number:02d}")
    with pytest.raises(Refused, match="试得太多了"):
        attempt(WRONG, "13700000000")
    assert attempt(WRONG, "13700000000", "203.0.113.8") is None


def test_no_password_stands_in_the_journal(user: User) -> None:
    attempt(WRONG)
    written = " ".join(f"{entry.facts} {entry.subject_name}" for entry in Entry.objects.all())
    assert GOOD not in written
    assert WRONG not in written


def test_the_system_administrator_sets_the_numbers_within_what_the_table_allows() -> None:
    city = make.small_city()
    admin = make.staff("系管", Role.SYSTEM_ADMINISTRATOR, city.city)
    set_policy(by=admin, password_length=12, lock_minutes=30)
    with pytest.raises(Refused, match="至少要 12 位"):
        set_password(user=city.worker, password="Short-pw-11", by=city.worker)
    for weak in ({"password_length": 7}, {"lock_minutes": 4}, {"account_idle_days": 400}):
        with pytest.raises(Refused, match=r"请定在"):
            set_policy(by=admin, **weak)
    for other in (Role.SECURITY_ADMINISTRATOR, Role.AUDITOR, Role.CITY_OFFICER):
        with pytest.raises(Forbidden):
            set_policy(by=make.staff("别的", other, city.city), lock_minutes=10)
    assert Policy.objects.get().lock_minutes == 30
