"""确认 and 评单: the resident says that it was done, and what he thought of it."""

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.moves import move
from lianxin.base.refused import Forbidden, Refused
from lianxin.hours.actions import confirm_hours
from lianxin.journal.actions import note
from lianxin.needs.models.orders import Order
from lianxin.needs.models.ratings import Rating
from lianxin.needs.models.visits import Visit
from lianxin.organisations.queries import may
from lianxin.people.models import Helper
from lianxin.people.queries import may_act_for
from lianxin.users.models import User


@action
def confirm_order(*, order: Order, by: User, how: str = "web") -> Order:
    """The person served, or who acts for him, or the desk that rang him, says it was done; the time is banked."""
    order = lock(Order, order.pk, "item", "resident")
    _require_speaks_for(order, by)
    move(order, Order.State.DONE)
    order.confirmed_how, order.confirmed_at, order.due_at = how, clock.now(), None
    order.save()
    visits = list(Visit.objects.filter(assignment__order=order, finished_at__isnull=False).order_by("pk"))
    confirm_hours(about=visits, by=by, how=how)
    note("needs.order_confirmed", order, by=by, scope=order.place_path, for_person=order.resident_id, how=how)
    return order


@action
def rate_order(*, order: Order, by: User, stars: int, words: str = "") -> Rating:
    """One to five stars and a few words, once; who served sees thanks, never this row (rule R1)."""
    order = lock(Order, order.pk, "item", "resident")
    _require_speaks_for(order, by)
    if order.state != Order.State.DONE:
        raise Refused(_("服务确认完成以后才能评价。"))
    if Rating.objects.filter(order=order).exists():
        raise Refused(_("这一单已经评价过了，谢谢您。"))
    rating = Rating.objects.create(order=order, stars=stars, words=words, by=by, at=clock.now())
    note("needs.order_rated", order, by=by, scope=order.place_path, for_person=order.resident_id)
    return rating


def _require_speaks_for(order: Order, by: User) -> None:
    own = getattr(by, "person", None)
    if own and may_act_for(own, order.resident, Helper.Scope.ORDER):
        return
    if not may(by, "needs.confirm_for_resident", order.place_path):
        raise Forbidden(_("只有点单的居民、家人或社区可以确认和评价。"))
