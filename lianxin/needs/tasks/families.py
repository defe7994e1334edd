"""What a relative who may hear of it is told of an order: only what he would worry about (rule F2)."""

from django.utils.translation import gettext as _

from lianxin.base.words import moment_in_words
from lianxin.journal.bell import on
from lianxin.journal.models import Entry
from lianxin.needs import rules
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from lianxin.people.actions.reaching import tell
from lianxin.people.models import Person
from lianxin.people.queries import told_about

FAMILY_PAGE = "/family/%d/"


@on("needs.accepted")
def tell_the_family_who_comes(entry: Entry) -> None:
    """First name and team, and when; never the door word, which is for who opens the door (rule E1)."""
    relatives = _relatives(entry)
    if not relatives:
        return
    about = "order__item", "order__resident", "volunteer__person", "volunteer__team"
    assignment = Assignment.objects.select_related(*about).get(pk=entry.subject_id)
    if assignment.state == Assignment.State.HELD:
        text = _("%(person)s的「%(item)s」：%(when)s，%(team)s%(name)s上门。") % {
            "person": assignment.order.resident.name,
            "item": assignment.order.item,
            "when": moment_in_words(assignment.order.planned_start),
            "team": assignment.volunteer.team,
            "name": rules.called(assignment.volunteer.person.name),
        }
        _tell(entry, relatives, text)


@on("needs.order_rescheduled")
def tell_the_family_the_new_time(entry: Entry) -> None:
    if relatives := _relatives(entry):
        order = _order(entry.subject_id)
        words = _names(order) | {"when": moment_in_words(order.planned_start)}
        _tell(entry, relatives, _("%(person)s的「%(item)s」改了时间，改到%(when)s。") % words)


@on("needs.withdrew", "needs.let_go")
def tell_the_family_that_it_changed(entry: Entry) -> None:
    """Unless a change of plan is behind it, of which they are told by itself."""
    if entry.facts.get("because") == Assignment.Why.OTHERWISE:
        return
    if relatives := _relatives(entry):
        order = _order(entry.facts["order"])
        if order.state in {Order.State.WAITING, Order.State.OFFERED}:
            text = _("%(person)s的「%(item)s」原来的志愿者来不了，正在另外找人。")
            _tell(entry, relatives, text % _names(order))


@on("needs.order_returned", "needs.order_redirected", "needs.order_cancelled")
def tell_the_family_that_it_ended(entry: Entry) -> None:
    if relatives := _relatives(entry):
        order = _order(entry.subject_id)
        words = _names(order) | {"state": order.get_state_display()}
        _tell(entry, relatives, _("%(person)s的「%(item)s」%(state)s。") % words)


@on("needs.order_confirmed")
def tell_the_family_that_it_was_done(entry: Entry) -> None:
    if relatives := _relatives(entry):
        text = _("%(person)s的「%(item)s」做好了，已经确认。")
        _tell(entry, relatives, text % _names(_order(entry.subject_id)))


def _relatives(entry: Entry) -> list[Person]:
    """Who is told, asked first, because most residents have nobody who is; who did it himself knows it."""
    told = told_about(entry.for_person_id) if entry.for_person_id else []
    return [each for each in told if each.user_id is None or each.user_id != entry.actor_id]


def _order(pk: int) -> Order:
    return Order.objects.select_related("item", "resident").get(pk=pk)


def _names(order: Order) -> dict[str, object]:
    return {"person": order.resident.name, "item": order.item}


def _tell(entry: Entry, relatives: list[Person], text: str) -> None:
    """One deed is told to one relative once (rule N3)."""
    for relative in relatives:
        key = f"{entry.pk}:family:{relative.pk}"
        tell(person=relative, text=text, key=key, link=FAMILY_PAGE % entry.for_person_id)
