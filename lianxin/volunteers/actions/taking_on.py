"""Taking on those whom an office put on its roster, once they have confirmed it themselves (rule I7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock_many
from lianxin.base.refused import Refused
from lianxin.journal.actions import note_many
from lianxin.organisations.actions.belonging import let_belong
from lianxin.organisations.models import Node, Role
from lianxin.people.models import Person
from lianxin.users.models import User
from lianxin.volunteers.actions.deeds import deed
from lianxin.volunteers.models import Skill, Stay, Volunteer


@dataclass(frozen=True)
class Named:
    """Somebody whom a team has named and who has said yes; `skills` are keys."""

    person: Person
    team: Node
    skills: Sequence[int]


@action
def take_on(*, person: Person, team: Node, skills: list[int], by: User | None) -> Volunteer:
    """He serves from today on, without further review: the team named him, and he has said yes."""
    return take_on_many(named=[Named(person, team, skills)], by=by)[0]


@action
def take_on_many(*, named: Sequence[Named], by: User | None) -> list[Volunteer]:
    """The same of all who signed a sheet, with as many statements as for one; nobody if one of them serves already."""
    keys = [each.person.pk for each in named]
    people = {person.pk: person for person in lock_many(Person, keys, "user")}
    if already := Volunteer.objects.filter(person__in=keys).select_related("person").order_by("pk").first():
        raise Refused(_("%(name)s 已经是志愿者，或者已经报过名。") % {"name": already.person.name})
    today, now = clock.today(), clock.now()
    made = Volunteer.objects.bulk_create(_volunteer(people[each.person.pk], each.team, now) for each in named)
    _give_skills(made, named)
    Stay.objects.bulk_create(
        Stay(volunteer=volunteer, team=volunteer.team, during=DateRange(today, None)) for volunteer in made
    )
    users = {volunteer.person.user: volunteer.team for volunteer in made if volunteer.person.user}
    let_belong(users=users, role=Role.VOLUNTEER, by=by)
    note_many("volunteers.taken_on", [deed(volunteer) for volunteer in made], by=by)
    return made


def _volunteer(person: Person, team: Node, now: datetime) -> Volunteer:
    return Volunteer(
        person=person,
        number=f"V{10_000_000 + person.pk}",
        team=team,
        state=Volunteer.State.ACTIVE,
        registered_at=now,
    )


def _give_skills(made: Sequence[Volunteer], named: Sequence[Named]) -> None:
    known = set(
        Skill.objects.filter(pk__in={skill for each in named for skill in each.skills}).values_list("pk", flat=True)
    )
    Volunteer.skills.through.objects.bulk_create(
        Volunteer.skills.through(volunteer_id=volunteer.pk, skill_id=skill)
        for volunteer, each in zip(made, named, strict=True)
        for skill in sorted(known.intersection(each.skills))
    )
