"""Who lives in the demo city: staff for every role, residents of all ages, and their families."""

from collections.abc import Iterator
from datetime import datetime
from random import Random

from lianxin.base import clock
from lianxin.demo import faces, places
from lianxin.demo.days import chance_of
from lianxin.demo.names import UNUSUAL, Names
from lianxin.demo.settlers import Settlers, known
from lianxin.demo.teams import settle_teams
from lianxin.organisations.models import Node, Role
from lianxin.organisations.queries import holders_at
from lianxin.organisations.rules import ADMINISTRATORS
from lianxin.people import rules
from lianxin.people.actions.families import let_help
from lianxin.people.models import ContactBy, Helper, Person
from lianxin.users.models import User
from lianxin.volunteers.models import Skill

SEED = "people"
FAMILIES = 12
COMMUNITIES = tuple(plan.name for county in places.PLACES.below for street in county.below for plan in street.below)
RESIDENTS = dict.fromkeys(COMMUNITIES, 7) | {places.HOME: 14, places.NEXT_DOOR: 9} | dict.fromkeys(COMMUNITIES[-3:], 6)
MORE_STAFF = (
    (Role.CALL_OPERATOR, places.CITY),
    (Role.CALL_OPERATOR, places.CITY),
    (Role.DISPATCHER, "溪湖区"),
    (Role.DISPATCHER, places.CITY),
    (Role.SECRETARY, "青松社区党支部"),
    (Role.SECRETARY, "向阳社区党支部"),
    (Role.SECRETARY, "图书馆党支部"),
    (Role.UNIT_OFFICER, "市政务服务中心"),
    (Role.UNIT_OFFICER, "市图书馆"),
    (Role.CITY_OFFICER, places.CITY),
    *((Role.STATION_WORKER, name) for name in COMMUNITIES if name != places.HOME),
)
NEEDS = ("耳背，请大声些", "住四楼，没有电梯", "坐轮椅", "眼睛看不清", "家里有只小狗，不咬人", "", "", "")
OLD, ELDER_SHARE = 62, 0.62
ELDER_WITH_USER, OTHER_WITH_USER = 0.15, 0.9


def settle(nodes: dict[str, Node], skills: dict[str, Skill], since: datetime) -> None:
    """Everybody comes to live in the city on its first day, faces first."""
    rng = chance_of(SEED)
    town = Settlers(rng, since, nodes, Names(rng))
    officer = _settle_staff(town)
    settle_teams(town, skills, officer)
    with clock.at(since):
        workers = {name: holders_at(nodes[name].path, Role.STATION_WORKER)[0] for name in COMMUNITIES}
    parents, children = _settle_residents(town, workers)
    with clock.at(since.replace(hour=21)):
        _let_families_help(parents, children, workers)


def _settle_staff(town: Settlers) -> User:
    """The three administrators come with the first run; the one for security gives the others their roles."""
    security = town.staff(faces.SECURITY, None)
    officer = town.staff(faces.CITY_OFFICER, security)
    for face in faces.STAFF:
        town.staff(face, None if face.role in ADMINISTRATORS else security)
    for role, node in MORE_STAFF:
        town.nameless_staff(role, node, security)
    return officer


def _settle_residents(town: Settlers, workers: dict[str, User]) -> tuple[list[Person], list[Person]]:
    """All residents. Given back are elders without a user, and grown children with one, the faces first in both."""
    everybody = [*_faces(town, workers)]
    unusual = iter(UNUSUAL)
    for community, many in RESIDENTS.items():
        already = sum(person.home == town.nodes[community] for person in everybody)
        everybody.append(_resident(town, community, workers[community], name=next(unusual, None)))
        everybody += [_resident(town, community, workers[community]) for _ in range(many - already - 1)]
    parents = [person for person in everybody if person.contact_by == ContactBy.CALL]
    children = [person for person in everybody if person.user and person.contact_by == ContactBy.APP]
    return parents, children


def _faces(town: Settlers, workers: dict[str, User]) -> tuple[Person, Person]:
    elder = town.person(
        age=faces.ELDER_AGE,
        by=workers[faces.ELDER_HOME],
        name=faces.ELDER,
        home=town.nodes[faces.ELDER_HOME],
        contact_by=ContactBy.CALL,
        helped_how=NEEDS[0],
    )
    home = faces.DAUGHTER_HOME
    daughter = town.person(
        age=faces.DAUGHTER_AGE, by=workers[home], name=faces.DAUGHTER, home=town.nodes[home], contact_by=ContactBy.APP
    )
    return elder, daughter


def _resident(town: Settlers, community: str, worker: User, name: str | None = None) -> Person:
    age = age_of_a_resident(town.rng)
    is_elder = age >= OLD
    return town.person(
        age=age,
        by=worker,
        name=name,
        home=town.nodes[community],
        is_user=town.rng.random() < (ELDER_WITH_USER if is_elder else OTHER_WITH_USER),
        contact_by=usual_way(age),
        helped_how=town.rng.choice(NEEDS) if is_elder else "",
    )


def age_of_a_resident(rng: Random) -> int:
    """Most who are helped are old."""
    return rng.randint(OLD, 90) if rng.random() < ELDER_SHARE else rng.randint(24, OLD - 1)


def usual_way(age: int) -> ContactBy:
    """From 70 on by telephone; the younger elders read an SMS, the others their messages."""
    if age >= rules.TELEPHONE_FROM_AGE:
        return ContactBy.CALL
    return ContactBy.SMS if age >= OLD else ContactBy.APP


def _let_families_help(parents: list[Person], children: list[Person], workers: dict[str, User]) -> None:
    """A grown child acts for a parent in another community; the parent's worker has asked the parent."""
    for number, (parent, child) in enumerate(zip(parents[:FAMILIES], _elsewhere(parents, children), strict=False)):
        let_help(
            person=parent,
            helper=child,
            relation="儿子" if number % 2 else "女儿",
            scopes=[Helper.Scope.ORDER, Helper.Scope.FOLLOW, Helper.Scope.VISITS],
            given_how=Helper.GivenHow.CALL if number % 3 else Helper.GivenHow.VISIT,
            by=workers[known(parent.home).name],
        )


def _elsewhere(parents: list[Person], children: list[Person]) -> Iterator[Person]:
    """For each parent in turn a child who lives in another community, each child once."""
    left = list(children)
    for parent in parents:
        child = next(child for child in left if child.home != parent.home)
        left.remove(child)
        yield child
