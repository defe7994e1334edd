"""Free times and who may take on volunteers."""

from datetime import datetime, timedelta

from django.utils import timezone

from lianxin.organisations.models import Role
from lianxin.organisations.rules import grant

MAY = grant(
    {
        "volunteers.approve": {Role.CAPTAIN, Role.CITY_OFFICER},
    }
)

DAY_STARTS, SLOT_HOURS, SLOTS_A_DAY = 6, 2, 8


def slots(start: datetime, end: datetime) -> int:
    """The week slots that a time touches, as a mask of 56 bits; `NEVER` if it reaches into the night (22 to 06)."""
    each, last = timezone.localtime(start), timezone.localtime(end)
    mask = 0
    while each < last:
        slot = (each.hour - DAY_STARTS) // SLOT_HOURS
        if not 0 <= slot < SLOTS_A_DAY:
            return NEVER
        mask |= 1 << (each.weekday() * SLOTS_A_DAY + slot)
        opens = each.replace(hour=DAY_STARTS + slot * SLOT_HOURS, minute=0, second=0, microsecond=0)
        each = opens + timedelta(hours=SLOT_HOURS)
    return mask


NEVER = 1 << 60


def is_free(free: int, start: datetime, end: datetime) -> bool:
    """Whether all slots that the time touches are among the free ones."""
    wanted = slots(start, end)
    return free & wanted == wanted
