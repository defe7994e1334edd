"""Questions about alarms: which still ring, what is known about whom."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from lianxin.base import clock
from lianxin.needs import rules
from lianxin.needs.models.alarms import Alarm, AlarmSet
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Visit
from lianxin.notices.models import CallCard
from lianxin.notices.queries import calls_about
from lianxin.organisations.models import Role
from lianxin.organisations.queries import holders
from lianxin.people.models import Person
from lianxin.users.models import User

SHOWN_OF_ENDED = timedelta(days=7)


def ringing(paths: list[str]) -> AlarmSet:
    """Alarms below these places or teams that still ring, the one that has rung longest on top."""
    return _with_rows(Alarm.objects.under_any(paths).standing()).order_by("due_at", "pk")


def ended_lately(paths: list[str]) -> AlarmSet:
    """What came of the alarms of the last days, the latest on top."""
    since = clock.now() - SHOWN_OF_ENDED
    ended = Alarm.objects.under_any(paths).filter(state=Alarm.State.ENDED, ended_at__gte=since)
    return _with_rows(ended).order_by("-ended_at", "-pk")


def alarms_under(paths: list[str]) -> AlarmSet:
    """All alarms below these places or teams."""
    return _with_rows(Alarm.objects.under_any(paths)).order_by("pk")


def blocks_the_end(order: Order) -> bool:
    """Whether it is not known yet if the resident is well: then nobody calls the order off (rule S2)."""
    return Alarm.objects.standing().filter(order=order, kind__in=Alarm.GRAVE).exists()


def missed_orders() -> QuerySet[Order]:
    """Orders whose agreed time is over by half an hour, to which nobody came, and for which no alarm rang yet."""
    due = clock.now() - rules.LATE_AFTER
    orders = Order.objects.filter(state=Order.State.ACCEPTED, starts_at__lte=due)
    rang = Alarm.objects.filter(order=OuterRef("pk"), kind=Alarm.Kind.MISSED, raised_at__gte=OuterRef("starts_at"))
    return orders.filter(~Exists(rang)).order_by("pk")


def last_seen(person: Person) -> Visit | None:
    """The last visit that was seen through at this person's door: who saw him, and when."""
    visits = Visit.objects.filter(assignment__order__resident=person, finished_at__isnull=False)
    about = "assignment__order__item", "assignment__volunteer__person", "assignment__volunteer__team"
    return visits.select_related(*about).order_by(F("finished_at").desc(), "-pk").first()


def alarm_for_family(person: Person, *, raised_by: User | None = None) -> Alarm | None:
    """The latest alarm of a person that still rings, or ended within these days; one that a late arrival ended is none.

    With `raised_by`, of those only that this user raised.
    """
    is_new = Q(state=Alarm.State.RINGING) | Q(ended_at__gte=clock.now() - SHOWN_OF_ENDED)
    found = Alarm.objects.filter(is_new, person=person).exclude(outcome=Alarm.Outcome.LATE)
    of_these = found.filter(raised_by=raised_by) if raised_by else found
    return of_these.order_by("-pk").first()


def calls_to_contacts(alarm: Alarm) -> QuerySet[CallCard]:
    """The calls to those whom the person named for such a moment, and how they went (rule S1)."""
    return calls_about(rules.CALLS_ABOUT_ALARM % alarm.pk).filter(contact_id__isnull=False)


def answer_for(alarm: Alarm, *roles: Role) -> QuerySet[Person]:
    """The people who hold one of these roles over the place or team of the alarm."""
    return who_hold(roles, alarm.place_path, alarm.team_path)


def who_hold(roles: Sequence[Role], *paths: str | None) -> QuerySet[Person]:
    """The people who hold one of these roles over one of these places or teams."""
    users = [user for role in roles for path in paths if path for user in holders(role, path)]
    return Person.objects.filter(user__in=users).select_related("user", "home").order_by("pk")


def _with_rows(alarms: AlarmSet) -> AlarmSet:
    return alarms.select_related("person__home", "order__item", "raised_by", "ended_by")
