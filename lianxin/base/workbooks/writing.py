"""Writing workbooks row by row in constant memory, so that no cell can act as a formula when it is opened."""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import xlsxwriter
from django.utils import timezone

Value = str | int | float | date | datetime | None

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
MOST_CHARACTERS = 32_000
WIDEST, NARROWEST = 40, 8


def guarded(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would take for a formula, in a cell or in a CSV later."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def as_text(value: Value) -> str:
    """A value as people read it, in a cell of text or pasted elsewhere."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value)


def workbook(
    *,
    title: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[Value]],
    notes: Sequence[str] = (),
    text_columns: bool = False,
) -> tuple[bytes, int]:
    """One sheet as the bytes of an xlsx, and how many rows stand in it; `notes` are the lines above its head.

    With `text_columns` whatever is typed into it later stays text.
    """
    with tempfile.TemporaryDirectory(prefix="lianxin-") as folder:
        path = Path(folder, "out.xlsx")
        count = _write(path, folder, title, headers, rows, notes, text_columns=text_columns)
        return path.read_bytes(), count


def _write(
    path: Path,
    folder: str,
    title: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[Value]],
    notes: Sequence[str],
    *,
    text_columns: bool,
) -> int:
    options = {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties({"title": title, "comments": "\n".join(notes)})
        sheet, strong = book.add_worksheet(_sheet_name(title)), book.add_format({"bold": True, "text_wrap": True})
        small = book.add_format({"font_color": "#595959"})
        text = book.add_format({"num_format": "@"}) if text_columns else None
        for line, words in enumerate(notes):
            sheet.write_string(line, 0, guarded(words), small)
        head = len(notes)
        for column, words in enumerate(headers):
            sheet.set_column(column, column, min(max(2 * len(words) + 4, NARROWEST), WIDEST), text)
            sheet.write_string(head, column, guarded(words), strong)
        sheet.freeze_panes(head + 1, 0)
        count = 0
        for count, cells in enumerate(rows, start=1):
            _write_row(sheet, head + count, cells)
        return count


def _write_row(sheet: "xlsxwriter.worksheet.Worksheet", row: int, cells: Sequence[Value]) -> None:
    for column, value in enumerate(cells):
        if isinstance(value, int | float) and not isinstance(value, bool):
            sheet.write_number(row, column, value)
        elif value is not None and value != "":
            sheet.write_string(row, column, guarded(as_text(value))[:MOST_CHARACTERS])


def _sheet_name(title: str) -> str:
    return "".join(" " if character in "[]:*?/\\'" else character for character in title)[:31] or "1"
