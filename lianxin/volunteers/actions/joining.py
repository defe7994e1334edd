"""Registering on a telephone: who one is, if nobody knows it yet, and with which team one wants to serve."""

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.moves import move
from lianxin.base.refused import Refused
from lianxin.journal.actions import note
from lianxin.organisations.models import Node, Tree
from lianxin.people.actions.circumstances import Contact, name_guardian
from lianxin.people.actions.registering import introduce
from lianxin.people.models import Person
from lianxin.users.models import User
from lianxin.volunteers import rules
from lianxin.volunteers.models import Skill, Volunteer

COMES_BACK = {Volunteer.State.REFUSED, Volunteer.State.LEFT, Volunteer.State.RESTRICTED, Volunteer.State.ASKED_BACK}


@dataclass(frozen=True)
class Application:
    """What somebody says of himself when he registers; `agreed_to` is the version of the notice that he read."""

    team: Node
    born_on: date
    skills: list[Skill]
    free: int
    agreed_to: str
    guardian_name: str = ""
    guardian_phone: str = field(default="", repr=False)


@action
def join(*, application: Application, by: User, name: str = "", home: Node | None = None) -> Volunteer:
    """The user asks to serve; who has not said yet who he is, says it at once (rule W1)."""
    person = Person.objects.filter(user=by).first()
    if person is None and home is not None:
        met = introduce(user=by, name=name, home=home, by=by)
        if not isinstance(met, Person):
            # Said in a page of its own, so that the request stands; here it would be undone with this refusal.
            raise Refused(_("社区登记过同名同号码的人。请先在登记页说明您是谁，社区核对后再来报名。"), field="name")
        person = met
    if person is None:
        raise ValueError("somebody unknown said neither name nor home")
    person = _with_birthday(person, application.born_on, by)
    return register_volunteer(
        person=person,
        team=application.team,
        skills=application.skills,
        free=application.free,
        agreed_to=application.agreed_to,
        guardian_name=application.guardian_name,
        guardian_phone=application.guardian_phone,
        by=by,
    )


def _with_birthday(person: Person, born_on: date, by: User) -> Person:
    """His birthday, if it was not known; one that is on record is not changed here."""
    person = lock(Person, person.pk)
    if person.born_on is None:
        person.born_on = born_on
        person.save(update_fields=["born_on"])
        note("people.birthday_said", person, by=by, for_person=person.pk, fields=["born_on"])
    return person


@action
def register_volunteer(
    *,
    person: Person,
    team: Node,
    skills: list[Skill],
    free: int,
    by: User | None,
    agreed_to: str = "",
    guardian_name: str = "",
    guardian_phone: str = "",
) -> Volunteer:
    """A person asks to serve with a team; it is reviewed before the first task (rule W1).

    Who was asked back, refused or has left asks again under his old number. `agreed_to` is the version of the notice
    that he agreed to; a minor names a guardian (rule W3).
    """
    person = lock(Person, person.pk)
    team = lock(Node, team.pk)
    if team.tree != Tree.SERVICE or team.closed_on:
        raise Refused(_("请选一支服务队。"), field="team")
    rules.require_age(person.born_on, guardian_name, guardian_phone, clock.today())
    volunteer = Volunteer.objects.filter(person=person).first() or Volunteer(
        person=person, number=f"V{10_000_000 + person.pk}"
    )
    if volunteer.pk and volunteer.state not in COMES_BACK:
        raise Refused(_("%(name)s 已经是志愿者，或者已经报过名。") % {"name": person.name})
    if volunteer.pk:
        move(volunteer, Volunteer.State.APPLIED)
    volunteer.team, volunteer.free, volunteer.registered_at = team, free, clock.now()
    volunteer.agreed_to, volunteer.agreed_at = agreed_to, clock.now() if agreed_to else None
    volunteer.reason, volunteer.until = "", None
    volunteer.save()
    if guardian_name and guardian_phone:
        name_guardian(person=person, guardian=Contact(guardian_name, "", guardian_phone))
    volunteer.skills.set(skills)
    note("volunteers.registered", volunteer, by=by, scope=team.path, for_person=person.pk)
    return volunteer
