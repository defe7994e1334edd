"""Coming in and going out."""

import hmac
import secrets
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lianxin.base.actions import action, lock
from lianxin.base.clock import now
from lianxin.base.refused import Forbidden, Refused
from lianxin.base.sealed import keyed_hash
from lianxin.journal.actions import note
from lianxin.users import rules
from lianxin.users.models import Session, SignInCode, User
from lianxin.users.queries import is_demo_open


@action
def ask_for_code(*, phone: str, address: str) -> tuple[SignInCode, str]:
    """Make a code for whoever holds `phone`, end the one before, and return the row and the six digits to send.

    Phones without a user get a code too. `address` is where the request came from.
    """
    phone = rules.mobile(phone)
    of_phone, of_address = keyed_hash(phone), keyed_hash(f"address {rules.network(address)}")
    _alone(of_phone)
    _alone(of_address)
    codes = SignInCode.objects.filter(phone_hash=of_phone)
    _require_few(codes, rules.CODES_PER_PHONE)
    _require_few(SignInCode.objects.filter(address_hash=of_address), (rules.CODES_PER_ADDRESS,))
    codes.filter(ended_at=None).update(ended_at=now())
    digits = f"{secrets.randbelow(10**6):06d}"
    made = SignInCode.objects.create(
        phone=phone, code_hash=_hash_of_code(of_phone, digits), address_hash=of_address, made_at=now()
    )
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
    sent = lock(SignInCode, sent.pk)
    if not sent.is_live:
        raise Refused(_("这个验证码已经失效，请重新获取。"), field="digits")
    if not hmac.compare_digest(bytes(sent.code_hash), _hash_of_code(bytes(sent.phone_hash), digits)):
        _count_wrong_try(sent)
        return None
    sent.ended_at = now()
    sent.save(update_fields=["ended_at"])
    user = _user_of_phone(sent.phone.open())
    _come_in(user, way="code")
    return user


@action
def sign_in_for_demo(*, user: User | None) -> User:
    """Let anybody in as `user`, without a code: in a demo city only, and never in reach of a network unasked."""
    if not is_demo_open():
        raise Forbidden(_("这里不是演示环境，请用手机号和验证码登录。"))
    if user is None:
        raise Refused(_("这个演示身份已经不在了，请换一个。"))
    _come_in(user, way="demo")
    return user


@action
def sign_out(*, by: User) -> None:
    """Note that the user left; the face ends the browser's session."""
    note("users.signed_out", by, by=by)


@action
def end_sessions(*, user: User, by: User | None) -> int:
    """Sign the user out of every browser, as when a role is given or taken, a phone is lost or an account is closed."""
    ended, _rows = Session.objects.filter(user=user).delete()
    note("users.sessions_ended", user, by=by, sessions=ended)
    return ended


@action
def forget_the_old() -> None:
    """Delete codes that no limit counts any more, and sessions that have run out."""
    SignInCode.objects.filter(made_at__lt=now() - rules.CODES_KEPT).delete()
    Session.objects.filter(expires_at__lt=now()).delete()


def _alone(key: bytes) -> None:
    """Until this transaction ends no other may count or make codes for `key`: there may be no row yet to lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(key[:8], signed=True)])


def _require_few(codes: "QuerySet[SignInCode]", caps: tuple[tuple[timedelta, int], ...]) -> None:
    longest = max(span for span, _many in caps)
    made = sorted(codes.filter(made_at__gt=now() - longest).values_list("made_at", flat=True), reverse=True)
    free_at = max((made[many - 1] + span for span, many in caps if len(made) >= many), default=now())
    if free_at > now():
        raise Refused(_words_for_waiting(free_at), field="phone")


def _words_for_waiting(until: datetime) -> str:
    seconds = int((until - now()).total_seconds()) + 1
    if seconds <= 60:
        return _("验证码刚刚发过，请 %(seconds)d 秒后再获取。") % {"seconds": seconds}
    return _("获取验证码的次数太多了，请 %(minutes)d 分钟后再试，或请社区工作人员帮忙。") % {
        "minutes": seconds // 60 + 1
    }


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


def _come_in(user: User, way: str) -> None:
    if not user.is_active:
        raise Forbidden(_("这个账号已经停用。如有疑问，请联系您所在的社区。"))
    note("users.signed_in", user, by=user, way=way)
