"""Changing the sealing key while the product runs: add, use, seal old rows again in the background, drop (rule B4).

The look-up key stays: docs/decisions/0007-two-keys-two-ways.md.
"""

from django.db import connection
from django.db.models.functions import Now
from procrastinate.contrib.django import app

from lianxin.base import keys as key_file
from lianxin.base.actions import action
from lianxin.base.models import Installation, Upkeep
from lianxin.base.resealing import left_over, reseal_all
from lianxin.base.sealed import keys
from lianxin.config import environment
from lianxin.config.cannot_start import CannotStart
from lianxin.config.upkeep import keep_record, whole_city
from lianxin.journal.actions import note

OLDER_TRANSACTIONS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start < to_timestamp(%s)
"""


@action
def begin(*, by: None = None) -> int:
    """Let a new key seal from now on, and queue the work on old rows; gives the key's number.

    A key that was added before but seals nothing yet is the new one: several machines need the file before any seals.
    """
    path = environment.key_file()
    if keys().current == max(keys().sealing):
        key_file.add_sealing_key(path)
    current = key_file.use_newest(path).current
    note("base.key_changed", Installation.objects.get(), by=by, scope=whole_city(), key=current)
    reseal.configure(queueing_lock=None).defer(timestamp=0)  # one that waits already must not refuse this
    return current


def add_only() -> int:
    """Add a key to the file, which seals nothing until the file is on every machine; gives its number."""
    if keys().current != max(keys().sealing):
        raise CannotStart("There is a key already that seals nothing yet. Copy the file to every machine, then rotate.")
    return max(key_file.add_sealing_key(environment.key_file()).sealing)


@app.periodic(cron="*/10 * * * *")
@app.task(name="base.reseal", queueing_lock="base.reseal")
def reseal(timestamp: int) -> None:
    """Seal old rows again until none is left; what a killed worker left is gone on with at the next turn."""
    if is_under_way():
        done = sum(reseal_all())
        facts = {"key": keys().current, "values": done, "left": sum(left_over().values())}
        keep_record(kind=Upkeep.Kind.RESEALED, facts=facts, by=None)


def is_under_way() -> bool:
    """Whether an older key is still in the file and rows may still need it."""
    if keys().current == min(keys().sealing):
        return False
    last = Upkeep.objects.filter(kind=Upkeep.Kind.RESEALED).order_by("-pk").first()
    return last is None or last.facts["key"] != keys().current or last.facts["left"] > 0


@action
def drop_old(*, even_for_backups: bool, by: None = None) -> list[int]:
    """Remove the keys that seal no more from the file, when nothing needs them; gives their numbers."""
    path = environment.key_file()
    old = sorted(set(keys().sealing) - {keys().current})
    _require_unneeded(path.stat().st_mtime, old, even_for_backups=even_for_backups)
    note("base.old_keys_dropped", Installation.objects.get(), by=by, scope=whole_city(), keys=old)
    key_file.drop_old(path)
    return old


def _require_unneeded(since: float, old: list[int], *, even_for_backups: bool) -> None:
    """Nothing is left that the old keys sealed, nobody is still writing it, and no backup holds it."""
    if left := left_over():
        what = ", ".join(f"{name}: {count}" for name, count in left.items())
        raise CannotStart(f"The old keys are still needed ({what}). Wait until the worker has sealed these again.")
    with connection.cursor() as cursor:
        cursor.execute(OLDER_TRANSACTIONS, [since])
        if cursor.fetchone() != (0,):
            raise CannotStart("Something begun before the change is still being written. Try again later.")
    needing = _backups_with(old)
    if needing and not even_for_backups:
        raise CannotStart(
            f"Backups still need the old keys: {', '.join(needing)}. Keep a copy of the key file with them, "
            "then say --even-for-backups."
        )


def _backups_with(old: list[int]) -> list[str]:
    """The newest backups on record that were made while an old key was still in use."""
    taken = Upkeep.objects.filter(kind=Upkeep.Kind.BACKUP, at__lte=Now()).order_by("-pk")[:14]
    return [row.facts["backup"] for row in taken if set(row.facts["keys"]) & set(old)]
