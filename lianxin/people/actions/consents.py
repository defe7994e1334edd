"""Saying yes to one purpose: on the own phone, on the telephone, face to face, or on paper (rule P10)."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.actions import note
from lianxin.people import rules
from lianxin.people.models import Consent, Person, Purpose
from lianxin.people.queries import require_may_keep
from lianxin.users.models import User


@dataclass(frozen=True)
class Said:
    """By which way somebody said yes; on paper before a witness, for a minor by a guardian."""

    how: Consent.How
    witness: str = ""
    given_by: str = ""


@action
def give_consent(*, person: Person, purpose: Purpose, said: Said, by: User | None) -> Consent:
    """The person says yes himself, or the desk of his community writes down that he did."""
    person = lock(Person, person.pk, "home")
    require_may_keep(person, by)
    return keep_consent(person=person, purpose=purpose, said=said, by=by)


def keep_consent(*, person: Person, purpose: Purpose, said: Said, by: User | None, about: int | None = None) -> Consent:
    """Write down a yes to the words that hold now, for a caller who has asked who may.

    Said again to the same words it stays as it was; an older wording ends and this one takes its place.
    """
    _require_sayable(person, purpose, said, by)
    standing = Consent.objects.filter(person=person, purpose=purpose, about=about, ended_at=None).first()
    if standing and rules.is_current(standing):
        return standing
    if standing:
        standing.ended_at, standing.ended_how, standing.ended_by = clock.now(), Consent.End.RENEWED, by
        standing.save(update_fields=["ended_at", "ended_how", "ended_by"])
    kept = Consent.objects.create(
        person=person,
        purpose=purpose,
        about=about,
        version=rules.consent_version(purpose),
        words=str(rules.CONSENT_WORDS[purpose]),
        how=said.how,
        given_by=said.given_by.strip(),
        witness=said.witness.strip(),
        recorded_by=by,
        given_at=clock.now(),
    )
    note_consent("people.consent_given", kept, person, by)
    return kept


def note_consent(name: str, consent: Consent, person: Person, by: User | None) -> None:
    """What the journal says of a yes: the purpose and which wording, never the words."""
    facts = {"purpose": consent.purpose, "version": consent.version, "how": consent.how, "row": consent.pk}
    scope = person.home.path if person.home else None
    note(name, person, by=by, scope=scope, for_person=person.pk, **facts)


def _require_sayable(person: Person, purpose: Purpose, said: Said, by: User | None) -> None:
    if person.restricted_at:
        raise Refused(_("这份资料已经封存，依法只保存、不使用。"))
    is_own = by is not None and person.user_id == by.pk
    if (said.how == Consent.How.OWN) != is_own and by is not None:
        raise Forbidden(_("只有本人能在网上替自己同意。别人代记，请写明是怎么问的。"))
    if purpose in rules.FOR_A_MINOR and (is_own or not said.given_by.strip()):
        raise Refused(_("请写明是哪位监护人同意的。"), field="guardian_name")
    if said.how != Consent.How.PAPER:
        return
    if not said.witness.strip():
        raise Refused(_("签字同意的，请写见证人的姓名。"), field="witness")
    if said.witness.strip() in {person.name, by.display_name if by else ""}:
        raise Refused(_("见证人不能是本人，也不能是登记的人。"), field="witness")
