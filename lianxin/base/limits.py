"""How often something may be done: one mechanism on one table, so that it holds in any number of processes (rule A7).

Each use is a row with the keyed hash of what is limited and for whom; a transaction lock on that hash stands before
counting, since there may be no row yet to lock. Callers are actions: what is refused or rolled back is not counted.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from lianxin.base.clock import now
from lianxin.base.models import Use
from lianxin.base.refused import Refused
from lianxin.base.sealed import keyed_hash

KEPT = timedelta(days=1)
"""No limit looks further back."""


LATER, SOON = (
    gettext_lazy("试得太多了，请 %(minutes)d 分钟后再来。"),
    gettext_lazy("刚刚办过，请 %(seconds)d 秒后再来。"),
)


@dataclass(frozen=True)
class Limit:
    """At most so many uses within each span. `field` is the input that a refusal is about."""

    name: str
    caps: tuple[tuple[timedelta, int], ...]
    field: str | None = None
    words: str | Promise = LATER
    soon: str | Promise = SOON


def take(limit: Limit, key: str) -> None:
    """Use it once, or refuse in words that say when it is free again."""
    require_room(limit, key)
    count(limit, key)


def require_room(limit: Limit, key: str) -> None:
    """Refuse if the limit is reached; until this transaction ends no other may count for the same key."""
    hashed = _hash(limit, key)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(hashed[:8], signed=True)])
    free_at = _free_at(limit, hashed)
    if free_at > now():
        raise Refused(_words(limit, free_at), field=limit.field)


def count(limit: Limit, key: str) -> None:
    """Write down one use."""
    Use.objects.create(key_hash=_hash(limit, key), at=now())


def forget_old_uses() -> None:
    """Delete what no limit counts any more."""
    Use.objects.filter(at__lt=now() - KEPT).delete()


def _free_at(limit: Limit, hashed: bytes) -> datetime:
    longest = max(span for span, _many in limit.caps)
    most = max(many for _span, many in limit.caps)
    uses = Use.objects.filter(key_hash=hashed, at__gt=now() - longest).order_by("-at").values_list("at", flat=True)
    made = list(uses[:most])
    return max((made[many - 1] + span for span, many in limit.caps if len(made) >= many), default=now())


def _words(limit: Limit, until: datetime) -> str:
    seconds = int((until - now()).total_seconds()) + 1
    if seconds <= 60:
        return str(limit.soon) % {"seconds": seconds}
    return str(limit.words) % {"minutes": seconds // 60 + 1}


def _hash(limit: Limit, key: str) -> bytes:
    return keyed_hash(f"limit {limit.name} {key}")
