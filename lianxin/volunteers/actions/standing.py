"""Suspending, coming back, leaving, and being restricted: the record is kept, everything else stops."""

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.moves import move
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.actions import note_many
from lianxin.organisations.actions.belonging import let_belong, stop_belonging
from lianxin.organisations.models import Role
from lianxin.organisations.queries import may, require
from lianxin.people.actions.withdrawing import end_consent
from lianxin.people.models import Consent, Person, Purpose
from lianxin.users.models import User
from lianxin.volunteers import rules
from lianxin.volunteers.actions.deeds import deed
from lianxin.volunteers.models import Membership, Stay, Transfer, Volunteer
from lianxin.volunteers.queries import guardians_who_agreed

SHOWN_ON_CARD = (Purpose.CARD_NAME, Purpose.MEMBER_SHOWN)


@action
def suspend(*, volunteer: Volunteer, reason: str, until: date | None, by: User) -> Volunteer:
    """He is asked for nothing until that day is over, or until somebody lets him serve again (rule W5)."""
    volunteer = _locked(volunteer)
    require(by, "volunteers.lead", volunteer.team.path)
    if not reason.strip():
        raise Refused(_("请写下暂停的原因，本人会看到。"), field="reason")
    if until and until < clock.today():
        raise Refused(_("请填今天或以后的日期。"), field="until")
    move(volunteer, Volunteer.State.SUSPENDED)
    volunteer.reason, volunteer.until = reason.strip(), until
    return stop_serving(volunteer, "volunteers.suspended", by)


@action
def resume(*, volunteer: Volunteer, by: User | None) -> Volunteer:
    """He serves again: by whoever leads the team, or by the clock (None) when the last day is over."""
    volunteer = _locked(volunteer)
    if by is not None:
        require(by, "volunteers.lead", volunteer.team.path)
    if volunteer.state != Volunteer.State.SUSPENDED:
        raise Refused(_("他现在没有被暂停。"))
    rules.require_guardian_asked(volunteer, guardians_who_agreed([volunteer.person_id]), clock.today())
    move(volunteer, Volunteer.State.ACTIVE)
    volunteer.reason, volunteer.until = "", None
    volunteer.save(update_fields=["state", "reason", "until"])
    if volunteer.person.user:
        let_belong(users={volunteer.person.user: volunteer.team}, role=Role.VOLUNTEER, by=by)
    note_many("volunteers.resumed", [deed(volunteer)], by=by)
    return volunteer


@action
def leave(*, volunteer: Volunteer, by: User) -> Volunteer:
    """He no longer serves: by his own wish, without a reason, or as his captain writes down (rule W6)."""
    volunteer = _locked(volunteer)
    _require_own_or_lead(volunteer, by)
    move(volunteer, Volunteer.State.LEFT)
    _leave_team(volunteer, by)
    return stop_serving(volunteer, "volunteers.left", by)


@action
def restrict(*, volunteer: Volunteer, by: User) -> Volunteer:
    """The person wants his data used no more: the record is kept for its ten years, and nothing else (rule W8)."""
    volunteer = _locked(volunteer)
    _require_own_or_lead(volunteer, by)
    return restrict_volunteer(volunteer, by)


def restrict_volunteer(volunteer: Volunteer, by: User) -> Volunteer:
    """The same for a caller who holds the row's lock and has asked who may, as when an account is closed."""
    move(volunteer, Volunteer.State.RESTRICTED)
    hide_from_the_card(volunteer, by)
    _leave_team(volunteer, by)
    return stop_serving(volunteer, "volunteers.restricted", by)


def hide_from_the_card(volunteer: Volunteer, by: User) -> None:
    """Nothing beyond «is registered» is shown of him any more; the yes to it ends."""
    Membership.objects.filter(person=volunteer.person_id).update(is_shown=False)
    shown = Consent.objects.filter(person=volunteer.person_id, purpose__in=SHOWN_ON_CARD, ended_at=None)
    person = lock(Person, volunteer.person_id, "home")
    for consent in shown.order_by("pk"):
        end_consent(person=person, consent=consent, by=by)


def end_stay(volunteer: Volunteer) -> None:
    """The stay that runs ends today; one that began today never was."""
    today = clock.today()
    running = Stay.objects.filter(volunteer=volunteer, during__upper_inf=True).first()
    if running and running.during.lower == today:
        running.delete()
    elif running:
        running.during = DateRange(running.during.lower, today)
        running.save(update_fields=["during"])


def _locked(volunteer: Volunteer) -> Volunteer:
    return lock(Volunteer, volunteer.pk, "team", "person__user")


def _require_own_or_lead(volunteer: Volunteer, by: User) -> None:
    if volunteer.person.user_id != by.pk and not may(by, "volunteers.lead", volunteer.team.path):
        raise Forbidden(_("只有本人和队长可以办理。"))


def _leave_team(volunteer: Volunteer, by: User) -> None:
    end_stay(volunteer)
    volunteer.reason, volunteer.until = "", None
    asked = Transfer.objects.filter(volunteer=volunteer, state=Transfer.State.ASKED)
    asked.update(state=Transfer.State.WITHDRAWN, answered_by=by, answered_at=clock.now())


def stop_serving(volunteer: Volunteer, name: str, by: User) -> Volunteer:
    """Write it down, and he may take on tasks no more; what he had promised is given back by the journal."""
    volunteer.save(update_fields=["state", "reason", "until"])
    if volunteer.person.user:
        stop_belonging(users=[volunteer.person.user], role=Role.VOLUNTEER, by=by)
    note_many(name, [deed(volunteer)], by=by)
    return volunteer
