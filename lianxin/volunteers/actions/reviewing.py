"""What a captain answers besides yes (`approve_volunteers`): ask back, refuse; and what the guardian said."""

from django.utils.translation import gettext_lazy as _

from lianxin.base.actions import action, lock
from lianxin.base.moves import move
from lianxin.base.refused import Refused
from lianxin.journal.actions import note_many
from lianxin.organisations.queries import require
from lianxin.people.actions.consents import Said, keep_consent
from lianxin.people.models import Consent, Person, Purpose
from lianxin.people.queries import guardian_of
from lianxin.users.models import User
from lianxin.volunteers.actions import deed
from lianxin.volunteers.models import Volunteer


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
