"""Questions about ratings: what waits to be looked into, and what a volunteer may see of them."""

from datetime import datetime

from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from lianxin.base import clock
from lianxin.needs import rules
from lianxin.needs.models.orders import Order
from lianxin.needs.models.ratings import FollowUp, Rating
from lianxin.needs.models.visits import Assignment, Visit
from lianxin.organisations.models import Role
from lianxin.organisations.queries import roles_of
from lianxin.users.models import User
from lianxin.volunteers.models import Volunteer


def follow_ups_under(paths: list[str]) -> QuerySet[FollowUp]:
    """All follow-ups of these places, the first to be done on top."""
    found = FollowUp.objects.filter(place_path__under_any=paths)
    return found.select_related("rating__order__item", "rating__order__resident", "place").order_by("due_at", "pk")


def open_follow_ups(paths: list[str]) -> QuerySet[FollowUp]:
    """Those that nobody has closed."""
    return follow_ups_under(paths).filter(state=FollowUp.State.OPEN)


def is_of_the_team(user: User, order: Order) -> bool:
    """Whether the user serves in, or leads, a team of those who served this order."""
    served = Assignment.objects.filter(order=order).select_related("volunteer__team")
    teams = {each.volunteer.team.path for each in served}
    own = Volunteer.objects.filter(person__user=user).select_related("team").first()
    leads = {held.node.path for held in roles_of(user) if held.role == Role.CAPTAIN}
    return bool(teams & leads) or (own is not None and own.team.path in teams)


def counted_ratings() -> QuerySet[Rating]:
    """Ratings that count: a poor one only when it was found true (rule R4)."""
    return Rating.objects.filter(Q(stars__gt=rules.POOR_STARS) | Q(follow_up__finding=FollowUp.Finding.TRUE))


def ratings_of(volunteer: Volunteer) -> QuerySet[Rating]:
    """Ratings that speak of this volunteer: he came in the last round that was over when the stars were given.

    What became of the order later, when it was reopened and somebody else went, changes nothing about that (rule R4).
    """
    rated_at = "assignment__order__rating__at"
    came = Visit.objects.filter(assignment__volunteer=volunteer, finished_at__lte=F(rated_at))
    came_later = Visit.objects.filter(
        assignment__order=OuterRef("assignment__order"),
        round__gt=OuterRef("round"),
        finished_at__lte=OuterRef(rated_at),
    )
    return counted_ratings().filter(order__in=came.filter(~Exists(came_later)).values("assignment__order"))


def mean_of_month(volunteer: Volunteer) -> float | None:
    """The mean of the volunteer's stars this month; None below five ratings, lest one of them be known (rule R4)."""
    first: datetime = timezone.localtime(clock.now()).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    found = ratings_of(volunteer).filter(at__gte=first).aggregate(mean=Avg("stars"), many=Count("pk"))
    return float(found["mean"]) if found["many"] >= rules.ENOUGH_RATINGS else None
