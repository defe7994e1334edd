"""What waits about orders: each kind with its rows, and how a row reads on the to-do page."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.base.search import pieces_of_query
from lianxin.base.todos import Choice, Finder, Line, Rows, Todo
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.models.detours import Objection
from lianxin.needs.models.incidents import Incident
from lianxin.needs.models.menu import Clock
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.models.ratings import FollowUp
from lianxin.needs.queries import alarms, desk, incidents, ratings, teams
from lianxin.organisations.queries import may
from lianxin.users.models import User

PLACE_AND_TEAM = ("place_path", "team_path")


def _finder(order: str = "", person: str = "") -> Finder:
    """Orders by number, by the resident's call number or name, by item; `order` is the way to the order, `person` to
    the resident where there may be no order."""
    resident = person or f"{order}resident__"

    def finds(words: str, by_name: bool) -> Q:
        if words.isdecimal():
            return Q(**{f"{order}pk": int(words)}) | Q(**{f"{resident}call_number": words})
        found = Q(**{f"{order}item__name__icontains": words})
        pieces = pieces_of_query(words)
        return found | Q(**{f"{resident}search__contains": pieces}) if by_name and pieces else found

    return finds


def _of_person(words: str, by_name: bool) -> Q:
    """Alarms by the number of their order, by whom they are about, by item."""
    about = Q(person__call_number=words) if words.isdecimal() else Q()
    if not words.isdecimal() and by_name and (pieces := pieces_of_query(words)):
        about = Q(person__search__contains=pieces)
    found = _finder("order__")(words, False)
    return found | about if about else found


def _of_team(words: str, _by_name: bool) -> Q:
    """Objections by number, by item, or by the team that made them; no name before somebody has accepted (rule D5)."""
    found = _finder("order__")(words, False)
    return found if words.isdecimal() else found | Q(team__name__icontains=words)


def finds_of_held(words: str, by_name: bool) -> Q:
    """Who holds an order: by its number, by item, by the volunteer, and by the resident for whoever may see names."""
    found = _finder("order__")(words, by_name)
    pieces = () if words.isdecimal() else pieces_of_query(words)
    return found | Q(volunteer__person__search__contains=pieces) if pieces else found


def _marks(order: Order) -> list[tuple[str, str]]:
    marks = []
    if order.clock != Clock.PLAIN:
        marks.append((gettext("急") if order.clock == Clock.URGENT else gettext("快"), "urgent"))
    if order.tier:
        marks.append((gettext("升级"), "urgent"))
    if order.urged:
        marks.append((gettext("催 %(times)d") % {"times": order.urged}, "urgent"))
    return marks


def _number(order: Order) -> str:
    return gettext("%(number)d 号") % {"number": order.number}


def _of_order(order: Order, user: User, *, href: str, since: datetime, who: str | None = None) -> Line:
    name = desk.name_seen_by(user, order) if who is None else who
    return Line(str(order.item), href, _number(order), name, order.place_path, since, _marks(order))


def _order(order: Order, user: User) -> Line:
    since = order.since  # type: ignore[attr-defined]  # annotated
    return _of_order(order, user, href=reverse("console:order", args=[order.pk]), since=since)


def _to_dispatch(order: Order, user: User) -> Line:
    """A captain learns no name, not even a masked one, before somebody has accepted (rule D5)."""
    href = f"{reverse('console:dispatch')}?order={order.pk}"
    who = None if may(user, "needs.see_orders", order.place_path) else ""
    return _of_order(order, user, href=href, since=order.since, who=who)  # type: ignore[attr-defined]  # annotated


def _to_vouch(order: Order, user: User) -> Line:
    who = order.resident.masked_name
    return _of_order(order, user, href=f"{reverse('console:visits')}#vouch", since=order.planned_start, who=who)


def _alarm(alarm: Alarm, _user: User) -> Line:
    href, what = reverse("console:alarm", args=[alarm.pk]), alarm.get_kind_display()
    under = f"{alarm.order.item} · {_number(alarm.order)}" if alarm.order else ""
    return Line(what, href, under, alarm.person.masked_name, alarm.place_path, alarm.raised_at)


def _team_offer(offer: Offer, _user: User) -> Line:
    """No name before somebody has accepted (rule D5)."""
    href = reverse("console:team_offer", args=[offer.pk])
    order = offer.order
    return Line(str(order.item), href, _number(order), "", order.place_path, offer.offered_at, _marks(order))


def _objection(objection: Objection, _user: User) -> Line:
    order = objection.order
    href, under = reverse("console:objections"), f"{objection.reason} · {_number(order)}"
    return Line(str(order.item), href, under, objection.team.name, order.place_path, objection.made_at)


def _follow_up(row: FollowUp, user: User) -> Line:
    order, stars = row.rating.order, gettext("%(stars)d 星") % {"stars": row.rating.stars}
    href, who = reverse("console:follow_up", args=[row.pk]), desk.name_seen_by(user, order)
    return Line(str(order.item), href, f"{stars} · {_number(order)}", who, row.place_path, row.opened_at)


def _incident(incident: Incident, _user: User) -> Line:
    order, href = incident.order, reverse("console:incident", args=[incident.pk])
    what, under = incident.get_kind_display(), f"{order.item} · {_number(order)}"
    return Line(what, href, under, "", incident.place_path, incident.at)


def _with_order(rows: Any) -> Rows:
    return desk.with_since(rows.select_related("item", "resident"))


_CLOCK = Choice("clock", _("时限"), tuple(Clock.choices), lambda value: Q(order__clock=value))

TODOS = (
    Todo(
        name="alarms",
        permission="needs.answer_alarms",
        picture="bell",
        words=_("警报"),
        unit=_("个"),
        route="alarms",
        rows=alarms.ringing,
        line=_alarm,
        paths=PLACE_AND_TEAM,
        due="due_at",
        shown=lambda rows: rows.select_related("person", "order__item"),
        finds=_finder("order__", "person__"),
        choices=(Choice("what", _("什么事"), tuple(Alarm.Kind.choices), lambda value: Q(kind=value)),),
        comes_first=True,
    ),
    Todo(
        name="verify",
        permission="needs.verify",
        picture="clipboard-check",
        words=_("待核实"),
        unit=_("单"),
        route="verify",
        rows=lambda paths: desk.waiting_in(Order.State.CHECKING, paths),
        line=_order,
        paths=PLACE_AND_TEAM,
        due="due_at",
        shown=_with_order,
        finds=_finder(),
    ),
    Todo(
        name="dispatch",
        permission="needs.dispatch",
        picture="route",
        words=_("待派单"),
        unit=_("单"),
        route="dispatch",
        rows=lambda paths: desk.waiting_in(Order.State.WAITING, paths),
        line=_to_dispatch,
        paths=PLACE_AND_TEAM,
        due="due_at",
        shown=_with_order,
        finds=_finder(),
        opens=False,
    ),
    Todo(
        name="team",
        permission="needs.lead_team",
        picture="users",
        words=_("问到队里的"),
        unit=_("单"),
        route="team",
        rows=teams.open_team_offers,
        line=_team_offer,
        paths=("team__path",),
        due="lapses_at",
        shown=lambda rows: rows.select_related("order__item"),
        finds=lambda words, _by_name: _finder("order__")(words, False),
        choices=(_CLOCK,),
    ),
    Todo(
        name="objections",
        permission="needs.decide_objection",
        picture="scale",
        words=_("派单异议"),
        unit=_("件"),
        route="objections",
        rows=desk.objections,
        line=_objection,
        paths=("above", "order__place_path"),
        due="order__due_at",
        shown=lambda rows: rows.select_related("order__item", "team"),
        finds=_of_team,
        choices=(_CLOCK,),
        opens=False,
    ),
    Todo(
        name="redirected",
        permission="needs.confirm_for_resident",
        picture="flag",
        words=_("转办待回访"),
        unit=_("单"),
        route="redirected",
        rows=lambda paths: desk.waiting_in(Order.State.REDIRECTED, paths),
        line=_order,
        paths=PLACE_AND_TEAM,
        due="due_at",
        shown=_with_order,
        finds=_finder(),
    ),
    Todo(
        name="to_confirm",
        permission="needs.confirm_for_resident",
        picture="checks",
        words=_("待回访"),
        unit=_("单"),
        route="to_confirm",
        rows=desk.to_call_back,
        line=_order,
        paths=PLACE_AND_TEAM,
        due="due_at",
        shown=_with_order,
        finds=_finder(),
    ),
    Todo(
        name="vouch",
        permission="needs.vouch",
        picture="check",
        words=_("等人作证"),
        unit=_("单"),
        route="visits",
        rows=desk.unanswered,
        line=_to_vouch,
        paths=PLACE_AND_TEAM,
        due="due_at",
        shown=lambda rows: rows.select_related("item", "resident"),
        finds=_finder(),
        opens=False,
    ),
    Todo(
        name="follow_ups",
        permission="needs.follow_up",
        picture="star",
        words=_("差评待跟进"),
        unit=_("件"),
        route="follow_ups",
        rows=ratings.open_follow_ups,
        line=_follow_up,
        paths=("place_path",),
        due="due_at",
        shown=lambda rows: rows.select_related("rating__order__item", "rating__order__resident"),
        finds=_finder("rating__order__"),
    ),
    Todo(
        name="incidents",
        permission="needs.see_incidents",
        picture="first-aid-kit",
        words=_("出事没了结"),
        unit=_("件"),
        route="incidents",
        rows=incidents.open_incidents,
        line=_incident,
        paths=PLACE_AND_TEAM,
        due="due_at",
        shown=lambda rows: rows.select_related("order__item"),
        finds=lambda words, _by_name: _finder("order__")(words, False),
    ),
)
"""In the order in which rows that are due together stand."""
