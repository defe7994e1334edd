"""`lianxin restore`: an installation out of a backup, as far as the archived log reaches, or to a moment."""

import argparse
import os
import subprocess
import time
from pathlib import Path

from lianxin.cli.moments import moment
from lianxin.cli.proving import prove
from lianxin.config import environment
from lianxin.config.backup import Manifest, require_whole, server_url
from lianxin.config.cannot_start import CannotStart
from lianxin.config.embedded import Cluster
from lianxin.config.installation_lock import installation_lock
from lianxin.config.parts import our_command, say
from lianxin.config.restore import choose, require_keys, restore_copy, restore_dump, running


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", type=Path, help="a backup, or a folder of them (LIANXIN_BACKUP_FOLDER)")
    parser.add_argument(
        "--until", type=moment, help='the last moment to keep, as "2026-11-20 16:40" in the city\'s time'
    )
    parser.add_argument("--only-backup", action="store_true", help="leave the archived log; the state is the backup's")
    parser.add_argument("--timeline", default="latest", help="which history to follow, after an earlier restore")
    parser.add_argument("--replace", action="store_true", help="put existing data aside and restore in its place")


def run(options: argparse.Namespace) -> int:
    since = time.monotonic()
    backup = choose((options.folder or environment.backup_folder()).absolute(), until=options.until)
    manifest = require_whole(backup)
    require_keys(manifest)
    say(f"restoring {backup}, made by Lianxin {manifest.lianxin} on PostgreSQL {manifest.postgresql}")
    with installation_lock(environment.var_folder(), environment.url()):
        is_good = _restore(backup, manifest, options)
    say(f"restored in {time.monotonic() - since:.1f} s; {'all is proven' if is_good else 'FAULTS: see above'}")
    say("take a backup now, then start the product: lianxin up")
    return 0 if is_good else 1


def _restore(backup: Path, manifest: Manifest, options: argparse.Namespace) -> bool:
    if manifest.how == "dump":
        return _restore_dump(backup, options)
    if not environment.is_embedded():
        raise CannotStart("This backup is a copy of the embedded database. Unset DATABASE_URL to restore it.")
    choices = {"until": options.until, "only_backup": options.only_backup, "timeline": options.timeline}
    aside = restore_copy(backup, replace=options.replace, **choices)
    if aside:
        say(f"the data that was there lies in {aside}; remove it when all is well")
    with running(Cluster(environment.var_folder()), {}):
        return _finish(backup)


def _restore_dump(backup: Path, options: argparse.Namespace) -> bool:
    if options.until:
        raise CannotStart("A dump is one moment. For another one ask whoever runs the database server for its log.")
    if not environment.is_embedded():
        restore_dump(backup, url=server_url(), replace=options.replace)
        return _finish(backup)
    cluster = Cluster(environment.var_folder())
    cluster.create()
    with running(cluster, {}):
        restore_dump(backup, url=cluster.url, replace=options.replace)
        return _finish(backup)


def _finish(backup: Path) -> bool:
    """Write the restore down, prove it, and say what else is to do."""
    surroundings = os.environ | {"DATABASE_URL": server_url()}
    subprocess.run(our_command("note-restore", backup.name), env=surroundings, check=False)
    is_good = prove(server_url())
    subprocess.run(our_command("doctor"), env=surroundings, check=False)
    return is_good
