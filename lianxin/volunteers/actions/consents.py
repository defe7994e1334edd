"""Taking back a yes on which something of a volunteer's rests: it stops at once (rule P10)."""

from django.utils.translation import gettext_lazy as _

from lianxin.base.actions import action, lock
from lianxin.base.moves import move
from lianxin.base.refused import Forbidden
from lianxin.organisations.queries import may
from lianxin.people.actions.consents import Said, keep_consent
from lianxin.people.actions.withdrawing import end_consent
from lianxin.people.models import Consent, Person, Purpose
from lianxin.people.queries import may_keep, standing_consent
from lianxin.users.models import User
from lianxin.volunteers.actions.standing import stop_serving
from lianxin.volunteers.models import Membership, Volunteer


@action
def withdraw(*, consent: Consent, by: User) -> Consent:
    """The person takes a yes back, himself or by a word to his community; a guardian's also by a word to the captain.

    The card says less, figures count less, and a minor whose guardian says no serves no more until he says yes again.
    """
    volunteer = Volunteer.objects.select_related("team").filter(person=consent.person_id).first()
    if volunteer:
        volunteer = lock(Volunteer, volunteer.pk, "team", "person__user")
    person = lock(Person, consent.person_id, "home")
    _require_may_withdraw(person, consent, volunteer, by)
    ended = end_consent(person=person, consent=consent, by=by)
    rows = Membership.objects.filter(pk=consent.about or 0)
    if consent.purpose == Purpose.MEMBER:
        rows.update(agreed_at=None, is_shown=False)
        end_about(person, Purpose.MEMBER_SHOWN, consent.about, by)
    elif consent.purpose == Purpose.MEMBER_SHOWN:
        rows.update(is_shown=False)
    elif consent.purpose == Purpose.MINOR_SERVES and volunteer and volunteer.state == Volunteer.State.ACTIVE:
        move(volunteer, Volunteer.State.SUSPENDED)
        volunteer.reason, volunteer.until = str(_("监护人撤回了同意。")), None
        stop_serving(volunteer, "volunteers.suspended", by)
    return ended


@action
def renew(*, consent: Consent, by: User) -> Consent:
    """The words have changed; the person has read them and says yes again on his own page (PIPL 14)."""
    person = lock(Person, consent.person_id, "home")
    if consent.ended_at or person.user_id != by.pk:
        raise Forbidden(_("只有本人可以决定。"))
    return say_yes(person, Purpose(consent.purpose), by, about=consent.about)


def say_yes(person: Person, purpose: Purpose, by: User, *, about: int | None = None) -> Consent:
    """The person's own yes on his own page; the caller has asked that it is he."""
    return keep_consent(person=person, purpose=purpose, said=Said(Consent.How.OWN), by=by, about=about)


def end_about(person: Person, purpose: Purpose, about: int | None, by: User) -> None:
    """The yes to this purpose ends, if it stands."""
    standing = Consent.objects.filter(person=person, purpose=purpose, about=about, ended_at=None).first()
    if standing:
        end_consent(person=person, consent=standing, by=by)


@action
def show_name(*, person: Person, shows_name: bool, by: User) -> None:
    """Whether whoever checks the card reads the name; only the holder says so."""
    person = lock(Person, person.pk, "home")
    if person.user_id != by.pk:
        raise Forbidden(_("只有本人可以决定。"))
    if shows_name:
        say_yes(person, Purpose.CARD_NAME, by)
    elif standing := standing_consent(person, Purpose.CARD_NAME):
        end_consent(person=person, consent=standing, by=by)


def _require_may_withdraw(person: Person, consent: Consent, volunteer: Volunteer | None, by: User) -> None:
    if may_keep(person, by):
        return
    leads = volunteer is not None and may(by, "volunteers.lead", volunteer.team.path)
    if not (leads and consent.purpose == Purpose.MINOR_SERVES):
        raise Forbidden(_("只有本人和他的社区可以撤回。"))
