"""Sealing the journal: entries not yet sealed are taken by their ids and chained, off the hot path."""

import json
from collections.abc import Iterable, Sequence
from datetime import timedelta
from hashlib import sha256

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from lianxin.journal.models import Entry, Seal, Sealing

BATCH = 5_000
LONGEST_TRANSACTION = timedelta(days=1)
SEALING_LOCK = 7_305_001


@transaction.atomic
def seal_entries() -> Seal | None:
    """Put the next `BATCH` unsealed entries under a new seal; None when there are none. One sealer at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALING_LOCK])
    entries = list(unsealed().order_by("pk")[:BATCH])
    if not entries:
        return None
    previous = Seal.objects.order_by("-pk").first()
    seal = Seal.objects.create(
        entries=[entry.pk for entry in entries], previous=previous, digest=_digest(previous, entries)
    )
    Sealing.objects.bulk_create(Sealing(entry=entry, seal=seal) for entry in entries)
    return seal


def unsealed() -> "QuerySet[Entry, Entry]":
    """The entries that stand under no seal yet."""
    return Entry.objects.filter(sealing__isnull=True, pk__gt=_sealed_up_to())


def faults() -> Iterable[str]:
    """Every seal whose digest no longer fits its entries or the seal before it, in words."""
    previous = None
    for seal in Seal.objects.order_by("pk").iterator():
        entries = list(Entry.objects.filter(pk__in=seal.entries).order_by("pk"))
        if len(entries) != len(seal.entries):
            yield f"seal {seal.pk}: {len(seal.entries) - len(entries)} journal entries are missing"
        elif seal.previous_id != (previous.pk if previous else None):
            yield f"seal {seal.pk}: the seal before it is missing"
        elif bytes(seal.digest) != _digest(previous, entries):
            yield f"seal {seal.pk}: journal entries {entries[0].pk} to {entries[-1].pk} were changed"
        previous = seal
    for entry in Entry.objects.filter(sealing__isnull=True, pk__lte=_sealed_up_to()).order_by("pk"):
        yield f"journal entry {entry.pk} stands below a seal and under none"


def _sealed_up_to() -> int:
    """A key below which nothing can still appear: it was drawn before a seal that is older than any transaction.

    Without it, the search for the unsealed would grow with the journal.
    """
    old = Seal.objects.filter(sealed_at__lt=Now() - LONGEST_TRANSACTION).order_by("-pk").first()
    return old.entries[0] if old else 0


def _digest(previous: Seal | None, entries: Sequence[Entry]) -> bytes:
    digest = sha256(bytes(previous.digest) if previous else b"")
    for entry in entries:
        digest.update(_canonical(entry))
    return digest.digest()


def _canonical(entry: Entry) -> bytes:
    row = [getattr(entry, field.attname) for field in Entry._meta.concrete_fields]
    return json.dumps(row, ensure_ascii=False, sort_keys=True, default=str).encode()
