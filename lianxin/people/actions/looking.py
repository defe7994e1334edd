"""Opening sealed fields; each look is noted and shown to whom it was about (rule P2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxin.base.actions import action
from lianxin.base.freezing import require_not_frozen
from lianxin.base.refused import Refused
from lianxin.journal.actions import note
from lianxin.notices.models import CallCard
from lianxin.organisations.queries import require
from lianxin.people.models import Circumstances, Complaint, Person
from lianxin.people.queries import emergency_contacts_of, guardian_of, person_of
from lianxin.users.models import User


@action
def look(*, person: Person, fields: list[str], by: User, about: models.Model) -> dict[str, str]:
    """Open sealed fields of a person. The row it is about is the reason; the look is noted and shown to its owner."""
    require_not_frozen()
    require_in_use(person)
    opened = {name: sealed.open() for name in fields if (sealed := getattr(person, name))}
    note(
        "people.looked",
        about,
        by=by,
        scope=person.home.path if person.home else None,
        for_person=person.pk,
        fields=sorted(opened),
    )
    return opened


def require_in_use(person: Person) -> None:
    """Refuse to open what is only kept (rule P13)."""
    if person.restricted_at:
        raise Refused(_("这份资料已经封存，依法只保存、不使用。"))


@action
def look_at_callee(*, card: CallCard, by: User) -> dict[str, str]:
    """The number to ring, for who makes the call; the look is noted about the card.

    Where somebody was named for such a moment it is his; nothing when the person has named somebody else since.
    """
    require(by, "people.call", card.scope)
    person = Person.objects.select_related("home").get(pk=card.notice.person_id)
    if card.contact_id is None:
        return look(person=person, fields=["phone"], by=by, about=card)
    require_not_frozen()
    require_in_use(person)
    contact = emergency_contacts_of(person).filter(pk=card.contact_id).first()
    if contact is None:
        return {}
    scope = person.home.path if person.home else None
    note("people.looked", card, by=by, scope=scope, for_person=person.pk, fields=["emergency_contacts"])
    return {"phone": contact.phone.open()}


@action
def look_at_complaint(*, complaint: Complaint, by: User) -> dict[str, str]:
    """What it says and how whoever complained wants to be reached, for who answers; the look is noted about it."""
    require(by, "people.answer_complaints", complaint.scope)
    require_not_frozen()
    opened = {name: sealed.open() for name in ("text", "contact") if (sealed := getattr(complaint, name))}
    person = person_of(complaint.user) if complaint.user else None
    fields = sorted("complaint" if name == "text" else name for name in opened)
    owner = person.pk if person else None
    note("people.looked", complaint, by=by, scope=complaint.scope, for_person=owner, fields=fields)
    return opened


@action
def look_at_person(*, person: Person, by: User) -> dict[str, str]:
    """All that reaches a person, for the desk of his community: phone, address, way in, and whom to ring for him."""
    require(by, "people.keep", person.home.path if person.home else None)
    opened = look(person=person, fields=["phone", "address"], by=by, about=person)
    lives = Circumstances.objects.filter(person=person).first()
    rows = emergency_contacts_of(person)
    more = {"way_in": lives.way_in.open() if lives and lives.way_in else ""}
    more["contacts"] = "，".join(f"{row.name}（{row.relation}）{row.phone.open()}" for row in rows)
    scope = person.home.path if person.home else None
    said = sorted(name for name, value in more.items() if value)
    if said:
        note("people.looked", person, by=by, scope=scope, for_person=person.pk, fields=said)
    return opened | more


@action
def look_at_contacts(*, person: Person, by: User, about: models.Model) -> list[tuple[str, str, str]]:
    """Name, relation and phone of whom to ring when this person is in need; the caller has asked who may."""
    require_not_frozen()
    require_in_use(person)
    contacts = emergency_contacts_of(person)
    opened = [(each.name, each.relation, each.phone.open()) for each in contacts]
    if not opened:
        return []
    scope = person.home.path if person.home else None
    note("people.looked", about, by=by, scope=scope, for_person=person.pk, fields=["emergency_contacts"])
    return opened


@action
def look_at_guardian(*, person: Person, by: User, about: models.Model) -> dict[str, str]:
    """Name and number of a minor's guardian, where one is named; the caller has asked who may (rule P11)."""
    require_not_frozen()
    guardian = guardian_of(person)
    if guardian is None:
        return {}
    scope = person.home.path if person.home else None
    note("people.looked", about, by=by, scope=scope, for_person=person.pk, fields=["guardian_phone"])
    return {"guardian": f"{guardian.name}（{guardian.relation}）", "guardian_phone": guardian.phone.open()}
