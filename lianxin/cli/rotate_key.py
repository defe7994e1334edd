"""`lianxin rotate-key`: seal with a new key from now on, old rows in the background; later drop the old key."""

import argparse

from lianxin.base.resealing import left_over
from lianxin.base.sealed import keys
from lianxin.config import rotation
from lianxin.config.parts import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--add-only", action="store_true", help="add a key that seals nothing yet (several machines)")
    what.add_argument("--status", action="store_true", help="say how many values the old keys still hold")
    what.add_argument("--drop-old", action="store_true", help="remove the old keys, when nothing needs them")
    parser.add_argument("--even-for-backups", action="store_true", help="a copy of the key file lies with the backups")


def run(options: argparse.Namespace) -> int:
    if options.add_only:
        say(f"key {rotation.add_only()} added; copy the key file to every machine, then: lianxin rotate-key")
    elif options.drop_old:
        dropped = rotation.drop_old(even_for_backups=options.even_for_backups)
        say(f"old keys removed: {dropped}" if dropped else "there is no old key")
    elif options.status:
        _say_status()
    else:
        say(f"key {rotation.begin()} seals from now on; the worker seals the old rows again")
        say("copy the new key file to where the old one is kept")
    return 0


def _say_status() -> None:
    say(f"key {keys().current} seals; keys in the file: {sorted(keys().sealing)}")
    for column, count in left_over().items():
        say(f"{column}: {count} values to be sealed again")
