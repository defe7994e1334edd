"""Questions that a resident asks: what can I get, what is happening with mine."""

from django.db.models import Case, Q, QuerySet, When

from lianxin.needs.models.menu import MenuItem
from lianxin.needs.models.orders import Order
from lianxin.needs.queries.timeline import course
from lianxin.organisations.models import Node
from lianxin.people.models import Helper, Person
from lianxin.people.queries import helped_by

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
    followed = helped_by(person, Helper.Scope.FOLLOW)
    orders = Order.objects.filter(Q(resident=person) | Q(resident__in=followed))
    return orders.select_related("item", "resident", "rating").order_by("-pk")


def own_orders(person: Person) -> QuerySet[Order]:
    """The person's orders as he reads them: what he has to answer or expect first, the ended ones last."""
    rank = Case(*(When(state=state, then=place) for place, state in enumerate(SOONEST)), default=len(SOONEST))
    return orders_of(person).annotate(is_ended=Q(state__in=Order.ENDED), rank=rank).order_by("rank", "-pk")


def open_orders_of(person: Person) -> list[Order]:
    """The person's open orders, with their course; first what he has to answer, then what happens soonest."""
    found = orders_of(person).exclude(state__in=Order.ENDED).prefetch_related(*course())
    return sorted(found, key=lambda order: (SOONEST.index(order.state), order.planned_start, order.pk))
