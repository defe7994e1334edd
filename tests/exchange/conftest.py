"""A city with enough teams and communities to fill a roster from."""

from dataclasses import dataclass

import pytest

from lianxin.organisations.actions.building import open_node
from lianxin.organisations.actions.serving import let_serve
from lianxin.organisations.models import Kind, Node, Role
from lianxin.users.models import User
from lianxin.volunteers.models import Skill
from tests import make
from tests.exchange.messy import World


@dataclass(frozen=True)
class Office:
    """A clerk of a street, the names within reach, and a colleague."""

    city: make.City
    clerk: User
    colleague: User
    world: World
    teams: list[Node]


@pytest.fixture
def office(db: None) -> Office:
    city = make.small_city()
    names = ("东河红帽队", "南山银龄队", "青年突击队", "巾帼志愿队")
    teams = [open_node(kind=Kind.TEAM, name=name, parent=city.corps, by=None) for name in names]
    other = open_node(kind=Kind.DETACHMENT, name="西湖支队", parent=city.corps, by=None)
    twins = [open_node(kind=Kind.TEAM, name="平安巡逻队", parent=parent, by=None) for parent in (city.corps, other)]
    for team in (*teams, *twins):
        let_serve(team=team, place=city.street, by=None)
    second = open_node(kind=Kind.STREET, name="新华街道", parent=city.city.children.get(), by=None)
    for street in (city.street, second):
        open_node(kind=Kind.COMMUNITY, name="团结社区", parent=street, by=None)
    for code, name in (("light", "水电维修"), ("hair", "理发"), ("talk", "陪聊")):
        Skill.objects.create(code=code, name=name)
    return Office(
        city=city,
        clerk=make.staff("马专干", Role.STATION_WORKER, city.street),
        colleague=make.staff("唐专干", Role.STATION_WORKER, city.street),
        world=World(
            teams=names,
            homes=("和平里社区",),
            skills=("水电维修", "理发"),
            twin_team="平安巡逻队",
            twin_home="团结社区",
        ),
        teams=teams,
    )
