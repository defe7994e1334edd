"""One list of people on roll, taken away through the real actions; run by `bench.export` in a process of its own."""

import resource
import sys
import time

import django

AT_ONCE = 2_000


def main() -> None:
    """Fill the list, then time the export."""
    django.setup()
    drive(int(sys.argv[1]))


def drive(size: int) -> None:
    """The roll of a city, exported as its page's button does it."""
    from django.core.management import call_command  # noqa: PLC0415

    from bench.export import report  # noqa: PLC0415
    from lianxin.base import clock  # noqa: PLC0415
    from lianxin.base.bulk import insert_many  # noqa: PLC0415
    from lianxin.console.exchange.making import make  # noqa: PLC0415
    from lianxin.exchange.actions.exports import take_export, want_export  # noqa: PLC0415
    from lianxin.exchange.models.roll import OnRoll  # noqa: PLC0415
    from lianxin.exchange.models.rosters import Roster  # noqa: PLC0415
    from lianxin.exchange.rules.rights import IMPORT  # noqa: PLC0415
    from lianxin.organisations.actions.appointing import give_role  # noqa: PLC0415
    from lianxin.organisations.actions.building import open_node  # noqa: PLC0415
    from lianxin.organisations.models import Kind, Role  # noqa: PLC0415
    from lianxin.people.models import Person  # noqa: PLC0415
    from lianxin.users.models import User  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    city = open_node(kind=Kind.CITY, name="连心市", parent=None, by=None)
    corps = open_node(kind=Kind.CORPS, name="连心总队", parent=None, by=None)
    team = open_node(kind=Kind.TEAM, name="红帽队", parent=corps, by=None)
    clerk = User.objects.make("13900000000")
    give_role(user=clerk, role=Role.CITY_OFFICER, node=city, by=None)
    now = clock.now()
    roster = Roster.objects.create(file_name="a", file_hash=b"", scope=city.path, uploaded_by=clerk, made_at=now)
    for start in range(0, size, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, size))
        people = insert_many(
            Person(name=f"王{number}", phone=f"1380{number:07}", home=city, made_at=now) for number in numbers
        )
        insert_many(OnRoll(person=person, team=team, roster=roster, made_at=now) for person in people)
    facts = {"listing": "roll", "title": "在册名单", "query": "", "permission": IMPORT, "reason": "年度统计"}
    export = want_export(**facts, with_sealed=False, rows=size, by=clerk)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.perf_counter()
    make(export)
    seconds = time.perf_counter() - began
    export.refresh_from_db()
    assert export.rows == size
    report(size, seconds, before=before, file_bytes=len(take_export(export=export, by=clerk)))


if __name__ == "__main__":
    main()
