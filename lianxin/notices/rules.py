"""When a call is made, and made again (rule N1): in the day, three tries, the last one the next day."""

from datetime import datetime, time, timedelta

from django.utils import timezone

CALLS_FROM, CALLS_UNTIL = time(9, 0), time(18, 0)
AGAIN_AFTER = timedelta(hours=6)


def next_call_time(moment: datetime) -> datetime:
    """`moment`, or the next 09:00 if it falls outside the hours in which one telephones elders."""
    local = timezone.localtime(moment)
    morning = local.replace(hour=CALLS_FROM.hour, minute=0, second=0, microsecond=0)
    if local.time() < CALLS_FROM:
        return morning
    return local if local.time() < CALLS_UNTIL else morning + timedelta(days=1)


def may_be_sent(text: str) -> bool:
    """An SMS carries no link: elders are taught not to follow one (rule N2)."""
    return "http" not in text and "www." not in text
