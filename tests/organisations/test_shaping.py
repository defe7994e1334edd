"""Renaming, moving, merging, closing; stand-ins; figures from before the system."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.base import clock
from lianxin.base.refused import Forbidden, Refused
from lianxin.needs.models.orders import Order
from lianxin.organisations import queries, rules
from lianxin.organisations.actions import shaping
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.actions.delegating import delegate, end_delegation
from lianxin.organisations.actions.opening import approve_opening, enter_opening, withdraw_opening
from lianxin.organisations.actions.serving import let_serve, stop_serving
from lianxin.organisations.models import Kind, Naming, Node, Opening, Role, RoleHeld, Serves
from lianxin.people.models import Person
from lianxin.users.models import User
from lianxin.volunteers.models import Stay, Volunteer
from tests import make

DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.fixture
def city(db: None) -> make.City:
    return make.small_city()


def again(user: User) -> User:
    """The user as the next request finds him."""
    return User.objects.get(pk=user.pk)


def path_of(node: Node) -> str:
    return str(Node.objects.get(pk=node.pk).path)


def officer(city: make.City) -> User:
    return make.staff("罗主任", Role.CITY_OFFICER, city.city)


def days(many: int) -> timedelta:
    return timedelta(days=many)


def test_a_moved_node_takes_its_subtree_and_its_open_orders_along_and_leaves_what_is_done(city: make.City) -> None:
    done, running = make.done_order(city), make.order(city)
    was = city.community.path
    county = open_node(kind=Kind.COUNTY, name="西湖区", parent=city.city, by=None)
    street = open_node(kind=Kind.STREET, name="新街道", parent=county, by=None)
    shaping.move_node(node=city.community, to=street, by=officer(city))
    make.everybody_hears()
    now = f"{street.path}.{city.community.pk}"
    assert (path_of(city.community), path_of(city.station)) == (now, f"{now}.{city.station.pk}")
    paths = [Order.objects.get(pk=order.pk).place_path for order in (done, running)]
    assert paths == [was, now]
    assert queries.reach(again(city.worker), "needs.verify") == [now]


def test_where_a_node_stood_stays_on_record_with_its_days(city: make.City) -> None:
    with clock.at(clock.now() + days(3)):
        shaping.move_node(node=city.team, to=city.corps, by=None)
        first, last = queries.parents_of(city.team)[1], queries.parents_of(city.team)[0]
        assert (last.parent, last.during.lower, last.during.upper) == (city.corps, clock.today(), None)
        assert first.during.upper == clock.today()


def test_a_node_is_never_put_below_itself_into_another_tree_or_under_what_is_closed(city: make.City) -> None:
    with pytest.raises(Refused, match="自己的下级"):
        shaping.move_node(node=city.street, to=city.station, by=None)
    with pytest.raises(Refused, match="同一棵树"):
        shaping.move_node(node=city.team, to=city.street, by=None)


def test_who_shapes_one_subtree_shapes_no_other(city: make.City) -> None:
    stranger = make.staff("外区联络员", Role.UNIT_OFFICER, city.team)
    for deed in (
        lambda: shaping.rename_node(node=city.community, name="新名", by=stranger),
        lambda: shaping.move_node(node=city.team, to=city.corps, by=stranger),
        lambda: shaping.close_node(node=city.station, by=city.worker),
        lambda: open_node(kind=Kind.TEAM, name="新队", parent=city.corps, by=stranger),
        lambda: let_serve(team=city.corps, place=city.city, by=stranger),
    ):
        with pytest.raises(Forbidden):
            deed()


def test_a_new_name_counts_from_its_day_and_the_old_one_stays(city: make.City) -> None:
    with clock.at(clock.now() + days(2)):
        shaping.rename_node(node=city.team, name="和平里先锋队", by=None)
    names = [(each.name, each.during.upper is None) for each in Naming.objects.filter(node=city.team).order_by("pk")]
    assert names == [("和平里红帽队", False), ("和平里先锋队", True)]
    assert list(queries.nodes_matching(Node.objects.all(), "先锋")) == [Node.objects.get(pk=city.team.pk)]


def test_a_merged_team_hands_over_members_roles_service_and_open_orders(city: make.City) -> None:
    into = open_node(kind=Kind.TEAM, name="和平里先锋队", parent=city.corps, by=None)
    order = make.verified_order(city)
    with clock.at(clock.now() + days(1)):
        shaping.merge_node(node=city.team, into=into, by=None)
        make.everybody_hears()
        kept = Node.objects.get(pk=city.team.pk)
        assert (kept.merged_into, kept.closed_on, kept.path) == (into, clock.today(), f"{into.path}.{kept.pk}")
        assert {each.team_id for each in Volunteer.objects.all()} == {into.pk}
        roles = queries.standing_roles(clock.today()).filter(role__in=[Role.CAPTAIN, Role.VOLUNTEER])
        assert {each.node_id for each in roles} == {into.pk}
        assert [each.place for each in queries.served_by(into)] == [city.community]
        assert not queries.served_by(city.team)
        assert [stay.team_id for stay in Stay.objects.filter(volunteer=city.volunteer).order_by("pk")] == [
            city.team.pk,
            into.pk,
        ]
    assert Order.objects.get(pk=order.pk).team_path == into.path
    with pytest.raises(Refused, match="已经撤销"):
        shaping.rename_node(node=city.team, name="又改", by=None)


def test_a_merged_place_hands_over_its_residents(city: make.City) -> None:
    into = open_node(kind=Kind.COMMUNITY, name="光明社区", parent=city.street, by=None)
    shaping.merge_node(node=city.community, into=into, by=None)
    make.everybody_hears()
    assert Person.objects.get(pk=city.resident.pk).home == into
    assert path_of(city.station) == f"{into.path}.{city.station.pk}"


def test_only_its_like_takes_a_node_over(city: make.City) -> None:
    with pytest.raises(Refused, match="只能并入另一个「分队」"):
        shaping.merge_node(node=city.team, into=city.corps, by=None)


def test_what_still_has_something_is_not_closed_and_is_told_what(city: make.City) -> None:
    with pytest.raises(Refused) as refused:
        shaping.close_node(node=city.team, by=None)
    assert "2 名志愿者" in str(refused.value)
    assert "1 处对接关系" in str(refused.value)
    assert "1 个在任身份" in str(refused.value)
    with pytest.raises(Refused, match="1 个下级组织"):
        shaping.close_node(node=city.street, by=None)
    shaping.close_node(node=city.station, by=None)
    assert Node.objects.get(pk=city.station.pk).closed_on == clock.today()


def test_an_open_order_keeps_its_place_open(city: make.City) -> None:
    make.order(city)
    assert queries.what_stands_on(city.community)["张没有办完的单"] == 1


def test_a_team_stops_serving(city: make.City) -> None:
    stop_serving(serves=Serves.objects.get(), by=None)
    assert not queries.teams_serving(city.community)


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91110108551385082Q", " 9111 0108-551385082q"])
def test_a_credit_code_whose_check_character_fits_is_taken(code: str) -> None:
    assert rules.credit_code(code)[-1] in "3Q"


@given(
    first=st.text(alphabet=DIGITS, min_size=17, max_size=17), place=st.integers(0, 16), other=st.sampled_from(DIGITS)
)
def test_no_single_wrong_character_of_a_credit_code_passes(first: str, place: int, other: str) -> None:
    code = first + rules.credit_check_digit(first)
    assert rules.credit_code(code) == code
    wrong = code[:place] + other + code[place + 1 :]
    if wrong != code:
        with pytest.raises(Refused, match="最后一位对不上"):
            rules.credit_code(wrong)


def test_a_division_code_holds_from_its_day_and_names_its_list(city: make.City) -> None:
    first = clock.today() - days(400)
    shaping.set_division_code(node=city.street, code="210502001", since=first, source="2025 年 1 月", by=None)
    shaping.set_division_code(node=city.street, code="210502002", since=clock.today(), source="2026 年 1 月", by=None)
    kept = [(each.code, each.during.upper) for each in city.street.division_codes.order_by("pk")]
    assert kept == [("210502001", clock.today()), ("210502002", None)]
    assert Node.objects.get(pk=city.street.pk).code == "210502002"
    with pytest.raises(Refused, match="6、9 或 12 位"):
        shaping.set_division_code(node=city.street, code="2105", since=clock.today(), source="x", by=None)


def lend(city: make.City, to: User, until: int = 7) -> RoleHeld:
    role = RoleHeld.objects.get(user=city.captain, role=Role.CAPTAIN)
    return delegate(role=role, to=to, since=clock.today(), until=clock.today() + days(until), by=city.captain)


def test_a_stand_in_acts_until_his_last_day(city: make.City) -> None:
    deputy = make.user_of(city.volunteer)
    lend(city, deputy)
    assert queries.may(again(deputy), "volunteers.approve", city.team.path)
    with clock.at(clock.now() + days(7)):
        assert queries.may(again(deputy), "volunteers.approve", city.team.path)
    with clock.at(clock.now() + days(8)):
        assert not queries.may(again(deputy), "volunteers.approve", city.team.path)


def test_what_the_holder_loses_his_stand_in_loses_with_him(city: make.City) -> None:
    deputy = make.user_of(city.volunteer)
    lend(city, deputy)
    RoleHeld.objects.filter(user=city.captain, role=Role.CAPTAIN).delete()
    assert not queries.may(again(deputy), "volunteers.approve", city.team.path)


def test_only_the_holder_lends_never_on_never_for_longer_than_half_a_year(city: make.City) -> None:
    deputy, other = make.user_of(city.volunteer), make.user_of(city.second_volunteer)
    lent = lend(city, deputy)
    day = clock.today()
    with pytest.raises(Forbidden):
        delegate(role=lent, to=other, since=day, until=day, by=deputy)
    own = RoleHeld.objects.get(user=city.captain, role=Role.CAPTAIN)
    with pytest.raises(Forbidden):
        delegate(role=own, to=other, since=day, until=day, by=deputy)
    with pytest.raises(Refused, match="最长半年"):
        delegate(role=own, to=other, since=day, until=day + days(200), by=city.captain)
    with pytest.raises(Refused, match="三员不能代理"):
        auditor = make.staff("严审计", Role.AUDITOR, city.city)
        delegate(role=RoleHeld.objects.get(user=auditor), to=other, since=day, until=day, by=auditor)


def test_who_comes_back_early_ends_it(city: make.City) -> None:
    deputy = make.user_of(city.volunteer)
    lent = lend(city, deputy)
    with pytest.raises(Forbidden):
        end_delegation(lent=lent, by=city.worker)
    end_delegation(lent=lent, by=city.captain)
    assert not queries.may(again(deputy), "volunteers.approve", city.team.path)


def entered(city: make.City, by: User, number: int = 700) -> Opening:
    return enter_opening(
        node=city.team,
        what=Opening.What.INCIDENTS,
        number=number,
        unit="件",
        as_of=clock.today(),
        source="2001 年以来的值班本",
        by=by,
    )


def test_a_past_figure_is_checked_by_another_and_then_stands_apart(city: make.City) -> None:
    unit = make.staff("单位联络员", Role.UNIT_OFFICER, city.corps)
    opening = entered(city, city.captain)
    assert queries.opening_sums(city.corps) == []
    with pytest.raises(Forbidden):
        approve_opening(opening=opening, by=city.captain)
    approve_opening(opening=opening, by=unit)
    assert [(line["words"], line["total"]) for line in queries.opening_sums(city.corps)] == [("办成的事", 700)]
    with pytest.raises(Refused, match="已经是「已复核」"):
        approve_opening(opening=opening, by=unit)


def test_nobody_checks_his_own_figure_and_a_second_one_of_a_kind_is_refused(city: make.City) -> None:
    unit = make.staff("单位联络员", Role.UNIT_OFFICER, city.corps)
    opening = entered(city, unit)
    with pytest.raises(Forbidden, match="另一个人复核"):
        approve_opening(opening=opening, by=unit)
    with pytest.raises(Refused, match="已经登记过"):
        entered(city, city.captain)
    withdraw_opening(opening=opening, by=unit)
    assert entered(city, city.captain).state == Opening.State.ENTERED


def test_the_past_of_a_merged_team_is_counted_at_its_successor(city: make.City) -> None:
    unit = make.staff("单位联络员", Role.UNIT_OFFICER, city.corps)
    approve_opening(opening=entered(city, city.captain), by=unit)
    into = open_node(kind=Kind.TEAM, name="和平里先锋队", parent=city.corps, by=None)
    shaping.merge_node(node=city.team, into=into, by=None)
    assert [line["total"] for line in queries.opening_sums(into)] == [700]


def test_blank_spots_are_communities_without_station_or_team_and_teams_without_captain(city: make.City) -> None:
    bare = open_node(kind=Kind.COMMUNITY, name="新城社区", parent=city.street, by=None)
    orphan = open_node(kind=Kind.TEAM, name="新城队", parent=city.corps, by=None)
    everywhere = [city.city.path, city.corps.path]
    assert list(queries.places_without_station(everywhere)) == [bare]
    assert list(queries.places_without_team(everywhere)) == [bare]
    assert list(queries.teams_without_captain(everywhere)) == [orphan]
    assert list(queries.places_without_station([city.community.path])) == []
