"""Rosters as offices send them, with a manifest of every fault planted: by seed, so that a failure can be seen again."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import xlsxwriter
from stdnum.cn.ric import calc_check_digit

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗单曾仇解查区朴翟盖"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英霞平刚桂兰建国志红"
DOTTED = ("扎西·尼玛", "买买提・艾力", "阿依古丽•热合曼", "古丽娜尔‧吐尔逊", "才仁.卓玛")
DIVISIONS = ("110105", "440524", "330113", "632280", "810000", "210502", "542621")
HEADS = (
    "序号",
    "姓 名*",
    "性别",
    "身份证号码（必填）",
    "出生年月日",
    "联系电话",
    "所属服务队",
    "居住社区",
    "特长",
    "备注",
)
NUMBER, NAME, SEX, ID, BORN, PHONE, TEAM, HOME, SKILLS, REMARK = range(10)
EPOCH = date(1899, 12, 30)
FULL = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")

Line = list[Any]
Fault = tuple[str, str]


@dataclass(frozen=True)
class Formula:
    """A cell to be written as a formula."""

    text: str


@dataclass(frozen=True)
class World:
    """The names that exist: teams and communities that one name fits, and such as two are called."""

    teams: Sequence[str]
    homes: Sequence[str]
    skills: Sequence[str]
    twin_team: str
    twin_home: str


@dataclass
class Roster:
    """A file, how many good lines it holds, and every fault: (row, field, code)."""

    data: bytes = b""
    people: int = 0
    faults: list[tuple[int, str, str]] = field(default_factory=list)


def valid_id(luck: random.Random, taken: set[str]) -> str:
    """An ID number that nobody on this roster has, of a grown-up, with the right check digit."""
    while True:
        born = date(1940, 1, 1) + timedelta(days=luck.randrange(365 * 66))
        number = with_check(f"{luck.choice(DIVISIONS)}{born:%Y%m%d}{luck.randrange(1000):03}")
        if number not in taken:
            taken.add(number)
            return number


def with_check(seventeen: str) -> str:
    return seventeen + calc_check_digit(f"{seventeen}0")


def messy(seed: int, world: World, *, lines: int = 60, faults: bool = True) -> Roster:
    """A workbook of about so many lines; each fault of `FAULTS` is planted once, if there is to be any."""
    luck = random.Random(seed)  # noqa: S311 the same roster for the same seed
    taken: set[str] = set()
    rows: list[tuple[Line | None, Fault | None]] = [(_person(luck, world, taken), None) for _ in range(lines)]
    for plant in FAULTS if faults else ():
        line = _person(luck, world, taken)
        rows.insert(luck.randrange(1, len(rows) + 1), (line, plant(line, luck, world)))
    rows += _about_earlier(rows, luck, world) if faults else []
    for _ in range(3):
        rows.insert(luck.randrange(len(rows) + 1), (None, None))
    return _written(rows, luck)


def _person(luck: random.Random, world: World, taken: set[str]) -> Line:
    number = valid_id(luck, taken)
    born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    name = (
        luck.choice(DOTTED)
        if luck.random() < 0.08
        else luck.choice(SURNAMES) + "".join(luck.sample(GIVEN, luck.choice((1, 2))))
    )
    phone = f"13{luck.randrange(10**9):09}"
    return [
        luck.choice((1, Formula("=ROW()-3"))),
        luck.choice((name, f" {name} ", f"{name[0]}　{name[1]}" if len(name) == 2 else name)),
        "男" if int(number[16]) % 2 else "女",
        luck.choice((number, number, number.lower(), number.translate(FULL), f"{number[:6]} {number[6:]}")),
        luck.choice(_days(born)),
        luck.choice(
            (phone, f"{phone[:3]} {phone[3:7]} {phone[7:]}", phone.translate(FULL), "", "0414-2345678", f"+86{phone}")
        ),
        luck.choice(world.teams),
        luck.choice((*world.homes, "")),
        luck.choice(("", world.skills[0], "、".join(world.skills[:2]), "，".join(world.skills[:2]))),
        luck.choice(("", "组长", 3.5)),
    ]


def _days(born: date) -> tuple[Any, ...]:
    return (
        "",
        datetime(born.year, born.month, born.day),  # noqa: DTZ001 a cell has no time zone
        float((born - EPOCH).days) if (born - EPOCH).days > 20_000 else "",
        f"{born.year}.{born.month}.{born.day}",
        f"{born.year}年{born.month}月{born.day}日",
        f"{born:%Y/%m/%d}",
        f"{born:%Y%m%d}",
        f"{born:%Y.%m}",
    )


def _set(column: int, value: Any, where: str, code: str) -> Callable[[Line, random.Random, World], Fault]:
    def plant(line: Line, luck: random.Random, world: World) -> Fault:
        line[column] = value(line, luck, world) if callable(value) else value
        return where, code

    return plant


def _number_of(line: Line) -> str:
    return "".join(
        c for c in str(line[ID]).translate(str.maketrans("０１２３４５６７８９Ｘ", "0123456789X")).upper() if c != " "
    )


def _bad_check(line: Line, luck: random.Random, world: World) -> str:
    number = _number_of(line)
    return number[:17] + luck.choice([sign for sign in "0123456789X" if sign != number[17]])


def _young(line: Line, luck: random.Random, world: World) -> str:
    line[BORN], line[SEX] = "", ""
    return with_check(f"11010520150101{luck.randrange(1000):03}")


def _other_day(line: Line, luck: random.Random, world: World) -> str:
    number = _number_of(line)
    return f"{int(number[6:10]) + 1}-03-15"


FAULTS = (
    _set(NAME, "", "name", "name_missing"),
    _set(NAME, "张三2", "name", "name_odd"),
    _set(NAME, "阿" * 51, "name", "name_long"),
    _set(NAME, Formula('="王"&"芳"'), "name", "formula"),
    _set(ID, "", "id_number", "id_missing"),
    _set(ID, lambda line, luck, world: float(_number_of(line)[:17] + "0"), "id_number", "id_number"),
    _set(ID, "4.40524E+17", "id_number", "id_number"),
    _set(ID, lambda line, luck, world: _number_of(line)[:6] + _number_of(line)[8:17], "id_number", "id_15"),
    _set(ID, lambda line, luck, world: _number_of(line)[:17], "id_number", "id_length"),
    _set(ID, lambda line, luck, world: with_check(f"11010519900230{luck.randrange(1000):03}"), "id_number", "id_date"),
    _set(ID, _bad_check, "id_number", "id_check"),
    _set(ID, _young, "id_number", "too_young"),
    _set(ID, Formula("=D5"), "id_number", "formula"),
    _set(BORN, "不详", "born_on", "born_odd"),
    _set(BORN, _other_day, "born_on", "born_differs"),
    _set(SEX, "先生", "sex", "sex_odd"),
    _set(SEX, lambda line, luck, world: "女" if line[SEX] == "男" else "男", "sex", "sex_differs"),
    _set(PHONE, 13800138000.0, "phone", "phone_number"),
    _set(PHONE, "1.38E+10", "phone", "phone_number"),
    _set(PHONE, "13800138000/13900139000", "phone", "phone_odd"),
    _set(PHONE, Formula("=F4"), "phone", "formula"),
    _set(TEAM, "", "team", "team_missing"),
    _set(TEAM, "月亮上的夕阳红合唱团", "team", "team_unknown"),
    _set(TEAM, lambda line, luck, world: world.teams[0] + "伍", "team", "team_near"),
    _set(TEAM, lambda line, luck, world: world.twin_team, "team", "team_twice"),
    _set(HOME, "没有这样的社区", "home", "home_unknown"),
    _set(HOME, lambda line, luck, world: world.twin_home, "home", "home_twice"),
    _set(SKILLS, "吹牛", "skills", "skills_unknown"),
)
"""One planter for each kind of fault that a line can have by itself."""


def _about_earlier(
    rows: list[tuple[Line | None, Fault | None]], luck: random.Random, world: World
) -> list[tuple[Line | None, Fault | None]]:
    """Lines about people who stand on the roster already: the same again, another name, another team."""
    good = [line for line, fault in rows if line and fault is None]
    again, renamed, moved = (list(line) for line in luck.sample(good, 3))
    renamed[NAME] = "欧阳锋"
    moved[TEAM] = next(team for team in world.teams if team != moved[TEAM])
    return [
        (again, ("id_number", "repeated")),
        (renamed, ("id_number", "other_name_here")),
        (moved, ("team", "two_teams_here")),
    ]


def _written(rows: list[tuple[Line | None, Fault | None]], luck: random.Random) -> Roster:
    out, roster = BytesIO(), Roster()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy/m/d"})
        book.add_worksheet("说明").write(0, 0, "请填第二张表")
        sheet = book.add_worksheet("花名册")
        book.add_worksheet("旧表").hide()
        at = luck.randrange(3)
        for title in range(at):
            sheet.merge_range(title, 0, title, len(HEADS) - 1, f"某某街道志愿者花名册（{title}）")
        sheet.write_row(at, 0, HEADS)
        _merge_teams(rows, luck)
        for line, fault in rows:
            at += 1
            if line is None:
                continue
            _write_line(sheet, at, line, day)
            roster.people += fault is None
            if fault:
                roster.faults.append((at + 1, *fault))
        _write_merges(sheet, rows, at - len(rows) + 1)
    roster.data, roster.faults = out.getvalue(), sorted(roster.faults)
    return roster


@dataclass(frozen=True)
class Merged:
    """A team written once for this line and the next."""

    team: str


def _merge_teams(rows: list[tuple[Line | None, Fault | None]], luck: random.Random) -> None:
    """Pairs of neighbours of one team: offices write it once and merge the two cells."""
    for (line, fault), (following, other) in zip(rows[::2], rows[1::2], strict=False):
        if line and following and not fault and not other and line[TEAM] == following[TEAM]:
            line[TEAM], following[TEAM] = Merged(line[TEAM]), None


def _write_merges(sheet: Any, rows: list[tuple[Line | None, Fault | None]], first: int) -> None:
    for number, (line, _fault) in enumerate(rows, start=first):
        if line and isinstance(line[TEAM], Merged):
            sheet.merge_range(number, TEAM, number + 1, TEAM, line[TEAM].team)


def _write_line(sheet: Any, row: int, line: Line, day: Any) -> None:
    for column, value in enumerate(line):
        if isinstance(value, Formula):
            sheet.write_formula(row, column, value.text, None, "王芳")
        elif isinstance(value, datetime):
            sheet.write_datetime(row, column, value, day)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value)
        elif isinstance(value, str) and value:
            sheet.write_string(row, column, value)
