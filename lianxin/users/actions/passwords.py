"""Passwords: setting one, and coming in by it (rules A2 and A3)."""

from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.base import limits
from lianxin.base.actions import action, lock
from lianxin.base.clock import now
from lianxin.base.refused import Refused
from lianxin.journal.actions import note
from lianxin.users import rules
from lianxin.users.actions.coming_in import come_in, count_failure, forget_failures
from lianxin.users.models import FormerPassword, User
from lianxin.users.queries import policy


@action
def set_password(*, user: User, password: str, by: User) -> User:
    """A new password, unlike the last five; every other way in stays. The face ends the other sessions."""
    user = lock(User, user.pk)
    rules.require_good_password(password, user=user, policy=policy())
    if any(check_password(password, former.password) for former in _former(user)):
        raise Refused(_("最近 5 次用过的密码不能再用，请换一个新的。"), field="password")
    user.password, user.password_at = make_password(password), now()
    user.save(update_fields=["password", "password_at"])
    FormerPassword.objects.create(user=user, password=user.password, set_at=now())
    kept = [former.pk for former in _former(user)]
    FormerPassword.objects.filter(user=user).exclude(pk__in=kept).delete()
    note("users.password_set", user, by=by)
    return user


@action
def try_password(*, phone: str, password: str, address: str) -> User | None:
    """Let in whoever knows the password of this phone's user; None when it is wrong, which counts.

    A phone without a user or without a password is answered and counted alike, and takes as long.
    """
    phone = rules.mobile(phone)
    limits.require_room(rules.PASSWORDS_PER_ADDRESS, rules.network(address))
    user = _locked_user(phone)
    if user is None or not user.has_usable_password():
        _count_stranger(phone, password, address)
        return None
    rules.require_unlocked(user)
    if not check_password(password, user.password):
        limits.count(rules.PASSWORDS_PER_ADDRESS, rules.network(address))
        count_failure(user)
        return None
    if not user.has_perm(rules.AT_A_DESK):  # at a desk only the second factor ends the count
        forget_failures(user)
    return come_in(user, way="password")


@action
def confirm_password(*, user: User, password: str) -> bool:
    """Whether this is the password of somebody who is in already; a wrong one counts."""
    user = lock(User, user.pk)
    rules.require_unlocked(user)
    if user.has_usable_password() and check_password(password, user.password):
        note("users.proved", user, by=user, way="password")
        return True
    count_failure(user)
    return False


def _former(user: User) -> list[FormerPassword]:
    return list(FormerPassword.objects.filter(user=user).order_by("-pk")[: rules.FORMER_PASSWORDS])


def _locked_user(phone: str) -> User | None:
    user = User.objects.get_by_phone(phone)
    return lock(User, user.pk) if user else None


def _count_stranger(phone: str, password: str, address: str) -> None:
    limit = limits.Limit(
        "passwords of a phone",
        ((timedelta(minutes=policy().lock_minutes), rules.FAILURES),),
        "password",
        LOCKED,
        LOCKED,
    )
    limits.take(limit, phone)
    limits.count(rules.PASSWORDS_PER_ADDRESS, rules.network(address))
    make_password(password)


LOCKED = gettext_lazy("连续输错 5 次，暂时锁定，请过一会儿再试。")
