"""What a cell holds: text made half-width and trimmed, days in the ways offices write them, numbers as they are."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

Plain = str | int | float | bool | date | datetime | time | timedelta


@dataclass(frozen=True)
class Formula:
    """A cell that reckons its value, which may be another one on another computer."""

    shown: Plain


Cell = Plain | Formula

SERIAL_ZERO = date(1899, 12, 30)
FIRST_SERIAL, LAST_SERIAL = 2_101, 73_050  # 1905 to 2099; what is smaller is a year, such as 1968

_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")
_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?")
_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d+")


def text_of(cell: Cell) -> str:
    """The cell's text: full-width digits and letters made half-width, blanks and invisible characters trimmed."""
    if isinstance(cell, Formula):
        return text_of(cell.shown)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d")
    folded = unicodedata.normalize("NFKC", str(cell))
    return " ".join(_INVISIBLE.sub("", folded).split())


def is_number(cell: Cell) -> bool:
    """Whether the cell holds a number: digits beyond the fifteenth are lost then, and zeros in front."""
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def is_scientific(text: str) -> bool:
    """Whether a number was saved as 4.40524E+17: its digits are lost as well."""
    return _SCIENTIFIC.fullmatch(text) is not None


def is_blank(cell: Cell) -> bool:
    """Whether nothing can be seen in the cell."""
    return not isinstance(cell, Formula) and text_of(cell) == ""


def day_of(cell: Cell) -> date | None:
    """The day that a cell says, as a date, a serial number or a text (2026-05-03, 2026.5.3, 2026年5月3日, 20260503)."""
    plain = cell.shown if isinstance(cell, Formula) else cell
    if isinstance(plain, datetime):
        return plain.date()
    if isinstance(plain, date):
        return plain
    if isinstance(plain, bool):
        return None
    if isinstance(plain, int | float):
        return _eight(str(int(plain))) or _serial(float(plain))
    text = text_of(plain)
    found = _DAY.fullmatch(text)
    return _day(*map(int, found.groups())) if found else _eight(text)


def _serial(number: float) -> date | None:
    return SERIAL_ZERO + timedelta(days=int(number)) if FIRST_SERIAL <= number <= LAST_SERIAL else None


def _eight(text: str) -> date | None:
    found = _EIGHT.fullmatch(text)
    return _day(*map(int, found.groups())) if found else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
