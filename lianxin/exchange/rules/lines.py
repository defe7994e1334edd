"""One line of a roster, read by itself: what it says, and what is wrong with that (rules I2, I3)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lianxin.base.workbooks.cells import Cell, Formula, day_of, is_blank, is_number, is_scientific, text_of
from lianxin.base.workbooks.reading import Row
from lianxin.exchange.models.rosters import Field
from lianxin.exchange.rules import identity
from lianxin.people.rules import ADULT, age, born_of

MERGED = {Field.TEAM, Field.HOME}
"""Fields that offices merge over several people; a merged name or number would be a mistake."""

MEN, WOMEN = {"男", "男性", "M"}, {"女", "女性", "F"}
_BETWEEN_SKILLS = re.compile(r"[、,，;；/\s]+")


@dataclass(slots=True)
class Draft:
    """What one line says, as far as it can be read."""

    number: int
    name: str = ""
    id_number: str = ""
    phone: str = ""
    born_on: date | None = None
    team: str = ""
    home: str = ""
    skills: tuple[str, ...] = ()
    problems: list[dict[str, Any]] = field(default_factory=list)

    def wrong(self, where: Field, code: str, about: object = None) -> None:
        """Write a problem down; `about` is never a private value."""
        problem: dict[str, Any] = {"field": where.value, "code": code}
        self.problems.append(problem if about is None else problem | {"about": str(about)})


def draft_of(row: Row, mapping: Mapping[Field, int], today: date) -> Draft | None:
    """The line as a draft; None for a blank one, or for the headings again."""
    cells = {name: row.cell(column) for name, column in mapping.items()}
    if all(map(is_blank, cells.values())) or text_of(cells[Field.NAME]) in {"姓名", "名字"}:
        return None
    for name in MERGED & mapping.keys():
        if is_blank(cells[name]) and mapping[name] in row.merged:
            cells[name] = row.merged[mapping[name]]
    draft = Draft(row.number)
    for name, read in _READERS.items():
        if name in cells:
            if isinstance(cells[name], Formula):
                draft.wrong(name, "formula")
            else:
                read(draft, cells[name], today)
    return draft


def _name(draft: Draft, cell: Cell, today: date) -> None:
    draft.name = identity.name_of(text_of(cell))
    if code := identity.wrong_with_name(draft.name):
        draft.wrong(Field.NAME, code)


def _id_number(draft: Draft, cell: Cell, today: date) -> None:
    text = identity.id_of(text_of(cell))
    if not text:
        draft.wrong(Field.ID_NUMBER, "id_missing")
    elif is_number(cell) or is_scientific(text):
        draft.wrong(Field.ID_NUMBER, "id_number")
    elif code := identity.wrong_with_id(text, today):
        draft.wrong(Field.ID_NUMBER, code)
    else:
        _good_id(draft, text, today)


def _good_id(draft: Draft, number: str, today: date) -> None:
    draft.id_number, draft.born_on = number, born_of(number)
    if draft.born_on and age(draft.born_on, today) < ADULT:
        draft.wrong(Field.ID_NUMBER, "too_young")


def _born_on(draft: Draft, cell: Cell, today: date) -> None:
    """Only compared with the ID number; a month without its day is compared as far as it goes."""
    text = text_of(cell)
    if not text:
        return
    month = re.fullmatch(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*月?", text)
    day = day_of(cell)
    if month:
        if draft.born_on and (draft.born_on.year, draft.born_on.month) != (int(month[1]), int(month[2])):
            draft.wrong(Field.BORN_ON, "born_differs")
    elif day is None:
        draft.wrong(Field.BORN_ON, "born_odd")
    elif draft.born_on and day != draft.born_on:
        draft.wrong(Field.BORN_ON, "born_differs")


def _sex(draft: Draft, cell: Cell, today: date) -> None:
    text = text_of(cell).upper()
    if not text:
        return
    if text not in MEN | WOMEN:
        draft.wrong(Field.SEX, "sex_odd")
    elif draft.id_number and (identity.sex_of(draft.id_number) == "男") != (text in MEN):
        draft.wrong(Field.SEX, "sex_differs")


def _phone(draft: Draft, cell: Cell, today: date) -> None:
    text = text_of(cell)
    if not text:
        return
    if is_number(cell) or is_scientific(text):
        draft.wrong(Field.PHONE, "phone_number")
    elif phone := identity.phone_of(text):
        draft.phone = phone
    else:
        draft.wrong(Field.PHONE, "phone_odd")


def _team(draft: Draft, cell: Cell, today: date) -> None:
    draft.team = text_of(cell)
    if not draft.team:
        draft.wrong(Field.TEAM, "team_missing")


def _home(draft: Draft, cell: Cell, today: date) -> None:
    draft.home = text_of(cell)


def _skills(draft: Draft, cell: Cell, today: date) -> None:
    draft.skills = tuple(dict.fromkeys(filter(None, _BETWEEN_SKILLS.split(text_of(cell)))))


_READERS: Mapping[Field, Callable[[Draft, Cell, date], None]] = {
    Field.NAME: _name,
    Field.ID_NUMBER: _id_number,
    Field.BORN_ON: _born_on,
    Field.SEX: _sex,
    Field.PHONE: _phone,
    Field.TEAM: _team,
    Field.HOME: _home,
    Field.SKILLS: _skills,
}
"""In this order: birth and sex are compared with the ID number before them."""
