"""Reading a workbook or a CSV file as offices send them: rows as they are numbered on the screen."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO, StringIO

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from lianxin.base.refused import Refused
from lianxin.base.workbooks import safety
from lianxin.base.workbooks.cells import Cell, Formula, Plain

ZIP, OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Row:
    """One row: its number on the screen, its cells from column A on, and what merged cells above reach down to."""

    number: int
    cells: list[Cell]
    merged: dict[int, Cell] = field(default_factory=dict)

    def cell(self, column: int) -> Cell:
        """The cell in a column counted from 0; nothing beyond the last."""
        return self.cells[column] if column < len(self.cells) else ""


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file; `place` counts all of them."""

    name: str
    is_hidden: bool
    place: int


class Book:
    """A file of one or more sheets."""

    def __init__(self, data: bytes, name: str) -> None:
        """Open the file; a refusal says what to do when it is none that we read."""
        if len(data) > safety.MOST_BYTES:
            raise Refused(_("文件超过 20 MB，没有读。请只留名单那一张表，或者分成几个文件。"), field="file")
        self._text: str | None = None
        self._formulas: list[frozenset[int]] = []
        if data.startswith(ZIP):
            self._formulas = safety.inspected(data)
            self._open(data)
        elif data.startswith(OLD):
            self._open(data)
        elif name.lower().endswith((".csv", ".txt")) and b"\0" not in data:
            self._text = _decoded(data)
            self.sheets = [Sheet(name, is_hidden=False, place=0)]
        else:
            raise Refused(_("只能读 xlsx、xls 和 csv 文件。请用 Excel 打开，另存为 xlsx 再上传。"), field="file")

    def rows(self, place: int) -> Iterator[Row]:
        """The rows of one sheet, the empty ones too."""
        if self._text is not None:
            yield from _csv_rows(self._text)
        else:
            yield from self._sheet_rows(place)

    def _open(self, data: bytes) -> None:
        try:
            self._book = CalamineWorkbook.from_filelike(BytesIO(data))
        except (CalamineError, OSError, ValueError) as error:
            words = _("这个文件打不开，可能坏了或者加了密码。请用 Excel 另存为 xlsx 再上传。")
            raise Refused(words, field="file") from error
        self.sheets = [
            Sheet(facts.name, facts.visible != SheetVisibleEnum.Visible, place)
            for place, facts in enumerate(self._book.sheets_metadata)
        ]

    def _sheet_rows(self, place: int) -> Iterator[Row]:
        sheet = self._book.get_sheet_by_index(place)
        if sheet.start is None:
            return
        formulas = self._formulas[place] if place < len(self._formulas) else frozenset()
        before: list[Cell] = [""] * sheet.start[1]
        reaching = _Merged(sheet)
        for number, found in enumerate(sheet.iter_rows()):
            cells = before + (_with_formulas(found, formulas, number, len(before)) if formulas else list(found))
            yield Row(number + 1, cells, reaching.into(number, cells))


class _Merged:
    """Cells merged over several rows hold their value in the first one only; it is meant for all of them."""

    def __init__(self, sheet: CalamineSheet) -> None:
        self._ends = {
            start: end[0] for start, end in sheet.merged_cell_ranges or () if end[0] > start[0] and start[1] == end[1]
        }
        self._columns = {column for _row, column in self._ends}
        self._open: dict[int, tuple[int, Cell]] = {}

    def into(self, row: int, cells: list[Cell]) -> dict[int, Cell]:
        """By column, what merged cells from above mean for this row."""
        reached = {}
        for column in self._columns:
            until, value = self._open.get(column, (-1, ""))
            if row <= until:
                reached[column] = value
            if (row, column) in self._ends and column < len(cells):
                self._open[column] = (self._ends[row, column], cells[column])
        return reached


def _with_formulas(found: list[Plain], formulas: frozenset[int], row: int, first: int) -> list[Cell]:
    return [
        Formula(value) if safety.place(row, column) in formulas else value
        for column, value in enumerate(found, start=first)
    ]


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(_("这个 csv 文件的文字读不出来。请用 Excel 打开，另存为 xlsx 再上传。"), field="file")


def _csv_rows(text: str) -> Iterator[Row]:
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        for number, cells in enumerate(csv.reader(StringIO(text, newline=""), delimiter=delimiter), start=1):
            yield Row(number, list(cells))
    except csv.Error as error:
        raise Refused(_("这个 csv 文件的格式不对。请用 Excel 打开，另存为 xlsx 再上传。"), field="file") from error
