"""Who hears of the turns that an order takes on its way: raised, paused, moved, asked of a team."""

from django.utils.translation import gettext as _

from lianxin.base.words import moment_in_words
from lianxin.journal.bell import on
from lianxin.journal.models import Entry
from lianxin.needs.actions.again import ask_the_wished
from lianxin.needs.models.detours import Objection, Redirect
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from lianxin.needs.queries.calls import heard_in_call
from lianxin.needs.tasks.telling import ORDER_PAGE, TASKS_PAGE
from lianxin.organisations.models import Role
from lianxin.organisations.queries import holders_at
from lianxin.people.actions.reaching import tell
from lianxin.people.models import Person
from lianxin.users.models import User

TEAM_PAGE = "/team/"
DISPATCH_PAGE, OBJECTIONS_PAGE = "/console/dispatch/?order=%d", "/console/objections/"
DESK_PAGE = "/console/orders/%d/"


@on("needs.order_resubmitted", "needs.order_resumed", "needs.order_rescheduled")
def tell_the_promise_anew(entry: Entry) -> None:
    """When a promise begins anew, the resident hears by when, and for which time; in a call he has heard it (N3)."""
    order = _order(entry.subject_id)
    if heard_in_call(order.resident, entry):
        return
    text = _("「%(item)s」继续给您办，时间是%(when)s，%(until)s前给您回话。") % {
        "item": order.item,
        "when": moment_in_words(order.planned_start),
        "until": moment_in_words(order.promised_at),
    }
    _tell_resident(order, text, entry)


@on("needs.order_paused")
def tell_why_it_pauses(entry: Entry) -> None:
    order = _order(entry.subject_id)
    pause = order.pauses.get(pk=entry.facts["pause"])
    text = _("「%(item)s」先停一停：%(reason)s。%(until)s再接着办。") % {
        "item": order.item,
        "reason": pause.reason.rstrip("。"),
        "until": moment_in_words(pause.until),
    }
    _tell_resident(order, text, entry)


@on("needs.order_redirected")
def tell_to_whom_it_goes(entry: Entry) -> None:
    """And that somebody here will ask what came of it (rule V4)."""
    order = _order(entry.subject_id)
    if order.state == Order.State.REDIRECTED:
        text = _("「%(item)s」%(reason)s。办得怎么样，我们会再问、再告诉您。") % {
            "item": order.item,
            "reason": order.reason.rstrip("。"),
        }
        _tell_resident(order, text, entry)


@on("needs.redirect_answered")
def tell_what_came_of_it(entry: Entry) -> None:
    order, redirect = _order(entry.subject_id), Redirect.objects.get(pk=entry.facts["redirect"])
    text = _("「%(item)s」转给%(to)s的结果：%(outcome)s") % {
        "item": order.item,
        "to": redirect.get_to_display(),
        "outcome": redirect.outcome,
    }
    _tell_resident(order, text, entry)


@on("needs.let_go")
def tell_who_need_not_come_any_more(entry: Entry) -> None:
    """In the same kind words whatever the reason: it counts for nothing (rules D12 and D13)."""
    released = Assignment.objects.select_related("order__item", "volunteer__person").get(pk=entry.subject_id)
    text = _("「%(item)s」另有安排，您这次不用去了。谢谢您！") % {"item": released.order.item}
    _tell(entry, released.volunteer.person, text, TASKS_PAGE)


@on("needs.let_go")
def tell_the_resident_that_we_look_again(entry: Entry) -> None:
    """Unless a change of plan of his own is behind it."""
    order = _order(entry.facts["order"])
    if entry.facts["because"] == Assignment.Why.OTHERWISE or order.state not in {
        Order.State.WAITING,
        Order.State.OFFERED,
    }:
        return
    text = _("「%(item)s」原来的志愿者来不了，我们正在另外找人，找到了马上告诉您。") % {"item": order.item}
    _tell_resident(order, text, entry)


@on("needs.team_asked")
def ask_the_captains(entry: Entry) -> None:
    """Unless the team has answered before we come to ask; never more than rule D5 allows."""
    offer = Offer.objects.select_related("order__item", "order__place", "team").get(pk=entry.subject_id)
    if offer.team is None or offer.state != Offer.State.OPEN:
        return
    text = _("问%(team)s：「%(item)s」，%(when)s，%(place)s。请在%(until)s前转给队员，或者婉拒。") % {
        "team": offer.team,
        "item": offer.order.item,
        "when": moment_in_words(offer.order.planned_start),
        "place": offer.order.place,
        "until": moment_in_words(offer.lapses_at),
    }
    for captain in holders_at(offer.team.path, Role.CAPTAIN):
        _tell_user(entry, captain, text, TEAM_PAGE)


@on("needs.order_raised")
def tell_who_answers_now(entry: Entry) -> None:
    """The captains and dispatchers of the rung; where it has none, those of the place."""
    order = _order(entry.subject_id)
    if order.state != Order.State.WAITING or order.tier != entry.facts["tier"]:
        return
    text = _("%(number)d 号「%(item)s」到时没有人接，升到您这一级，请尽快安排。") % {
        "number": order.number,
        "item": order.item,
    }
    who = holders_at(order.answering_path or "", Role.CAPTAIN, Role.DISPATCHER)
    for user in who or holders_at(order.place_path, Role.DISPATCHER):
        _tell_user(entry, user, text, DISPATCH_PAGE % order.pk)


@on("needs.order_handed_over")
def tell_who_is_responsible(entry: Entry) -> None:
    order = _order(entry.subject_id)
    if order.responsible_id == entry.facts["to"] and order.responsible:
        text = _("%(number)d 号「%(item)s」交给您负责到底。") % {"number": order.number, "item": order.item}
        _tell_user(entry, order.responsible, text, DESK_PAGE % order.pk)


@on("needs.objected")
def tell_who_decides(entry: Entry) -> None:
    objection = Objection.objects.select_related("order__item", "team").get(pk=entry.facts["objection"])
    if objection.state != Objection.State.OPEN:
        return
    text = _("%(team)s对 %(number)d 号「%(item)s」的派单有异议，请您决定。") % {
        "team": objection.team,
        "number": objection.order_id,
        "item": objection.order.item,
    }
    above = objection.team.path.rpartition(".")[0]
    who = holders_at(above, Role.CAPTAIN, Role.DISPATCHER) if above else []
    for user in who or holders_at(objection.order.place_path, Role.DISPATCHER, Role.CITY_OFFICER):
        if user.pk != objection.made_by_id:
            _tell_user(entry, user, text, OBJECTIONS_PAGE)


@on("needs.objection_decided", "needs.objection_dropped")
def tell_who_objected(entry: Entry) -> None:
    about = "order__item", "made_by", "moved_to"
    objection = Objection.objects.select_related(*about).get(pk=entry.facts["objection"])
    text = _("您对 %(number)d 号「%(item)s」的异议：%(state)s。%(words)s") % {
        "number": objection.order_id,
        "item": objection.order.item,
        "state": objection.get_state_display(),
        "words": objection.words,
    }
    _tell_user(entry, objection.made_by, text, DISPATCH_PAGE % objection.order_id)


@on("needs.order_placed", "needs.order_verified", when=lambda entry: "wished" in entry.facts)
def ask_whom_the_resident_wished(entry: Entry) -> None:
    """再请上次那位: asked by the product as soon as the order waits (rule D16)."""
    order = _order(entry.subject_id)
    if order.state == Order.State.WAITING:
        ask_the_wished(order=order)


def _order(pk: int) -> Order:
    return Order.objects.select_related("item", "resident", "responsible").get(pk=pk)


def _tell_resident(order: Order, text: str, entry: Entry) -> None:
    _tell(entry, order.resident, text, ORDER_PAGE % order.pk)


def _tell_user(entry: Entry, user: User, text: str, link: str) -> None:
    person = Person.objects.filter(user=user).first()
    if person:
        _tell(entry, person, text, link)


def _tell(entry: Entry, person: Person, text: str, link: str) -> None:
    """One deed is told to one person once (rule N3)."""
    tell(person=person, text=text, key=f"{entry.pk}:{person.pk}", link=link)
