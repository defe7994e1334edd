"""Who hears of what happens to an order."""

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.base.prepared import Prepared
from lianxin.base.words import moment_in_words
from lianxin.hours.models import Record
from lianxin.hours.queries import records_about
from lianxin.journal.bell import on
from lianxin.journal.models import Entry
from lianxin.needs import rules
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment, Visit
from lianxin.needs.queries.calls import heard_in_call
from lianxin.people.actions.reaching import tell
from lianxin.people.models import Person

ORDER_PAGE = "/orders/%d/"
TASKS_PAGE, TIME_PAGE = "/tasks/", "/time/"
NOT_NEEDED = {
    Order.State.CANCELLED: gettext_lazy("「%(item)s」取消了，您不用去了。谢谢您！"),
    Order.State.REDIRECTED: gettext_lazy("「%(item)s」转给了专门的单位，您不用去了。谢谢您！"),
}
"""What whoever had accepted reads when the order goes into one of these states."""


@on("needs.order_placed")
def tell_it_was_taken(entry: Entry) -> None:
    """「记下了，什么时候给您回话」; whoever ordered by telephone himself has heard it in that call (rule N3)."""
    order = _order(entry.subject_id)
    if order.way == Order.Way.CALL and heard_in_call(order.resident, entry):
        return
    text = _("「%(item)s」我们记下了，%(until)s前给您回话。") % {
        "item": order.item,
        "until": moment_in_words(order.promised_at),
    }
    _tell_resident(order, text, entry)


@on("needs.order_returned")
def tell_it_cannot_be_done(entry: Entry) -> None:
    order = _order(entry.subject_id)
    text = _("「%(item)s」%(state)s：%(reason)s") % {
        "item": order.item,
        "state": order.get_state_display(),
        "reason": order.reason,
    }
    _tell_resident(order, text, entry)


@on("needs.order_cancelled")
def tell_that_the_desk_cancelled(entry: Entry) -> None:
    """Unless he said so himself, on his own page or in a call (rule N3)."""
    order = _order(entry.subject_id)
    if entry.actor_id != order.resident.user_id and not heard_in_call(order.resident, entry):
        text = _("「%(item)s」已取消：%(reason)s") if order.reason else _("「%(item)s」已取消。")
        _tell_resident(order, text % {"item": order.item, "reason": order.reason}, entry)


@on("needs.released")
def tell_who_need_not_come(entry: Entry) -> None:
    assignment = Assignment.objects.select_related("order__item", "volunteer__person").get(pk=entry.subject_id)
    words = NOT_NEEDED.get(
        entry.facts.get("state", assignment.order.state), _("「%(item)s」改约了，这次您不用去了。谢谢您！")
    )
    text = words % {"item": assignment.order.item}
    _tell(entry, assignment.volunteer.person, text, TASKS_PAGE)


@on("needs.offered")
def ask_the_volunteer(entry: Entry) -> None:
    """Unless he has answered, or others were first, before we come to ask."""
    [offer] = _offer_with_order(entry.subject_id)
    if offer.volunteer is None or offer.state != Offer.State.OPEN:
        return
    text = _("有人需要「%(item)s」：%(when)s，%(place)s。能去吗？") % {
        "item": offer.order.item,
        "when": moment_in_words(offer.order.planned_start),
        "place": offer.order.place,
    }
    _tell(entry, offer.volunteer.person, text, TASKS_PAGE)


@on("needs.accepted")
def tell_who_comes(entry: Entry) -> None:
    """When, who, and the word he will say; and that it costs nothing."""
    [assignment] = _assignment_with_order(entry.subject_id)
    order, volunteer = assignment.order, assignment.volunteer
    if assignment.state != Assignment.State.HELD:
        return
    text = _("%(when)s，%(team)s%(name)s上门「%(item)s」。他会说“%(word)s”。不收钱。") % {
        "when": moment_in_words(order.planned_start),
        "team": volunteer.team,
        "name": rules.called(volunteer.person.name),
        "item": order.item,
        "word": order.door_word,
    }
    _tell_resident(order, text, entry)


@on("needs.withdrew")
def tell_that_we_look_again(entry: Entry) -> None:
    """Only while somebody is really being looked for."""
    order = _order(entry.facts["order"])
    if order.state in {Order.State.WAITING, Order.State.OFFERED}:
        text = _("「%(item)s」原来的志愿者来不了，我们正在另外找人，找到了马上告诉您。") % {"item": order.item}
        _tell_resident(order, text, entry)


@on("needs.visit_finished")
def ask_whether_it_was_done(entry: Entry) -> None:
    order = _order(entry.facts["order"])
    if order.state == entry.facts["state"] == Order.State.TO_CONFIRM:
        _tell_resident(order, _("「%(item)s」做好了吗？请您确认一下。") % {"item": order.item}, entry)


@on("needs.order_confirmed", "needs.order_vouched")
def thank_who_served(entry: Entry) -> None:
    """And say what became of his time: a clash is not his fault, but he should know of it (rule H3)."""
    for assignment in _held_with_order(entry.subject_id):
        records = records_about(_visits_of(assignment.pk))
        is_contested = any(record.state == Record.State.CONTESTED for record in records.values())
        words = _("「%(item)s」已经确认，服务时间记入您的账户。谢谢您！")
        if is_contested:
            words = _("「%(item)s」已经确认。服务时间和您的另一次服务重叠，先不计入，有疑问请联系队长。谢谢您！")
        text = words % {"item": assignment.order.item}
        _tell(entry, assignment.volunteer.person, text, TIME_PAGE)


_order_to_tell_of = Prepared(
    lambda pk: Order.objects.filter(pk=pk).select_related("item", "resident__home"), models.BigIntegerField()
)
_offer_with_order = Prepared(
    lambda pk: Offer.objects.filter(pk=pk).select_related("order__item", "order__place", "volunteer__person__home"),
    models.BigIntegerField(),
)
_held_with_order = Prepared(
    lambda pk: (
        Assignment.objects.filter(order=pk, state=Assignment.State.HELD)
        .select_related("order__item", "volunteer__person__home")
        .order_by("pk")
    ),
    models.BigIntegerField(),
)
_visits_of = Prepared(
    lambda assignment: Visit.objects.filter(assignment_id=assignment).order_by("pk"), models.BigIntegerField()
)
_assignment_with_order = Prepared(
    lambda pk: Assignment.objects.filter(pk=pk).select_related(
        "order__item", "order__resident__home", "volunteer__person", "volunteer__team"
    ),
    models.BigIntegerField(),
)


def _order(pk: int) -> Order:
    [order] = _order_to_tell_of(pk)
    return order


def _tell_resident(order: Order, text: str, entry: Entry) -> None:
    _tell(entry, order.resident, text, ORDER_PAGE % order.pk)


def _tell(entry: Entry, person: Person, text: str, link: str) -> None:
    """One deed is told to one person once (rule N3)."""
    tell(person=person, text=text, key=f"{entry.pk}:{person.pk}", link=link)
