"""The journal and the logs: 安全审计, six months at least (网络安全法)."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection
from django.db.models import Min
from django.utils import timezone

from lianxin.cli.findings import Finding, State, danger_unless, gap_unless
from lianxin.config.log_settings import FILES, log_folder, log_to
from lianxin.config.retention import LOGS_KEPT
from lianxin.journal.models import Entry
from lianxin.journal.seals import unsealed

AREA = "audit 审计"
GUARDED = {"journal_entry", "journal_seal", "journal_sealing"}
GUARDS = """
SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE tgname = 'append_only' AND tgenabled <> 'D' AND relname = ANY(%s)
"""
SEALED_WITHIN = timedelta(minutes=10)


def append_only() -> Iterator[Finding]:
    """The triggers that refuse to change the journal are in place."""
    with connection.cursor() as cursor:
        cursor.execute(GUARDS, [sorted(GUARDED)])
        open_tables = GUARDED - {name for (name,) in cursor.fetchall()}
    words = (
        f"could be changed: {sorted(open_tables)}" if open_tables else "the journal can be added to and nothing else"
    )
    yield Finding(AREA, danger_unless(not open_tables), words, "journal/migrations, rule P3")
    words = "whoever owns the database could drop the trigger; the seals would show it: keep their digests elsewhere"
    yield Finding(AREA, State.NOTE, words, "lianxin verify-books")


def seals() -> Iterator[Finding]:
    """Entries are sealed within minutes."""
    oldest = unsealed().aggregate(at=Min("written_at"))["at"]
    is_well = oldest is None or timezone.now() - oldest < SEALED_WITHIN
    words = "all entries are sealed" if is_well else f"entries since {oldest:%Y-%m-%d %H:%M} are not sealed"
    yield Finding(AREA, gap_unless(is_well), words, "journal/seals.py")


def span() -> Iterator[Finding]:
    """How far back the journal reaches."""
    first = Entry.objects.order_by("pk").values_list("written_at", flat=True).first()
    words = f"the journal is kept for good, since {first:%Y-%m-%d}" if first else "the journal is empty"
    yield Finding(AREA, State.OK, words, "docs/decisions/0008-the-journal-is-kept.md")


def logs() -> Iterator[Finding]:
    """Where the log goes, and how long it is kept."""
    where = (
        f"{log_folder()}, {LOGS_KEPT.days} days" if log_to() == FILES else f"{log_to()}: kept by whoever receives it"
    )
    yield Finding(
        AREA, State.OK if log_to() == FILES else State.NOTE, f"log without private values in {where}", "LIANXIN_LOG"
    )


EXAMINATIONS = (append_only, seals, span, logs)
