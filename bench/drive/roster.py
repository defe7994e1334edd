"""One roster through the real actions; run by `bench.roster` in a process of its own."""

import random
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import django
import xlsxwriter


def write_file(path: Path, size: int, teams: int) -> None:
    """A clean roster of twelve columns, in a process of its own, so that its memory is not counted."""
    from tests.exchange.messy import GIVEN, SURNAMES, valid_id  # noqa: PLC0415

    luck = random.Random(size)  # noqa: S311
    taken: set[str] = set()
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("花名册")
        sheet.write_row(0, 0, ["全市志愿者花名册"])
        sheet.write_row(
            1, 0, ["序号", "姓名", "性别", "身份证号", "手机", "服务队", "社区", "特长", "备注", "职务", "街道", "区县"]
        )
        for number in range(size):
            id_number = valid_id(luck, taken)
            name = luck.choice(SURNAMES) + "".join(luck.sample(GIVEN, luck.choice((1, 2))))
            sheet.write_row(
                number + 2,
                0,
                [
                    number + 1,
                    name,
                    "男" if int(id_number[16]) % 2 else "女",
                    id_number,
                    f"13{luck.randrange(10**9):09}",
                    f"第{luck.randrange(teams)}志愿服务队",
                    f"第{luck.randrange(200)}社区",
                    luck.choice(("", "理发")),
                    "",
                    "队员",
                    "和平街道",
                    "东湖区",
                ],
            )


def main() -> None:
    """Make the city and the file, then time what the job does with it."""
    size = int(sys.argv[1])
    if sys.argv[2:]:
        write_file(Path(sys.argv[2]), size, teams=300)
        return
    django.setup()
    drive(size)


def drive(size: int) -> None:
    """Upload, open, map, check, accept, write."""
    from django.core.management import call_command  # noqa: PLC0415

    from bench.roster import Clock, report  # noqa: PLC0415
    from lianxin.exchange.actions.rosters import (  # noqa: PLC0415
        accept_roster,
        check_roster,
        map_roster,
        open_roster,
        upload_roster,
    )
    from lianxin.exchange.actions.writing import write_roster  # noqa: PLC0415
    from lianxin.organisations.actions.appointing import give_role  # noqa: PLC0415
    from lianxin.organisations.actions.building import open_node  # noqa: PLC0415
    from lianxin.organisations.models import Kind, Role  # noqa: PLC0415
    from lianxin.people.models import Person  # noqa: PLC0415
    from lianxin.users.models import User  # noqa: PLC0415
    from lianxin.volunteers.models import Skill  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    city = open_node(kind=Kind.CITY, name="连心市", parent=None, by=None)
    county = open_node(kind=Kind.COUNTY, name="东湖区", parent=city, by=None)
    street = open_node(kind=Kind.STREET, name="和平街道", parent=county, by=None)
    for number in range(200):
        open_node(kind=Kind.COMMUNITY, name=f"第{number}社区", parent=street, by=None)
    corps = open_node(kind=Kind.CORPS, name="连心总队", parent=None, by=None)
    for number in range(300):
        open_node(kind=Kind.TEAM, name=f"第{number}志愿服务队", parent=corps, by=None)
    Skill.objects.create(code="hair", name="理发")
    clerk = User.objects.make("13900000000")
    give_role(user=clerk, role=Role.CITY_OFFICER, node=city, by=None)
    data = _file(size)
    clock = Clock()
    roster = upload_roster(data=data, file_name="花名册.xlsx", source="", by=clerk)
    clock.stage("upload")
    roster = open_roster(roster=roster)
    clock.stage("open")
    roster = map_roster(roster=roster, mapping=roster.mapping, by=clerk)
    check_roster(roster=roster)
    clock.stage("check")
    roster.refresh_from_db()
    roster = write_roster(roster=accept_roster(roster=roster, by=clerk), by=clerk)
    clock.stage("write")
    assert roster.counts["new"] == size == Person.objects.filter(is_imported=True).count()
    report(size, clock.seconds, made=size, file_bytes=len(data))


def _file(size: int) -> bytes:
    with TemporaryDirectory(prefix="lianxin-bench-") as folder:
        path = Path(folder, "roster.xlsx")
        subprocess.run([sys.executable, "-m", "bench.drive.roster", str(size), str(path)], check=True)
        return path.read_bytes()


if __name__ == "__main__":
    main()
