"""What orders hear of the trees, and of volunteers who stop."""

from lianxin.journal.bell import on
from lianxin.journal.models import Entry
from lianxin.needs.actions.following import carry_orders, hand_over_menu, stand_down
from lianxin.needs.actions.found import forget_found
from lianxin.needs.actions.placing import call_off_orders_of
from lianxin.organisations.models import Node
from lianxin.people.models import Person
from lianxin.volunteers.models import Volunteer


@on("organisations.node_moved", "organisations.node_merged")
def follow(entry: Entry) -> None:
    """Open orders go where their place or team went."""
    carry_orders(was=entry.facts["was"], now=entry.facts["now"])
    if "into" in entry.facts:
        nodes = Node.objects.in_bulk([entry.subject_id, entry.facts["into"]])
        hand_over_menu(place=nodes[entry.subject_id], into=nodes[entry.facts["into"]])


@on("people.restricted")
def call_off(entry: Entry) -> None:
    """Nobody goes there any more and how he was found is forgotten, unless the record was taken up again by now."""
    person = Person.objects.get(pk=entry.subject_id)
    if person.restricted_at:
        call_off_orders_of(person=person)
        forget_found(person=person)


@on("volunteers.suspended", "volunteers.left", "volunteers.restricted")
def give_back(entry: Entry) -> None:
    """What he had promised goes back to the desk, unless he serves again by now."""
    volunteer = Volunteer.objects.select_related("person__user").get(pk=entry.subject_id)
    if volunteer.state != Volunteer.State.ACTIVE:
        stand_down(volunteer=volunteer)
