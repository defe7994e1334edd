"""Ending sessions, and forgetting what is old."""

from django.utils.translation import gettext as _

from lianxin.base import limits
from lianxin.base.actions import action
from lianxin.base.clock import now
from lianxin.base.refused import Refused
from lianxin.journal.actions import note
from lianxin.users import rules
from lianxin.users.models import Session, SignInCode, Slip, User


@action
def end_sessions(*, user: User, by: User | None) -> int:
    """Sign the user out of every browser, as when a role is given or taken, a phone is lost or an account is closed."""
    return _end(user, by=by, keep=None)


@action
def end_other_sessions(*, by: User, keep: bytes) -> int:
    """Sign out of every browser but the one whose key has this hash."""
    return _end(by, by=by, keep=keep)


@action
def end_session(*, user: User, number: str, by: User) -> None:
    """Sign the user out of one browser: the user himself, or who looks after accounts (rule A8)."""
    if by.pk != user.pk:
        rules.require_may(by, rules.SEE_ACCOUNTS)
    ended, _rows = Session.objects.filter(user=user, key_hash=_hash_of(number)).delete()
    if not ended:
        raise Refused(_("这次登录已经结束了。"))
    note("users.sessions_ended", user, by=by, sessions=ended)


@action
def end_sessions_of(*, user: User, by: User) -> int:
    """Whoever looks after accounts signs somebody out of every browser (rule A8)."""
    rules.require_may(by, rules.SEE_ACCOUNTS)
    return _end(user, by=by, keep=None)


@action
def forget_the_old() -> None:
    """Delete codes, slips and uses that nothing counts any more, and sessions that have run out."""
    SignInCode.objects.filter(made_at__lt=now() - rules.CODES_KEPT).delete()
    Slip.objects.filter(expires_at__lt=now() - rules.CODES_KEPT).delete()
    Session.objects.filter(expires_at__lt=now()).delete()
    limits.forget_old_uses()


def _end(user: User, *, by: User | None, keep: bytes | None) -> int:
    others = Session.objects.filter(user=user)
    ended, _rows = (others.exclude(key_hash=keep) if keep else others).delete()
    note("users.sessions_ended", user, by=by, sessions=ended)
    return ended


def _hash_of(number: str) -> bytes:
    try:
        return bytes.fromhex(number)
    except ValueError:
        return b""
