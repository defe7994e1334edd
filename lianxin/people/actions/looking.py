"""Opening sealed fields; each look is noted and shown to whom it was about (rule P2)."""

from django.db import models

from lianxin.base.actions import action
from lianxin.journal.actions import note
from lianxin.notices.models import CallCard
from lianxin.organisations.queries import require
from lianxin.people.models import Complaint, Person
from lianxin.users.models import User


@action
def look(*, person: Person, fields: list[str], by: User, about: models.Model) -> dict[str, str]:
    """Open sealed fields of a person. The row it is about is the reason; the look is noted and shown to its owner."""
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


@action
def look_at_callee(*, card: CallCard, by: User) -> dict[str, str]:
    """The number to ring, for who makes the call; the look is noted about the card."""
    require(by, "people.call", card.scope)
    return look(person=Person.objects.get(pk=card.notice.person_id), fields=["phone"], by=by, about=card)


@action
def look_at_complainant(*, complaint: Complaint, by: User) -> str:
    """How whoever complained wants to be reached, for who answers; the look is noted about the complaint."""
    require(by, "people.answer_complaints", complaint.scope)
    note("people.looked", complaint, by=by, scope=complaint.scope, fields=["contact"])
    return complaint.contact.open() if complaint.contact else ""
