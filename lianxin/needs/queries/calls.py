"""Questions of the call desk: who rings, what was promised, what rings now."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from lianxin.base import clock
from lianxin.base.sealed import keyed_hash
from lianxin.base.search import pieces_of_query
from lianxin.journal.models import Entry
from lianxin.needs import rules
from lianxin.needs.models.aids import DaySheet, HomeVisit, Knowledge
from lianxin.needs.models.calls import Call, CallBack, Duty, Handover, Line, Ring
from lianxin.needs.models.events import Event
from lianxin.needs.models.menu import MenuItem
from lianxin.needs.models.orders import Order, OrderSet
from lianxin.organisations.models import Node
from lianxin.people.models import Helper, Person
from lianxin.people.queries import alike, people_named
from lianxin.users.models import User

MOST_CALLERS, SHOWN_ORDERS, SHOWN_CALLS = 9, 4, 5
CALL_NUMBER = 5


def open_call_of(user: User) -> Call | None:
    """The call that this user is in."""
    return own_calls(user).filter(ended_at=None).first()


def own_calls(user: User) -> QuerySet[Call]:
    """The user's own calls, newest first."""
    return Call.objects.filter(operator=user).select_related("person__home", "order__item", "event").order_by("-pk")


def calls_under(paths: list[str]) -> QuerySet[Call]:
    """All calls below these paths, newest first."""
    calls = Call.objects.filter(scope__under_any=paths)
    return calls.select_related("person__home", "order__item", "event", "operator", "promise").order_by(
        "-started_at", "-pk"
    )


def calls_of(person: Person, call: Call, paths: list[str]) -> QuerySet[Call]:
    """The last calls of a person before this one."""
    return calls_under(paths).filter(person=person).exclude(pk=call.pk)[:SHOWN_CALLS]


def callers(call: Call, query: str, paths: list[str]) -> list[Person]:
    """Who it may be below these paths: who is searched for, or the people behind the number.

    Behind a number stand those whose own it is, those for whom they may order, and those who rang from it before.
    """
    found = _searched(query) if query else _behind(call)
    seen = Person.objects.filter(found, home__path__under_any=paths, restricted_at=None).select_related("home")
    return list(seen.prefetch_related(*_about_callers()).order_by("pk")[:MOST_CALLERS])


def perhaps_the_same(call: Call, name: str, home: Node) -> list[Person]:
    """Who may be the one who rings: of his name in that place, or under the number."""
    return list(alike(name=name, phone=call.number.open() if call.number else "", home=home)[:MOST_CALLERS])


def count_out_of_reach(call: Call, paths: list[str]) -> int:
    """How many people behind the number live elsewhere."""
    return Person.objects.filter(_behind(call)).exclude(home__path__under_any=paths).count()


def caller(call: Call) -> Person | None:
    """The person of the call, with what the desk shows of him."""
    people = Person.objects.filter(pk=call.person_id or 0).select_related("home", "user")
    return people.prefetch_related(*_about_callers()).first()


def _searched(query: str) -> Q:
    if query.isdecimal():
        return Q(call_number=query) if len(query) <= CALL_NUMBER else Q(phone_hash=keyed_hash(query))
    return Q(pk__in=people_named(query).values("pk"))


def _behind(call: Call) -> Q:
    if call.number_hash is None:
        return Q(pk__in=[])
    number = bytes(call.number_hash)
    standing = Helper.objects.filter(
        helper__phone_hash=number, scopes__contains=[Helper.Scope.ORDER], during__contains=clock.today()
    )
    earlier = Call.objects.filter(number_hash=number, person__isnull=False)
    return Q(phone_hash=number) | Q(pk__in=standing.values("person")) | Q(pk__in=earlier.values("person"))


def _about_callers() -> Iterable["Prefetch[str]"]:
    standing = Helper.objects.filter(during__contains=clock.today()).select_related("helper").order_by("pk")
    orders = Order.objects.select_related("item").order_by("-pk")[:SHOWN_ORDERS]
    promises = CallBack.objects.filter(kept_at=None).select_related("owner").order_by("due_at", "pk")
    return (
        Prefetch("helpers", standing, to_attr="may_act"),
        Prefetch("orders", orders, to_attr="last_orders"),
        Prefetch("call_backs", promises, to_attr="promises"),
    )


def open_orders_of(person: Person, paths: list[str]) -> OrderSet:
    """What the person has ordered below these paths and what has not ended."""
    orders = Order.objects.filter(resident=person, place_path__under_any=paths).exclude(state__in=Order.ENDED)
    return orders.select_related("item").order_by("-pk")


def orders_to_reschedule(person: Person, paths: list[str]) -> OrderSet:
    """What may still be agreed for another time, what was wanted first on top (rule D15)."""
    return open_orders_of(person, paths).filter(state__in=Order.BEFORE_THE_DOOR).order_by("window", "pk")


def heard_in_call(resident: Person, entry: Entry) -> bool:
    """Whether the person himself was on the telephone with whoever did it, and so has heard of it (rule N3).

    A paper slip and a message left at night hear nothing.
    """
    spoken = (Call.Source.LIVE, Call.Source.OUT)
    himself = Call.objects.filter(
        person=resident, relation=Call.Relation.SELF, operator=entry.actor_id, source__in=spoken
    )
    going_on = Q(ended_at=None) | Q(ended_at__gte=entry.at)
    return entry.actor_id is not None and himself.filter(going_on, started_at__lte=entry.at).exists()


def orders_to_ask_about(person: Person, paths: list[str]) -> OrderSet:
    """What was done for the person and waits for his word, the oldest first."""
    done = Order.objects.filter(resident=person, state=Order.State.TO_CONFIRM, place_path__under_any=paths)
    return done.select_related("item").order_by("pk")


def same_matter(person: Person, item: MenuItem) -> Order | None:
    """An open order of this person for this item from the last seven days: perhaps the same matter (rule L3)."""
    since = clock.now() - rules.SAME_MATTER
    same = Order.objects.filter(resident=person, item=item, placed_at__gte=since)
    return same.exclude(state__in=Order.ENDED).select_related("item").order_by("-pk").first()


def open_call_backs(paths: list[str]) -> QuerySet[CallBack]:
    """Promises not yet kept below these paths, the most overdue first."""
    promises = CallBack.objects.filter(kept_at=None, scope__under_any=paths)
    return promises.select_related("person__home", "owner", "order__item", "made_in").order_by("due_at", "pk")


def open_handovers(paths: list[str]) -> QuerySet[Handover]:
    """Shifts that were left and not yet taken over, with their promises."""
    promises = CallBack.objects.filter(kept_at=None).select_related("person__home").order_by("due_at", "pk")
    handovers = Handover.objects.filter(taken_at=None, scope__under_any=paths).select_related("left_by")
    return handovers.prefetch_related(Prefetch("call_backs", promises, to_attr="promises")).order_by("pk")


def ringing(paths: list[str]) -> QuerySet[Ring]:
    """What rings now below these paths, the longest first."""
    return _untaken(paths).filter(rung_at__gt=clock.now() - rules.RINGS_FOR)


def missed(paths: list[str]) -> QuerySet[Ring]:
    """What rang in the last day and nobody took."""
    now = clock.now()
    return _untaken(paths).filter(rung_at__lte=now - rules.RINGS_FOR, rung_at__gt=now - rules.MISSED_FOR)


def _untaken(paths: list[str]) -> QuerySet[Ring]:
    rings = Ring.objects.filter(call=None, scope__under_any=paths)
    return rings.select_related("line__desk").order_by("rung_at", "pk")


def names_behind(rings: Iterable[Ring], paths: list[str]) -> dict[bytes, list[Person]]:
    """Whose numbers ring, as far as they live below these paths; one query."""
    numbers = {bytes(ring.number_hash) for ring in rings if ring.number_hash is not None}
    found: dict[bytes, list[Person]] = {}
    for person in Person.objects.filter(phone_hash__in=numbers, home__path__under_any=paths).order_by("pk"):
        found.setdefault(bytes(person.phone_hash or b""), []).append(person)
    return found


def on_duty(path: str, at: datetime) -> QuerySet[Duty]:
    """Who is on duty then at a desk that this path lies below, nearest first."""
    duties = Duty.objects.filter(desk__path__above=path, during__contains=at)
    return duties.select_related("user__person", "desk").order_by("-desk__path", "pk")


def duties_under(paths: list[str]) -> QuerySet[Duty]:
    """Who is and will be on duty at the desks that stand below or above these paths."""
    near = Q(desk__path__under_any=paths)
    for path in paths:
        near |= Q(desk__path__above=path)
    coming = Duty.objects.filter(near, during__endswith__gt=clock.now())
    return coming.select_related("user__person", "desk").order_by("during", "pk")


def events_under(paths: list[str]) -> QuerySet[Event]:
    """Events below these paths, the open and the newest first, with how many calls each has."""
    events = Event.objects.filter(place_path__under_any=paths).select_related("place")
    return events.annotate(callers=Count("calls")).order_by("-closed_at", "-pk")


def open_events(paths: list[str]) -> QuerySet[Event]:
    """Events that go on."""
    return events_under(paths).filter(closed_at=None)


def knowledge_for(paths: list[str], query: str = "") -> QuerySet[Knowledge]:
    """What the desks of these places may answer: their own entries and those of the places above and below."""
    near = Q(place__path__under_any=paths)
    for path in paths:
        near |= Q(place__path__above=path)
    entries = Knowledge.objects.filter(near, closed_at=None).select_related("place")
    pieces = pieces_of_query(query)
    return (entries.filter(search__contains=pieces) if pieces else entries).order_by("words", "pk")


def sheets_under(paths: list[str]) -> QuerySet[DaySheet]:
    """The sheets of places below these paths, the newest first; without their bytes."""
    sheets = DaySheet.objects.filter(place__path__under_any=paths).select_related("place")
    return sheets.defer("pdf").order_by("-day", "pk")


def home_visits(paths: list[str]) -> QuerySet[HomeVisit]:
    """Whom to visit because no call reached them, the most overdue first."""
    visits = HomeVisit.objects.filter(done_at=None, place_path__under_any=paths)
    return visits.select_related("person__home").order_by("due_at", "pk")


def line_with(secret: str) -> Line | None:
    """The open line with this secret."""
    lines = Line.objects.filter(secret_hash=rules.secret_hash(secret), closed_at=None)
    return lines.select_related("desk").first()


def lines_under(paths: list[str]) -> QuerySet[Line]:
    """The telephone systems of desks below these paths."""
    return Line.objects.filter(desk__path__under_any=paths).select_related("desk").order_by("closed_at", "pk")
