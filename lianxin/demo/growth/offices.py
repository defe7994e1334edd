"""What secretaries, units and the three administrators find: roles looked over, lists taken away, leave, papers."""

from datetime import date, datetime, timedelta
from random import Random

from django.http import QueryDict

from lianxin.base import clock
from lianxin.console.exchange.lists import LISTINGS
from lianxin.console.exchange.making import make
from lianxin.demo import faces
from lianxin.demo.days import at_hour
from lianxin.demo.growth import said
from lianxin.demo.growth.sizes import Size
from lianxin.demo.names import Names
from lianxin.demo.places import CITY, CORPS, HOME, NEXT_DOOR
from lianxin.demo.settlers import Settlers
from lianxin.exchange.actions.exports import want_export
from lianxin.needs.actions.calls.rings import connect_line, ring
from lianxin.organisations.actions.appointing import keep_roles
from lianxin.organisations.actions.delegating import delegate
from lianxin.organisations.actions.opening import enter_opening
from lianxin.organisations.models import Node, Opening, Role, RoleHeld
from lianxin.organisations.queries import holders_at, roles_to_review
from lianxin.users.actions.codes import ask_for_code, try_code
from lianxin.users.models import User

DAY = timedelta(days=1)
UNIT, BRANCH, NEIGHBOURING_BRANCH = "市供热公司", "红梅社区党支部", "青松社区党支部"
REVIEWED = 40 * DAY
IDLE, UNREVIEWED = 6, 5
CALLERS_FROM, COLLEAGUE_FROM = 19_900_099_800, 980


def come_in_lately(size: Size, present: datetime, rng: Random) -> None:
    """Whoever holds a role has signed in during the last weeks; a few have not for months."""
    users = list(User.objects.filter(pk__in=roles_to_review().order_by().values("user")).order_by("pk"))
    known = {user.pk for user in users if user.display_name in faces.NAMES}
    idle = set(rng.sample([user.pk for user in users if user.pk not in known], min(IDLE, len(users) // 3)))
    coming = [user for user in users if user.pk not in idle and user.phone]
    moments = sorted(present - rng.uniform(0.3, 24) * DAY for _ in coming)
    for number, (user, at) in enumerate(zip(coming, moments, strict=True)):
        with clock.at(at_hour(at, rng.uniform(8.0, 17.5)) if at < present - DAY else at):
            sent, digits = ask_for_code(phone=user.phone.open(), address=f"198.51.100.{number % 250 + 1}")
            try_code(sent=sent, digits=digits)


def review_roles(size: Size, present: datetime, rng: Random) -> None:
    """At the last quarterly review nearly all roles were kept; a few are still to be looked at."""
    security = _one(Role.SECURITY_ADMINISTRATOR, CITY)
    with clock.at(at_hour(present - REVIEWED, 15.0)):
        held = roles_to_review().filter(during__startswith__lt=clock.today()).exclude(user=security)
        keep_roles(held=list(held.order_by("pk"))[UNREVIEWED:], by=security)


def go_on_leave(size: Size, present: datetime, rng: Random) -> None:
    """The neighbouring station's worker and secretary are away: those whom visitors meet stand in for them."""
    away = (
        (Role.STATION_WORKER, NEXT_DOOR, Role.STATION_WORKER, HOME),
        (Role.SECRETARY, NEIGHBOURING_BRANCH, Role.SECRETARY, BRANCH),
    )
    for role, where, other, there in away:
        held = RoleHeld.objects.select_related("user").get(role=role, node__name=where, lent_from=None)
        with clock.at(at_hour(present - 2 * DAY, 16.5)):
            delegate(
                role=held,
                to=_one(other, there),
                since=clock.today() + DAY,
                until=clock.today() + 12 * DAY,
                by=held.user,
            )


def take_lists_away(size: Size, present: datetime, rng: Random) -> None:
    """The register of exports: everyday lists, one with telephones for a reason, and one late in the evening."""
    city, corps = _one(Role.CITY_OFFICER, CITY), _one(Role.CITY_OFFICER, CORPS)
    for name, title, reason, days, hour in said.EXPORTS:
        by = corps if name == "volunteers" else city
        with clock.at(at_hour(present - days * DAY, hour)):
            listing = LISTINGS[name]
            make(
                want_export(
                    listing=name,
                    title=title,
                    query="",
                    permission=listing.permission,
                    with_sealed=bool(reason),
                    reason=reason,
                    rows=min(listing.count(by, QueryDict()), 500),
                    by=by,
                )
            )


def bring_papers(size: Size, present: datetime, rng: Random) -> None:
    """The unit's colleague and the branch's secretary have entered past figures."""
    unit, branch = Node.objects.get(name=UNIT), Node.objects.get(name=BRANCH)
    town = Settlers(rng, at_hour(present - 100 * DAY, 9.0), {UNIT: unit}, Names(rng), first=COLLEAGUE_FROM)
    colleague = town.nameless_staff(Role.UNIT_OFFICER, UNIT, _one(Role.SECURITY_ADMINISTRATOR, CITY))
    last_year = date(present.year - 1, 12, 31)
    figures = [(unit, colleague, figure) for figure in said.UNIT_OPENINGS]
    figures.append((branch, _one(Role.SECRETARY, BRANCH), said.BRANCH_OPENING))
    for number, (node, by, (what, many, words, source)) in enumerate(figures):
        with clock.at(at_hour(present - (4 - number) * DAY, 10.0 + number)):
            enter_opening(
                node=node, what=Opening.What(what), number=many, unit=words, as_of=last_year, source=source, by=by
            )


def connect_the_telephones(size: Size, present: datetime, rng: Random) -> None:
    """The hotline's telephone system tells who rings; two calls nobody took in time."""
    city = Node.objects.get(name=CITY, parent=None)
    with clock.at(at_hour(present - 70 * DAY, 11.0)):
        line, _secret = connect_line(desk=city, name="热线总机（8 路）", by=_one(Role.SYSTEM_ADMINISTRATOR, CITY))
    for number, minutes in enumerate((48, 21)):
        with clock.at(present - timedelta(minutes=minutes)):
            ring(line=line, number=str(CALLERS_FROM + number))


def _one(role: Role, where: str) -> User:
    """The first who holds the role there: the one whom visitors meet, if there is one."""
    tops = Node.objects.filter(name=where, closed_on=None).order_by("path")
    return holders_at(tops[0].path, role)[0]


STEPS = (come_in_lately, review_roles, go_on_leave, take_lists_away, bring_papers, connect_the_telephones)
