"""Questions that a resident asks: what can I get, what is happening with mine."""

from datetime import date

from django.db import models
from django.db.models import Case, Q, QuerySet, When

from lianxin.base import clock
from lianxin.base.prepared import Prepared, Slot
from lianxin.needs.models.menu import MenuItem
from lianxin.needs.models.orders import Order
from lianxin.needs.queries.timeline import course
from lianxin.organisations.models import Node
from lianxin.people.models import Helper, Person

SOONEST = (
    Order.State.TO_CONFIRM,
    Order.State.SERVING,
    Order.State.ACCEPTED,
    Order.State.RETURNED,
    Order.State.OFFERED,
    Order.State.WAITING,
    Order.State.CHECKING,
)


def menu_of(place: Node) -> QuerySet[MenuItem]:
    """What can be ordered at this place: its own items and those of the places above it."""
    return MenuItem.objects.filter(place__path__above=place.path, is_open=True).order_by("pk")


def orders_of(person: Person) -> QuerySet[Order]:
    """The person's own orders and those of whom he may follow, newest first."""
    orders = _followed(person.pk, clock.today())
    return orders.select_related("item", "resident", "rating").order_by("-pk")


def followed_order(person: Person, pk: int) -> Order | None:
    """One of these orders, bare, for an action, which reads it again under its lock."""
    return _followed_order.first(person.pk, clock.today(), pk)


def _followed(person: int | Slot, on: date | Slot) -> QuerySet[Order]:
    followed = Helper.objects.filter(helper_id=person, scopes__contains=[Helper.Scope.FOLLOW], during__contains=on)
    return Order.objects.filter(Q(resident_id=person) | Q(resident__in=followed.values("person")))


_followed_order = Prepared(
    lambda person, on, pk: _followed(person, on).filter(pk=pk),
    models.BigIntegerField(),
    models.DateField(),
    models.BigIntegerField(),
)


def own_orders(person: Person) -> QuerySet[Order]:
    """The person's orders as he reads them: what he has to answer or expect first, the ended ones last."""
    rank = Case(*(When(state=state, then=place) for place, state in enumerate(SOONEST)), default=len(SOONEST))
    return orders_of(person).annotate(is_ended=Q(state__in=Order.ENDED), rank=rank).order_by("rank", "-pk")


def open_orders_of(person: Person) -> list[Order]:
    """The person's open orders, with their course; first what he has to answer, then what happens soonest."""
    found = orders_of(person).exclude(state__in=Order.ENDED).prefetch_related(*course())
    return sorted(found, key=lambda order: (SOONEST.index(order.state), order.planned_start, order.pk))
