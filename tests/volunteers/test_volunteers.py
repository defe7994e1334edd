"""Registration, free times and promises."""

from datetime import datetime, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from hypothesis import given
from hypothesis import strategies as st

from lianxin.base.refused import Forbidden, Refused
from lianxin.organisations.models import Role
from lianxin.volunteers import queries
from lianxin.volunteers.actions.joining import register_volunteer
from lianxin.volunteers.actions.promising import commit_time, release_time
from lianxin.volunteers.actions.reviewing import approve_volunteer
from lianxin.volunteers.actions.sparing import block
from lianxin.volunteers.models import Commitment, Skill, Volunteer
from lianxin.volunteers.rules import NEVER, is_free, slots
from tests import make

MONDAY = make.moment("2026-11-16 00:00")


def at(hour: float, day: int = 0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour)


def bits(*wanted: tuple[int, int]) -> int:
    """The mask of these slots, each a day (0 = Monday) and a number from 06:00 on."""
    return sum(1 << (day * 8 + slot) for day, slot in wanted)


@pytest.mark.parametrize(
    ("start", "end", "wanted"),
    [
        (at(6), at(8), bits((0, 0))),
        (at(9), at(10), bits((0, 1))),
        (at(9), at(10.5), bits((0, 1), (0, 2))),
        (at(20), at(22), bits((0, 7))),
        (at(9, day=6), at(11, day=6), bits((6, 1), (6, 2))),
        (at(9, day=7), at(10, day=7), bits((0, 1))),
    ],
)
def test_a_time_asks_for_the_slots_that_it_touches(start: datetime, end: datetime, wanted: int) -> None:
    assert slots(start, end) == wanted


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (at(5), at(7)),
        (at(21), at(22.5)),
        (at(22), at(23)),
        (at(21), at(24)),
        (at(23), at(24 + 1)),
        (at(20), at(24 + 7)),
        (at(4), at(5)),
        (at(9), at(24 + 10)),
        (at(9), at(7 * 24 + 10)),
    ],
)
def test_nobody_is_free_at_night(start: datetime, end: datetime) -> None:
    assert slots(start, end) & NEVER
    assert not is_free(make.ALWAYS_FREE, start, end)


@given(
    start=st.floats(6, 21), minutes=st.integers(10, 720), day=st.integers(0, 20), free=st.integers(0, make.ALWAYS_FREE)
)
def test_who_is_free_for_the_whole_is_free_for_each_part(start: float, minutes: int, day: int, free: int) -> None:
    first = at(round(start * 12) / 12, day)
    last = first + timedelta(minutes=minutes)
    middle = first + timedelta(minutes=minutes // 2)
    both_halves = is_free(free, first, middle) and is_free(free, middle, last)
    assert is_free(free, first, last) == both_halves


@pytest.mark.django_db
def test_the_database_reads_free_times_as_the_rule_does() -> None:
    city = make.small_city()
    Volunteer.objects.filter(pk=city.volunteer.pk).update(free=bits((0, 1), (0, 2)))
    Volunteer.objects.filter(pk=city.second_volunteer.pk).update(free=bits((0, 1)))
    everybody = Volunteer.objects.order_by("pk")
    assert list(queries.free_at(everybody, slots(at(9), at(11)))) == [city.volunteer]
    assert list(queries.free_at(everybody, slots(at(9), at(10)))) == [city.volunteer, city.second_volunteer]
    assert list(queries.free_at(everybody, slots(at(23), at(24)))) == []


@pytest.mark.django_db
def test_a_volunteer_serves_after_the_captain_took_him_on() -> None:
    city = make.small_city()
    new = register_volunteer(person=make.person("新人"), team=city.team, skills=[], free=0, by=None)
    assert list(queries.active_in([city.team]).order_by("pk")) == [city.volunteer, city.second_volunteer]
    for by in (city.worker, city.dispatcher, make.user_of(new)):
        with pytest.raises(Forbidden):
            approve_volunteer(volunteer=new, by=by)
    approve_volunteer(volunteer=new, by=city.captain)
    assert [(held.role, held.node) for held in make.user_of(new).roles_held.all()] == [(Role.VOLUNTEER, city.team)]
    with pytest.raises(Refused, match="已经是「在册」"):
        approve_volunteer(volunteer=new, by=city.captain)


@pytest.mark.django_db
def test_a_volunteers_number_is_not_an_id_number_and_there_is_one_per_person() -> None:
    city = make.small_city()
    assert city.volunteer.number == f"V{10_000_000 + city.volunteer.person_id}"
    with pytest.raises(Refused, match="已经是志愿者"):
        register_volunteer(person=city.volunteer.person, team=city.team, skills=[], free=0, by=None)


@pytest.mark.django_db
def test_a_volunteer_joins_a_team_not_a_place() -> None:
    city = make.small_city()
    with pytest.raises(Refused, match="选一支服务队"):
        register_volunteer(person=make.person("新人"), team=city.community, skills=[], free=0, by=None)


@pytest.mark.django_db
def test_two_promises_of_one_person_never_overlap() -> None:
    city = make.small_city()
    person = city.volunteer.person
    commit_time(person=person, start=at(9), end=at(10), about=city.team)
    commit_time(person=person, start=at(10), end=at(11), about=city.team)
    commit_time(person=city.resident, start=at(9), end=at(10), about=city.team)
    with pytest.raises(Refused, match="已经答应了别的事"):
        commit_time(person=person, start=at(9.5), end=at(9.75), about=city.team)


@pytest.mark.django_db
def test_time_that_was_given_back_can_be_promised_again() -> None:
    city = make.small_city()
    person = city.volunteer.person
    commit_time(person=person, start=at(9), end=at(10), about=city.team)
    release_time(about=city.team)
    commit_time(person=person, start=at(9), end=at(10), about=city.corps)
    assert Commitment.objects.filter(state=Commitment.State.HELD).count() == 1
    everybody = Volunteer.objects.order_by("pk")
    assert list(queries.without_promise(everybody, DateTimeTZRange(at(9.5), at(12)))) == [city.second_volunteer]
    assert list(queries.without_promise(everybody, DateTimeTZRange(at(10), at(12)))) == [
        city.volunteer,
        city.second_volunteer,
    ]


@pytest.mark.django_db
def test_the_load_counts_the_promises_around_that_time() -> None:
    city = make.small_city()
    for day in (0, 1, 30):
        commit_time(person=city.volunteer.person, start=at(9, day), end=at(10, day), about=city.team)
    loaded = queries.with_load(Volunteer.objects.order_by("pk"), at(0), at(0, 7))
    assert [volunteer.load for volunteer in loaded] == [2, 0]  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_a_block_is_silent_and_made_once() -> None:
    city = make.small_city()
    first = block(person=city.resident, volunteer=city.volunteer, by=city.worker)
    assert block(person=city.resident, volunteer=city.volunteer, by=city.worker) == first
    spared = queries.not_blocked_by(Volunteer.objects.order_by("pk"), city.resident.pk)
    assert list(spared) == [city.second_volunteer]
    make.everybody_hears()
    assert make.told(city.volunteer.person) == []


@pytest.mark.django_db
def test_only_the_skilled_are_found_where_a_skill_is_asked_for() -> None:
    city = make.small_city()
    skill = Skill.objects.create(code="electric", name="电工")
    city.volunteer.skills.add(skill)
    everybody = Volunteer.objects.order_by("pk")
    assert list(queries.skilled(everybody, skill.pk)) == [city.volunteer]
    assert list(queries.skilled(everybody, None)) == [city.volunteer, city.second_volunteer]
