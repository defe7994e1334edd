"""What `lianxin doctor` finds: one file per area, each a list of examinations that yield findings."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a control stands; an operator reads the word."""

    OK = "OK"
    NOTE = "NOTE"
    GAP = "GAP"
    DANGER = "DANGER"


@dataclass(frozen=True)
class Finding:
    """One control: its area, how it stands, in words, and where it is to be found in code or documents."""

    area: str
    state: State
    words: str
    where: str


def gap_unless(is_well: bool) -> State:
    """OK or GAP."""
    return State.OK if is_well else State.GAP


def danger_unless(is_well: bool) -> State:
    """OK or DANGER."""
    return State.OK if is_well else State.DANGER
