"""Who acts in one county's orders: its residents, its desks, and the volunteers who can be asked."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from random import Random

from django.utils import timezone

from lianxin.base.paths import is_under
from lianxin.demo import faces
from lianxin.demo.growth.lives import Line
from lianxin.demo.places import CITY
from lianxin.demo.settlers import known
from lianxin.needs.models.menu import MenuItem
from lianxin.organisations.models import Kind, Node, Role
from lianxin.organisations.queries import holders_at, serving_paths
from lianxin.people.models import Person
from lianxin.users.models import User
from lianxin.volunteers.models import Commitment, Volunteer
from lianxin.volunteers.rules import slots

MOST_A_WEEK = 3
SPAN = timedelta(days=21)


@dataclass
class County:
    """Asked once for a group of orders that are lived through around the same days."""

    node: Node
    middle: datetime
    passes_over: bool = False
    """Whether what is refused is noted and passed over; else it ends the attempt."""
    _desks: dict[tuple[Role, str], list[User]] = field(default_factory=dict)
    _with_skill: dict[int | None, list[Volunteer]] = field(default_factory=dict)

    @cached_property
    def items(self) -> list[MenuItem]:
        """What can be ordered in the whole city."""
        return list(MenuItem.objects.filter(is_open=True).select_related("skill", "place").order_by("pk"))

    @cached_property
    def residents(self) -> list[Person]:
        """Whoever lives here and does not serve; not the faces, who have stories of their own."""
        lived = Person.objects.filter(home__path__under=self.node.path, volunteer=None).exclude(name__in=faces.NAMES)
        return list(lived.select_related("home", "user__person").order_by("pk"))

    @cached_property
    def teams(self) -> dict[int, str]:
        """The path of the team that serves each home, by its key."""
        homes = {known(person.home) for person in self.residents}
        return serving_paths(homes, on=timezone.localdate(self.middle))

    @cached_property
    def volunteers(self) -> list[Volunteer]:
        """Who can be asked on the telephone: of the county's own teams, and of the trades' teams of the whole city."""
        detachment = f"{self.node.name[:-1]}支队"
        tops = Node.objects.filter(name=detachment) | Node.objects.filter(kind=Kind.PROFESSIONAL)
        paths = list(tops.values_list("path", flat=True))
        found = Volunteer.objects.filter(state=Volunteer.State.ACTIVE, team__path__under_any=paths)
        found = found.filter(person__user__isnull=False).exclude(person__name__in=faces.NAMES)
        return list(found.select_related("person__user", "team").prefetch_related("skills").order_by("pk"))

    @cached_property
    def busy(self) -> dict[int, list[tuple[datetime, datetime]]]:
        """What each of them has promised already around these days, by person."""
        span = (self.middle - SPAN, self.middle + SPAN)
        held = Commitment.objects.filter(state=Commitment.State.HELD, during__overlap=span)
        found = defaultdict(list)
        for person, during in held.order_by("pk").values_list("person", "during"):
            found[person].append((during.lower, during.upper))
        return found

    def desk(self, role: Role, path: str, rng: Random) -> User:
        """Somebody who holds the role at this place or, where nobody does, nearest above it."""
        if (role, path) not in self._desks:
            self._desks[role, path] = holders_at(path, role)
        nearest = self._desks[role, path]
        return rng.choice(nearest[:2] if role in {Role.DISPATCHER, Role.STATION_WORKER} else nearest)

    def operator(self, rng: Random) -> User:
        return self.desk(Role.CALL_OPERATOR, self.city.path, rng)

    @cached_property
    def city(self) -> Node:
        return Node.objects.get(name=CITY, parent=None)

    def pick(self, line: Line, many: int) -> list[Volunteer]:
        """Who is asked: neighbours first, and nobody twice a day or more often than he likes."""
        home = known(line.resident.home)
        team = self.teams.get(home.pk, "")
        fit = [each for each in self._able(line) if self._has_time(each, line)]
        line.rng.shuffle(fit)
        fit.sort(key=lambda each: (not is_under(each.team.path, team), len(self._week(each, line.visit))))
        return fit[:many]

    def promise(self, volunteer: Volunteer, line: Line) -> None:
        """From now on he is busy then."""
        self.busy[volunteer.person_id].append((line.visit, line.end))

    def _able(self, line: Line) -> list[Volunteer]:
        """Who has what it takes, is free at such hours, and has not said no to this."""
        wanted = slots(line.visit, line.visit + timedelta(minutes=line.item.minutes))
        barred = line.refused | {each.pk for each in self.volunteers if each.person_id == line.resident.pk}
        return [each for each in self._skilled(line) if each.free & wanted == wanted and each.pk not in barred]

    def _skilled(self, line: Line) -> list[Volunteer]:
        skill = line.item.skill_id
        if skill not in self._with_skill:
            self._with_skill[skill] = [
                each for each in self.volunteers if skill is None or skill in {one.pk for one in each.skills.all()}
            ]
        return self._with_skill[skill]

    def _has_time(self, volunteer: Volunteer, line: Line) -> bool:
        week, day = self._week(volunteer, line.visit), timezone.localdate(line.visit)
        return len(week) < MOST_A_WEEK and all(timezone.localdate(start) != day for start in week)

    def _week(self, volunteer: Volunteer, visit: datetime) -> list[datetime]:
        near = timedelta(days=4)
        return [start for start, _end in self.busy.get(volunteer.person_id, ()) if abs(start - visit) < near]


def county(name: str, middle: datetime, *, passes_over: bool) -> County:
    """The county of this name, around these days."""
    return County(Node.objects.get(kind=Kind.COUNTY, name=name), middle, passes_over)


def names(nodes: Iterable[Node]) -> list[str]:
    """Their names."""
    return [node.name for node in nodes]
