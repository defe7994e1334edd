"""Who comes to live and serve in the streets that are added: staff, residents, and who registers by himself."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from random import Random

from lianxin.base import clock
from lianxin.demo import places
from lianxin.demo.days import at_hour
from lianxin.demo.growth.land import Plot, communities, counties, plots
from lianxin.demo.growth.sizes import Size
from lianxin.demo.names import Names
from lianxin.demo.people import NEEDS, age_of_a_resident, usual_way
from lianxin.demo.settlers import FIRST_PHONE, GRID_WIDTH, Settlers, sign_in
from lianxin.demo.teams import IN_SHIFTS, IN_WORK, RETIRED, register
from lianxin.organisations.models import Node, Role
from lianxin.organisations.queries import holders_at
from lianxin.people import rules
from lianxin.people.actions.registering import give_call_numbers, register_people
from lianxin.people.models import ContactBy, Person
from lianxin.users.models import User
from lianxin.volunteers.actions.joining import register_volunteer
from lianxin.volunteers.actions.reviewing import approve_volunteers
from lianxin.volunteers.models import Skill, Volunteer

FIRST_VOLUNTEERS = 80
RESIDENTS_PER_COMMUNITY = 16
NUMBERS_PER_STREET, NUMBERS_FROM = 500, 1_000
SELF_SHARE = 0.32
WEB_ELDER, WEB_OTHER = 0.12, 0.9
OPERATORS = 6
SKILLS_OF_NEIGHBOURS = (
    ("repair",), ("phone",), (), ("drive",), ("tutor",), ("haircut",), (), ("law",), ("repair", "drive"),
    ("phone", "tutor"), (), ("haircut", "phone"),
)  # fmt: skip


def volunteers_of(size: Size, plot: Plot) -> int:
    """How many active volunteers the plot's team has in the end, its captain among them."""
    return max(2, size.part(max(size.volunteers - FIRST_VOLUNTEERS, 0), plot.number))


def by_themselves(size: Size, plot: Plot) -> int:
    """How many of them register on their own telephone."""
    return max(3, round(SELF_SHARE * volunteers_of(size, plot)))


def first_number(street: int, half: int = 0) -> int:
    """The first telephone number of the street's people; its residents and its others count from two halves."""
    return NUMBERS_FROM + street * NUMBERS_PER_STREET + half * NUMBERS_PER_STREET // 2


def settle_staff(size: Size, street: int, since: datetime, rng: Random) -> None:
    """A worker for each station and a captain for each team; dispatchers where the county is new."""
    found = list(communities(size, street))
    nodes = {node.name: node for _plot, place, team in found for node in (place, team)}
    nodes |= {node.name: node for node in Node.objects.filter(name__in=[places.CITY, *counties(size)])}
    town = Settlers(rng, since, nodes, Names(rng), first=first_number(street))
    security = holders_at(nodes[places.CITY].path, Role.SECURITY_ADMINISTRATOR)[0]
    officer = holders_at(nodes[places.CITY].path, Role.CITY_OFFICER)[0]
    if street < len(counties(size)):
        _staff_county(town, found[0][0].county, security)
    for _ in range(OPERATORS if street == 0 else 0):
        town.nameless_staff(Role.CALL_OPERATOR, places.CITY, security)
    skills = _skills()
    for number, (plot, place, team) in enumerate(found):
        town.nameless_staff(Role.STATION_WORKER, place.name, security)
        wanted = [skills[code] for code in SKILLS_OF_NEIGHBOURS[(plot.number + number) % len(SKILLS_OF_NEIGHBOURS)]]
        captain = register(town, team, place, None, rng.randint(45, 70), RETIRED, wanted, officer)
        town.give_role(captain.person, Role.CAPTAIN, team.name, officer)


def _staff_county(town: Settlers, county: str, security: User) -> None:
    for _ in range(2):
        town.nameless_staff(Role.DISPATCHER, county, security)


def settle_residents(size: Size, street: int, since: datetime, rng: Random) -> None:
    """Neighbours of all ages; the elders among them have a call number, the others a telephone of their own."""
    names, numbers = Names(rng), count(first_number(street, 1))
    for number, (_plot, place, _team) in enumerate(communities(size, street)):
        worker = holders_at(place.path, Role.STATION_WORKER)[0]
        with clock.at(since + number * timedelta(hours=1)):
            drafts = [_neighbour(names, numbers, place, rng) for _ in range(RESIDENTS_PER_COMMUNITY)]
            people = register_people(people=drafts, by=worker)
            give_call_numbers(people=people, by=worker)
        _let_in([each for each in people if rng.random() < (WEB_ELDER if _is_elder(each) else WEB_OTHER)], since)


def settle_volunteers(size: Size, street: int, since: datetime, rng: Random) -> None:
    """Who registers on the telephone, and is taken on by the captain."""
    names, numbers, skills = Names(rng), count(first_number(street) + 60), _skills()
    for plot, place, team in communities(size, street):
        captain = holders_at(team.path, Role.CAPTAIN)[0]
        with clock.at(since):
            drafts = [_volunteer(names, numbers, place, rng) for _ in range(by_themselves(size, plot) - 1)]
            people = _let_in(register_people(people=drafts, by=None), since)
        with clock.at(since + timedelta(days=1)):
            made = [_registers(person, team, skills, rng) for person in people]
            approve_volunteers(volunteers=made, by=captain).or_refuse()


def _registers(person: Person, team: Node, skills: dict[str, Skill], rng: Random) -> Volunteer:
    wanted = [skills[code] for code in rng.choice(SKILLS_OF_NEIGHBOURS)]
    if rng.random() < 0.5:
        wanted.append(rng.choice([skill for skill in skills.values() if skill not in wanted]))
    free = RETIRED if _age_is_over(person, 57) else rng.choice((IN_WORK, IN_SHIFTS, IN_SHIFTS))
    return register_volunteer(person=person, team=team, skills=wanted, free=free, by=person.user)


def _let_in(people: Sequence[Person], since: datetime) -> list[Person]:
    """Each signs in by a code, some minutes after the one before."""
    found = []
    for number, person in enumerate(people):
        with clock.at(since + number * timedelta(minutes=3)):
            phone = person.phone.open() if hasattr(person.phone, "open") else str(person.phone)
            found.append(sign_in(person, phone, person.pk))
    return found


def _neighbour(names: Names, numbers: "count[int]", home: Node, rng: Random) -> Person:
    age = age_of_a_resident(rng)
    needs = rng.choice(NEEDS) if age >= 62 else ""
    return _draft(names, numbers, home, rng, age=age, contact_by=usual_way(age), helped_how=needs)


def _volunteer(names: Names, numbers: "count[int]", home: Node, rng: Random) -> Person:
    age = rng.choice((rng.randint(20, 57), rng.randint(56, 70)))
    return _draft(names, numbers, home, rng, age=age, contact_by=ContactBy.APP, helped_how="")


def _draft(
    names: Names,
    numbers: "count[int]",
    home: Node,
    rng: Random,
    *,
    age: int,
    contact_by: ContactBy,
    helped_how: str,
) -> Person:
    def near(degrees: float | None) -> float:
        return rules.rounded((degrees or 0) + rng.uniform(-GRID_WIDTH, GRID_WIDTH))

    door = f"{rng.randint(1, 28)} 号楼 {rng.randint(1, 4)} 单元 {rng.randint(1, 6)}0{rng.randint(1, 3)}"
    return Person(
        name=names.draw(age),
        born_on=clock.today() - timedelta(days=round(age * 365.25) + rng.randint(5, 160)),
        phone=str(FIRST_PHONE + next(numbers)),
        address=f"{home.name}{door}",
        home=home,
        latitude=near(home.latitude),
        longitude=near(home.longitude),
        contact_by=contact_by,
        helped_how=helped_how,
        made_at=clock.now(),
    )


def _skills() -> dict[str, Skill]:
    return {skill.code: skill for skill in Skill.objects.order_by("pk")}


def _is_elder(person: Person) -> bool:
    return _age_is_over(person, 61)


def _age_is_over(person: Person, age: int) -> bool:
    return person.born_on is not None and rules.age(person.born_on, clock.today()) > age


def arrival(since: datetime, street: int) -> datetime:
    """The morning on which a street begins: one after the other, a day apart."""
    return at_hour(since + timedelta(days=street), 8.0)


def size_of_a_roster(size: Size, street: int) -> int:
    """How many names of a street come by a list."""
    return sum(volunteers_of(size, plot) - by_themselves(size, plot) for plot in plots(size, street))
