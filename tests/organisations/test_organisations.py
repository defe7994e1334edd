"""Trees, who serves which place, and roles that reach over a subtree from day to day."""

from datetime import timedelta

import pytest

from lianxin.base import clock
from lianxin.base.refused import Forbidden, Refused
from lianxin.organisations import rules
from lianxin.organisations.actions.appointing import give_role
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.actions.serving import let_serve
from lianxin.organisations.models import Kind, Node, Role
from lianxin.organisations.queries import holders, may, reach, require, roles_of, serving_teams_of
from lianxin.users.models import User
from tests import make

pytestmark = pytest.mark.django_db


def again(user: User) -> User:
    """The user as the next request finds him."""
    return User.objects.get(pk=user.pk)


def test_a_path_lists_the_keys_from_the_root() -> None:
    city = make.small_city()
    station, ancestors = city.station, [city.city, city.street.parent, city.street, city.community]
    assert station.path == ".".join(str(node.pk) for node in [*ancestors, station] if node)
    assert set(Node.objects.under(city.community)) == {city.community, city.station}


def test_a_team_cannot_stand_below_a_place() -> None:
    city = make.small_city()
    with pytest.raises(Refused, match="上级不在同一棵树上"):
        open_node(kind=Kind.TEAM, name="红帽队", parent=city.community, by=None)


def test_nothing_is_opened_below_what_is_closed() -> None:
    city = make.small_city()
    Node.objects.filter(pk=city.community.pk).update(closed_on=clock.today())
    with pytest.raises(Refused, match="已经撤销"):
        open_node(kind=Kind.GRID, name="一网格", parent=city.community, by=None)


def test_only_a_team_serves_and_only_a_place_is_served() -> None:
    city = make.small_city()
    with pytest.raises(Refused, match="一支服务队和一个地方"):
        let_serve(team=city.community, place=city.team, by=None)


def test_a_team_serves_a_place_once_at_a_time() -> None:
    city = make.small_city()
    with pytest.raises(Refused, match="已经在服务这个地方"):
        let_serve(team=city.team, place=city.community, by=None)


def test_the_team_of_the_nearest_place_comes_first_and_each_team_once() -> None:
    city = make.small_city()
    street_team = open_node(kind=Kind.TEAM, name="街道队", parent=city.corps, by=None)
    let_serve(team=street_team, place=city.street, by=None)
    let_serve(team=city.team, place=city.city, by=None)
    assert serving_teams_of([city.station])[city.station.pk] == [city.team, street_team]


def test_a_team_that_has_stopped_serving_is_not_asked() -> None:
    city = make.small_city()
    yesterday = clock.today() - timedelta(days=1)
    assert serving_teams_of([city.community], on=yesterday)[city.community.pk] == []


def test_a_role_reaches_over_its_subtree_and_nowhere_else() -> None:
    city = make.small_city()
    worker = again(city.worker)
    assert reach(worker, "needs.verify") == [city.community.path]
    assert may(worker, "needs.verify", city.station.path)
    assert not may(worker, "needs.verify", city.street.path)
    assert not may(worker, "needs.verify", None)
    assert not may(worker, "needs.dispatch", city.community.path)
    with pytest.raises(Forbidden):
        require(worker, "needs.verify", city.city.path)


def test_a_path_is_not_under_another_that_only_begins_alike() -> None:
    city = make.small_city()
    assert not may(again(city.worker), "needs.verify", f"{city.community.path}1")


def test_django_asks_the_same_table() -> None:
    city = make.small_city()
    worker = again(city.worker)
    assert worker.has_perm("needs.verify")
    assert worker.has_perm("needs.verify", city.station.path)
    assert not worker.has_perm("needs.verify", city.city.path)
    assert not worker.has_perm("needs.dispatch")
    worker.is_active = False
    assert not worker.has_perm("needs.verify")


def test_a_role_holds_from_its_first_day_to_the_day_before_its_end() -> None:
    city = make.small_city()
    user, today = make.new_user(), clock.today()
    give_role(
        user=user,
        role=Role.AUDITOR,
        node=city.city,
        by=None,
        since=today + timedelta(days=2),
        until=today + timedelta(days=4),
    )
    held = []
    for days in range(6):
        with clock.at(clock.now() + timedelta(days=days)):
            held.append(bool(roles_of(user)))
    assert held == [False, False, True, True, False, False]


def test_a_role_given_a_moment_ago_counts() -> None:
    city = make.small_city()
    user = make.new_user()
    assert roles_of(user) == []
    give_role(user=user, role=Role.AUDITOR, node=city.city, by=None)
    assert [held.role for held in roles_of(user)] == [Role.AUDITOR]


def test_the_same_role_twice_is_refused_and_another_is_not() -> None:
    city = make.small_city()
    with pytest.raises(Refused, match="已经有这个身份"):
        give_role(user=city.worker, role=Role.STATION_WORKER, node=city.community, by=None)
    give_role(user=city.worker, role=Role.AUDITOR, node=city.community, by=None)


def test_roles_are_asked_for_once(django_assert_num_queries: pytest.FixtureRequest) -> None:
    worker = again(make.small_city().worker)
    with django_assert_num_queries(1):  # type: ignore[operator]
        reach(worker, "needs.verify")
        reach(worker, "needs.dispatch")


def test_the_holders_of_a_role_for_a_place_are_the_nearest_first() -> None:
    city = make.small_city()
    far = make.staff("市站", Role.STATION_WORKER, city.city)
    give_role(user=far, role=Role.AUDITOR, node=city.community, by=None)
    assert list(holders(Role.STATION_WORKER, city.station.path)) == [city.worker, far]


def test_a_permission_is_granted_in_one_table_only() -> None:
    with pytest.raises(ValueError, match=r"granted in two tables: \['needs.verify'\]"):
        rules.grant({"needs.verify": {Role.AUDITOR}})


def test_nobody_holds_a_permission_that_no_table_knows() -> None:
    assert rules.roles_with("needs.fly") == frozenset()
