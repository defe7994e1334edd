"""Taking on those whom an office put on its roster, once they have confirmed it themselves (rule I7)."""

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.refused import Refused
from lianxin.journal.actions import note_many
from lianxin.organisations.actions.belonging import let_belong
from lianxin.organisations.models import Node, Role
from lianxin.people.models import Person
from lianxin.users.models import User
from lianxin.volunteers.actions import deed
from lianxin.volunteers.models import Skill, Stay, Volunteer


@action
def take_on(*, person: Person, team: Node, skills: list[int], by: User | None) -> Volunteer:
    """He serves from today on, without further review: the team named him, and he has said yes."""
    if Volunteer.objects.filter(person=lock(Person, person.pk)).exists():
        raise Refused(_("%(name)s 已经是志愿者，或者已经报过名。") % {"name": person.name})
    volunteer = Volunteer.objects.create(
        person=person,
        number=f"V{10_000_000 + person.pk}",
        team=team,
        state=Volunteer.State.ACTIVE,
        registered_at=clock.now(),
    )
    volunteer.skills.set(Skill.objects.filter(pk__in=skills))
    Stay.objects.create(volunteer=volunteer, team=team, during=DateRange(clock.today(), None))
    if person.user:
        let_belong(users={person.user: team}, role=Role.VOLUNTEER, by=by)
    note_many("volunteers.taken_on", [deed(volunteer)], by=by)
    return volunteer
