"""The digest: one notice to each desk, twice a working day."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianxin.base import clock
from lianxin.base.todos import Tally
from lianxin.console.digest import words
from lianxin.console.tasks import digest
from lianxin.console.todos import BY_NAME, TODOS
from lianxin.notices.models import Notice, Way
from lianxin.organisations.actions.appointing import give_role
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Role
from lianxin.people.actions.complaints import complain
from lianxin.users.models import User
from tests import make
from tests.make import City

MONDAY, NOON, SUNDAY = "2026-11-23 08:30", "2026-11-23 14:00", "2026-11-22 08:30"


def runs(text: str, *, later: timedelta = timedelta()) -> None:
    """The clock strikes, and the job runs then or later."""
    moment = make.moment(text)
    with clock.at(moment + later):
        digest(timestamp=int(moment.timestamp()))


def digests_to(user: User) -> list[str]:
    found = Notice.objects.filter(user=user, key__startswith="digest:").order_by("pk")
    return [notice.text for notice in found]


def ordered(city: City, moment: str, **facts: object) -> None:
    with clock.at(make.moment(moment)):
        make.order(city, **facts)


def test_each_desk_is_told_once_what_waits_and_what_is_overdue(city: City, officer: User) -> None:
    elsewhere = open_node(kind=Kind.COMMUNITY, name="光明里社区", parent=city.street, by=None)
    stranger = make.staff("钱站长", Role.STATION_WORKER, elsewhere)
    urgent = make.menu_item(city.city, "断电急修", clock="urgent")
    ordered(city, "2026-11-23 08:00")
    ordered(city, "2026-11-23 06:00", item=urgent)
    with clock.at(make.moment("2026-11-23 08:00")):
        complain(text="没人回电话", page="/", contact="", by=None, scope=city.community.path)
    runs(MONDAY)
    assert digests_to(city.worker) == ["待核实 2 单，其中 1 单已超时；投诉待答复 1 件。"]
    assert digests_to(officer) == ["投诉待答复 1 件。"]
    assert digests_to(stranger) == digests_to(city.dispatcher) == digests_to(city.resident_user) == []
    assert set(Notice.objects.filter(key__startswith="digest:").values_list("way", "link")) == {
        (Way.IN_APP, "/console/")
    }


def test_twice_is_harmless_and_the_afternoon_has_its_own(city: City) -> None:
    ordered(city, "2026-11-23 08:00")
    runs(MONDAY)
    runs(MONDAY, later=timedelta(minutes=20))
    assert digests_to(city.worker) == ["待核实 1 单。"]
    runs(NOON)
    assert digests_to(city.worker) == ["待核实 1 单。", "待核实 1 单。"]


def test_nobody_is_told_on_a_day_off_at_another_hour_or_long_after(city: City) -> None:
    ordered(city, "2026-11-20 10:00")
    runs(SUNDAY)
    runs("2026-11-23 09:00")
    runs(MONDAY, later=timedelta(hours=3))
    assert digests_to(city.worker) == []


def test_who_has_a_role_in_both_trees_counts_a_row_once(city: City) -> None:
    both = make.staff("吴派单", Role.DISPATCHER, city.street)
    from_team = make.user_of(city.second_volunteer)
    for user, node in ((both, city.team), (from_team, city.team)):
        give_role(user=user, role=Role.DISPATCHER, node=node, by=None)
    with clock.at(make.moment("2026-11-23 08:00")):
        make.verified_order(city)
    runs(MONDAY)
    assert digests_to(both) == digests_to(from_team) == ["待派单 1 单。"]


def test_all_desks_are_counted_at_once(city: City) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            runs(MONDAY)
        return len(caught)

    ordered(city, "2026-11-23 08:00")
    once = queries()
    Notice.objects.all().delete()
    for number in range(3):
        make.staff(f"周站长{number}", Role.STATION_WORKER, city.community)
        ordered(city, "2026-11-23 08:00")
    assert queries() == once
    assert Notice.objects.filter(key__startswith="digest:").count() == 4


def test_more_than_a_notice_holds_is_told_in_one_sum() -> None:
    waiting = [(todo, Tally(1234, 567)) for todo in TODOS]
    assert words(waiting) == f"等您办的有 {1234 * len(TODOS)} 件，其中 {567 * len(TODOS)} 件已超时。"
    assert words([(BY_NAME["verify"], Tally(3, 1))]) == "待核实 3 单，其中 1 单已超时。"
    assert words([]) == ""
