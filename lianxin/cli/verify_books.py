"""`lianxin verify-books`: every fault in the ledger and the journal's seals, one per line; exit code 1 if any."""

import argparse
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag

from lianxin.base import resealing
from lianxin.hours import checks as hours_checks
from lianxin.journal import seals
from lianxin.ledger import checks


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sealed", action="store_true", help="open some sealed values of every column as well")


def run(options: argparse.Namespace) -> int:
    found = [*faults(), *(closed() if options.sealed else ())]
    for fault in found:
        print(f"FAULT {fault}")
    print(f"Faults: {len(found)}." if found else "The books balance and the journal is whole.")
    return 1 if found else 0


def faults() -> Iterator[str]:
    """What is wrong in the books and in the journal, in words."""
    yield from checks.faults()
    yield from hours_checks.faults()
    yield from seals.faults()


def closed() -> Iterator[str]:
    """The sealed columns of which a value does not open under the keys that we have."""
    for column in resealing.columns():
        try:
            resealing.open_some(column)
        except (InvalidTag, KeyError):
            yield f"{column} does not open: another key file sealed it"
