"""What the desks of a grown city lean on: skills, more on the menu, mass organisations, what people call places."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from random import Random

from lianxin.base import clock
from lianxin.demo import faces, menu
from lianxin.demo.days import at_hour
from lianxin.demo.growth import known_things as things
from lianxin.demo.growth.land import Plot, communities
from lianxin.demo.growth.sizes import Size
from lianxin.demo.names import Names
from lianxin.demo.places import CITY, CORPS, HOME, HOME_TEAM, PARTY
from lianxin.demo.settlers import FIRST_PHONE, Settlers, user_of
from lianxin.needs.actions.calls.aids import plan_duty, write_knowledge
from lianxin.needs.actions.incidents import keep_policy
from lianxin.needs.actions.menus import open_item
from lianxin.organisations.actions.aliases import name_place
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.actions.opening import approve_opening, enter_opening
from lianxin.organisations.models import PARTY_KINDS, Kind, Node, Opening, Role
from lianxin.organisations.queries import holders, holders_at
from lianxin.users.models import User
from lianxin.volunteers.actions.keeping import open_skill
from lianxin.volunteers.actions.membership import agree, record_member, show
from lianxin.volunteers.models import Membership, Skill, Volunteer

Step = Callable[[Size, datetime, datetime, Random], None]
REPORTED_BY = FIRST_PHONE + 99_000
OFFICERS_FROM = 900
NIGHTS = 8
AGREE_SHARE, SHOWN_SHARE = 0.85, 0.4


def open_skills_and_menu(size: Size, since: datetime, present: datetime, rng: Random) -> None:
    """Thirty skills in all, and what else can be ordered."""
    city, officer = _top(CITY), _officer()
    with clock.at(since - timedelta(days=1)):
        for name in menu.MORE_SKILLS:
            open_skill(name=name, by=officer)
        skills = {skill.code: skill for skill in Skill.objects.order_by("pk")}
        for item in menu.MORE:
            open_item(place=city, facts=menu.facts_of(item, skills), by=officer)


def open_mass_organisations(size: Size, since: datetime, present: datetime, rng: Random) -> None:
    """Women's federation, trade union, youth league and partners, each with somebody who keeps its members."""
    top = _top(PARTY)
    nodes = {
        name: open_node(kind=kind, name=name, parent=top, by=None, since=since.date())
        for kind, name in things.ORGANISATIONS
    }
    town = Settlers(rng, at_hour(since, 9.0), nodes, Names(rng), first=OFFICERS_FROM)
    security = holders_at(_top(CITY).path, Role.SECURITY_ADMINISTRATOR)[0]
    for name in nodes:
        town.nameless_staff(Role.UNIT_OFFICER, name, security)
    town.nodes[CORPS] = _top(CORPS)
    town.nameless_staff(Role.CITY_OFFICER, CORPS, security)
    for name in things.BRANCHES_WITHOUT_SECRETARY:
        town.nodes[name] = Node.objects.get(name=name, kind=Kind.BRANCH)
        town.nameless_staff(Role.SECRETARY, name, security)


def record_party_members(size: Size, since: datetime, present: datetime, rng: Random) -> None:
    """Of every branch; most have said that it is so, and some let it show."""
    branches = Node.objects.filter(kind=Kind.BRANCH, closed_on=None).order_by("pk")
    _record(list(branches), things.PER_BRANCH, at_hour(since + timedelta(days=30), 10.0), rng)


def record_members_of_others(size: Size, since: datetime, present: datetime, rng: Random) -> None:
    """Of units and mass organisations: they need not be of the Party."""
    kinds = [Kind.WOMENS_FEDERATION, Kind.TRADE_UNION, Kind.YOUTH_LEAGUE, Kind.SOCIAL, Kind.UNIT]
    others = Node.objects.filter(kind__in=kinds, closed_on=None).order_by("pk")
    _record(list(others), things.PER_ORGANISATION, at_hour(since + timedelta(days=31), 10.0), rng)


def _record(nodes: Sequence[Node], each: int, at: datetime, rng: Random) -> None:
    """Who can say himself that it is so; nobody twice."""
    members = Membership.objects.values("person")
    free = Volunteer.objects.filter(state=Volunteer.State.ACTIVE, person__user__isnull=False)
    free = free.exclude(person__in=members).exclude(person__name__in=faces.NAMES)
    people = [volunteer.person for volunteer in free.select_related("person__user").order_by("pk")]
    rng.shuffle(people)
    each = min(each, len(people) // (2 * len(nodes)))
    for place, node in enumerate(nodes):
        keeper = _keeper(node)
        for number, person in enumerate(people[place * each : (place + 1) * each]):
            with clock.at(at + place * timedelta(hours=3) + number * timedelta(minutes=4)):
                membership = record_member(person=person, node=node, kind=_kind(node, rng), by=keeper)
                if rng.random() < AGREE_SHARE:
                    agree(membership=membership, by=user_of(person))
                    if rng.random() < SHOWN_SHARE:
                        show(membership=membership, is_shown=True, by=user_of(person))


def _keeper(node: Node) -> User:
    role = Role.SECRETARY if node.kind in PARTY_KINDS else Role.UNIT_OFFICER
    return holders_at(node.path, role)[0]


def _kind(node: Node, rng: Random) -> Membership.Kind:
    if node.kind not in PARTY_KINDS:
        return Membership.Kind.MEMBER
    return Membership.Kind.PROBATIONARY if rng.random() < 0.1 else Membership.Kind.FULL


def enter_openings(size: Size, since: datetime, present: datetime, rng: Random) -> None:
    """Figures from before the system: entered by one, compared with their source by another; one still waits."""
    officer, approver = holders_at(_top(CORPS).path, Role.CITY_OFFICER)[0], _another_officer()
    captain = holders_at(Node.objects.get(name=HOME_TEAM).path, Role.CAPTAIN)[0]
    last_year = date(present.year - 1, 12, 31)
    for number, (name, what, many, unit, source) in enumerate(things.OPENINGS):
        node = Node.objects.get(name=name, closed_on=None)
        by = captain if name == HOME_TEAM else officer
        with clock.at(at_hour(since + timedelta(days=20 + number), 10.0)):
            opening = enter_opening(
                node=node, what=Opening.What(what), number=many, unit=unit, as_of=last_year, source=source, by=by
            )
        if number < len(things.OPENINGS) - 1:
            with clock.at(at_hour(since + timedelta(days=22 + number), 15.0)):
                approve_opening(opening=opening, by=approver if by == officer else officer)


def write_aids(size: Size, since: datetime, present: datetime, rng: Random) -> None:
    """What people call places, what the hotline answers, and under which policy the volunteers are insured."""
    city, officer = _top(CITY), _officer()
    worker = holders_at(Node.objects.get(name=HOME).path, Role.STATION_WORKER)[0]
    with clock.at(at_hour(since + timedelta(days=40), 10.0)):
        for words, answer, number in things.KNOWLEDGE:
            write_knowledge(place=city, words=words, answer=answer, number=number, by=officer)
        for words in things.NICKNAMES_AT_HOME:
            name_place(place=Node.objects.get(name=HOME), words=words, by=worker)
        for (plot, place, _team), pattern in zip(_first_street(size), things.NICKNAMES, strict=False):
            name_place(place=place, words=pattern.format(plot.name[:-2]), by=officer)
        keep_policy(
            team=_top(CORPS),
            insurer=things.INSURER,
            number=things.POLICY,
            phone=str(REPORTED_BY),
            until=date(present.year, 12, 31),
            by=officer,
        )


def _first_street(size: Size) -> list[tuple[Plot, Node, Node]]:
    return list(communities(size, 0))


def plan_nights(size: Size, since: datetime, present: datetime, rng: Random) -> None:
    """Who is on duty at the hotline, last night, tonight and in the nights to come."""
    city, officer = _top(CITY), _officer()
    operators = list(holders(Role.CALL_OPERATOR, city.path))
    for night in range(-1, NIGHTS):
        begins = at_hour(present + timedelta(days=night), 17.5)
        with clock.at(min(present, begins) - timedelta(hours=2)):
            user = operators[night % len(operators)]
            plan_duty(desk=city, user=user, since=begins, until=begins + timedelta(hours=15), by=officer)


def _top(name: str) -> Node:
    return Node.objects.get(name=name, parent=None)


def _officer() -> User:
    return holders_at(_top(CITY).path, Role.CITY_OFFICER)[0]


def _another_officer() -> User:
    """The corps has two of them, so that one can look over what the other has written."""
    return list(holders(Role.CITY_OFFICER, _top(CORPS).path))[-1]


STEPS: tuple[Step, ...] = (
    open_skills_and_menu,
    open_mass_organisations,
    record_party_members,
    record_members_of_others,
    enter_openings,
    write_aids,
    plan_nights,
)
