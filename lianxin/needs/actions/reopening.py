"""还没做好: the order is served again; what was served before is left alone (rule E8)."""

from datetime import datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.moves import move
from lianxin.base.refused import Refused
from lianxin.journal.actions import note
from lianxin.needs import rules
from lianxin.needs.actions.alarms import serve_anew
from lianxin.needs.actions.closing import require_speaks_for
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from lianxin.users.models import User
from lianxin.volunteers.actions.promising import commit_time, release_time
from lianxin.volunteers.models import Commitment


@action
def reopen_order(*, order: Order, words: str, by: User, start: datetime | None = None) -> Order:
    """It was not done: the same volunteers come again at `start`, or, without one, somebody is looked for anew.

    A new visit is added; earlier hours stay as they are. `words` are kept sealed, for who comes.
    """
    order = lock(Order, order.pk, "item", "resident__home")
    require_speaks_for(order, by)
    if not words.strip():
        raise Refused(_("请说一句哪里还没做好，来的人好准备。"), field="words")
    if (
        order.state == Order.State.DONE
        and order.confirmed_at
        and clock.now() > order.confirmed_at + rules.REOPEN_WITHIN
    ):
        raise Refused(_("这一单完成一周多了，请重新点一单。"))
    order.round += 1
    order.details = "\n".join(filter(None, [order.details.open() if order.details else "", _("还没做好：%s") % words]))
    order.confirmed_how, order.confirmed_at, order.asked = "", None, Order.Asked.HIMSELF
    if start:
        _come_again(order, start)
    else:
        serve_anew(order)
    facts = {"round": order.round, "state": order.state}
    note("needs.order_reopened", order, by=by, scope=order.place_path, for_person=order.resident_id, **facts)
    return order


def _come_again(order: Order, start: datetime) -> None:
    """The same volunteers hold the order on, and promise the new time."""
    if start <= clock.now():
        raise Refused(_("这个时间已经过去了，请另选时间。"), field="start")
    if start > clock.now() + rules.LONGEST_WINDOW:
        raise Refused(_("请选两周以内的时间。"), field="start")
    held = list(
        order.assignments.filter(state=Assignment.State.HELD).select_related("volunteer__person").order_by("pk")
    )
    if not held:
        raise Refused(_("原来的志愿者来不了，请选另外找人。"), field="start")
    move(order, Order.State.ACCEPTED)
    end = start + timedelta(minutes=order.minutes)
    order.starts_at, order.window, order.due_at = start, DateTimeTZRange(start, end), end
    order.save()
    for assignment in held:
        release_time(about=assignment)
        _require_free(assignment, start, end)
        commit_time(person=assignment.volunteer.person, start=start, end=end, about=assignment)


def _require_free(assignment: Assignment, start: datetime, end: datetime) -> None:
    """Said in the words of who asks; the database would say it in the volunteer's."""
    promised = Commitment.objects.filter(person=assignment.volunteer.person_id, state=Commitment.State.HELD)
    if promised.filter(during__overlap=DateTimeTZRange(start, end)).exists():
        raise Refused(_("原来的志愿者那个时间有别的事。请换个时间，或者另外找人。"), field="start")
