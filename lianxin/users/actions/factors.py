"""The second factor: an authenticator app, and recovery codes on paper (rule A4)."""

import hmac
import secrets

import pyotp
from django.utils.translation import gettext as _

from lianxin.base.actions import action, lock
from lianxin.base.clock import now
from lianxin.base.refused import Refused
from lianxin.base.sealed import keyed_hash
from lianxin.journal.actions import note
from lianxin.users import rules
from lianxin.users.actions.coming_in import count_failure, forget_failures
from lianxin.users.models import Authenticator, Passkey, RecoveryCode, User

STEP = 30


@action
def begin_authenticator(*, user: User, by: User) -> Authenticator:
    """A fresh secret to scan; it counts only when a first code from it was typed. One that counts stays as it is."""
    lock(User, user.pk)
    begun, is_new = Authenticator.objects.get_or_create(user=user, defaults={"secret": pyotp.random_base32()})
    if not is_new and begun.confirmed_at:
        raise Refused(_("您已经绑定了验证器。要换，请先解除原来的。"))
    return begun


@action
def confirm_authenticator(*, user: User, digits: str, by: User) -> bool:
    """The first code from the app shows that it holds the secret; wrong ones do not count against the account."""
    lock(User, user.pk)
    begun = Authenticator.objects.filter(user=user, confirmed_at=None).first()
    step = _step_of(begun, digits) if begun else None
    if begun is None or step is None:
        return False
    begun.confirmed_at, begun.last_step = now(), step
    begun.save(update_fields=["confirmed_at", "last_step"])
    note("users.authenticator_bound", user, by=by)
    return True


@action
def try_authenticator(*, user: User, digits: str) -> bool:
    """Whether this is the app's code of now; each code proves once, and a wrong one counts (rule A3)."""
    user = lock(User, user.pk)
    rules.require_unlocked(user)
    held = Authenticator.objects.filter(user=user).exclude(confirmed_at=None).first()
    step = _step_of(held, digits) if held else None
    if held is None or step is None or step <= held.last_step:
        count_failure(user)
        return False
    held.last_step = step
    held.save(update_fields=["last_step"])
    return _proved(user, "authenticator")


@action
def make_recovery_codes(*, user: User, by: User) -> list[str]:
    """Ten codes to keep on paper; the ones before are void. They are shown once and kept as hashes."""
    lock(User, user.pk)
    RecoveryCode.objects.filter(user=user).delete()
    codes = [rules.code_from(secrets.token_bytes(12)) for _number in range(rules.RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, code_hash=_hash_of(user, code)) for code in codes)
    note("users.recovery_codes_made", user, by=by)
    return codes


@action
def try_recovery_code(*, user: User, code: str) -> bool:
    """Whether this is one of the user's recovery codes; each works once, and a wrong one counts (rule A3)."""
    user = lock(User, user.pk)
    rules.require_unlocked(user)
    found = RecoveryCode.objects.filter(user=user, used_at=None, code_hash=_hash_of(user, rules.plain_code(code)))
    if not found.update(used_at=now()):
        count_failure(user)
        return False
    note("users.recovery_code_used", user, by=user)
    return _proved(user, "recovery")


@action
def unbind_authenticator(*, user: User, by: User) -> None:
    """The app no longer counts; at a desk only while a passkey remains."""
    user = lock(User, user.pk)
    if user.has_perm(rules.AT_A_DESK) and not Passkey.objects.filter(user=user).exists():
        raise Refused(_("工作账号要有第二验证。请先添加通行密钥，再解除验证器。"))
    Authenticator.objects.filter(user=user).delete()
    note("users.authenticator_unbound", user, by=by)


def _proved(user: User, way: str) -> bool:
    forget_failures(user)
    note("users.proved", user, by=user, way=way)
    return True


def _step_of(held: Authenticator, digits: str) -> int | None:
    """The half minute of which these are the digits, if it is the present one or a neighbour."""
    totp = pyotp.TOTP(held.secret.open(), interval=STEP)
    present = int(now().timestamp()) // STEP
    near = (present, present - 1, present + 1)
    return next((step for step in near if hmac.compare_digest(totp.generate_otp(step), digits)), None)


def _hash_of(user: User, code: str) -> bytes:
    return keyed_hash(f"recovery {user.pk} {code}")
