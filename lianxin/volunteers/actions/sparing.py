"""Whom a resident wants to be spared."""

from lianxin.base import clock
from lianxin.base.actions import action
from lianxin.journal.actions import note
from lianxin.people.models import Person
from lianxin.users.models import User
from lianxin.volunteers.models import Block, Volunteer


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
