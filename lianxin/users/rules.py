"""What must hold when somebody signs in (docs/decisions/0003-sign-in-by-code.md)."""

import re
import unicodedata
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from ipaddress import IPv6Address, IPv6Network, ip_address

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.utils.translation import gettext_lazy as _

from lianxin.base.limits import Limit
from lianxin.base.refused import Forbidden, Refused
from lianxin.users.models import Policy, User

AT_A_DESK = "users.work_at_a_desk"
"""The permission of whoever works with other people's data: lands on the console and is soon signed out."""

ADMINISTERS = "users.administer"
"""The permission of the three administrators, who are signed out sooner still."""

SEE_ACCOUNTS, SET_POLICY, ISSUE_SLIPS = "users.see_accounts", "users.set_policy", "users.issue_slips"

_LATER = _("获取验证码的次数太多了，请 %(minutes)d 分钟后再试，或请社区工作人员帮忙。")

CODES_PER_PHONE = Limit(
    "codes of a phone",
    ((timedelta(minutes=1), 1), (timedelta(hours=1), 5), (timedelta(days=1), 10)),
    field="phone",
    words=_LATER,
    soon=_("验证码刚刚发过，请 %(seconds)d 秒后再获取。"),
)
"""The usual caps of Chinese SMS carriers; a carrier would silently drop what goes beyond them."""

CODES_PER_ADDRESS = Limit("codes of an address", ((timedelta(hours=1), 100),), field="phone", words=_LATER)
"""A whole office or station signs in from behind one address, so this only stops floods."""

PASSWORDS_PER_ADDRESS = Limit("passwords of an address", ((timedelta(hours=1), 60),), field="password")
SLIPS_PER_ADDRESS = Limit("slips of an address", ((timedelta(hours=1), 20),), field="slip")
"""Only wrong tries count against these two."""

RESIDENT_IDLE = timedelta(days=90)
VISITOR_IDLE = timedelta(hours=1)
CODES_KEPT = timedelta(days=1)
SLIP_LIVES = timedelta(hours=24)
FRESH = timedelta(minutes=10)
"""How long after proving oneself dangerous deeds may be done without proving it again (rule A5)."""

FAILURES = 5
FORMER_PASSWORDS = 5
RECOVERY_CODES = 10

FIRST_PROOFS = frozenset({"code", "slip", "password", "provider"})
SECOND_PROOFS = frozenset({"authenticator", "recovery", "passkey", "demo"})

_UNAMBIGUOUS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")


def mobile(typed: str) -> str:
    """The eleven bare digits of a mainland mobile number, however it was typed, pasted or dictated."""
    found = _MOBILE.fullmatch(re.sub(r"[\s()-]", "", _half_width(typed)))
    if found is None:
        raise Refused(_("请填 11 位手机号码，例如 138 0000 0000。"), field="phone")
    return found[1]


def digits_of_code(typed: str) -> str:
    """The six digits in what was typed or pasted, be it the whole short message; else whatever digits there are."""
    text = _half_width(typed)
    six = re.search(r"(?<!\d)\d{6}(?!\d)", text)
    return six[0] if six else re.sub(r"\D", "", text)


def network(address: str) -> str:
    """What counts as one place: the IPv4 address, or the /64 of IPv6, which one house has to itself."""
    try:
        own = ip_address(address)
    except ValueError:
        return address
    if isinstance(own, IPv6Address):
        return str(own.ipv4_mapped or IPv6Network((own, 64), strict=False))
    return address


def is_strong(user: User, proofs: Collection[str]) -> bool:
    """Whether these proofs open a desk: two factors, and a password or a passkey to come back with (rule A1)."""
    if "demo" in proofs or "passkey" in proofs:
        return True
    return bool(SECOND_PROOFS & set(proofs)) and user.has_usable_password()


def is_fresh(proved_at: datetime | None, moment: datetime) -> bool:
    """Whether somebody proved himself lately enough for a dangerous deed (rule A5)."""
    return proved_at is not None and moment - proved_at < FRESH


def is_stale(user: User, policy: Policy, moment: datetime) -> bool:
    """Whether the password has served its days and must be changed (rule A2)."""
    if not policy.password_days or user.password_at is None or not user.has_usable_password():
        return False
    return moment - user.password_at >= timedelta(days=policy.password_days)


def require_good_password(password: str, *, user: User, policy: Policy) -> None:
    """Long enough, three kinds of characters of four, not among the usual ones, without one's own phone (rule A2)."""
    if len(password) < policy.password_length:
        raise Refused(_("密码至少要 %(length)d 位。") % {"length": policy.password_length}, field="password")
    if sum(bool(re.search(kind, password)) for kind in _KINDS) < 3:
        raise Refused(_("大写字母、小写字母、数字、符号，请至少用三种。"), field="password")
    if password.casefold() in _common() or user.phone.open() in password:
        raise Refused(_("这个密码太好猜了，请换一个，不要用手机号或常见的词。"), field="password")


def require_unlocked(user: User) -> None:
    """Refuse while the account is locked after too many failures (rule A3)."""
    if user.is_locked:
        raise Refused(_("连续输错 %(tries)d 次，暂时锁定，请过一会儿再试。") % {"tries": FAILURES}, field="password")


def require_may(by: User | None, permission: str, *, about: User | None = None) -> None:
    """Refuse unless `by` holds the permission; nobody does such things to himself. The machine may (None)."""
    if by is None:
        return
    if not by.has_perm(permission):
        raise Forbidden(_("您的身份不能这样做。如果需要，请联系安全管理员。"))
    if about is not None and about.pk == by.pk:
        raise Forbidden(_("不能对自己的账号这样做，请另一位管理员来办。"))


def plain_code(typed: str) -> str:
    """The letters and digits of a slip or recovery code, however they were typed."""
    return re.sub(r"[^0-9A-Z]", "", _half_width(typed).upper())


def grouped(code: str) -> str:
    """A code as it is printed: in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def code_from(numbers: bytes) -> str:
    """Letters and digits that are not mistaken for each other, one per random byte (five bits each)."""
    return "".join(_UNAMBIGUOUS[number % len(_UNAMBIGUOUS)] for number in numbers)


def device(agent: str) -> str:
    """What kind of browser this is, in words that its owner knows: Windows 电脑 · Edge."""
    machine = next((words for sign, words in _MACHINES if sign in agent), _("别的设备"))
    browser = next((words for sign, words in _BROWSERS if sign in agent), "")
    return f"{machine} · {browser}" if browser else str(machine)


_KINDS = (r"[A-Z]", r"[a-z]", r"[0-9]", r"[^A-Za-z0-9]")
_MACHINES = (
    ("iPad", _("iPad")),
    ("iPhone", _("iPhone 手机")),
    ("HarmonyOS", _("鸿蒙手机")),
    ("Android", _("安卓手机")),
    ("Windows", _("Windows 电脑")),
    ("Macintosh", _("苹果电脑")),
    ("Linux", _("Linux 电脑")),
)
_BROWSERS = (
    ("MicroMessenger", _("微信")),
    ("DingTalk", _("钉钉")),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)


def _half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
