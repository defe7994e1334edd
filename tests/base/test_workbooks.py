"""Files that lie, cells that look alike, and cells that would act as formulas."""

import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as some
from python_calamine import CalamineWorkbook

from lianxin.base.chains import links_of
from lianxin.base.refused import Refused
from lianxin.base.workbooks import safety
from lianxin.base.workbooks.cells import Cell, Formula, day_of, is_scientific, text_of
from lianxin.base.workbooks.reading import Book
from lianxin.base.workbooks.writing import DANGEROUS, guarded, workbook


def test_a_bomb_is_refused_before_it_is_read() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * (safety.MOST_UNPACKED + 1))
    with pytest.raises(Refused, match="太大"):
        Book(out.getvalue(), "a.xlsx")


def test_a_lone_cell_far_away_is_refused() -> None:
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "姓名")
        sheet.write(1_000_000, 16_000, "x")
    with pytest.raises(Refused, match="零散"):
        Book(out.getvalue(), "a.xlsx")


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(Refused, match="20 MB"):
        Book(b"x" * (safety.MOST_BYTES + 1), "a.csv")


def test_rows_are_numbered_as_on_the_screen_and_formulas_and_merged_cells_are_known() -> None:
    out = BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet("名单")
        made.add_worksheet("旧").hide()
        sheet.write(2, 1, "甲")
        sheet.write_formula(3, 2, "=1+1", None, 2)
        sheet.merge_range(3, 3, 4, 3, "一队")
        sheet.write(4, 1, "乙")
    book = Book(out.getvalue(), "a.xlsx")
    assert [(sheet.name, sheet.is_hidden) for sheet in book.sheets] == [("名单", False), ("旧", True)]
    rows = list(book.rows(0))
    assert [(row.number, row.cell(1)) for row in rows if row.cell(1)] == [(3, "甲"), (5, "乙")]
    assert rows[3].cell(2) == Formula(2.0)
    assert rows[4].merged == {3: "一队"}


def test_text_is_made_half_width_and_trimmed() -> None:
    assert text_of("　１１０１０５Ｘ\u200b ") == "110105X"
    assert text_of(13800138000.0) == "13800138000"
    assert is_scientific("4.40524E+17") and not is_scientific("440524")


@given(some.dates(date(1905, 11, 1), date(2099, 12, 31)))
def test_a_day_is_read_in_every_way_in_which_offices_write_it(day: date) -> None:
    ways: list[Cell] = [
        day,
        datetime(day.year, day.month, day.day),  # noqa: DTZ001 a cell has no time zone
        float((day - date(1899, 12, 30)).days),
        day.isoformat(),
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
    ]
    assert {day_of(way) for way in ways} == {day}


@given(some.text())
def test_no_cell_that_is_written_can_act_as_a_formula(text: str) -> None:
    assert not guarded(text).startswith(DANGEROUS)


def test_a_workbook_keeps_values_and_its_notes() -> None:
    data, rows = workbook(title="名单", headers=["甲", "乙"], rows=[["=1+1", 3], ["@x", None]], notes=["谁导出"])
    read = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
    assert (rows, read) == (2, [["谁导出", ""], ["甲", "乙"], ["'=1+1", 3.0], ["'@x", ""]])


def test_a_chain_is_read_with_its_numbers_phones_and_remarks() -> None:
    text = "#接龙\n周六清雪报名\n1. 张三\n2、李四 138 0013 8000\n３．扎西•尼玛（带铁锹）\n4. 王芳 2人 5. 赵六"
    found = [(link.number, link.name, link.phone, link.rest) for link in links_of(text)]
    assert found == [
        (1, "张三", "", ""),
        (2, "李四", "13800138000", ""),
        (3, "扎西·尼玛", "", "(带铁锹)"),
        (4, "王芳", "", "2人"),
        (5, "赵六", "", ""),
    ]
