"""Taking a yes back, and having one's data used no more (rules P10 and P13)."""

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.refused import Refused
from lianxin.journal.actions import note
from lianxin.organisations.actions.belonging import let_belong
from lianxin.organisations.models import Role
from lianxin.people.actions.consents import note_consent
from lianxin.people.actions.registering import require_desk_of
from lianxin.people.models import Circumstances, Consent, EmergencyContact, Helper, Person, Purpose
from lianxin.people.queries import require_may_keep
from lianxin.users.models import User

HEALTH = ("hearing", "sight", "mobility")


@action
def withdraw_consent(*, consent: Consent, by: User | None) -> Consent:
    """The person takes his yes back, on his page or with one call; no reason is asked.

    What it allowed stops at once: health facts are deleted; a child's record, which stood on a guardian's yes, is
    restricted.
    """
    person = lock(Person, consent.person_id, "home")
    require_may_keep(person, by)
    return end_consent(person=person, consent=consent, by=by)


def end_consent(*, person: Person, consent: Consent, by: User | None) -> Consent:
    """The yes ends, for a caller who holds the person's lock and has asked who may."""
    consent = lock(Consent, consent.pk)
    if consent.ended_at:
        raise Refused(_("已经撤回过了。"))
    consent.ended_at, consent.ended_how, consent.ended_by = clock.now(), Consent.End.WITHDRAWN, by
    consent.save(update_fields=["ended_at", "ended_how", "ended_by"])
    note_consent("people.consent_withdrawn", consent, person, by)
    if consent.purpose == Purpose.HEALTH:
        Circumstances.objects.filter(person=person).update(**dict.fromkeys(HEALTH, ""), changed_at=clock.now())
    if consent.purpose == Purpose.CHILD and person.restricted_at is None:
        restrict(person, by)
    return consent


def restrict(person: Person, by: User | None) -> None:
    """The person, locked by the caller, is kept and used for nothing any more: nobody acts for him, nobody is rung for
    him, and what rested on his yes is deleted (PIPL 47, rule P13)."""
    if person.restricted_at:
        raise Refused(_("这份资料已经封存了。"))
    person.restricted_at = clock.now()
    person.save(update_fields=["restricted_at", "search"])
    Circumstances.objects.filter(person=person).delete()
    EmergencyContact.objects.filter(person=person).delete()
    for each in Consent.objects.filter(person=person, ended_at=None).order_by("pk"):
        end_consent(person=person, consent=each, by=by)
    today = clock.today()
    for helper in Helper.objects.filter(person=person, during__contains=today).order_by("pk"):
        helper.during = DateRange(helper.during.lower, today)
        helper.save(update_fields=["during"])
    note("people.restricted", person, by=by, scope=_scope(person), for_person=person.pk)


@action
def take_up_again(*, person: Person, by: User) -> Person:
    """Who had closed his account wants to be helped again, and has said so to the desk (rule P13)."""
    person = lock(Person, person.pk, "home", "user")
    require_desk_of(person, by)
    if person.restricted_at is None:
        raise Refused(_("这份资料没有封存。"))
    person.restricted_at = None
    person.save(update_fields=["restricted_at", "search"])
    if person.user and not person.user.off_because:
        _open_again(person, person.user, by)
    note("people.taken_up_again", person, by=by, scope=_scope(person), for_person=person.pk)
    return person


def _open_again(person: Person, user: User, by: User) -> None:
    """The account that was closed, not one that was switched off, opens again."""
    user.is_active = True
    user.save(update_fields=["is_active"])
    if person.home:
        let_belong(users={user: person.home}, role=Role.RESIDENT, by=by)


def _scope(person: Person) -> str | None:
    return person.home.path if person.home else None
