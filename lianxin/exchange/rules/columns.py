"""Which heading means which field, and where the headings stand below the title rows."""

import re
from collections.abc import Mapping, Sequence

from lianxin.base.workbooks.cells import text_of
from lianxin.base.workbooks.reading import Row
from lianxin.exchange.models.rosters import Field

ROWS_SEARCHED = 20
LONGEST_HEADING = 60

WORDS: Mapping[Field, Sequence[str]] = {
    Field.NAME: ("姓名", "名字", "志愿者姓名", "队员姓名", "党员姓名", "人员姓名", "真实姓名"),
    Field.ID_NUMBER: (
        "身份证号",
        "身份证号码",
        "身份证",
        "证件号码",
        "证件号",
        "公民身份号码",
        "居民身份证号码",
        "公民身份证号码",
    ),
    Field.PHONE: ("手机", "手机号", "手机号码", "电话", "联系电话", "联系方式", "电话号码", "联系手机", "移动电话"),
    Field.BORN_ON: ("出生日期", "出生年月日", "生日", "出生时间", "出生年月"),
    Field.SEX: ("性别",),
    Field.TEAM: (
        "服务队",
        "所属服务队",
        "队伍",
        "所属队伍",
        "志愿服务队",
        "志愿队",
        "所在队伍",
        "队伍名称",
        "服务队名称",
    ),
    Field.HOME: ("社区", "居住社区", "所在社区", "居住地社区", "报到社区", "所属社区"),
    Field.SKILLS: ("特长", "技能", "专长", "服务特长", "技能特长", "擅长"),
}
FIELD_OF = {words: field for field, known in WORDS.items() for words in known}
NEEDED = (Field.NAME, Field.ID_NUMBER, Field.TEAM)

_REMARK = re.compile(r"[(\[【].*?[)\]】]|[*:：\s]")


def heading(words: str) -> str:
    """A heading without its remark, star or blanks: «姓 名(必填)» is 姓名."""
    return _REMARK.sub("", words)


def guessed(headings: Sequence[str]) -> dict[str, str]:
    """Column (counted from 0, as text) to field, by the headings alone; each field once, the first fitting column."""
    found: dict[str, str] = {}
    for column, words in enumerate(headings):
        field = FIELD_OF.get(heading(words))
        if field and field.value not in found.values():
            found[str(column)] = field.value
    return found


def remembered(headings: Sequence[str], by_heading: Mapping[str, str]) -> dict[str, str]:
    """The mapping that was used for this source before, where its headings are found again; else the guess."""
    if not by_heading:
        return guessed(headings)
    known = {heading(words): field for words, field in by_heading.items()}
    found: dict[str, str] = {}
    for column, words in enumerate(headings):
        field = known.get(heading(words))
        if field and field not in found.values():
            found[str(column)] = field
    return found or guessed(headings)


def head_of(rows: Sequence[Row]) -> Row | None:
    """The row of headings: the one with the most known words among the first, if it has at least two."""
    best: Row | None = None
    most = 1
    for row in rows[:ROWS_SEARCHED]:
        hits = len(guessed(headings_of(row)))
        if hits > most:
            best, most = row, hits
    return best


def headings_of(row: Row) -> list[str]:
    """The texts of a row, as headings."""
    return [text_of(cell)[:LONGEST_HEADING] for cell in row.cells]
