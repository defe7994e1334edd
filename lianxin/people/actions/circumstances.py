"""How somebody who is helped lives, and whom to ring for him."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.refused import Refused
from lianxin.journal.actions import note
from lianxin.people.actions.consents import Said, keep_consent
from lianxin.people.models import Circumstances, Consent, EmergencyContact, Person, Purpose
from lianxin.people.queries import require_may_keep, standing_consent
from lianxin.people.rules import is_current, telephone
from lianxin.users.models import User

MOST_CONTACTS, GUARDIAN = 2, 0


@dataclass(frozen=True)
class Contact:
    """Somebody to ring: his name, what he is to the person, his number in the clear on its way into the seal."""

    name: str
    relation: str
    phone: str


@action
def set_emergency_contacts(*, person: Person, contacts: Sequence[Contact], by: User | None) -> list[EmergencyContact]:
    """Whom to ring when the person does not answer, in this order; these take the place of earlier ones (rule P5)."""
    person = lock(Person, person.pk, "home")
    require_may_keep(person, by)
    if len(contacts) > MOST_CONTACTS:
        raise Refused(_("紧急联系人最多登记两位。"), field="contacts")
    if any(not each.name.strip() or not each.relation.strip() for each in contacts):
        raise Refused(_("请写明紧急联系人的姓名和关系。"), field="contacts")
    EmergencyContact.objects.filter(person=person, rank__gt=GUARDIAN).delete()
    kept = EmergencyContact.objects.bulk_create(
        EmergencyContact(person=person, rank=rank, name=each.name, relation=each.relation, phone=telephone(each.phone))
        for rank, each in enumerate(contacts, start=1)
    )
    scope = person.home.path if person.home else None
    note("people.emergency_contacts_set", person, by=by, scope=scope, for_person=person.pk, many=len(kept))
    return kept


@dataclass(frozen=True)
class Guardian:
    """Who answers for a minor, and by which way he said yes."""

    contact: Contact
    how: Consent.How
    witness: str = ""

    def said(self) -> Said:
        """His yes, with his name."""
        return Said(self.how, witness=self.witness, given_by=self.contact.name)


def name_guardian(*, person: Person, guardian: Contact) -> EmergencyContact:
    """Who answers for a minor and is rung for him; takes the place of an earlier one. The caller has asked who may."""
    if not guardian.name.strip() or not guardian.phone.strip():
        raise Refused(_("未满 18 周岁，请填监护人的姓名和电话，我们会先问他同不同意。"), field="guardian_name")
    EmergencyContact.objects.filter(person=person, rank=GUARDIAN).delete()
    return EmergencyContact.objects.create(
        person=person,
        rank=GUARDIAN,
        name=guardian.name.strip(),
        relation=guardian.relation.strip() or str(_("监护人")),
        phone=telephone(guardian.phone),
    )


@action
def describe_circumstances(
    *,
    person: Person,
    by: User | None,
    languages: str = "",
    hearing: str = "",
    sight: str = "",
    mobility: str = "",
    pets: str = "",
    wished: str = "",
    best_hours: str = "",
    way_in: str | None = None,
    said_yes: Said | None = None,
) -> Circumstances:
    """What to mind with this person (rule P5). `way_in` is sealed; None leaves what was said before.

    Hearing, sight and mobility are written down only with his yes: one that stands, or `said_yes` now (rule P10).
    """
    person = lock(Person, person.pk, "home")
    require_may_keep(person, by)
    if hearing or sight or mobility:
        _require_yes(person, said_yes, by)
    row = Circumstances.objects.filter(person=person).first() or Circumstances(person=person)
    said = {
        "languages": languages,
        "hearing": hearing,
        "sight": sight,
        "mobility": mobility,
        "pets": pets,
        "wished": wished,
        "best_hours": best_hours,
    } | ({} if way_in is None else {"way_in": way_in or None})
    changed = sorted(name for name, value in said.items() if getattr(row, name) != value)
    for name, value in said.items():
        setattr(row, name, value)
    row.changed_at = clock.now()
    row.save()
    scope = person.home.path if person.home else None
    note("people.circumstances_described", person, by=by, scope=scope, for_person=person.pk, fields=changed)
    return row


def _require_yes(person: Person, said_yes: Said | None, by: User | None) -> None:
    if said_yes:
        keep_consent(person=person, purpose=Purpose.HEALTH, said=said_yes, by=by)
        return
    standing = standing_consent(person, Purpose.HEALTH)
    if standing is None or not is_current(standing):
        raise Refused(_("听力、视力、行动要本人同意才能记。请把说明念给他听，写下是怎么问的。"), field="how")
