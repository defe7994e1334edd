"""Taking on volunteers, and keeping their promises of time."""

from datetime import datetime

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.moves import move
from lianxin.base.refused import Refused
from lianxin.journal.actions import note
from lianxin.organisations.actions import give_role
from lianxin.organisations.models import Node, Role, Tree
from lianxin.organisations.queries import require
from lianxin.people.models import Person
from lianxin.users.models import User
from lianxin.volunteers.models import Block, Commitment, Skill, Volunteer


@action
def register_volunteer(*, person: Person, team: Node, skills: list[Skill], free: int, by: User | None) -> Volunteer:
    """A person asks to serve with a team; it is reviewed before the first task."""
    if team.tree != Tree.SERVICE:
        raise Refused(_("请选一支服务队。"), field="team")
    if Volunteer.objects.filter(person=lock(Person, person.pk)).exists():
        raise Refused(_("%(name)s 已经是志愿者，或者已经报过名。") % {"name": person.name})
    volunteer = Volunteer.objects.create(
        person=person, number=f"V{10_000_000 + person.pk}", team=team, free=free, registered_at=clock.now()
    )
    volunteer.skills.set(skills)
    note("volunteers.registered", volunteer, by=by, scope=team.path, for_person=person.pk)
    return volunteer


@action
def approve_volunteer(*, volunteer: Volunteer, by: User) -> Volunteer:
    """The captain takes the volunteer on; a user of his becomes a volunteer on the team."""
    volunteer = lock(Volunteer, volunteer.pk)
    require(by, "volunteers.approve", volunteer.team.path)
    move(volunteer, Volunteer.State.ACTIVE)
    volunteer.save(update_fields=["state"])
    if volunteer.person.user:
        give_role(user=volunteer.person.user, role=Role.VOLUNTEER, node=volunteer.team, by=by)
    note("volunteers.approved", volunteer, by=by, scope=volunteer.team.path, for_person=volunteer.person_id)
    return volunteer


@action
def commit_time(*, person: Person, start: datetime, end: datetime, about: models.Model) -> Commitment:
    """The person promises this time; an overlapping promise is refused by the database."""
    return Commitment.objects.create(
        person=person, during=DateTimeTZRange(start, end), about_type=about._meta.label_lower, about_id=about.pk
    )


@action
def release_time(*, about: models.Model) -> None:
    """Give back the time promised for this row."""
    held = Commitment.objects.filter(about_type=about._meta.label_lower, about_id=about.pk, state=Commitment.State.HELD)
    held.update(state=Commitment.State.RELEASED)


@action
def block(*, person: Person, volunteer: Volunteer, by: User | None) -> Block:
    """Spare this person this volunteer from now on."""
    kept, _made = Block.objects.get_or_create(person=person, volunteer=volunteer, defaults={"made_at": clock.now()})
    note("volunteers.blocked", kept.person, by=by, for_person=person.pk, volunteer=volunteer.pk)
    return kept
