"""How people come to the demo city: written down, signed in by a code, given what they do there."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from random import Random
from typing import TypeVar

from lianxin.base import clock
from lianxin.demo import faces
from lianxin.demo.names import Names
from lianxin.organisations.actions.appointing import give_role
from lianxin.organisations.models import Node, Role
from lianxin.people.actions.registering import claim, give_call_number, register_person
from lianxin.people.models import ContactBy, Person
from lianxin.users.actions.codes import ask_for_code, try_code
from lianxin.users.models import User

T = TypeVar("T")

FIRST_PHONE, LAST_PHONE = 19_900_000_001, 19_900_099_999
"""The demo keeps to this range, so that no stranger is ever called."""

BETWEEN_TWO = timedelta(minutes=4)
GRID_WIDTH = 0.006


@dataclass
class Settlers:
    """Hands out names, phones, doors and moments, each once."""

    rng: Random
    since: datetime
    nodes: dict[str, Node]
    names: Names
    first: int = 0
    _numbers: "count[int]" = field(default_factory=count)

    def person(
        self,
        *,
        age: int,
        by: User | None,
        name: str | None = None,
        home: Node | None = None,
        is_user: bool = True,
        contact_by: ContactBy | None = None,
        helped_how: str = "",
    ) -> Person:
        """A person of this age; one with a home has a door there and a call number."""
        number = next(self._numbers)
        phone = str(FIRST_PHONE + self.first + number)
        with clock.at(self.since + number * BETWEEN_TWO):
            person = register_person(
                name=name or self._name(age),
                home=home,
                born_on=self._born_on(age),
                phone=phone,
                address=self._address(home) if home else "",
                latitude=self._near(home.latitude) if home else None,
                longitude=self._near(home.longitude) if home else None,
                contact_by=contact_by,
                helped_how=helped_how,
                by=by,
            )
            if home:
                person = give_call_number(person=person, by=by)
            if is_user:
                person = sign_in(person, phone, number)
        return person

    def staff(self, face: faces.Face, by: User | None) -> User:
        """Somebody with a role and no home in the city's books; `by` gives the role."""
        person = self.person(age=face.age, by=None, name=face.name)
        for node in face.nodes:
            self.give_role(person, face.role, node, by)
        return user_of(person)

    def give_role(self, person: Person, role: Role, node: str, by: User | None) -> None:
        """The role on the node, from the day on which the person came."""
        with clock.at(person.made_at):
            give_role(user=user_of(person), role=role, node=self.nodes[node], by=by)

    def nameless_staff(self, role: Role, node: str, by: User) -> User:
        """Staff whose name does not matter."""
        age = self.rng.randint(28, 55)
        return self.staff(faces.Face(self._name(age), age, role, (node,)), by)

    def _name(self, age: int) -> str:
        name = self.names.draw(age)
        while name in faces.NAMES:
            name = self.names.draw(age)
        return name

    def _born_on(self, age: int) -> date:
        return self.since.date() - timedelta(days=round(age * 365.25) + self.rng.randint(5, 160))

    def _address(self, home: Node) -> str:
        rng = self.rng
        return f"{home.name}{rng.randint(1, 28)} 号楼 {rng.randint(1, 4)} 单元 {rng.randint(1, 6)}0{rng.randint(1, 3)}"

    def _near(self, degrees: float | None) -> float:
        return known(degrees) + self.rng.uniform(-GRID_WIDTH, GRID_WIDTH)


def known(value: T | None) -> T:
    """What the demo itself has put there, and therefore is there."""
    if value is None:
        raise LookupError("the demo city is not as it was made")
    return value


def user_of(person: Person) -> User:
    """The user of somebody who has one."""
    return known(person.user)


def sign_in(person: Person, phone: str, number: int) -> Person:
    """By a code like everybody; the addresses are those that documents use for examples (RFC 5737)."""
    sent, digits = ask_for_code(phone=phone, address=f"203.0.113.{number % 250 + 1}")
    user = known(try_code(sent=sent, digits=digits))
    return claim(person=person, user=user, by=None)
