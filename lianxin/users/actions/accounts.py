"""Accounts: opening, on and off, unlocking, starting afresh, another phone; and the numbers of signing in (rule A8)."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from lianxin.base.actions import action, alone, lock
from lianxin.base.clock import now
from lianxin.base.refused import Refused
from lianxin.base.sealed import keyed_hash
from lianxin.journal.actions import Deed, note, note_many
from lianxin.users import rules
from lianxin.users.actions.codes import prove_phone
from lianxin.users.actions.sessions import end_sessions
from lianxin.users.models import (
    Authenticator,
    FormerPassword,
    Link,
    Passkey,
    Policy,
    RecoveryCode,
    Session,
    SignInCode,
    Slip,
    User,
)


@action
def open_account(*, name: str, phone: str, by: User) -> User:
    """An account for a colleague whom no code reaches: he comes by a slip (rule A6) and sets a password."""
    rules.require_may(by, rules.SEE_ACCOUNTS)
    phone, name = rules.mobile(phone), " ".join(name.split())
    if not name:
        raise Refused(_("请填姓名。"), field="name")
    alone(keyed_hash(f"account {phone}"))
    if User.objects.get_by_phone(phone):
        words = _("这个手机号已经有账号了，请在账号里按手机尾号 %(ending)s 找。")
        raise Refused(words % {"ending": phone[-4:]}, field="phone")
    user = User.objects.make(phone)
    user.display_name = name
    user.save(update_fields=["display_name"])
    note("users.account_opened", user, by=by)
    return user


@action
def switch_off(*, user: User, by: User) -> User:
    """The account opens nothing until it is switched on again; every session ends."""
    rules.require_may(by, rules.SEE_ACCOUNTS, about=user)
    switch_off_many(users=[user], because=User.Off.BY_HAND, by=by)
    user.refresh_from_db()
    return user


@action
def switch_off_many(*, users: Iterable[User], because: User.Off, by: User | None) -> int:
    """Switch these accounts off, in one statement; whose already are stay as they are."""
    keys = [user.pk for user in users]
    found = list(User.objects.filter(pk__in=keys, is_active=True).order_by("pk").select_for_update(no_key=True))
    User.objects.filter(pk__in=[user.pk for user in found]).update(is_active=False, off_because=because)
    Session.objects.filter(user__in=found).delete()
    note_many("users.switched_off", [Deed(user, facts={"because": because}) for user in found], by=by)
    return len(found)


@action
def switch_on(*, user: User, by: User) -> User:
    """The account may be used again, from now."""
    rules.require_may(by, rules.SEE_ACCOUNTS, about=user)
    user = lock(User, user.pk)
    if user.is_active:
        raise Refused(_("这个账号本来就在用。"))
    user.is_active, user.off_because, user.last_in_at = True, "", now()
    user.save(update_fields=["is_active", "off_because", "last_in_at"])
    note("users.switched_on", user, by=by)
    return user


@action
def unlock(*, user: User, by: User) -> User:
    """Passwords and second factors are taken again at once."""
    rules.require_may(by, rules.SEE_ACCOUNTS, about=user)
    user = lock(User, user.pk)
    user.failures, user.locked_until = 0, None
    user.save(update_fields=["failures", "locked_until"])
    note("users.unlocked", user, by=by)
    return user


@action
def start_afresh(*, user: User, by: User) -> User:
    """Whoever lost phone and paper begins again: no password, no second factor, no link, no session; then a slip."""
    rules.require_may(by, rules.SEE_ACCOUNTS, about=user)
    user = lock(User, user.pk)
    user.set_unusable_password()
    user.password_at, user.failures, user.locked_until = None, 0, None
    user.save(update_fields=["password", "password_at", "failures", "locked_until"])
    for model in (Authenticator, RecoveryCode, Passkey, Link, FormerPassword, Slip):
        model.objects.filter(user=user).delete()
    note("users.started_afresh", user, by=by)
    end_sessions(user=user, by=by)
    return user


@action
def change_phone(*, user: User, sent: SignInCode, digits: str, by: User) -> User | None:
    """Sign in by another phone from now on, which the code sent there proves; None when the code is wrong.

    Every session ends; the face starts a new one here.
    """
    phone = prove_phone(sent=sent, digits=digits)
    if phone is None:
        return None
    user = lock(User, user.pk)
    other = User.objects.get_by_phone(phone)
    if other is not None:
        raise Refused(_("这个手机号已经有账号了，不能再用。"), field="digits")
    if user.display_name == str(user):
        user.display_name = User(phone=phone, phone_ending=phone[-4:]).__str__()
    user.phone = phone
    user.save(update_fields=["phone", "phone_hash", "phone_ending", "display_name"])
    note("users.phone_changed", user, by=by)
    end_sessions(user=user, by=by)
    return user


@action
def set_policy(*, by: User, **numbers: int) -> Policy:
    """Set numbers of signing in; the journal names which."""
    rules.require_may(by, rules.SET_POLICY)
    Policy.objects.get_or_create(pk=1)
    policy = lock(Policy, 1)
    changed = {name: number for name, number in numbers.items() if getattr(policy, name) != number}
    for name, number in changed.items():
        setattr(policy, name, number)
    policy.save()
    note("users.policy_set", policy, by=by, changed=changed)
    return policy
