"""`lianxin doctor`: what must be in order, control by control as an assessor of 等保 or 密评 asks for it.

OK: as it should be. NOTE: a limit that is named honestly and is nobody's fault. GAP: to be closed. DANGER: at once.
The exit code is 0, 1 with a gap, 2 with a danger. The table helps an assessment; it is none, and certifies nothing.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain

from lianxin.cli.findings import Finding, State, audit, backups, identity, machine, secrets, service

SEVERITY = {State.OK: 0, State.NOTE: 0, State.GAP: 1, State.DANGER: 2}
EXAMINATIONS = (
    *service.EXAMINATIONS,
    *secrets.EXAMINATIONS,
    *identity.EXAMINATIONS,
    *audit.EXAMINATIONS,
    *backups.EXAMINATIONS,
    *machine.EXAMINATIONS,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON list, for monitoring")


def run(options: argparse.Namespace) -> int:
    found = list(findings())
    if options.json:
        print(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=1))
    else:
        _print(found)
    return max(SEVERITY[finding.state] for finding in found)


def findings() -> Iterator[Finding]:
    """All that was looked at, area by area."""
    return chain.from_iterable(examine() for examine in EXAMINATIONS)


def _print(found: list[Finding]) -> None:
    area = ""
    for finding in found:
        if finding.area != area:
            area = finding.area
            print(f"\n{area}")
        print(f"  {finding.state:6} {finding.words}  [{finding.where}]")
    counted = {state: sum(finding.state == state for finding in found) for state in State}
    print(f"\n{', '.join(f'{state} {count}' for state, count in counted.items())}")
    print("This table helps an assessment (GB/T 22239, GB/T 39786); it is none and certifies nothing.")
