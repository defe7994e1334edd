"""转办: what volunteers must not do goes to whoever is competent, and somebody rings back (rules V3 and V4)."""

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.moves import move
from lianxin.base.refused import Refused
from lianxin.journal.actions import note
from lianxin.needs import rules
from lianxin.needs.actions.alarms import end_missed, want_it_still
from lianxin.needs.actions.checking import require_reason, take_duty
from lianxin.needs.actions.dispatching import let_everybody_go
from lianxin.needs.models.detours import Redirect
from lianxin.needs.models.orders import Order
from lianxin.organisations.queries import require
from lianxin.users.models import User

TOLD = 100


@action
def redirect_order(*, order: Order, by: User, reason: str, to: Redirect.To, outside_number: str = "") -> Redirect:
    """Hand the order to whoever is competent; it stays open, and a call back is due (rules V3 and V4).

    Who had accepted is let go and told so; he may be asked again should it come back.
    """
    order = lock(Order, order.pk, "item", "resident")
    require(by, "needs.verify", order.place_path)
    require_reason(reason)
    move(order, Order.State.REDIRECTED)
    now = clock.now()
    redirect = Redirect(order=order, to=to, outside_number=outside_number, words=reason[:60], made_by=by, made_at=now)
    redirect.save()
    order.reason = (_("转给%(to)s：%(words)s") % {"to": redirect.get_to_display(), "words": reason})[:TOLD]
    order.due_at, order.rises_at = rules.call_back_at(redirect, now), None
    take_duty(order, by)
    let_everybody_go(order)
    order.starts_at = None
    order.ask_afresh()
    order.save()
    end_missed(order, by)
    note(
        "needs.order_redirected",
        order,
        by=by,
        scope=order.place_path,
        for_person=order.resident_id,
        to=to,
        redirect=redirect.pk,
    )
    return redirect


@action
def state_outcome(*, redirect: Redirect, by: User, came: Redirect.Came, outcome: str) -> Redirect:
    """Somebody has rung back and states what came of it: settled, still going on, or back to us (rule V4)."""
    order = lock(Order, redirect.order_id, "item", "resident")
    redirect = lock(Redirect, redirect.pk)
    require(by, "needs.confirm_for_resident", order.place_path)
    if not outcome.strip():
        raise Refused(_("请写明问到的结果，居民会看到。"), field="outcome")
    if redirect.came not in Redirect.OPEN:
        raise Refused(_("这次转办的结果已经写明了。请刷新页面看最新情况。"))
    redirect.called_by, redirect.called_at = by, clock.now()
    redirect.came, redirect.outcome = came, outcome
    redirect.save()
    _go_on(order, redirect)
    order.save()
    facts = {"came": str(came), "redirect": redirect.pk}
    note("needs.redirect_answered", order, by=by, scope=order.place_path, for_person=order.resident_id, **facts)
    return redirect


def _go_on(order: Order, redirect: Redirect) -> None:
    now = clock.now()
    if redirect.came == Redirect.Came.GOES_ON:
        order.due_at = rules.call_back_at(redirect, now)
    elif redirect.came == Redirect.Came.SETTLED:
        move(order, Order.State.SETTLED)
        order.due_at, order.rises_at = None, None
    else:
        back_where_it_was(order, rules.Deadlines(now))


def back_where_it_was(order: Order, deadlines: rules.Deadlines) -> None:
    """An order that comes back from a detour waits for the station, or for the desk once it has been checked."""
    is_checked = order.verified_at is not None
    move(order, Order.State.WAITING if is_checked else Order.State.CHECKING)
    want_it_still(order)
    order.due_at = deadlines.dispatch(order) if is_checked else deadlines.verify(order)
    order.rises_at = order.due_at if is_checked else None
    order.promised_at, order.reason = deadlines.promise(order), ""
