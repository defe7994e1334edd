"""Questions that the desk asks: what waits, for whom, since when."""

from typing import Any

from django.db.models import Case, F, Max, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from lianxin.base import clock
from lianxin.base.paths import Parent
from lianxin.base.prepared import Slot
from lianxin.base.search import pieces_of_query
from lianxin.journal.models import Entry
from lianxin.needs.models.detours import Objection
from lianxin.needs.models.menu import MenuItem
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order, OrderSet
from lianxin.needs.models.visits import Assignment, Visit
from lianxin.organisations.models import Node, RoleHeld
from lianxin.organisations.queries import may
from lianxin.organisations.rules import roles_with
from lianxin.people.models import ContactBy, Person
from lianxin.people.rules import is_minor
from lianxin.users.models import User
from lianxin.volunteers.models import Volunteer

SHOWN_OF_EARLIER = 3
MOST_COMERS = 30
WAITS = (Order.State.WAITING, Order.State.OFFERED)
_REACHED_BY_PHONE = Q(resident__user=None) | Q(
    resident__contact_by__in=[ContactBy.CALL, ContactBy.VISIT, ContactBy.FAMILY]
)


def waiting_in(state: Order.State, paths: list[str] | Slot) -> OrderSet:
    """Orders in this state below these places or teams, what is due first on top."""
    orders = Order.objects.filter(state=state).under_any(paths)
    return orders.select_related("item", "resident", "place").order_by("due_at", "pk")


def orders_under(paths: list[str]) -> OrderSet:
    """All orders below these places or teams, with since when each has waited."""
    return with_since(Order.objects.under_any(paths).select_related("item__skill", "resident", "place"))


def to_verify(paths: list[str]) -> OrderSet:
    """What the stations below these places have to verify, what is due first on top."""
    return with_since(waiting_in(Order.State.CHECKING, paths))


def to_dispatch(paths: list[str]) -> OrderSet:
    """What waits for a volunteer to be asked, what is due first on top."""
    return with_since(waiting_in(Order.State.WAITING, paths))


def overdue(paths: list[str]) -> OrderSet:
    """What is past its time, in whatever state, the latest on top: the list for the whole reach (rule C6)."""
    orders = orders_under(paths).exclude(state__in=(*Order.ENDED, Order.State.PAUSED)).filter(due_at__lt=clock.now())
    return orders.order_by("due_at", "pk")


def redirected(paths: list[str]) -> OrderSet:
    """What was handed to others and waits for a call back, what is due first on top (rule V4)."""
    return with_since(waiting_in(Order.State.REDIRECTED, paths))


def objections(paths: list[str]) -> QuerySet[Objection]:
    """Objections that whoever stands at these paths decides: over the place, or above the team that objected, never the
    team itself; the longest on top (rule D11)."""
    waiting = Objection.objects.filter(state=Objection.State.OPEN, order__state__in=WAITS)
    found = waiting.annotate(above=Parent("team__path"))
    here = Q(above__under_any=paths) | Q(order__place_path__under_any=paths)
    return found.filter(here).select_related("order__item", "order__place", "team", "made_by").order_by("made_at", "pk")


def to_confirm(paths: list[str]) -> OrderSet:
    """What was done and waits for the resident's word, what is due first on top."""
    return with_since(waiting_in(Order.State.TO_CONFIRM, paths))


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
        numbered = Order.objects.filter(pk=int(query)).values("pk")
        return orders.filter(pk__in=numbered.union(Order.objects.filter(resident__call_number=query).values("pk")))
    # The few items are asked first: an «or» across two tables would have every order in reach looked at.
    items = list(MenuItem.objects.filter(name__icontains=query).values_list("pk", flat=True))
    named = Q(resident__search__contains=pieces_of_query(query)) if by_name else Q(pk__in=[])
    return orders.filter(Q(item__in=items) | named if items else named)


def name_seen_by(user: User, order: Order) -> str:
    """The resident's name in full for whoever verifies or rings back in that place, else masked: 王**; a minor's
    always (rule P12)."""
    resident = order.resident
    if is_minor(resident, clock.today()):
        return resident.masked_name
    return resident.name if may(user, "needs.see_resident", order.place_path) else resident.masked_name


def answering_node(order: Order) -> Node | None:
    """The team, or the rung above it, that answers for the order now."""
    path = order.answering_path
    return Node.objects.filter(path=path).first() if path else None


def may_answer_for(user: User, order: Order) -> bool:
    """Whether this user's desk reaches the order, so that it can be handed to him (rule D10)."""
    return may(user, "needs.see_orders", order.place_path) or may(
        user, "needs.dispatch", order.place_path, order.team_path
    )


def who_may_answer_for(order: Order) -> list[User]:
    """Everybody whose desk reaches the order, by name."""
    roles = roles_with("needs.see_orders") | roles_with("needs.dispatch")
    paths = [path for path in (order.place_path, order.team_path) if path]
    above = Q()
    for path in paths:
        above |= Q(node__path__above=path)
    held = RoleHeld.objects.filter(above, role__in=roles, during__contains=clock.today())
    return list(User.objects.filter(pk__in=held.values("user")).order_by("display_name", "pk"))


def may_decide(user: User, objection: Objection, order: Order) -> bool:
    """Whether this user stands above the team that objected: over its rung or over the order's place (rule D11)."""
    above = objection.team.path.rpartition(".")[0]
    return may(user, "needs.decide_objection", above or None, order.place_path)


def who_served_last(order: Order) -> Volunteer | None:
    """Who finished the last visit of the order."""
    finished = order.assignments.filter(visits__finished_at__isnull=False).select_related("volunteer__person")
    last = finished.order_by("-visits__finished_at", "-pk").first()
    return last.volunteer if last else None


def who_has_come(resident: Person) -> list[Volunteer]:
    """The volunteers who serve or have served this resident, the latest first, each once."""
    theirs = Assignment.objects.filter(order__resident=resident).filter(
        Q(state=Assignment.State.HELD) | Q(visits__isnull=False)
    )
    latest = theirs.select_related("volunteer__person", "volunteer__team").order_by("-accepted_at", "-pk")
    return list(dict.fromkeys(each.volunteer for each in latest[:MOST_COMERS]))


def entries_of_order(number: int) -> Q:
    """The journal entries about an order, its offers, assignments and visits."""
    about: tuple[QuerySet[Any], ...] = (
        Order.objects.filter(pk=number),
        Offer.objects.filter(order=number),
        Assignment.objects.filter(order=number),
        Visit.objects.filter(assignment__order=number),
    )
    first, *others = (
        Entry.objects.filter(subject_type=rows.model._meta.label_lower, subject_id__in=rows.values("pk")).values("pk")
        for rows in about
    )
    # Each kind is looked up by the index of subjects: of an «or» among them the database reads the whole journal.
    return Q(pk__in=first.union(*others))


def other_orders(order: Order, paths: list[str]) -> OrderSet:
    """The last few other orders of the same resident below these paths, newest first."""
    others = Order.objects.under_any(paths).filter(resident=order.resident_id).exclude(pk=order.pk)
    return others.select_related("item").order_by("-placed_at", "-pk")[:SHOWN_OF_EARLIER]


def with_since(orders: OrderSet) -> OrderSet:
    """Orders annotated with `since`: the moment from which the order has waited for whoever is next."""
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
    return Order.objects.filter(resident=resident).select_related("item").order_by("-placed_at", "-pk")
