"""`lianxin verify-books`: every fault in the ledger and the journal's seals, one per line; exit code 1 if any."""

import argparse
from collections.abc import Iterator

from lianxin.hours import checks as hours_checks
from lianxin.journal import seals
from lianxin.ledger import checks


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(options: argparse.Namespace) -> int:
    found = list(faults())
    for fault in found:
        print(f"FAULT {fault}")
    print(f"Faults: {len(found)}." if found else "The books balance and the journal is whole.")
    return 1 if found else 0


def faults() -> Iterator[str]:
    """What is wrong in the books and in the journal, in words."""
    yield from checks.faults()
    yield from hours_checks.faults()
    yield from seals.faults()
