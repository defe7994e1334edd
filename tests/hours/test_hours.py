"""Time counts once somebody else confirms it, and confirmed times of one person never overlap."""

from datetime import timedelta

import pytest

from lianxin.base.refused import Refused
from lianxin.hours import checks
from lianxin.hours.actions import claim_hours, confirm_hours
from lianxin.hours.models import Record
from lianxin.hours.queries import minutes_by_state, minutes_in_year, records_of
from lianxin.journal.models import Entry
from lianxin.ledger.models import Transfer
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Node
from lianxin.people.models import Person
from lianxin.timebank.queries import minutes_of
from lianxin.users.models import User
from tests import make

pytestmark = pytest.mark.django_db

DAY = make.moment("2026-11-18 00:00")


def event(city: make.City) -> Node:
    """Something served at; any row will do."""
    return open_node(kind=Kind.GRID, name=f"网格 {Node.objects.count()}", parent=city.community, by=None)


def claim(city: make.City, person: Person, start: float, end: float, about: Node, by: User | None = None) -> Record:
    return claim_hours(
        person=person,
        what="小修小补",
        start=DAY + timedelta(hours=start),
        end=DAY + timedelta(hours=end),
        about=about,
        team=city.team,
        place=city.community,
        by=by,
    )


def states(person: Person) -> list[str]:
    return list(records_of(person).order_by("pk").values_list("state", flat=True))


def test_claimed_time_counts_nowhere_until_it_is_confirmed() -> None:
    city = make.small_city()
    person, about = city.volunteer.person, event(city)
    claim(city, person, 9, 9.99, about, by=make.user_of(person))
    assert (minutes_by_state(person), minutes_of(person)) == ({"claimed": 59}, 0)
    confirm_hours(about=[about], by=city.resident_user, how="web")
    assert (minutes_by_state(person), minutes_of(person)) == ({"confirmed": 59}, 59)
    assert list(checks.faults()) == []


def test_less_than_a_minute_is_no_service() -> None:
    city = make.small_city()
    with pytest.raises(Refused, match="不到一分钟"):
        claim(city, city.volunteer.person, 9, 9.01, event(city))


def test_nobody_confirms_his_own_time() -> None:
    city = make.small_city()
    person, about = city.volunteer.person, event(city)
    claim(city, person, 9, 10, about)
    with pytest.raises(Refused, match="自己的服务时间不能自己确认"):
        confirm_hours(about=[about], by=make.user_of(person), how="web")


def test_who_wrote_the_time_down_does_not_confirm_it() -> None:
    city = make.small_city()
    about = event(city)
    claim(city, city.volunteer.person, 9, 10, about, by=city.captain)
    with pytest.raises(Refused, match="记录时间的人不能自己确认"):
        confirm_hours(about=[about], by=city.captain, how="web")


def test_one_of_two_cannot_confirm_for_both() -> None:
    city = make.small_city()
    about = event(city)
    for volunteer in (city.volunteer, city.second_volunteer):
        claim(city, volunteer.person, 9, 10, about, by=make.user_of(volunteer))
    with pytest.raises(Refused):
        confirm_hours(about=[about], by=make.user_of(city.volunteer), how="web")
    assert not Transfer.objects.exists()


def test_time_that_overlaps_confirmed_time_is_contested_and_not_banked() -> None:
    city = make.small_city()
    person = city.volunteer.person
    first, second, after = event(city), event(city), event(city)
    claim(city, person, 9, 10, first)
    claim(city, person, 9.5, 11, second)
    claim(city, person, 10, 12, after)
    for about in (first, second, after):
        confirm_hours(about=[about], by=city.resident_user, how="web")
    assert states(person) == ["confirmed", "contested", "confirmed"]
    assert minutes_of(person) == 180
    assert list(checks.faults()) == []


def test_of_two_overlapping_times_confirmed_together_the_first_counts() -> None:
    city = make.small_city()
    person = city.volunteer.person
    events = [event(city) for _ in range(3)]
    for number, about in enumerate(events):
        claim(city, person, 9 + number / 2, 9.75 + number / 2, about)
    confirm_hours(about=events, by=city.resident_user, how="web")
    assert states(person) == ["confirmed", "contested", "confirmed"]


def test_two_people_may_serve_at_the_same_time() -> None:
    city = make.small_city()
    about = event(city)
    for volunteer in (city.volunteer, city.second_volunteer):
        claim(city, volunteer.person, 9, 10, about)
    confirm_hours(about=[about], by=city.resident_user, how="web")
    assert [minutes_of(each.person) for each in (city.volunteer, city.second_volunteer)] == [60, 60]


def test_confirming_again_banks_nothing_again() -> None:
    city = make.small_city()
    about = event(city)
    claim(city, city.volunteer.person, 9, 10, about)
    confirm_hours(about=[about], by=city.resident_user, how="web")
    assert list(confirm_hours(about=[about], by=city.resident_user, how="web")) == []
    assert (minutes_of(city.volunteer.person), Entry.objects.filter(name="timebank.deposited").count()) == (60, 1)


def test_confirming_nothing_is_no_error() -> None:
    assert list(confirm_hours(about=[], by=None, how="web")) == []


def test_the_day_of_service_decides_the_year() -> None:
    city = make.small_city()
    person, about = city.volunteer.person, event(city)
    claim_hours(
        person=person,
        what="守岁",
        start=make.moment("2026-12-31 23:30"),
        end=make.moment("2027-01-01 00:30"),
        about=about,
        team=city.team,
        place=city.community,
        by=None,
    )
    confirm_hours(about=[about], by=city.resident_user, how="web")
    assert (minutes_in_year(person, 2026), minutes_in_year(person, 2027)) == (60, 0)


@pytest.mark.parametrize("many", [1, 4])
def test_confirming_many_times_at_once_asks_no_more_questions(
    many: int, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    city = make.small_city()
    events = [event(city) for _ in range(many)]
    for number, about in enumerate(events):
        claim(city, city.volunteer.person, 9 + number, 10 + number, about)
    with django_assert_max_num_queries(24):  # type: ignore[operator]
        confirm_hours(about=events, by=city.resident_user, how="web")
