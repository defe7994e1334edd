"""Who is asked first, and why: a cost that people can argue about (rule D6)."""

from math import isclose

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from lianxin.needs.matching.ranking import Candidate, metres_between, rank
from lianxin.needs.models.orders import Order
from lianxin.needs.queries.candidates import suggestions, why_nobody
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.models import Kind, Role
from lianxin.people.actions.registering import register_person
from lianxin.volunteers.actions.joining import register_volunteer
from lianxin.volunteers.actions.reviewing import approve_volunteer
from tests import make

CANDIDATES = st.lists(
    st.builds(
        Candidate,
        key=st.integers(1, 1000),
        metres=st.none() | st.integers(0, 50_000),
        load=st.integers(0, 10),
        visits=st.integers(0, 5),
        is_serving_team=st.booleans(),
    ),
    max_size=20,
    unique_by=lambda candidate: candidate.key,
)


def candidate(**facts: object) -> Candidate:
    usual = {"key": 1, "metres": 0, "load": 0, "visits": 0, "is_serving_team": True}
    return Candidate(**usual | facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "cost"),
    [
        ({}, 0),
        ({"metres": 1200}, 120),
        ({"metres": None}, 300),
        ({"load": 3}, 180),
        ({"visits": 1}, -600),
        ({"visits": 4}, -600),
        ({"is_serving_team": False}, 150),
        ({"metres": 2500, "load": 1, "visits": 2, "is_serving_team": False}, 250 + 60 - 600 + 150),
    ],
)
def test_the_points_are_those_of_the_rule(facts: dict[str, object], cost: int) -> None:
    assert rank([candidate(**facts)])[0].cost == cost


@given(candidates=CANDIDATES, seed=st.randoms())
def test_the_order_in_which_they_come_does_not_matter(candidates: list[Candidate], seed: object) -> None:
    shuffled = list(candidates)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    assert rank(shuffled) == rank(candidates)


@given(candidates=CANDIDATES)
def test_everybody_is_ranked_once_cheapest_first_and_the_terms_make_the_cost(candidates: list[Candidate]) -> None:
    ranked = rank(candidates)
    assert sorted(each.candidate.key for each in ranked) == sorted(each.key for each in candidates)
    costs = [(each.cost, each.candidate.key) for each in ranked]
    assert costs == sorted(costs)
    assert all(each.cost == sum(each.terms.values()) for each in ranked)


# Computed apart from the code, from the haversine formula with a radius of 6371 km.
VECTORS = [
    ((30.66, 104.06), (30.66, 104.06), 0),
    ((0.0, 0.0), (0.0, 1.0), 111_195),
    ((0.0, 0.0), (1.0, 0.0), 111_195),
    ((39.9042, 116.4074), (31.2304, 121.4737), 1_067_311),
    ((30.66, 104.06), (30.665, 104.065), 733),
    ((0.0, 0.0), (0.0, 180.0), 20_015_087),
]


@pytest.mark.parametrize(("one", "other", "metres"), VECTORS)
def test_distances_are_those_of_the_great_circle(
    one: tuple[float, float], other: tuple[float, float], metres: int
) -> None:
    assert isclose(metres_between(*one, *other), metres, abs_tol=1)


POINTS = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(one=POINTS, other=POINTS)
def test_the_way_there_is_as_long_as_the_way_back(one: tuple[float, float], other: tuple[float, float]) -> None:
    assert metres_between(*one, *other) == metres_between(*other, *one)
    assert 0 <= metres_between(*one, *other) <= 20_015_088


@pytest.mark.django_db
def test_who_visited_this_resident_before_stands_first() -> None:
    city = make.small_city()
    make.done_order(city)
    later = make.tomorrow_at(15)
    order = make.verified_order(city, start=later, end=later.replace(hour=18))
    found = suggestions(order)
    assert [each.volunteer for each in found] == [city.volunteer, city.second_volunteer]
    assert found[0].ranked.terms["continuity"] == -600


@pytest.mark.django_db
def test_teams_beside_the_serving_one_are_asked_when_it_is_too_small() -> None:
    city = make.small_city()
    beside = open_node(kind=Kind.TEAM, name="滨河红帽队", parent=city.team.parent, by=None)
    far = make.volunteer("远水", team=beside, captain=make.staff("队长二", Role.CAPTAIN, beside))
    found = suggestions(make.verified_order(city))
    assert [each.volunteer for each in found][-1] == far
    assert found[-1].ranked.terms["team"] == 150


@pytest.mark.django_db
def test_the_resident_is_not_suggested_to_himself() -> None:
    city = make.small_city()
    own = register_person(name="新邻居", home=city.community, by=None)
    own_volunteer = register_volunteer(person=own, team=city.team, skills=[], free=make.ALWAYS_FREE, by=None)
    approve_volunteer(volunteer=own_volunteer, by=city.captain)
    order = make.order(city, resident=own, by=city.operator, way=Order.Way.CALL)
    assert own_volunteer not in [each.volunteer for each in suggestions(order)]


@pytest.mark.django_db
def test_why_nobody_is_left_is_told_in_numbers() -> None:
    city = make.small_city()
    make.offered_order(city)
    order = Order.objects.get()
    assert why_nobody(order) == {"team": 2, "skill": 2, "free": 2, "promise": 2, "asked": 1}


@pytest.mark.django_db
def test_suggestions_ask_as_few_questions_for_many_volunteers_as_for_few() -> None:
    city = make.small_city()
    order = make.verified_order(city)
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection) as asked:
            suggestions(Order.objects.select_related("item", "resident", "place").get(pk=order.pk))
        counts.append(len(asked))
        for more in range(4):
            make.volunteer(f"志愿者{number}{more}", team=city.team, captain=city.captain)
    assert counts[1] <= counts[0]
