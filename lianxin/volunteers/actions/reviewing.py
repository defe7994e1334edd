"""What a captain answers to who wants to serve: yes, something is missing, no; and what the guardian said."""

from collections.abc import Container, Sequence

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import Many, action, lock
from lianxin.base.bulk import update_many
from lianxin.base.moves import move
from lianxin.base.refused import Refused
from lianxin.journal.actions import note_many
from lianxin.organisations.actions.belonging import let_belong
from lianxin.organisations.models import Role
from lianxin.organisations.queries import require
from lianxin.people.actions.consents import Said, keep_consent
from lianxin.people.models import Consent, Person, Purpose
from lianxin.people.queries import guardian_of
from lianxin.users.models import User
from lianxin.volunteers import rules
from lianxin.volunteers.actions.deeds import deed
from lianxin.volunteers.models import Stay, Volunteer
from lianxin.volunteers.queries import guardians_who_agreed


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


@action
def ask_back(*, volunteer: Volunteer, reason: str, by: User) -> Volunteer:
    """Something is missing; the applicant reads what, mends it and asks again."""
    return _answer(volunteer, Volunteer.State.ASKED_BACK, reason, "volunteers.asked_back", by)


@action
def refuse_volunteer(*, volunteer: Volunteer, reason: str, by: User) -> Volunteer:
    """The team does not take him on, for a reason that he reads; he may ask another team."""
    return _answer(volunteer, Volunteer.State.REFUSED, reason, "volunteers.refused", by)


@action
def note_guardian(*, volunteer: Volunteer, how: Consent.How, by: User, witness: str = "") -> Consent:
    """The captain has asked the guardian of a minor, and by which way he said yes (rule W3)."""
    volunteer = lock(Volunteer, volunteer.pk, "team")
    person = lock(Person, volunteer.person_id, "home")
    require(by, "volunteers.approve", volunteer.team.path)
    guardian = guardian_of(person)
    if guardian is None:
        raise Refused(_("报名时没有填监护人，请先退回补充。"), field="how")
    said = Said(how, witness=witness, given_by=guardian.name)
    kept = keep_consent(person=person, purpose=Purpose.MINOR_SERVES, said=said, by=by)
    note_many("volunteers.guardian_noted", [deed(volunteer, how=how)], by=by)
    return kept


def _take_on(volunteer: Volunteer, by: User, said_yes: Container[int]) -> None:
    if volunteer.state == Volunteer.State.SUSPENDED:
        raise Refused(_("现在是暂停的，请用「恢复」。"))
    require(by, "volunteers.approve", volunteer.team.path)
    rules.require_guardian_asked(volunteer, said_yes, clock.today())
    move(volunteer, Volunteer.State.ACTIVE)
    volunteer.reason = ""


def _answer(volunteer: Volunteer, state: Volunteer.State, reason: str, name: str, by: User) -> Volunteer:
    volunteer = lock(Volunteer, volunteer.pk, "team", "person")
    require(by, "volunteers.approve", volunteer.team.path)
    if not reason.strip():
        raise Refused(_("请写下原因，报名的人会看到。"), field="reason")
    move(volunteer, state)
    volunteer.reason = reason.strip()
    volunteer.save(update_fields=["state", "reason"])
    note_many(name, [deed(volunteer)], by=by)
    return volunteer
