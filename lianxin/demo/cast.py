"""Who acts in the stories, read back from the database, so that a broken-off history can be lived anew."""

from dataclasses import dataclass, field
from functools import cached_property
from random import Random

from lianxin.demo import faces
from lianxin.demo.places import CITY
from lianxin.needs.models.menu import MenuItem
from lianxin.needs.models.orders import Order
from lianxin.organisations.models import Node, Role
from lianxin.organisations.queries import holders
from lianxin.people.models import Helper, Person
from lianxin.people.queries import helped_by
from lianxin.users.models import User
from lianxin.volunteers.models import Volunteer

HOME_SHARE = 0.3


@dataclass
class Cast:
    """Residents, who speaks for each of them, the desks, and the volunteers whom visitors of the demo meet."""

    _desks: dict[tuple[Role, str], list[User]] = field(default_factory=dict)

    @cached_property
    def items(self) -> dict[str, MenuItem]:
        return {item.name: item for item in MenuItem.objects.select_related("skill")}

    @cached_property
    def residents(self) -> list[Person]:
        """Whoever lives here and does not serve."""
        lived = Person.objects.filter(home__isnull=False, volunteer=None)
        return list(lived.select_related("home", "user__person").order_by("pk"))

    @cached_property
    def voices(self) -> dict[int, User]:
        """By resident: the user who orders on the web for him, himself or a relative."""
        own = {person.pk: person.user for person in self.residents if person.user}
        helped = {
            parent.pk: child.user
            for child in self.residents
            if child.user
            for parent in helped_by(child, Helper.Scope.ORDER)
        }
        return own | helped

    @cached_property
    def city(self) -> Node:
        return Node.objects.get(name=CITY, parent=None)

    @cached_property
    def favourites(self) -> dict[str, int]:
        """The keys of the volunteers among the faces, by name."""
        known = Volunteer.objects.filter(person__name__in=faces.CAN_DO)
        return dict(known.values_list("person__name", "pk"))

    def somebody(self, rng: Random, *, on_the_web: bool, has_family: bool = False) -> Person:
        """A resident; often a neighbour of the elder among the faces, who has stories of her own."""
        others = [person for person in self.residents if person.name != faces.ELDER]
        fit = [person for person in others if not on_the_web or person.pk in self.voices]
        if has_family:
            fit = [person for person in fit if self.voices[person.pk] != person.user]
        neighbours = [person for person in fit if person.home and person.home.name == faces.ELDER_HOME]
        return rng.choice(neighbours if neighbours and rng.random() < HOME_SHARE else fit)

    def elder(self) -> Person:
        return next(person for person in self.residents if person.name == faces.ELDER)

    def desk(self, role: Role, path: str, rng: Random) -> User:
        """Somebody who holds the role at this place or above it."""
        if (role, path) not in self._desks:
            self._desks[role, path] = list(holders(role, path))
        return rng.choice(self._desks[role, path])

    def station(self, path: str, rng: Random) -> User:
        return self.desk(Role.STATION_WORKER, path, rng)

    def operator(self, rng: Random) -> User:
        return self.desk(Role.CALL_OPERATOR, self.city.path, rng)

    def dispatcher(self, order: Order, rng: Random) -> User:
        """Mostly the district's or the city's dispatcher, at times the captain of the team that serves the place."""
        if order.team_path and rng.random() < 0.25:
            return self.desk(Role.CAPTAIN, order.team_path, rng)
        return self.desk(Role.DISPATCHER, order.place_path, rng)
