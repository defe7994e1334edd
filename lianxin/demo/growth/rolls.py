"""Volunteers whom an office names on a list: uploaded, checked, written, and confirmed on signed sheets."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count
from random import Random

from stdnum.cn.ric import calc_check_digit

from lianxin.base import clock
from lianxin.base.workbooks.writing import workbook
from lianxin.demo.growth.crowd import by_themselves, first_number, volunteers_of
from lianxin.demo.growth.land import Plot, communities, street_name
from lianxin.demo.growth.sizes import Size
from lianxin.demo.names import Names
from lianxin.demo.places import CITY
from lianxin.demo.settlers import FIRST_PHONE
from lianxin.exchange.actions.confirming import confirm_sheet, write_sheet
from lianxin.exchange.actions.rosters import accept_roster, map_roster, upload_roster
from lianxin.exchange.models.roll import OnRoll
from lianxin.exchange.models.rosters import Roster
from lianxin.organisations.models import Node, Role
from lianxin.organisations.queries import holders_at
from lianxin.users.models import User
from lianxin.volunteers.models import Skill

NOWHERE = "999999"
"""No division has this code, so that no ID number of the demo is anybody's."""

HEADINGS = ("序号", "姓名", "性别", "身份证号", "手机", "服务队", "居住社区", "特长")
UNCONFIRMED_EVERY = 9
SOURCE = "街道花名册"


def bring_in(size: Size, street: int, since: datetime, rng: Random) -> None:
    """The street's list: a few lines come back with what is wrong with them, the others are on roll."""
    lines = list(_lines(size, street, rng))
    officer = _officer()
    name = f"{street_name(street)}志愿者花名册.xlsx"
    with clock.at(since):
        roster = upload(lines, name, officer)
        accept_roster(roster=roster, by=officer)


def leave_one_to_correct(size: Size, street: int, since: datetime, rng: Random) -> None:
    """A list of this week, checked, with lines to correct; the clerk has not accepted it yet."""
    names, numbers = Names(rng), count(first_number(street) + 230)
    plots = list(communities(size, street))
    lines = [_line(names, numbers, number, plots[number % len(plots)][0], rng) for number in range(12)]
    lines += _wrong(lines)
    with clock.at(since):
        upload(lines, "补充名单（第三批）.xlsx", _officer())


def upload(lines: list[list[str]], name: str, by: User) -> Roster:
    """Uploaded and mapped; the listeners open and check it."""
    numbered = [[str(number), *line] for number, line in enumerate(lines, start=1)]
    data, _rows = workbook(title="花名册", headers=HEADINGS, rows=numbered, notes=["志愿者花名册"])
    roster = upload_roster(data=data, file_name=name, source=SOURCE, by=by)
    roster.refresh_from_db()
    roster = map_roster(roster=roster, mapping=roster.mapping, by=by)
    roster.refresh_from_db()
    return roster


def sign(size: Size, street: int, since: datetime, rng: Random) -> None:
    """At the first meeting of each team most of its members sign before a witness; the officer compares the paper."""
    officer = _officer()
    for number, (_plot, _place, team) in enumerate(communities(size, street)):
        captain = holders_at(team.path, Role.CAPTAIN)[0]
        rows = list(OnRoll.objects.filter(team=team, confirmed_at=None).order_by("pk"))
        signed = [row for place, row in enumerate(rows) if place % UNCONFIRMED_EVERY]
        with clock.at(since + number * timedelta(minutes=40)):
            today = clock.today()
            sheet = write_sheet(rows=signed, team=team, witness=rng.choice(WITNESSES), signed_on=today, by=captain)
        with clock.at(since + timedelta(days=1, minutes=9 * number)):
            confirm_sheet(sheet=sheet, by=officer)


WITNESSES = ("网格员 韩玉玲", "网格员 沈志刚", "楼长 曹秀珍", "社区 许雪梅")


def _lines(size: Size, street: int, rng: Random) -> Iterator[list[str]]:
    """So many good lines that, once all but every ninth have signed, the team is as big as it shall be."""
    names, numbers = Names(rng), count(first_number(street) + 130)
    made = []
    for plot, _place, _team in communities(size, street):
        signed = volunteers_of(size, plot) - by_themselves(size, plot)
        many = next(each for each in count(signed) if each - -(-each // UNCONFIRMED_EVERY) == signed)
        made += [_line(names, numbers, number, plot, rng) for number in range(many)]
    yield from made
    yield from _wrong(made)


def _line(names: Names, numbers: "count[int]", number: int, plot: Plot, rng: Random) -> list[str]:
    age = rng.randint(24, 70)
    born = clock.today() - timedelta(days=round(age * 365.25) + rng.randint(10, 340))
    id_number, is_man = _id_number(born, next(numbers), rng)
    phone = str(FIRST_PHONE + next(numbers))
    skill = rng.choice(("", "", *ON_LISTS))
    return [names.draw(age), "男" if is_man else "女", id_number, phone, plot.team, plot.name, skill]


ON_LISTS = ("维修", "理发", "驾驶", "手机", "烹饪", "急救", "合唱", "书法")


def _id_number(born: date, number: int, rng: Random) -> tuple[str, bool]:
    order = 2 * (number % 500) + rng.randint(0, 1)
    first = f"{NOWHERE}{born:%Y%m%d}{order:03}"
    return f"{first}{calc_check_digit(f'{first}?')}", bool(order % 2)


def _wrong(lines: list[list[str]]) -> list[list[str]]:
    """As offices send them: a digit left out, a name forgotten, a team that nobody knows, a line twice."""
    name, sex, id_number, phone, team, place, skill = lines[-1]
    return [
        [name, sex, id_number[:-1], phone, team, place, skill],
        ["", sex, id_number, phone, team, place, skill],
        [name, sex, id_number, phone, "老年志愿小队", place, skill],
        list(lines[0]),
    ]


def _officer() -> User:
    return holders_at(Node.objects.get(name=CITY, parent=None).path, Role.CITY_OFFICER)[0]


def skills_named() -> set[str]:
    """The skills that the lists name, which must be on the city's list before."""
    return set(ON_LISTS) - set(Skill.objects.values_list("name", flat=True))
