"""Taking on volunteers, and keeping their promises of time; the nouns beside it are what becomes of a volunteer."""

from collections.abc import Container, Sequence
from datetime import datetime

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import Many, action, lock
from lianxin.base.bulk import insert_many, update_many
from lianxin.base.moves import move
from lianxin.base.refused import Refused
from lianxin.journal.actions import Deed, note, note_many
from lianxin.organisations.actions.belonging import let_belong
from lianxin.organisations.models import Node, Role, Tree
from lianxin.organisations.queries import require
from lianxin.people.actions.circumstances import Contact, name_guardian
from lianxin.people.models import Person
from lianxin.users.models import User
from lianxin.volunteers import rules
from lianxin.volunteers.models import Block, Commitment, Skill, Stay, Volunteer
from lianxin.volunteers.queries import guardians_who_agreed

COMES_BACK = {Volunteer.State.REFUSED, Volunteer.State.LEFT, Volunteer.State.RESTRICTED, Volunteer.State.ASKED_BACK}


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


@action
def approve_volunteer(*, volunteer: Volunteer, by: User) -> Volunteer:
    """The captain takes the volunteer on; a user of his becomes a volunteer on the team."""
    return approve_volunteers(volunteers=[volunteer], by=by).or_refuse()[0]


@action
def approve_volunteers(*, volunteers: Sequence[Volunteer], by: User) -> Many[Volunteer]:
    """The captain takes on whom he ticked, with as many statements as for one; who cannot be taken on is refused by his
    key and left as he was (rules W2 and K4)."""
    keys = [volunteer.pk for volunteer in volunteers]
    rows = Volunteer.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk")
    found = list(rows.select_related("person__user", "team"))
    said_yes = guardians_who_agreed(volunteer.person_id for volunteer in found)
    taken = Many[Volunteer]()
    for volunteer in found:
        try:
            _take_on(volunteer, by, said_yes)
        except Refused as refusal:
            taken.refused[volunteer.pk] = refusal
        else:
            taken.done.append(volunteer)
    update_many(taken.done, "state", "reason")
    Stay.objects.bulk_create(
        Stay(volunteer=volunteer, team=volunteer.team, during=DateRange(clock.today(), None))
        for volunteer in taken.done
    )
    users = {volunteer.person.user: volunteer.team for volunteer in taken.done if volunteer.person.user}
    let_belong(users=users, role=Role.VOLUNTEER, by=by)
    note_many("volunteers.approved", [deed(volunteer) for volunteer in taken.done], by=by)
    return taken


def _take_on(volunteer: Volunteer, by: User, said_yes: Container[int]) -> None:
    if volunteer.state == Volunteer.State.SUSPENDED:
        raise Refused(_("现在是暂停的，请用「恢复」。"))
    require(by, "volunteers.approve", volunteer.team.path)
    rules.require_guardian_asked(volunteer, said_yes, clock.today())
    move(volunteer, Volunteer.State.ACTIVE)
    volunteer.reason = ""


def deed(volunteer: Volunteer, **facts: object) -> Deed:
    """What the journal says of a deed about this volunteer."""
    return Deed(volunteer, volunteer.team.path, volunteer.person_id, facts)


@action
def commit_time(*, person: Person, start: datetime, end: datetime, about: models.Model) -> Commitment:
    """The person promises this time; an overlapping promise is refused by the database."""
    promised = Commitment(
        person=person, during=DateTimeTZRange(start, end), about_type=about._meta.label_lower, about_id=about.pk
    )
    [commitment] = insert_many([promised])
    return commitment


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


@action
def lift_block(*, person: Person, volunteer: Volunteer, by: User | None) -> None:
    """This person would have this volunteer again."""
    deleted, _rows = Block.objects.filter(person=person, volunteer=volunteer).delete()
    if deleted:
        note("volunteers.block_lifted", person, by=by, for_person=person.pk, volunteer=volunteer.pk)
