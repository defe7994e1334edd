"""Questions that a resident asks: what can I get, what is happening with mine."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When

from lianxin.base import clock
from lianxin.base.paths import PathField
from lianxin.base.prepared import Prepared, Slot
from lianxin.base.search import pieces_of_query
from lianxin.journal.models import Entry
from lianxin.needs.models.menu import MenuClosing, MenuItem
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Visit
from lianxin.needs.queries.timeline import course
from lianxin.organisations.models import Kind, Node, Tree
from lianxin.people.models import Helper, Person

SOONEST = (
    Order.State.TO_CONFIRM,
    Order.State.SERVING,
    Order.State.ACCEPTED,
    Order.State.RETURNED,
    Order.State.OFFERED,
    Order.State.WAITING,
    Order.State.CHECKING,
    Order.State.PAUSED,
    Order.State.REDIRECTED,
)


def menu_of(place: Node) -> QuerySet[MenuItem]:
    """What can be ordered at this place: its own items first, then those of the places above it (rule O7)."""
    return _open_at(place.path).order_by("-place__path", "rank", "pk")


def item_on_the_menu(place: Node, pk: int) -> MenuItem | None:
    """One of them, with the place whose menu it stands on."""
    return _one_open_at.first(place.path, pk)


def _open_at(path: str | Slot) -> QuerySet[MenuItem]:
    closed = MenuClosing.objects.filter(place__path__above=path).values_list("item", flat=True)
    return MenuItem.objects.filter(place__path__above=path, is_open=True).exclude(pk__in=closed)


_one_open_at = Prepared(
    lambda path, pk: _open_at(path).filter(pk=pk).select_related("place"), PathField(), models.BigIntegerField()
)


def whole_menu(place: Node) -> QuerySet[MenuItem]:
    """All items of a place and those it inherits, closed ones too: `is_closed_here` and `is_closed_above` say why."""
    closings = MenuClosing.objects.filter(item=OuterRef("pk"))
    above = closings.filter(place__path__above=place.path).exclude(place=place)
    items = MenuItem.objects.filter(place__path__above=place.path).select_related("place", "skill")
    return items.annotate(is_closed_here=Exists(closings.filter(place=place)), is_closed_above=Exists(above)).order_by(
        "-place__path", "rank", "pk"
    )


def items_around(paths: list[str]) -> QuerySet[MenuItem]:
    """What can be ordered somewhere below these places: their own items and those that they inherit."""
    above = {key for path in paths for key in path.split(".")}
    near = Q(place__path__under_any=paths) | Q(place__in=above)
    return MenuItem.objects.filter(near, is_open=True).order_by("rank", "pk")


def keepable_places(paths: list[str], query: str = "") -> QuerySet[Node]:
    """The places below these paths that may have a menu of their own, the highest first."""
    places = Node.objects.filter(path__under_any=paths, tree=Tree.PLACE, closed_on=None)
    found = places.filter(search__contains=pieces_of_query(query)) if query.strip() else places
    return found.exclude(kind__in=[Kind.STATION, Kind.BASE, Kind.GRID]).order_by("path")


def orders_of(person: Person) -> QuerySet[Order]:
    """The person's own orders and those of whom he may follow, newest first."""
    orders = _followed(person.pk, clock.today())
    return orders.select_related("item", "resident", "rating").order_by("-placed_at", "-pk")


def followed_order(person: Person, pk: int) -> Order | None:
    """One of these orders, bare, for an action, which reads it again under its lock."""
    return _followed_order.first(person.pk, clock.today(), pk)


def _followed(person: int | Slot, on: date | Slot) -> QuerySet[Order]:
    followed = Helper.objects.filter(helper_id=person, scopes__contains=[Helper.Scope.FOLLOW], during__contains=on)
    own = Person.objects.filter(pk=person).values("pk")
    return Order.objects.filter(resident__in=own.union(followed.values("person")))


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


def open_orders_of_resident(resident: Person) -> list[Order]:
    """One person's open orders as who follows them sees them, what happens soonest first."""
    found = Order.objects.filter(resident=resident).exclude(state__in=Order.ENDED).select_related("item", "resident")
    rows = found.prefetch_related(*course()).order_by("-pk")
    return sorted(rows, key=lambda order: (SOONEST.index(order.state), order.planned_start, order.pk))


def was_cancel_asked(order: Order, person: Person) -> bool:
    """Whether this relative has asked the desk to ring about the order (rule O9)."""
    asked = Entry.objects.filter(name="needs.cancel_asked", subject_type=Order._meta.label_lower, subject_id=order.pk)
    return bool(person.user_id) and asked.filter(actor_id=person.user_id).exists()


def last_visit_to(person: Person) -> Visit | None:
    """The last finished visit at this person's door, with its team: whoever may ask sees that somebody was there.

    Where several went, and one of them was concerned, its `found` says so (rule E9).
    """
    visits = Visit.objects.filter(assignment__order__resident=person, finished_at__isnull=False)
    about = visits.select_related("assignment__volunteer__team", "assignment__order__item")
    last = about.order_by("-finished_at", "-pk").first()
    if last is not None:
        said = visits.filter(assignment__order=last.assignment.order_id, round=last.round).values_list(
            "found", flat=True
        )
        last.found = min(filter(None, said), default="")  # «concern» stands before «well»
    return last


def next_visit_to(person: Person) -> Order | None:
    """The order to which somebody has promised to come next, with its team."""
    coming = Order.objects.filter(resident=person, state=Order.State.ACCEPTED, starts_at__gte=clock.now())
    return coming.select_related("item").prefetch_related(*course()).order_by("starts_at", "pk").first()


def copy_of_orders(resident: Person) -> list[dict[str, Any]]:
    """What somebody has ordered, with his own words opened, for his own copy (rule P8)."""
    return [
        {
            "number": order.pk,
            "item": order.item.name,
            "state": order.state,
            "state_words": order.get_state_display(),
            "placed_at": order.placed_at.isoformat(),
            "wanted_from": order.window.lower.isoformat(),
            "wanted_until": order.window.upper.isoformat(),
            "details": order.details.open() if order.details else "",
            "visits": [_copy_of_visit(visit) for visit in _visits_of(order)],
        }
        for order in Order.objects.filter(resident=resident)
        .select_related("item")
        .prefetch_related("assignments__visits")
        .order_by("-placed_at", "-pk")
    ]


def _copy_of_visit(visit: Visit) -> dict[str, str]:
    """When it was, what was done, and how whoever came found him."""
    return {
        "started_at": visit.started_at.isoformat(),
        "finished_at": visit.finished_at.isoformat() if visit.finished_at else "",
        "outcome": visit.outcome,
        "found": visit.get_found_display(),
    }


def _visits_of(order: Order) -> list[Visit]:
    visits = [visit for assignment in order.assignments.all() for visit in assignment.visits.all()]
    return sorted(visits, key=lambda visit: visit.pk)
