"""Questions that the desk asks: what waits, for whom, since when."""

from django.db.models import Case, F, Max, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from lianxin.base.search import pieces_of_query
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order, OrderSet
from lianxin.needs.models.visits import Assignment, Visit
from lianxin.organisations.queries import may
from lianxin.people.models import ContactBy, Person
from lianxin.users.models import User

SHOWN_OF_EARLIER = 3
_REACHED_BY_PHONE = Q(resident__user=None) | Q(
    resident__contact_by__in=[ContactBy.CALL, ContactBy.VISIT, ContactBy.FAMILY]
)


def waiting_in(state: Order.State, paths: list[str]) -> OrderSet:
    """Orders in this state below these places or teams, what is due first on top."""
    orders = Order.objects.filter(state=state).under_any(paths)
    return orders.select_related("item", "resident", "place").order_by("due_at", "pk")


def orders_under(paths: list[str]) -> OrderSet:
    """All orders below these places or teams, with since when each has waited."""
    return _with_since(Order.objects.under_any(paths).select_related("item__skill", "resident", "place"))


def to_verify(paths: list[str]) -> OrderSet:
    """What the stations below these places have to verify, what is due first on top."""
    return _with_since(waiting_in(Order.State.CHECKING, paths))


def to_dispatch(paths: list[str]) -> OrderSet:
    """What waits for a volunteer to be asked, what is due first on top."""
    return _with_since(waiting_in(Order.State.WAITING, paths))


def to_confirm(paths: list[str]) -> OrderSet:
    """What was done and waits for the resident's word, what is due first on top."""
    return _with_since(waiting_in(Order.State.TO_CONFIRM, paths))


def to_call_back(paths: list[str]) -> OrderSet:
    """Of what is to be confirmed, that of residents whom the desk rings, since they read no messages."""
    return to_confirm(paths).filter(_REACHED_BY_PHONE)


def unanswered(paths: list[str]) -> OrderSet:
    """What was done seven working days ago without anybody's word, and waits for the captain's (rule E7)."""
    return waiting_in(Order.State.TO_CONFIRM, paths).filter(asked=Order.Asked.CAPTAIN)


def matching(orders: OrderSet, query: str, *, by_name: bool) -> OrderSet:
    """The orders that a typed query means: a number is the order's or the resident's call number, else part of the
    item's name; part of the resident's name only for whoever may see names (`by_name`)."""
    if query.isdecimal():
        return orders.filter(Q(pk=int(query)) | Q(resident__call_number=query))
    found = Q(item__name__icontains=query)
    if by_name:
        found |= Q(resident__search__contains=pieces_of_query(query))
    return orders.filter(found)


def name_seen_by(user: User, order: Order) -> str:
    """The resident's name in full for whoever verifies or rings back in that place, else masked: 王**."""
    resident = order.resident
    return resident.name if may(user, "needs.see_resident", order.place_path) else resident.masked_name


def entries_of_order(number: int) -> Q:
    """The journal entries about an order, its offers, assignments and visits."""
    offers = Offer.objects.filter(order=number).values("pk")
    assignments = Assignment.objects.filter(order=number).values("pk")
    visits = Visit.objects.filter(assignment__order=number).values("pk")
    return (
        Q(subject_type=Order._meta.label_lower, subject_id=number)
        | Q(subject_type=Offer._meta.label_lower, subject_id__in=offers)
        | Q(subject_type=Assignment._meta.label_lower, subject_id__in=assignments)
        | Q(subject_type=Visit._meta.label_lower, subject_id__in=visits)
    )


def other_orders(order: Order, paths: list[str]) -> OrderSet:
    """The last few other orders of the same resident below these paths, newest first."""
    others = Order.objects.under_any(paths).filter(resident=order.resident_id).exclude(pk=order.pk)
    return others.select_related("item").order_by("-pk")[:SHOWN_OF_EARLIER]


def _with_since(orders: OrderSet) -> OrderSet:
    """Annotated with `since`: the moment from which the order has waited for whoever is next."""
    ended = Visit.objects.filter(assignment__order=OuterRef("pk")).order_by().values("assignment__order")
    served = Subquery(ended.annotate(last=Max("finished_at")).values("last"))
    checked = Coalesce("verified_at", "placed_at")
    since = Case(
        When(state__in=[Order.State.WAITING, Order.State.OFFERED], then=checked),
        When(state=Order.State.TO_CONFIRM, then=served),
        default=F("placed_at"),
    )
    return orders.annotate(since=since)


def orders_of_resident(resident: Person) -> OrderSet:
    """What was ordered for this resident, the last first."""
    return Order.objects.filter(resident=resident).select_related("item").order_by("-pk")
