"""Workbooks made of rosters: the template, and the lines that have to be corrected."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from lianxin.base.workbooks.cells import Cell, Formula, is_number, text_of
from lianxin.base.workbooks.reading import Book
from lianxin.base.workbooks.writing import Value, workbook
from lianxin.exchange.models.rosters import Line, Outcome, Roster
from lianxin.exchange.queries.rosters import lines_of
from lianxin.exchange.rules.reasons import column_of, reason_of


def errors_workbook(roster: Roster) -> bytes:
    """The wrong lines as they stood in the file, with line, column, reason and what to do in front of each."""
    heads = [_("第几行"), _("哪一列"), _("哪里不对"), _("怎么办"), *roster.headings]
    notes = [_("只列出要改的行。改好以后删掉前四列，连表头一起另存，再上传一次；已经导入的人不会重复。")]
    data, _rows = workbook(title=_("要改的行"), headers=heads, rows=_wrong_rows(roster), notes=notes)
    return data


def _wrong_rows(roster: Roster) -> Iterator[list[Value]]:
    """The file is read again, row by row; an ID number that was a number stays a number."""
    wrong = lines_of(roster, Outcome.WRONG).iterator()
    line: Line | None = next(wrong, None)
    if line is None or roster.file is None:
        return
    for row in Book(roster.file.open_bytes(), roster.file_name).rows(roster.sheet):
        if line is not None and row.number == line.number:
            yield [line.number, *_words(line), *_as_they_stood(row.cells, len(roster.headings))]
            line = next(wrong, None)


def _words(line: Line) -> list[str]:
    reasons = [reason_of(problem) for problem in line.problems]
    columns = dict.fromkeys(column_of(problem) for problem in line.problems)
    return [
        "、".join(columns),
        "；".join(str(reason.words) for reason in reasons),
        "".join(dict.fromkeys(str(reason.todo) for reason in reasons)),
    ]


def _as_they_stood(cells: Sequence[Cell], width: int) -> list[Value]:
    """Numbers stay numbers: as text, digits that were lost would look like good ones when the file comes back."""
    plain = [cell.shown if isinstance(cell, Formula) else cell for cell in cells[:width]]
    return [cell if is_number(cell) else text_of(cell) for cell in plain]  # type: ignore[misc]


TEMPLATE = ("姓名", "身份证号", "手机", "服务队", "居住社区", "特长")


def template_workbook() -> bytes:
    """An empty roster whose cells are all text, so that no number loses its digits."""
    notes = [_("从第 3 行填起，一人一行。所有格子都是文本格式，请不要改成数字。")]
    data, _rows = workbook(title=_("志愿者名单"), headers=TEMPLATE, rows=[], notes=notes, text_columns=True)
    return data
