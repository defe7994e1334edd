"""`lianxin backup`: everything but the keys into a folder; with --check, the proof that it can be restored."""

import argparse
import time
from pathlib import Path

from django.conf import settings

from lianxin.base.models import Upkeep
from lianxin.base.sealed import keys
from lianxin.cli.proving import prove
from lianxin.config import backup, environment
from lianxin.config.parts import say
from lianxin.config.restore import choose, require_keys, restored_elsewhere
from lianxin.config.upkeep import keep_record


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", type=Path, help="below which the backup is made (LIANXIN_BACKUP_FOLDER)")
    parser.add_argument("--check", action="store_true", help="restore the newest backup into a temporary place")
    parser.add_argument("--portable", action="store_true", help="dump, for another major version of PostgreSQL")
    parser.add_argument("--keep", type=int, default=backup.KEPT, help="how many of the newest backups stay")


def run(options: argparse.Namespace) -> int:
    folder: Path = (options.folder or environment.backup_folder()).absolute()
    if options.check:
        return check(folder)
    take(folder, how="copy" if environment.is_embedded() and not options.portable else "dump", keep=options.keep)
    return 0


def take(folder: Path, *, how: backup.How, keep: int) -> None:
    """Make a backup, forget old ones, and write down both."""
    since = time.monotonic()
    sealing = sorted(keys().sealing)
    made = backup.take(folder, how=how, key_fingerprint=settings.KEYS.fingerprint, sealing_keys=sealing)
    gone = backup.forget_old(folder, keep=keep)
    seconds, size = round(time.monotonic() - since, 1), backup.size_of(folder / made.name)
    facts = {
        "backup": made.name,
        "how": how,
        "keys": sealing,
        "seconds": seconds,
        "bytes": size,
        "forgotten": len(gone),
    }
    keep_record(kind=Upkeep.Kind.BACKUP, facts=facts, by=None)
    say(f"backup {folder / made.name}: {how}, {size // 1024} KB in {seconds} s; {len(gone)} old ones removed")
    say(f"the key file {settings.KEY_FILE} is not in it: keep a copy somewhere else ({made.key_fingerprint})")


def check(folder: Path) -> int:
    """Restore the newest backup into a temporary place, prove books, seals and sealed fields there, and say so."""
    since = time.monotonic()
    chosen = choose(folder, until=None)
    require_keys(backup.require_whole(chosen))
    with restored_elsewhere(chosen) as url:
        is_good = prove(url)
    seconds = round(time.monotonic() - since, 1)
    facts = {"backup": chosen.name, "is_good": is_good, "seconds": seconds}
    keep_record(kind=Upkeep.Kind.RESTORE_TEST, facts=facts, by=None)
    say(f"backup {chosen} {'can' if is_good else 'CANNOT'} be restored: tried in {seconds} s")
    return 0 if is_good else 1
