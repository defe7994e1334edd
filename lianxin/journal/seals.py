"""Sealing the journal: entries not yet sealed are taken by their ids and chained, off the hot path."""

import json
from collections.abc import Iterable, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from lianxin.journal.models import Entry, Seal, Sealing

BATCH = 5_000
LONGEST_TRANSACTION = timedelta(days=1)
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
    rows = list(unsealed().order_by("pk").values_list(*COLUMNS)[:BATCH])
    if not rows:
        return None
    previous = Seal.objects.order_by("-pk").first()
    seal = Seal.objects.create(entries=[row[KEY] for row in rows], previous=previous, digest=_digest(previous, rows))
    Sealing.objects.bulk_create(Sealing(entry_id=row[KEY], seal=seal) for row in rows)
    return seal


def unsealed() -> "QuerySet[Entry, Entry]":
    """The entries that stand under no seal yet."""
    return Entry.objects.filter(sealing__isnull=True, pk__gt=_sealed_up_to())


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
    for entry in Entry.objects.filter(sealing__isnull=True, pk__lte=_sealed_up_to()).order_by("pk"):
        yield f"journal entry {entry.pk} stands below a seal and under none"


def _sealed_up_to() -> int:
    """A key below which nothing can still appear: it was drawn before a seal that is older than any transaction.

    Without it, the search for the unsealed would grow with the journal.
    """
    old = Seal.objects.filter(sealed_at__lt=Now() - LONGEST_TRANSACTION).order_by("-pk").first()
    return old.entries[0] if old else 0


def _digest(previous: Seal | None, rows: Iterable[Sequence[Any]]) -> bytes:
    digest = sha256(bytes(previous.digest) if previous else b"")
    for row in rows:
        digest.update(json.dumps(row, ensure_ascii=False, sort_keys=True, default=str).encode())
    return digest.digest()
