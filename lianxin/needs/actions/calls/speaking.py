"""Ringing people of our own accord: what waits is told, and what was done is asked after, in one call (rule L11)."""

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import Many, action, lock
from lianxin.base.refused import Refused
from lianxin.needs.actions.calls.taking import end_call, own_open, start_call
from lianxin.needs.actions.closing import confirm_order, rate_order
from lianxin.needs.actions.reopening import reopen_order
from lianxin.needs.models.calls import Call
from lianxin.needs.models.orders import Order
from lianxin.needs.models.ratings import Rating
from lianxin.notices.actions import try_calls
from lianxin.notices.models import CallCard, CallTry
from lianxin.notices.queries import open_calls_to
from lianxin.people.models import Person
from lianxin.users.models import User


@action
def ring_out(*, person: Person, by: User) -> Call:
    """A call of our own begins; two operators do not ring the same person at once."""
    person = lock(Person, person.pk, "home")
    others = Call.objects.filter(person=person, source=Call.Source.OUT, ended_at=None).exclude(operator=by)
    busy = others.select_related("operator").first()
    if busy:
        raise Refused(_("%(name)s正在给这位居民打电话。") % {"name": busy.operator.display_name})
    call = start_call(by=by, person=person, source=Call.Source.OUT)
    call.kind = Call.Kind.CALL_BACK
    call.save(update_fields=["kind"])
    return call


@action
def told_all(*, call: Call, by: User) -> Many[CallCard]:
    """Everything that waited for this person was told in this call."""
    call = own_open(call, by)
    is_himself = call.relation in {"", Call.Relation.SELF}
    result = CallTry.Result.REACHED if is_himself else CallTry.Result.FAMILY
    return try_calls(cards=_cards(call), result=result, by=by)


@action
def nobody_answered(*, call: Call, by: User) -> Call:
    """We rang and nobody answered: a try for each message that was due, and the call is over."""
    call = own_open(call, by)
    due = [card for card in _cards(call) if card.due_at <= clock.now()] if call.source == Call.Source.OUT else []
    try_calls(cards=due, result=CallTry.Result.NO_ANSWER, by=by)
    return end_call(call=call, by=by, is_reached=False)


@action
def confirm_in_call(*, call: Call, order: Order, by: User, stars: int | None = None, words: str = "") -> Order:
    """The person served says in this call that it was done, and perhaps how well; both or neither."""
    call = _about(call, order, by)
    done = confirm_order(order=order, by=by, how="call")
    if stars:
        rate_order(order=done, by=by, stars=stars, words=words, how=Rating.How.CALL)
    return done


@action
def reopen_in_call(*, call: Call, order: Order, words: str, by: User) -> Order:
    """He says that it was not done: somebody is looked for anew (rule E8)."""
    _about(call, order, by)
    return reopen_order(order=order, words=words, by=by)


def _about(call: Call, order: Order, by: User) -> Call:
    call = own_open(call, by)
    if order.resident_id != call.person_id:
        raise Refused(_("这不是这位居民的单。"))
    call.order, call.kind = order, Call.Kind.CALL_BACK
    call.save(update_fields=["order", "kind"])
    return call


def _cards(call: Call) -> list[CallCard]:
    return list(open_calls_to(call.person_id)) if call.person_id else []
