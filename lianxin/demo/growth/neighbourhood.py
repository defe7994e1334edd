"""What the home station, its captain and its elders have to do: of each kind of work something that waits today."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

from lianxin.base import clock
from lianxin.demo import faces
from lianxin.demo.days import at_hour, awake, hour_of
from lianxin.demo.growth import said
from lianxin.demo.growth.sizes import Size
from lianxin.demo.places import HOME, HOME_TEAM
from lianxin.demo.settlers import LAST_PHONE, user_of
from lianxin.needs.actions.calls.aids import write_knowledge
from lianxin.needs.actions.closing import confirm_order, rate_order
from lianxin.needs.actions.dispatching import accept_offer, offer_order
from lianxin.needs.actions.menus import ItemFacts, open_item
from lianxin.needs.actions.placing import place_order
from lianxin.needs.actions.redirecting import redirect_order
from lianxin.needs.actions.serving import record_visit
from lianxin.needs.models.detours import Redirect
from lianxin.needs.models.menu import Clock, MenuItem
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from lianxin.needs.queries import candidates
from lianxin.notices.actions import try_call
from lianxin.notices.models import CallCard, CallTry
from lianxin.organisations.actions.opening import enter_opening
from lianxin.organisations.models import Kind, Node, Opening, Role
from lianxin.organisations.queries import holders_at
from lianxin.people.actions.circumstances import Contact, describe_circumstances, set_emergency_contacts
from lianxin.people.actions.consents import Said
from lianxin.people.models import Consent, ContactBy, Person
from lianxin.users.models import User
from lianxin.volunteers.actions.keeping import issue_kit
from lianxin.volunteers.actions.reviewing import ask_back, refuse_volunteer
from lianxin.volunteers.actions.standing import suspend
from lianxin.volunteers.models import Kit, Volunteer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST_VISIT, LAST_VISIT = 8.5, 19.0
TODAY = ("陪伴聊天", "小修小补", "手机教学")


def keep_a_station(size: Size, present: datetime, rng: Random) -> None:
    """What the station offers and knows by itself, and a figure of its own from before the system."""
    home, worker = _home(), _worker()
    with clock.at(at_hour(present - 60 * DAY, 9.4)):
        for name, words, minutes in said.OWN_ITEMS:
            facts = ItemFacts(
                name=name,
                words=words,
                icon="heart-handshake",
                minutes=minutes,
                people=1,
                skill=None,
                materials=MenuItem.Materials.NONE,
                clock=Clock.PLAIN,
                is_low_risk=True,
                is_alone_at_first=True,
            )
            open_item(place=home, facts=facts, by=worker)
        for words, answer, number in said.OWN_KNOWLEDGE:
            write_knowledge(place=home, words=words, answer=answer, number=number, by=worker)
    what, many, unit, source = said.STATION_OPENING
    with clock.at(at_hour(present - 3 * DAY, 16.2)):
        last_year = date(present.year - 1, 12, 31)
        enter_opening(
            node=home, what=Opening.What(what), number=many, unit=unit, as_of=last_year, source=source, by=worker
        )


def know_the_elders(size: Size, present: datetime, rng: Random) -> None:
    """Whom to ring, how somebody hears and walks: asked on the first visit, with the elder's own yes."""
    worker = _worker()
    for number, elder in enumerate(_elders()):
        relation, surname = said.CONTACTS[number % len(said.CONTACTS)]
        asked = Said(Consent.How.VISIT if number % 2 else Consent.How.CALL)
        with clock.at(at_hour(present - (90 - 3 * number) * DAY, 9.0 + number % 7)):
            contact = Contact(f"{surname}{'女士' if number % 2 else '先生'}", relation, str(LAST_PHONE - number))
            set_emergency_contacts(person=elder, contacts=[contact], by=worker)
            describe_circumstances(
                person=elder,
                by=worker,
                languages=said.LANGUAGES[number % len(said.LANGUAGES)],
                best_hours=said.HOURS[number % len(said.HOURS)],
                pets=said.PETS[number % len(said.PETS)],
                hearing="hard" if number % 3 == 0 else "",
                said_yes=asked if number % 3 == 0 else None,
            )


def visit_today(size: Size, present: datetime, rng: Random) -> None:
    """Three visits in the neighbourhood that are still to come today, or tomorrow when it is late."""
    begins = max(at_hour(present, FIRST_VISIT), _next_half_hour(present + HOUR))
    if hour_of(begins) > LAST_VISIT or begins.date() != present.date():
        begins = at_hour(present + DAY, FIRST_VISIT)
    for number, name in enumerate(TODAY):
        order = _told(name, begins + number * timedelta(minutes=30), present - (30 - number) * HOUR)
        _accepted(order, present - (27 - number) * HOUR)


def rate_poorly(size: Size, present: datetime, rng: Random) -> None:
    """The lamp burns, but hangs askew: two stars, which the station looks into."""
    visit = at_hour(present - 4 * DAY, 9.5)
    order = _told("小修小补", visit, visit - 2 * DAY)
    assignment = _accepted(order, visit - 1.5 * DAY)
    operator = holders_at(_home().path, Role.CALL_OPERATOR)[0]
    if assignment is None:
        return
    with clock.at(visit + DAY):
        record_visit(assignment=assignment, start=visit, end=visit + 0.8 * HOUR, by=_worker(), outcome="换了新灯")
    with clock.at(visit + 1.2 * DAY):
        confirm_order(order=order, by=operator, how=Order.Way.CALL)
        rate_order(order=order, by=operator, stars=2, words=said.POOR_WORDS)


def hand_on(size: Size, present: datetime, rng: Random) -> None:
    """Water comes through the ceiling: handed on to the house's keeper, and nobody has rung back yet."""
    order = _told("小修小补", at_hour(present + 2 * DAY, 14.0), present - 26 * HOUR, details=said.ASKED_TO_REDIRECT)
    with clock.at(present - 25 * HOUR):
        redirect_order(order=order, by=_worker(), reason=said.HANDED_ON, to=Redirect.To.PROPERTY)


def reach_nobody(size: Size, present: datetime, rng: Random) -> None:
    """An elder who was rung three times without an answer: somebody goes there."""
    cards = CallCard.objects.filter(done_at=None, scope=_home().path).exclude(person_name__in=faces.NAMES)
    operator = holders_at(_home().path, Role.CALL_OPERATOR)[0]
    for card in cards.order_by("pk")[:1]:
        for left in range(CallCard.TRIES - card.tries.count(), 0, -1):
            with clock.at(present - left * timedelta(minutes=12)):
                try_call(card=card, result=CallTry.Result.NO_ANSWER, by=operator)


def lead_the_home_team(size: Size, present: datetime, rng: Random) -> None:
    """The captain hands out the kit, lets somebody rest, and answers those who asked to serve."""
    team = Node.objects.get(name=HOME_TEAM)
    captain = holders_at(team.path, Role.CAPTAIN)[0]
    serving = list(Volunteer.objects.filter(team=team, state=Volunteer.State.ACTIVE).order_by("pk"))
    with clock.at(at_hour(present - 120 * DAY, 10.0)):
        _hand_out(serving, captain)
    resting = [each for each in serving if each.person.name not in faces.NAMES][-1:]
    for each in resting:
        with clock.at(at_hour(present - 6 * DAY, 10.5)):
            until = (present + 24 * DAY).date()
            suspend(volunteer=each, reason=said.WHY_SUSPENDED[0], until=until, by=captain)
    applied = list(Volunteer.objects.filter(state=Volunteer.State.APPLIED).exclude(team=team).order_by("pk"))
    for each, answer, reason in zip(
        applied, (ask_back, refuse_volunteer), (said.WHY_ASKED_BACK, said.WHY_REFUSED), strict=False
    ):
        with clock.at(present - HOUR):
            answer(volunteer=each, reason=reason, by=holders_at(each.team.path, Role.CAPTAIN)[0])


def _hand_out(volunteers: Sequence[Volunteer], captain: User) -> None:
    sizes = ("M", "L", "XL", "L")
    for number, each in enumerate(volunteers):
        issue_kit(volunteer=each, kind=Kit.Kind.VEST, number=sizes[number % 4], by=captain)
        issue_kit(volunteer=each, kind=Kit.Kind.BADGE, number=f"HM-{number + 1:03}", by=captain)
        if number % 2:
            issue_kit(volunteer=each, kind=Kit.Kind.CAP, number="", by=captain)
    issue_kit(volunteer=volunteers[0], kind=Kit.Kind.FLAG, number="1", by=captain)


def _told(name: str, visit: datetime, at: datetime, details: str = "") -> Order:
    """Told to the worker by a neighbour who came by."""
    elders = _elders()
    with clock.at(awake(at)):
        return place_order(
            item=MenuItem.objects.select_related("place", "skill").get(name=name),
            resident=elders[Order.objects.count() % len(elders)],
            start=visit,
            end=visit + 2 * HOUR,
            by=_worker(),
            way=Order.Way.VISIT,
            details=details,
        )


def _accepted(order: Order, at: datetime) -> Assignment | None:
    """Offered to who is able in the home team, or anywhere, and taken at once."""
    able = candidates.able(order).filter(person__user__isnull=False).exclude(person__name__in=faces.NAMES)
    at_home = able.filter(team__name=HOME_TEAM)
    chosen = (at_home or able).select_related("person__user", "team").order_by("pk").first()
    if chosen is None:
        return None
    with clock.at(at):
        [offer] = offer_order(order=order, to=[chosen], by=holders_at(order.place_path, Role.DISPATCHER)[0])
        return accept_offer(offer=offer, by=user_of(chosen.person), starts_at=order.window.lower)


def _next_half_hour(moment: datetime) -> datetime:
    half = timedelta(minutes=30)
    midnight = at_hour(moment, 0.0)
    return midnight + -(-(moment - midnight) // half) * half


def _elders() -> list[Person]:
    """Neighbours at home who are rung, not the faces."""
    at_home = Person.objects.filter(home=_home(), volunteer=None, contact_by=ContactBy.CALL)
    return list(at_home.exclude(name__in=faces.NAMES).select_related("home").order_by("pk"))


def _home() -> Node:
    return Node.objects.get(name=HOME, kind=Kind.COMMUNITY)


def _worker() -> User:
    return holders_at(_home().path, Role.STATION_WORKER)[0]


STEPS = (
    keep_a_station,
    know_the_elders,
    rate_poorly,
    hand_on,
    visit_today,
    reach_nobody,
    lead_the_home_team,
)
