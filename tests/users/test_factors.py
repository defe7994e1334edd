"""Authenticator, recovery codes, slips: each works once, and failures lock (rules A3, A4 and A6)."""

from datetime import timedelta

import pyotp
import pytest

from lianxin.base import clock
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.models import Entry
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Role
from lianxin.people.actions.slips import give_slip
from lianxin.users import rules
from lianxin.users.actions.accounts import start_afresh
from lianxin.users.actions.factors import (
    begin_authenticator,
    confirm_authenticator,
    make_recovery_codes,
    try_authenticator,
    try_recovery_code,
    unbind_authenticator,
)
from lianxin.users.actions.slips import issue_slip, try_slip
from lianxin.users.models import Authenticator, RecoveryCode, Slip, User
from lianxin.users.queries import has_second_factor
from tests import make

pytestmark = pytest.mark.django_db

ADDRESS = "203.0.113.7"
MOMENT = "2026-11-18 10:00"


def bound(user: User) -> pyotp.TOTP:
    """The user's app, bound an hour ago."""
    begun = begin_authenticator(user=user, by=user)
    app = pyotp.TOTP(begun.secret.open())
    with clock.at(make.moment(MOMENT) - timedelta(hours=1)):
        assert confirm_authenticator(user=user, digits=app.at(clock.now()), by=user)
    return app


def test_each_code_of_the_app_proves_once() -> None:
    user = make.new_user()
    app = bound(user)
    with clock.at(make.moment(MOMENT)):
        digits = app.at(clock.now())
        assert [try_authenticator(user=user, digits=digits) for _ in range(2)] == [True, False]
    with clock.at(make.moment(MOMENT) + timedelta(seconds=30)):
        assert not try_authenticator(user=user, digits=digits)
        assert try_authenticator(user=user, digits=app.at(clock.now()))


def test_the_code_of_the_half_minute_before_still_counts_and_an_older_one_does_not() -> None:
    user = make.new_user()
    app = bound(user)
    with clock.at(make.moment(MOMENT)):
        assert not try_authenticator(user=user, digits=app.at(clock.now() - timedelta(seconds=90)))
        assert try_authenticator(user=user, digits=app.at(clock.now() - timedelta(seconds=30)))


def test_a_secret_that_was_never_confirmed_proves_nothing() -> None:
    user = make.new_user()
    app = pyotp.TOTP(begin_authenticator(user=user, by=user).secret.open())
    assert not has_second_factor(user)
    assert not try_authenticator(user=user, digits=app.at(clock.now()))


def test_five_wrong_codes_lock_the_right_one_and_the_recovery_codes() -> None:
    user = make.new_user()
    app, codes = bound(user), make_recovery_codes(user=user, by=user)
    with clock.at(make.moment(MOMENT)):
        assert [try_authenticator(user=user, digits="000000") for _ in range(5)] == [False] * 5
        with pytest.raises(Refused, match="暂时锁定"):
            try_authenticator(user=user, digits=app.at(clock.now()))
        with pytest.raises(Refused, match="暂时锁定"):
            try_recovery_code(user=user, code=codes[0])


def test_a_recovery_code_works_once_however_it_is_typed_and_for_its_owner_only() -> None:
    user, other = make.new_user(), make.new_user()
    codes = make_recovery_codes(user=user, by=user)
    assert len(codes) == 10
    typed = rules.grouped(codes[0]).lower()
    assert not try_recovery_code(user=other, code=typed)
    assert [try_recovery_code(user=user, code=typed) for _ in range(2)] == [True, False]
    assert codes[0].encode() not in b"".join(bytes(code.code_hash) for code in RecoveryCode.objects.all())


def test_new_recovery_codes_void_the_old_ones() -> None:
    user = make.new_user()
    old = make_recovery_codes(user=user, by=user)
    make_recovery_codes(user=user, by=user)
    assert not try_recovery_code(user=user, code=old[0])


def test_a_desk_keeps_its_last_second_factor() -> None:
    worker = make.small_city().worker
    bound(worker)
    with pytest.raises(Refused, match="工作账号要有第二验证"):
        unbind_authenticator(user=worker, by=worker)


def test_the_secret_is_sealed() -> None:
    user = make.new_user()
    secret = bound(user).secret
    assert secret.encode() not in bytes(Authenticator.objects.get().secret._bytes)


def test_a_slip_lets_one_person_in_once() -> None:
    city = make.small_city()
    slip, code = give_slip(person=city.resident, id_card_seen=True, by=city.worker)
    assert try_slip(code=rules.grouped(code).lower(), address=ADDRESS) == city.resident_user
    with pytest.raises(Refused, match="已经用过或过期"):
        try_slip(code=code, address=ADDRESS)
    entry = Entry.objects.get(name="users.slip_issued")
    assert (entry.actor_id, entry.subject_id, entry.facts) == (city.worker.pk, city.resident_user.pk, {"slip": slip.pk})


def test_a_slip_lives_a_day_and_a_newer_one_voids_it() -> None:
    city = make.small_city()
    _old, first = give_slip(person=city.resident, id_card_seen=True, by=city.worker)
    _new, second = give_slip(person=city.resident, id_card_seen=True, by=city.worker)
    with pytest.raises(Refused, match="已经用过或过期"):
        try_slip(code=first, address=ADDRESS)
    with clock.at(clock.now() + timedelta(hours=24)), pytest.raises(Refused, match="已经用过或过期"):
        try_slip(code=second, address=ADDRESS)


def test_guessing_slips_is_limited_by_address() -> None:
    assert [try_slip(code="AAAABBBBCCCC", address=ADDRESS) for _ in range(20)] == [None] * 20
    with pytest.raises(Refused, match="试得太多了"):
        try_slip(code="AAAABBBBCCCC", address=ADDRESS)


def test_no_slip_without_an_id_card_outside_the_reach_for_oneself_or_for_a_desk() -> None:
    city = make.small_city()
    with pytest.raises(Refused, match="核对本人的身份证件"):
        give_slip(person=city.resident, id_card_seen=False, by=city.worker)
    with pytest.raises(Forbidden):
        give_slip(person=city.resident, id_card_seen=True, by=city.captain)
    elsewhere = make.staff(
        "别站",
        Role.STATION_WORKER,
        open_node(kind=Kind.COMMUNITY, name="远处社区", parent=city.street, by=None),
    )
    with pytest.raises(Forbidden, match="不在您负责的范围内"):
        give_slip(person=city.resident, id_card_seen=True, by=elsewhere)
    for user in (city.worker, city.dispatcher):
        with pytest.raises(Forbidden):
            issue_slip(user=user, by=city.worker, scope=city.community.path, id_card_seen=True)
    assert not Slip.objects.exists()


def test_whoever_never_signed_in_gets_a_user_with_his_slip() -> None:
    city = make.small_city()
    lady = make.person("赵桂兰", home=city.community, is_user=False)
    _slip, code = give_slip(person=lady, id_card_seen=True, by=city.worker)
    lady.refresh_from_db()
    assert try_slip(code=code, address=ADDRESS) == make.user_of(lady)


def test_starting_afresh_takes_everything_and_is_for_the_security_administrator_alone() -> None:
    city = make.small_city()
    security = make.staff("安管", Role.SECURITY_ADMINISTRATOR, city.city)
    bound(city.worker)
    make_recovery_codes(user=city.worker, by=city.worker)
    for other in (
        city.worker,
        make.staff("系管", Role.SYSTEM_ADMINISTRATOR, city.city),
        make.staff("审计", Role.AUDITOR, city.city),
    ):
        with pytest.raises(Forbidden):
            start_afresh(user=city.worker, by=other)
    start_afresh(user=city.worker, by=security)
    assert not has_second_factor(city.worker)
    assert not RecoveryCode.objects.exists()
    with pytest.raises(Forbidden, match="不能对自己"):
        start_afresh(user=security, by=security)
