"""What must hold when somebody signs in (docs/decisions/0003-sign-in-by-code.md)."""

import re
import unicodedata
from datetime import timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

from django.utils.translation import gettext_lazy as _

from lianxin.base.refused import Refused

AT_A_DESK = "users.work_at_a_desk"
"""The permission of whoever works with other people's data: lands on the console and is soon signed out."""

CODES_PER_PHONE = ((timedelta(minutes=1), 1), (timedelta(hours=1), 5), (timedelta(days=1), 10))
"""The usual caps of Chinese SMS carriers; a carrier would silently drop what goes beyond them."""

CODES_PER_ADDRESS = (timedelta(hours=1), 100)
"""A whole office or station signs in from behind one address, so this only stops floods."""

CODES_KEPT = timedelta(days=1)

RESIDENT_IDLE = timedelta(days=90)
DESK_IDLE = timedelta(hours=8)
VISITOR_IDLE = timedelta(hours=1)

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


def _half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
