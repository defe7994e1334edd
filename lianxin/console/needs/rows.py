"""Which orders stand on which list, narrowed by what the address asks for."""

from collections.abc import Callable, Mapping
from typing import Any, Self

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, QuerySet, Value
from django.http import Http404, QueryDict
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.paths import PathField
from lianxin.base.prepared import Prepared, PreparedValues, Slot
from lianxin.needs.models.detours import Redirect
from lianxin.needs.models.menu import Clock
from lianxin.needs.models.orders import Order, OrderSet
from lianxin.needs.queries import desk
from lianxin.organisations.queries import reach
from lianxin.users.models import User


class Narrowing(forms.Form):
    """The filters of a list of waiting orders; what makes no sense is passed over."""

    q = forms.CharField(
        label=_("单号、姓名或项目"), max_length=20, required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    clock = forms.ChoiceField(label=_("时限"), choices=[("", _("全部")), *Clock.choices], required=False)
    raised = forms.BooleanField(label=_("只看升级的"), required=False)
    late = forms.BooleanField(label=_("只看超时"), required=False)

    def __init__(self, data: QueryDict, *, by_name: bool) -> None:
        super().__init__(data)
        if not by_name:
            self.fields["q"].label = _("单号或项目")
        self.by_name = by_name

    @classmethod
    def of(cls, user: User, query: QueryDict) -> Self:
        """The filters that this user may use."""
        return cls(query, by_name=user.has_perm("needs.see_resident"))

    def asked(self) -> dict[str, Any]:
        """What was asked for and makes sense."""
        self.is_valid()
        return self.cleaned_data


class WiderNarrowing(Narrowing):
    """The filters of the list of all orders."""

    state = forms.ChoiceField(label=_("状态"), choices=[("", _("全部")), *Order.State.choices], required=False)
    since = forms.DateField(label=_("点单日期从"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("到"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    field_order = ("q", "state", "clock", "since", "until", "raised", "late")


class RedirectNarrowing(Narrowing):
    """The filters of the list of what was handed on: also to whom."""

    to = forms.ChoiceField(label=_("转给谁"), choices=[("", _("全部")), *Redirect.To.choices], required=False)
    field_order = ("q", "to", "clock", "late")

    def __init__(self, data: QueryDict, *, by_name: bool) -> None:
        super().__init__(data, by_name=by_name)
        del self.fields["raised"]


def to_verify(user: User, query: QueryDict) -> OrderSet:
    """What this user may verify."""
    return _narrowed(desk.to_verify(reach(user, "needs.verify")), Narrowing.of(user, query))


def to_dispatch(user: User, query: QueryDict) -> OrderSet:
    """What this user may find volunteers for."""
    return _narrowed(desk.to_dispatch(reach(user, "needs.dispatch")), Narrowing.of(user, query))


def asked_already(user: User, query: QueryDict) -> OrderSet:
    """What volunteers were asked for and have not all answered."""
    orders = desk.waiting_in(Order.State.OFFERED, reach(user, "needs.dispatch"))
    return _narrowed(orders, Narrowing.of(user, query))


def overdue(user: User, query: QueryDict) -> OrderSet:
    """Whatever is past its time, in this user's whole reach."""
    return _narrowed(desk.overdue(reach(user, "needs.see_orders")), Narrowing.of(user, query))


def redirected(user: User, query: QueryDict) -> OrderSet:
    """What was handed on and waits for this user's call back."""
    form = RedirectNarrowing.of(user, query)
    orders = _narrowed(desk.redirected(reach(user, "needs.confirm_for_resident")), form)
    to = form.asked().get("to")
    return orders.filter(redirects__to=to, redirects__came__in=Redirect.OPEN) if to else orders


def to_confirm(user: User, query: QueryDict) -> OrderSet:
    """What was done and is to be confirmed on the telephone; with `all`, also what residents confirm themselves."""
    paths = reach(user, "needs.confirm_for_resident")
    orders = desk.to_confirm(paths) if "all" in query else desk.to_call_back(paths)
    return _narrowed(orders, Narrowing.of(user, query))


def every(user: User, query: QueryDict) -> OrderSet:
    """All orders that this user may see, the newest first."""
    form = WiderNarrowing.of(user, query)
    orders = _narrowed(desk.orders_under(reach(user, "needs.see_orders")), form)
    asked = form.asked()
    if asked.get("state"):
        orders = orders.filter(state=asked["state"])
    if asked.get("since"):
        orders = orders.filter(placed_at__gte=clock.day_begins(asked["since"]))
    if asked.get("until"):
        orders = orders.filter(placed_at__lte=clock.day_ends(asked["until"]))
    return orders.order_by("-placed_at", "-pk")


BY_DUE: Mapping[str, Callable[[User, QueryDict], OrderSet]] = {
    "verify": to_verify,
    "to_confirm": to_confirm,
    "overdue": overdue,
    "redirected": redirected,
}
"""The lists that are worked from the top down, by their routes."""


def known(user: User, permission: str, pk: int) -> Order:
    """An order in reach for an action, which reads it again under its lock: only what is said afterwards."""
    found = _in_reach.first(reach(user, permission), pk)
    if found is None:
        raise Http404
    return found


_in_reach = Prepared(
    lambda paths, pk: Order.objects.under_any(paths).filter(pk=pk).select_related("item"),
    ArrayField(PathField()),
    models.BigIntegerField(),
)


def after(rows: OrderSet, order: Order) -> int | None:
    """The number of the row below this one in a list by due time, else of the first of the others."""
    below = Q(due_at__gt=order.due_at) | Q(due_at=order.due_at, pk__gt=order.pk)
    numbers = rows.values_list("pk", flat=True)
    return numbers.filter(below).first() or numbers.exclude(pk=order.pk).first()


def next_to_dispatch(user: User, query: QueryDict, order: Order) -> int | None:
    """The same among those that wait for a volunteer; where nothing narrows them, by a statement made once."""
    if any(Narrowing.of(user, query).asked().values()):
        return after(to_dispatch(user, query), order)
    found = _next_waiting(reach(user, "needs.dispatch"), order.due_at, order.pk)
    return next((pk for _rank, pk in found), None)


def _below_or_else_first(paths: Slot, due_at: Slot, pk: Slot) -> QuerySet[Order, Any]:
    waiting = desk.waiting_in(Order.State.WAITING, paths).exclude(pk=pk)
    below = waiting.filter(Q(due_at__gt=due_at) | Q(due_at=due_at, pk__gt=pk))
    one, other = (
        rows.annotate(rank=Value(rank)).values_list("rank", "pk")[:1] for rank, rows in enumerate((below, waiting))
    )
    return one.union(other, all=True).order_by("rank")


_next_waiting = PreparedValues(
    _below_or_else_first, ArrayField(PathField()), models.DateTimeField(), models.BigIntegerField()
)


def _narrowed(orders: OrderSet, form: Narrowing) -> OrderSet:
    asked = form.asked()
    if asked.get("q"):
        orders = desk.matching(orders, str(asked["q"]), by_name=form.by_name)
    if asked.get("clock"):
        orders = orders.filter(clock=asked["clock"])
    if asked.get("raised"):
        orders = orders.filter(tier__gt=0)
    if asked.get("late"):
        orders = orders.filter(due_at__lt=clock.now())
    return orders
