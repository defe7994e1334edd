"""Signing in by phone and code (docs/decisions/0003-sign-in-by-code.md)."""

import hmac
import secrets

from django.utils.translation import gettext as _

from lianxin.base import limits
from lianxin.base.actions import action, lock
from lianxin.base.clock import now
from lianxin.base.refused import Refused
from lianxin.base.sealed import keyed_hash
from lianxin.journal.actions import note
from lianxin.users import rules
from lianxin.users.actions.coming_in import come_in
from lianxin.users.models import SignInCode, User


@action
def ask_for_code(*, phone: str, address: str) -> tuple[SignInCode, str]:
    """Make a code for whoever holds `phone`, end the one before, and return the row and the six digits to send.

    Phones without a user get a code too. `address` is where the request came from.
    """
    phone = rules.mobile(phone)
    of_phone = keyed_hash(phone)
    limits.take(rules.CODES_PER_PHONE, phone)
    limits.take(rules.CODES_PER_ADDRESS, rules.network(address))
    SignInCode.objects.filter(phone_hash=of_phone, ended_at=None).update(ended_at=now())
    digits = f"{secrets.randbelow(10**6):06d}"
    made = SignInCode.objects.create(phone=phone, code_hash=_hash_of_code(of_phone, digits), made_at=now())
    note("users.code_asked", made, by=None)
    return made, digits


@action
def ask_again(*, sent: SignInCode, address: str) -> tuple[SignInCode, str]:
    """Make another code for the phone to which `sent` went, so that nobody types the number twice."""
    return ask_for_code(phone=sent.phone.open(), address=address)


@action
def try_code(*, sent: SignInCode, digits: str) -> User | None:
    """Let in whoever types back the digits sent; None when they are wrong, which counts and ends the code at last.

    A phone without a user gets one now: only a code typed back proves that the phone is theirs.
    """
    phone = prove_phone(sent=sent, digits=digits)
    return come_in(_user_of_phone(phone), way="code") if phone else None


@action
def prove_phone(*, sent: SignInCode, digits: str) -> str | None:
    """The phone, if these are the digits that were sent to it; None when they are wrong. A code proves once."""
    sent = lock(SignInCode, sent.pk)
    if not sent.is_live:
        raise Refused(_("这个验证码已经失效，请重新获取。"), field="digits")
    if not hmac.compare_digest(bytes(sent.code_hash), _hash_of_code(bytes(sent.phone_hash), digits)):
        _count_wrong_try(sent)
        return None
    sent.ended_at = now()
    sent.save(update_fields=["ended_at"])
    return str(sent.phone.open())


def _hash_of_code(of_phone: bytes, digits: str) -> bytes:
    return keyed_hash(f"code {of_phone.hex()} {digits}")


def _count_wrong_try(sent: SignInCode) -> None:
    sent.tries += 1
    if sent.tries_left == 0:
        sent.ended_at = now()
        note("users.code_locked", sent, by=None)
    sent.save(update_fields=["tries", "ended_at"])


def _user_of_phone(phone: str) -> User:
    user = User.objects.get_by_phone(phone)
    if user is None:
        user = User.objects.make(phone)
        note("users.user_made", user, by=user)
    return user
