"""Sealing the journal: entries not yet sealed are taken by their ids and chained, off the hot path."""

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from lianxin.journal.models import Entry, Seal, Sealing

BATCH = 5_000
SEALING_LOCK = 7_305_001
SEALS_AT_ONCE = 10
COLUMNS = [field.attname for field in Entry._meta.concrete_fields]
KEY = COLUMNS.index("id")
"""What a seal is put on: the columns of an entry in their order. Rows are read without making objects of them, since
proving the whole journal reads millions."""


@transaction.atomic
def seal_entries() -> Seal | None:
    """Put the next `BATCH` unsealed entries under a new seal; None when there are none. One sealer at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALING_LOCK])
    drawn = _drawn_before_whatever_runs()
    rows = list(unsealed().order_by("pk").values_list(*COLUMNS)[:BATCH])
    if not rows:
        return None
    previous, keys = Seal.objects.order_by("-pk").first(), [row[KEY] for row in rows]
    settled = max(previous.settled, min(drawn, keys[-1])) if previous else 0
    seal = Seal.objects.create(entries=keys, settled=settled, previous=previous, digest=_digest(previous, rows))
    Sealing.objects.bulk_create(Sealing(entry_id=row[KEY], seal=seal) for row in rows)
    return seal


def unsealed() -> "QuerySet[Entry, Entry]":
    """The entries that stand under no seal yet; looked for only where there may be any."""
    return Entry.objects.filter(sealing__isnull=True, pk__gt=_settled())


def faults() -> Iterable[str]:
    """Every seal whose digest no longer fits its entries or the seal before it, in words."""
    previous = None
    for seal in Seal.objects.order_by("pk").iterator(chunk_size=SEALS_AT_ONCE):
        keys = seal.entries
        rows = list(Entry.objects.filter(pk__in=keys).order_by("pk").values_list(*COLUMNS))
        if len(rows) != len(keys):
            yield f"seal {seal.pk}: {len(keys) - len(rows)} journal entries are missing"
        elif seal.previous_id != (previous.pk if previous else None):
            yield f"seal {seal.pk}: the seal before it is missing"
        elif bytes(seal.digest) != _digest(previous, rows):
            yield f"seal {seal.pk}: journal entries {min(keys)} to {max(keys)} were changed"
        previous = seal
    for entry in Entry.objects.filter(sealing__isnull=True, pk__lte=_settled()).order_by("pk"):
        yield f"journal entry {entry.pk} stands below a seal and under none"


def _settled() -> int:
    return Seal.objects.order_by("-pk").values_list("settled", flat=True).first() or 0


def _drawn_before_whatever_runs() -> int:
    """The last key that is known to be older than every transaction that runs now.

    Who drew a key up to it is done: whoever looks after this sees its entry, or it will never be. A key is drawn before
    the seal that it stands under is made. All that write the journal are of our own database role, or we could not see
    when they began. Were the server's clock set back during a transaction, `faults` might name its entries for nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(min(xact_start), statement_timestamp()) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        [oldest] = cursor.fetchone()
    seal = Seal.objects.filter(sealed_at__lt=oldest).order_by("-pk").first()
    return max(seal.entries) if seal else 0


def _digest(previous: Seal | None, rows: Iterable[Sequence[Any]]) -> bytes:
    digest = sha256(bytes(previous.digest) if previous else b"")
    for row in rows:
        digest.update(json.dumps(row, ensure_ascii=False, sort_keys=True, default=str).encode())
    return digest.digest()
