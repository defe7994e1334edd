"""People with their users, roles, teams, skills and memberships."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import NamedTuple

from bench.city import names
from bench.city.copying import Table, array
from bench.city.ground import Ground, Spot
from bench.city.moments import Moments
from bench.city.sealing import hashed, sealer
from bench.city.sizes import Size
from lianxin.base.search import grams
from lianxin.exchange.models.roll import OnRoll
from lianxin.exchange.models.rosters import Roster
from lianxin.organisations.models import Role, RoleHeld
from lianxin.people.models import ContactBy, Person
from lianxin.people.rules import TELEPHONE_FROM_AGE
from lianxin.users.models import User
from lianxin.volunteers.models import Membership, Skill, Stay, Volunteer

SKILLS = {"repair": "维修", "haircut": "理发", "law": "法律", "drive": "驾驶", "tutor": "辅导", "phone": "手机"}
WEIGHTS, CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"
FIRST_CALL_NUMBER = 10_000
SIGNED_IN, IMPORTED, MEMBERS = 0.75, 0.4, 0.45
STATES = ("active", "active", "applied", "suspended", "left", "refused", "asked_back")
STATE_WEIGHTS = (900, 50, 4, 8, 32, 5, 1)


class Somebody(NamedTuple):
    """A person, as far as orders need him."""

    key: int
    user: int | None
    name: str
    community: int
    is_called: bool


class Helper(NamedTuple):
    """An active volunteer and his person."""

    key: int
    person: int
    user: int | None
    name: str


@dataclass
class Society:
    """Everybody, and who has which desk: by role, then by the place of the node in its list."""

    clients: list[Somebody] = field(default_factory=list)
    crews: list[list[Helper]] = field(default_factory=list)
    desks: dict[Role, list[int]] = field(default_factory=dict)


class Census:
    """The tables about people, filled person by person."""

    def __init__(self, size: Size, ground: Ground, moments: Moments, luck: Random) -> None:
        self.size, self.ground, self.moments, self.luck = size, ground, moments, luck
        self._users = Table(
            User, "id", "password", "phone", "phone_hash", "phone_ending", "display_name", "made_at", "last_in_at"
        )
        self._people = Table(
            Person,
            *("id", "name", "born_on", "id_number", "id_hash", "id_ending", "phone", "phone_hash", "phone_ending"),
            *("address", "home", "latitude", "longitude", "contact_by", "call_number", "user", "is_imported"),
            *("claimed_at", "made_at", "search"),
        )
        self._roles = Table(RoleHeld, "id", "user", "role", "node", "during")
        self._volunteers = Table(
            Volunteer,
            *("id", "person", "number", "team", "state", "reason", "free", "registered_at", "agreed_to", "agreed_at"),
            "card_code",
        )
        self._stays = Table(Stay, "id", "volunteer", "team", "during")
        self._skilled = Table(Volunteer.skills.through, "id", "volunteer", "skill")
        self._members = Table(
            Membership, "id", "person", "node", "kind", "during", "recorded_by", "recorded_at", "agreed_at", "is_shown"
        )
        self._on_roll = Table(OnRoll, "id", "person", "team", "roster", "made_at", "confirmed_at", "confirmed_how")
        self._skills = Table(Skill, "id", "code", "name")
        self._rosters = Table(
            Roster, "id", "file_name", "file_hash", "scope", "uploaded_by", "state", "made_at", "accepted_at"
        )
        self.tables = (
            *(self._users, self._people, self._roles, self._skills, self._volunteers, self._stays, self._skilled),
            *(self._members, self._rosters, self._on_roll),
        )
        self._names = names.people(luck)
        self._seal = {name: sealer(Person, name) for name in ("id_number", "phone", "address")}
        self._seal_user = sealer(User, "phone")
        self._phones = _phones()
        self.society = Society(crews=[[] for _ in ground.teams])
        self._day = f"[{moments.day(0)},)"

    def settle(self) -> None:
        """Everybody: first those at desks, then volunteers, people on roll, and who is helped."""
        self._appoint()
        skills = [self._skill(code, name) for code, name in SKILLS.items()]
        rosters = [self._roster() for _ in range(60)]
        staff = self._people.next_key - self._people.first_key
        for number in range(self.size.people - staff):
            if number < self.size.volunteers:
                self._volunteer(number, skills, rosters)
            elif number < self.size.volunteers + self.size.on_roll:
                person = self._person(number, is_imported=True)
                self._put_on_roll(person, self._team_of(number), rosters, None)
            else:
                self._resident(number)

    def _appoint(self) -> None:
        ground = self.ground
        for role, nodes in (
            (Role.CITY_OFFICER, [ground.city]),
            (Role.SYSTEM_ADMINISTRATOR, [ground.city]),
            (Role.SECURITY_ADMINISTRATOR, [ground.city]),
            (Role.AUDITOR, [ground.city]),
            (Role.CALL_OPERATOR, [ground.city] * max(2, len(ground.communities) // 60)),
            (Role.UNIT_OFFICER, [ground.corps, *ground.detachments]),
            (Role.DISPATCHER, [ground.city, *ground.streets]),
            (Role.STATION_WORKER, ground.communities),
            (Role.CAPTAIN, ground.teams),
            (Role.SECRETARY, ground.branches),
        ):
            self.society.desks[role] = [self._desk(number, role, node) for number, node in enumerate(nodes)]

    def _desk(self, number: int, role: Role, node: Spot) -> int:
        person = self._person(number, has_user=True, ages=(24, 62))
        assert person.user is not None
        self._hold(person.user, role, node)
        return person.user

    def _hold(self, user: int, role: Role, node: Spot) -> None:
        self._roles.add((self._roles.key(), user, role.value, node.key, self._day))

    def _person(
        self, number: int, *, has_user: bool = False, is_imported: bool = False, ages: tuple[int, int] = (16, 78)
    ) -> Somebody:
        luck, place = self.luck, number % len(self.ground.communities)
        home, name, phone = self.ground.communities[place], next(self._names), next(self._phones)
        age = luck.randint(*ages)
        born = self._born(age)
        is_called = age >= TELEPHONE_FROM_AGE
        key = self._people.key()
        call_number = FIRST_CALL_NUMBER + key - self._people.first_key
        id_number = _id_number(born, key)
        user = self._user(phone, name) if has_user else None
        made = self.moments.text(luck.randrange(0, self.moments.now // 3))
        assert home.latitude is not None
        assert home.longitude is not None
        self._people.add(
            (
                *(key, name, born, self._seal["id_number"](id_number), hashed(id_number), id_number[-4:]),
                *(self._seal["phone"](phone), hashed(phone), phone[-4:]),
                self._seal["address"](f"{home.name}幸福路{number % 90 + 1}号{number % 6 + 1}单元"),
                *(home.key, home.latitude, home.longitude, ContactBy.CALL if is_called else ContactBy.APP),
                call_number if is_called and call_number < 10**5 else "",
                *(user, str(is_imported), made if user else None, made, array(grams(name))),
            )
        )
        return Somebody(key, user, name, place, is_called)

    def _born(self, age: int) -> str:
        year = int(self.moments.day(self.moments.now // 1_440)[:4]) - age - 1
        return f"{year}-{self.luck.randint(1, 12):02}-{self.luck.randint(1, 28):02}"

    def _user(self, phone: str, name: str) -> int:
        key, moments = self._users.key(), self.moments
        last = moments.text(moments.now - self.luck.randrange(60 * 24 * 60))
        made = moments.text(0)
        self._users.add((key, "!", self._seal_user(phone), hashed(phone), phone[-4:], name, made, last))
        return key

    def _resident(self, number: int) -> None:
        person = self._person(number, has_user=self.luck.random() < 0.35, ages=(45, 95))
        self.society.clients.append(person)
        if person.user:
            self._hold(person.user, Role.RESIDENT, self.ground.communities[person.community])

    def _volunteer(self, number: int, skills: list[int], rosters: list[int]) -> None:
        luck, team = self.luck, self._team_of(number)
        was_imported = luck.random() < IMPORTED
        person = self._person(number, has_user=luck.random() < SIGNED_IN, is_imported=was_imported)
        state = luck.choices(STATES, STATE_WEIGHTS)[0]
        key, since = self._volunteers.key(), luck.randrange(self.moments.now // 3, self.moments.now // 2)
        at, spot = self.moments.text(since), self.ground.teams[team]
        free = luck.getrandbits(56) | luck.getrandbits(56)
        code = f"c{luck.getrandbits(72):018x}"[:16]
        reason = "" if state in {"active", "applied"} else "本人情况有变"
        facts = (key, person.key, f"V{10_000_000 + person.key}", spot.key, state, reason, free, at, "2026-01", at, code)
        self._volunteers.add(facts)
        for skill in luck.sample(skills, luck.choice((0, 1, 1, 2))):
            self._skilled.add((self._skilled.key(), key, skill))
        if state in {"active", "suspended"}:
            self._stays.add((self._stays.key(), key, spot.key, f"[{self.moments.day(since // 1_440)},)"))
        if state == "active":
            self.society.crews[team].append(Helper(key, person.key, person.user, person.name))
            if person.user:
                self._hold(person.user, Role.VOLUNTEER, spot)
        if was_imported:
            self._put_on_roll(person, team, rosters, at)
        if luck.random() < MEMBERS:
            self._member(person, number)

    def _team_of(self, number: int) -> int:
        """A volunteer serves in the team of his community, or in another one of the same place."""
        return (number % len(self.ground.communities) + number // 7 * len(self.ground.communities)) % len(
            self.ground.teams
        )

    def _member(self, person: Somebody, number: int) -> None:
        branch, luck = number % len(self.ground.branches), self.luck
        secretary = self.society.desks[Role.SECRETARY][branch]
        at = self.moments.text(luck.randrange(self.moments.now))
        agreed = at if person.user and luck.random() < 0.8 else None
        kind = Membership.Kind.FULL if luck.random() < 0.93 else Membership.Kind.PROBATIONARY
        spot, shown = self.ground.branches[branch], bool(agreed) and luck.random() < 0.3
        facts = (person.key, spot.key, kind.value, self._day, secretary, at, agreed, str(shown))
        self._members.add((self._members.key(), *facts))

    def _put_on_roll(self, person: Somebody, team: int, rosters: list[int], confirmed: str | None) -> None:
        spot, at, how = self.ground.teams[team], self.moments.text(0), "phone" if confirmed else ""
        roster = rosters[person.key % len(rosters)]
        self._on_roll.add((self._on_roll.key(), person.key, spot.key, roster, at, confirmed, how))

    def _skill(self, code: str, name: str) -> int:
        key = self._skills.key()
        self._skills.add((key, code, name))
        return key

    def _roster(self) -> int:
        key, at = self._rosters.key(), self.moments.text(0)
        officer = self.society.desks[Role.CITY_OFFICER][0]
        name = f"花名册{key}.xlsx"
        self._rosters.add((key, name, hashed(name), self.ground.city.path, officer, "accepted", at, at))
        return key


def _id_number(born: str, serial: int) -> str:
    """Eighteen characters that only this person has: the serial fills district and order number."""
    digits = f"{110_000 + serial // 1_000:06}{born.replace('-', '')}{serial % 1_000:03}"
    return digits + CHECKS[sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True)) % 11]


def _phones() -> Iterator[str]:
    """Mobile numbers, each once, in no order that the eye sees."""
    return (f"13{number * 370_248_451 % 10**9:09}" for number in count(1))
