"""Questions that a volunteer asks: who needs me, what have I promised, when do I go."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from lianxin.base import clock
from lianxin.base.day_parts import HALF_HOUR, is_decent, next_half_hour
from lianxin.base.prepared import Prepared
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment, Visit
from lianxin.needs.rules import FORGOTTEN_AFTER
from lianxin.volunteers.models import Volunteer

LONG_WINDOW = timedelta(hours=6)


def offers_to(volunteer: Volunteer) -> QuerySet[Offer]:
    """All that the volunteer was ever asked, the soonest to lapse first."""
    return _with_order(Offer.objects.filter(volunteer=volunteer)).order_by("lapses_at", "pk")


def offer_to(volunteer: Volunteer, pk: int) -> Offer | None:
    """One of the offers that the volunteer ever got, for his answer."""
    return _offer_to.first(volunteer.pk, pk)


_offer_to = Prepared(
    lambda volunteer, pk: _with_order(Offer.objects.filter(volunteer_id=volunteer, pk=pk)),
    models.BigIntegerField(),
    models.BigIntegerField(),
)


def open_offers_to(volunteer: Volunteer) -> QuerySet[Offer]:
    """What the volunteer is being asked, the soonest to lapse first."""
    return offers_to(volunteer).filter(state=Offer.State.OPEN, lapses_at__gt=clock.now())


def tasks_of(volunteer: Volunteer) -> QuerySet[Assignment]:
    """What the volunteer has taken on and not yet seen through, the soonest first."""
    tasks = Assignment.objects.filter(volunteer=volunteer, state=Assignment.State.HELD)
    running = tasks.exclude(order__state__in=Order.ENDED)
    together = Prefetch("order__assignments", Assignment.objects.select_related("volunteer__person"))
    return (
        running.select_related("order__item", "order__resident", "order__place")
        .prefetch_related("visits", together)
        .order_by("order__starts_at", "pk")
    )


def task_of(volunteer: Volunteer, pk: int) -> Assignment | None:
    """One of the volunteer's tasks, running or over; None for one that he left or that is another's."""
    tasks = Assignment.objects.filter(volunteer=volunteer, state=Assignment.State.HELD, pk=pk)
    about = "order__item", "order__resident__circumstances", "order__place"
    return tasks.select_related(*about).prefetch_related(*_company()).first()


def tasks_ahead_of(volunteer: Volunteer) -> QuerySet[Assignment]:
    """Those of his running tasks in which he still has something to do."""
    served = Visit.objects.filter(
        assignment__volunteer=volunteer, finished_at__isnull=False, round=F("assignment__order__round")
    )
    return tasks_of(volunteer).exclude(pk__in=served.values("assignment"))


def visits_by(volunteer: Volunteer) -> QuerySet[Visit]:
    """The volunteer's finished visits, the latest first."""
    visits = Visit.objects.filter(assignment__volunteer=volunteer, finished_at__isnull=False)
    about = "assignment__order__item", "assignment__order__resident"
    return visits.select_related(*about).order_by("-finished_at", "-pk")


def start_times(order: Order) -> list[datetime]:
    """The starts from which a volunteer may choose: at once if the time has come, and each half hour that leaves
    room for the work; the agreed one where somebody has agreed already. In long windows each hour, by day."""
    if order.starts_at:
        return [order.starts_at]
    now, first, last = clock.now(), order.window.lower, order.window.upper
    step = HALF_HOUR if last - first <= LONG_WINDOW else 2 * HALF_HOUR
    chosen = [max(first, now)] if now < last else []
    each = next_half_hour(max(first, now) + timedelta(seconds=1))
    while each + timedelta(minutes=order.minutes) <= last:
        if is_decent(each):
            chosen.append(each)
        each += step
    return chosen


def _with_order(offers: QuerySet[Offer]) -> QuerySet[Offer]:
    return offers.select_related("order__item", "order__resident__circumstances", "order__place")


def _company() -> "tuple[str | Prefetch[str], ...]":
    """A task's visits, and who else has accepted."""
    together = Assignment.objects.filter(state=Assignment.State.HELD).select_related("volunteer__person")
    return "visits", Prefetch("order__assignments", together.order_by("pk"))


def everybody_is_done(order: Order) -> bool:
    """Whether all who hold the order have finished their visits of this round."""
    visits = Visit.objects.filter(assignment=OuterRef("pk"), round=order.round)
    unfinished = ~Exists(visits) | Exists(visits.filter(finished_at=None))
    return not order.assignments.filter(unfinished, state=Assignment.State.HELD).exists()


def visits_today(paths: list[str]) -> QuerySet[Assignment]:
    """Who goes where today, and whose visit of an earlier day is still open, below these places or teams; annotated
    with whether he has begun and whether he is done (`is_begun`, `is_over`)."""
    tonight = timezone.localtime(clock.now()).replace(hour=23, minute=59, second=59)
    below = Q(order__place_path__under_any=paths) | Q(volunteer__team__path__under_any=paths)
    held = Assignment.objects.filter(below, state=Assignment.State.HELD, order__starts_at__lte=tonight)
    going = held.filter(order__state__in=[Order.State.ACCEPTED, Order.State.SERVING])
    visits = Visit.objects.filter(assignment=OuterRef("pk"), round=OuterRef("order__round"))
    marked = going.annotate(is_begun=Exists(visits), is_over=Exists(visits.filter(finished_at__isnull=False)))
    return with_visit(marked).order_by("order__starts_at", "pk")


def assignments_under(paths: list[str]) -> QuerySet[Assignment]:
    """All who hold an order, below these places or teams."""
    below = Q(order__place_path__under_any=paths) | Q(volunteer__team__path__under_any=paths)
    return with_visit(Assignment.objects.filter(below, state=Assignment.State.HELD)).order_by("pk")


def with_visit(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """With what a line about a visit shows, and the visits themselves."""
    about = "order__item", "order__resident", "order__place", "volunteer__person", "volunteer__team"
    return assignments.select_related(*about).prefetch_related("visits")


def visit_of(assignment: Assignment) -> Visit | None:
    """The visit of the order's present round, from the visits that are fetched already."""
    visits = [each for each in assignment.visits.all() if each.round == assignment.order.round]
    return max(visits, key=lambda each: each.pk, default=None)


def present_visit(assignment: Assignment) -> Visit | None:
    """The same, of an assignment without them."""
    return _visits_of_round.first(assignment.pk, assignment.order.round)


_visits_of_round = Prepared(
    lambda assignment, number: Visit.objects.filter(assignment_id=assignment, round=number).order_by("-pk"),
    models.BigIntegerField(),
    models.SmallIntegerField(),
)


def forgotten_visits() -> QuerySet[Visit]:
    """Visits that nobody ended two hours after their planned end, of which nobody was reminded yet (rule E6)."""
    still_open = Visit.objects.filter(finished_at=None, asked_at=None, started_at__lte=clock.now() - FORGOTTEN_AFTER)
    late = still_open.filter(assignment__order__starts_at__lte=clock.now() - FORGOTTEN_AFTER)
    return late.select_related("assignment__order", "assignment__volunteer").order_by("pk")
