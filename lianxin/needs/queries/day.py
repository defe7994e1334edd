"""The visits of one day at one place, and who has no sheet of them yet."""

from datetime import date, datetime, time, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Prefetch, Q
from django.utils import timezone

from lianxin.needs.models.aids import DaySheet
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from lianxin.organisations.models import Node, RoleHeld
from lianxin.organisations.rules import roles_with


def visits_of_day(place: Node, day: date) -> list[Order]:
    """What is to be visited below a place on that day, by hour: what is agreed, and what is wanted and has nobody yet.

    Each order knows who comes as `held`.
    """
    begins = datetime.combine(day, time.min, timezone.get_current_timezone())
    ends = begins + timedelta(days=1)
    agreed = Q(state__in=[Order.State.ACCEPTED, Order.State.SERVING], starts_at__gte=begins, starts_at__lt=ends)
    wanted = Q(
        state__in=[Order.State.CHECKING, Order.State.WAITING, Order.State.OFFERED],
        window__overlap=DateTimeTZRange(begins, ends),
    )
    held = Assignment.objects.filter(state=Assignment.State.HELD).select_related("volunteer__person", "volunteer__team")
    orders = Order.objects.filter(agreed | wanted, place_path__under=place.path).select_related(
        "item", "resident", "place"
    )
    found = orders.prefetch_related(Prefetch("assignments", held.order_by("pk"), to_attr="held"))
    return sorted(found, key=lambda order: (order.planned_start, order.pk))


def places_without_sheet(day: date) -> list[Node]:
    """The places at which somebody takes calls and whose sheet of that day is not made yet."""
    roles = [role.value for role in roles_with("needs.print_sheets")]
    desks = RoleHeld.objects.filter(role__in=roles, during__contains=day).values("node")
    made = DaySheet.objects.filter(day=day).values("place")
    return list(Node.objects.filter(pk__in=desks).exclude(pk__in=made).order_by("pk"))
