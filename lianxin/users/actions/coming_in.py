"""What every way in shares: the account is on, the coming is noted, failures are counted."""

from datetime import timedelta

from django.utils.translation import gettext as _

from lianxin.base.actions import action, lock
from lianxin.base.clock import now
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.actions import note
from lianxin.users import rules
from lianxin.users.models import User
from lianxin.users.queries import is_demo_open, policy


def come_in(user: User, *, way: str) -> User:
    """Note that the user came in by this way; refuse when the account is off."""
    if not user.is_active:
        raise Forbidden(_words_for_off(user))
    user.last_in_at = now()
    user.save(update_fields=["last_in_at"])
    note("users.signed_in", user, by=user, way=way)
    return user


def count_failure(user: User) -> None:
    """One more wrong password or second factor; the fifth locks both for a while (rule A3). Called under the lock."""
    user.failures += 1
    if user.failures >= rules.FAILURES:
        user.failures, user.locked_until = 0, now() + timedelta(minutes=policy().lock_minutes)
        note("users.locked", user, by=None)
    user.save(update_fields=["failures", "locked_until"])


def forget_failures(user: User) -> None:
    """The user has proven himself; earlier failures count no more."""
    if user.failures:
        user.failures = 0
        user.save(update_fields=["failures"])


@action
def sign_in_for_demo(*, user: User | None) -> User:
    """Let anybody in as `user`, without a code: in a demo city only, and never in reach of a network unasked."""
    if not is_demo_open():
        raise Forbidden(_("这里不是演示环境，请用手机号和验证码登录。"))
    if user is None:
        raise Refused(_("这个演示身份已经不在了，请换一个。"))
    return come_in(lock(User, user.pk), way="demo")


@action
def sign_out(*, by: User) -> None:
    """Note that the user left; the face ends the browser's session."""
    note("users.signed_out", by, by=by)


def _words_for_off(user: User) -> str:
    if user.off_because == User.Off.IDLE:
        return _("这个账号很久没有用，已经自动停用。请联系安全管理员重新启用。")
    return _("这个账号已经停用。如有疑问，请联系您所在的社区。")
