"""What is reported on a messy roster is exactly what was planted in it."""

import pytest

from lianxin.base import clock
from lianxin.base.workbooks.reading import Book
from lianxin.exchange.models.rosters import Field, Outcome
from lianxin.exchange.queries.checking import Check
from lianxin.exchange.queries.names import Places
from lianxin.exchange.rules import columns
from lianxin.exchange.rules.reasons import REASONS
from tests.exchange.conftest import Office
from tests.exchange.messy import FAULTS, Roster, World, messy


def checked(office: Office, roster: Roster) -> tuple[list[tuple[int, str, str]], int]:
    """Every problem reported, and how many lines are good."""
    book = Book(roster.data, "花名册.xlsx")
    rows = list(book.rows(1))
    head = columns.head_of(rows)
    assert head is not None
    mapping = {Field(field): int(column) for column, field in columns.guessed(columns.headings_of(head)).items()}
    check = Check(mapping=mapping, places=Places(office.clerk), today=clock.today())
    lines = [line for batch in check.batches(row for row in rows if row.number > head.number) for line in batch]
    problems = [
        (line.draft.number, problem["field"], problem["code"]) for line in lines for problem in line.draft.problems
    ]
    return problems, sum(line.outcome == Outcome.NEW for line in lines)


@pytest.mark.parametrize("seed", range(25))
def test_what_is_reported_equals_what_was_planted(office: Office, seed: int) -> None:
    roster = messy(seed, office.world)
    problems, good = checked(office, roster)
    assert problems == roster.faults
    assert good == roster.people


def test_every_reason_that_a_file_alone_can_give_is_planted() -> None:
    planted = {code for *_rest, code in _all_faults()}
    about_what_we_hold = {"id_of_other", "two_teams", "declined", "left_before"}
    assert planted | {"repeated", "other_name_here", "two_teams_here"} == set(REASONS) - about_what_we_hold
    assert len(FAULTS) == len(_all_faults())


def _all_faults() -> list[tuple[int, str, str]]:
    world = World(("一队", "二队"), ("社区",), ("甲", "乙"), "双队", "双社区")
    return [
        fault for fault in messy(1, world).faults if fault[2] not in {"repeated", "other_name_here", "two_teams_here"}
    ]
