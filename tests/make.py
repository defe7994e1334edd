"""What tests start from, made through the real actions: a small city, its people, and an order on its way."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from lianxin.base import clock
from lianxin.journal.bell import hear, hear_alone, hear_waiting
from lianxin.journal.models import Entry
from lianxin.needs.actions.checking import verify_order
from lianxin.needs.actions.closing import confirm_order
from lianxin.needs.actions.dispatching import accept_offer, offer_order
from lianxin.needs.actions.placing import place_order
from lianxin.needs.actions.serving import finish_visit, start_visit
from lianxin.needs.models.menu import MenuItem
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment
from lianxin.notices.models import Notice
from lianxin.organisations.actions.appointing import give_role
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.actions.serving import let_serve
from lianxin.organisations.models import Kind, Node, Role
from lianxin.people.actions.families import let_help
from lianxin.people.actions.registering import claim, register_person
from lianxin.people.models import Helper, Person
from lianxin.users.models import User
from lianxin.volunteers.actions.joining import register_volunteer
from lianxin.volunteers.actions.reviewing import approve_volunteer
from lianxin.volunteers.models import Skill, Volunteer
from tests.kept import Kept

ALWAYS_FREE = (1 << 56) - 1

_phones = count(13_900_005_000)


@dataclass(frozen=True)
class City:
    """One of everything, enough for an order to walk through."""

    city: Node
    street: Node
    community: Node
    station: Node
    corps: Node
    team: Node
    item: MenuItem
    resident: Person
    worker: User
    operator: User
    dispatcher: User
    captain: User
    volunteer: Volunteer
    second_volunteer: Volunteer

    @property
    def resident_user(self) -> User:
        return user_of(self.resident)


def small_city() -> City:
    """A city with one community, one team that serves it, and a person in each role."""
    return _small_city(lambda kept: Node.objects.filter(pk=kept.city.pk).exists())


def _build_small_city() -> City:
    city = open_node(kind=Kind.CITY, name="连心市", parent=None, by=None)
    county = open_node(kind=Kind.COUNTY, name="东湖区", parent=city, by=None)
    street = open_node(kind=Kind.STREET, name="和平街道", parent=county, by=None)
    community = open_node(kind=Kind.COMMUNITY, name="和平里社区", parent=street, by=None)
    station = open_node(kind=Kind.STATION, name="和平里服务站", parent=community, by=None)
    corps = open_node(kind=Kind.CORPS, name="连心总队", parent=None, by=None)
    detachment = open_node(kind=Kind.DETACHMENT, name="东湖支队", parent=corps, by=None)
    team = open_node(kind=Kind.TEAM, name="和平里红帽队", parent=detachment, by=None)
    let_serve(team=team, place=community, by=None)
    captain = staff("刘队长", Role.CAPTAIN, team)
    return City(
        city=city,
        street=street,
        community=community,
        station=station,
        corps=corps,
        team=team,
        item=menu_item(city),
        resident=person("王秀英", home=community),
        worker=staff("陈站长", Role.STATION_WORKER, community),
        operator=staff("周接线", Role.CALL_OPERATOR, city),
        dispatcher=staff("赵派单", Role.DISPATCHER, street),
        captain=captain,
        volunteer=volunteer("李建国", team=team, captain=captain),
        second_volunteer=volunteer("孙晓梅", team=team, captain=captain),
    )


_small_city = Kept(_build_small_city)


def new_user() -> User:
    """A user with a phone of his own."""
    return User.objects.make(str(next(_phones)))


def person(name: str, *, home: Node | None = None, is_user: bool = True) -> Person:
    """A person, who can sign in unless told otherwise."""
    made = register_person(
        name=name,
        home=home,
        phone=str(next(_phones)),
        address="幸福路 8 号 3 单元 201",
        latitude=30.66,
        longitude=104.06,
        by=None,
    )
    return claim(person=made, user=new_user(), by=None) if is_user else made


def user_of(person: Person | Volunteer) -> User:
    """The user of a person, or a volunteer, who has one."""
    user = person.person.user if isinstance(person, Volunteer) else person.user
    assert user is not None
    return user


def staff(name: str, role: Role, node: Node) -> User:
    """Somebody who holds a role on a node."""
    user = user_of(person(name))
    give_role(user=user, role=role, node=node, by=None)
    return user


def volunteer(name: str, *, team: Node, captain: User, skills: tuple[Skill, ...] = ()) -> Volunteer:
    """An approved volunteer who is free at all hours of the day."""
    made = register_volunteer(person=person(name), team=team, skills=list(skills), free=ALWAYS_FREE, by=None)
    approved = approve_volunteer(volunteer=made, by=captain)
    _unheard("volunteers.approved")
    return approved


def _unheard(name: str) -> None:
    """What was queued for those who listen to this deed is forgotten: a test begins with nobody told."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE task_name = %s AND args ->> 'name' = %s", [hear_waiting.name, name]
        )


def menu_item(place: Node, name: str = "小修小补", **facts: object) -> MenuItem:
    """A service that can be ordered; unless told otherwise, one may go alone the first time (rule D8)."""
    usual = {"words": "换灯泡、修水龙头", "icon": "tool", "minutes": 60, "is_alone_at_first": True}
    return MenuItem.objects.create(place=place, name=name, **usual | facts)


def moment(text: str) -> datetime:
    """2026-11-18 10:00 in the city's time."""
    return timezone.make_aware(datetime.fromisoformat(text))


def tomorrow_at(hour: int) -> datetime:
    """Tomorrow, on the hour, in the city's time."""
    local = timezone.localtime(clock.now())
    return (local + timedelta(days=1)).replace(hour=hour, minute=0, second=0, microsecond=0)


def order(city: City, **facts: object) -> Order:
    """An order that the resident has just placed by phone for tomorrow morning."""
    usual = {
        "item": city.item,
        "resident": city.resident,
        "start": tomorrow_at(9),
        "end": tomorrow_at(12),
        "by": city.resident_user,
        "way": Order.Way.WEB,
        "details": "厨房的灯不亮了",
    }
    return place_order(**usual | facts)  # type: ignore[arg-type]


def verified_order(city: City, **facts: object) -> Order:
    return verify_order(order=order(city, **facts), by=city.worker, how="call")


def offered_order(city: City, **facts: object) -> tuple[Order, Offer]:
    placed = verified_order(city, **facts)
    offers = offer_order(order=placed, to=[city.volunteer], by=city.dispatcher)
    return placed, offers[0]


def accepted_order(city: City, **facts: object) -> Assignment:
    _order, offer = offered_order(city, **facts)
    return accept_offer(offer=offer, by=user_of(city.volunteer.person))


def served_order(city: City, minutes: int = 50, **facts: object) -> Order:
    """An order whose volunteer came at the agreed time, stayed for `minutes`, and left."""
    assignment = accepted_order(city, **facts)
    by, begins = user_of(city.volunteer.person), assignment.order.planned_start
    with clock.at(begins):
        start_visit(assignment=assignment, by=by)
    with clock.at(begins + timedelta(minutes=minutes)):
        finish_visit(assignment=assignment, by=by)
    return Order.objects.get(pk=assignment.order_id)


def done_order(city: City, minutes: int = 50, **facts: object) -> Order:
    served = served_order(city, minutes, **facts)
    with clock.at(served.planned_end + timedelta(hours=1)):
        return confirm_order(order=served, by=city.resident_user)


def everybody_hears() -> None:
    """Do at once what the job worker does in the background: ring for those who listen to the journal."""
    with connection.cursor() as cursor:
        names = [hear_waiting.name, hear_alone.name]
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = ANY(%s) RETURNING args", [names])
        rung = [facts if isinstance(facts, dict) else json.loads(facts) for (facts,) in cursor.fetchall()]
    for facts in sorted(rung, key=lambda facts: min(facts["entries"])):
        hear(facts["entries"])


def told(person: Person) -> list[str]:
    """What this person has been told so far, oldest first."""
    return list(Notice.objects.filter(person_id=person.pk).order_by("pk").values_list("text", flat=True))


def deeds(*, about: Order) -> list[str]:
    """The names of what the journal holds about an order and what hangs on it, oldest first."""
    ours = Q(subject_type="needs.order", subject_id=about.pk) | Q(facts__order=about.pk)
    return list(Entry.objects.filter(ours).order_by("pk").values_list("name", flat=True))


def let_daughter_help(city: City, daughter: Person, scopes: Sequence[Helper.Scope] = tuple(Helper.Scope)) -> Helper:
    """The resident lets a daughter act for her, as told to the station's worker on the telephone."""
    return let_help(
        person=city.resident,
        helper=daughter,
        relation="女儿",
        scopes=list(scopes),
        given_how=Helper.GivenHow.CALL,
        by=city.worker,
    )


def new_key() -> UUID:
    """A request's own key."""
    return uuid4()
