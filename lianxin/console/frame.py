"""What every page of the desk stands in: whose desk it is, and what waits on each of its lists."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.base.backlog import Backlog, backlog
from lianxin.hours.queries import open_disputes
from lianxin.needs.queries import alarms, desk, incidents, ratings
from lianxin.needs.queries.calls import home_visits, open_call_backs
from lianxin.notices.queries import open_calls
from lianxin.organisations.models import Role, RoleHeld
from lianxin.organisations.queries import reach, roles_of
from lianxin.people.queries import open_applications, open_complaints
from lianxin.users.models import User
from lianxin.volunteers.queries import to_review, transfers_to

PRIVATE_ROLES = {Role.RESIDENT, Role.VOLUNTEER}


@dataclass(frozen=True)
class Desk:
    """A list on which work waits: its route, who works it, its rows below given paths, and since when a row waits."""

    route: str
    permission: str
    picture: str
    words: str | Promise
    unit: str | Promise
    rows: Callable[[list[str]], QuerySet[Any]]
    since: str


DESKS = (
    Desk("alarms", "needs.answer_alarms", "bell", _("警报"), _("个"), alarms.ringing, "raised_at"),
    Desk("verify", "needs.verify", "clipboard-check", _("待核实"), _("单"), desk.to_verify, "since"),
    Desk("dispatch", "needs.dispatch", "route", _("待派单"), _("单"), desk.to_dispatch, "since"),
    Desk("redirected", "needs.confirm_for_resident", "flag", _("转办待回访"), _("单"), desk.redirected, "since"),
    Desk("objections", "needs.decide_objection", "scale", _("派单异议"), _("件"), desk.objected, "placed_at"),
    Desk("call_cards", "people.call", "phone-call", _("要打的电话"), _("个"), open_calls, "notice__made_at"),
    Desk("call_backs", "needs.take_calls", "clock", _("答应的回电"), _("个"), open_call_backs, "promised_at"),
    Desk("home_visits", "needs.visit_homes", "map-pin", _("要上门告知的"), _("家"), home_visits, "made_at"),
    Desk("to_confirm", "needs.confirm_for_resident", "checks", _("待回访"), _("单"), desk.to_call_back, "since"),
    Desk("applications", "people.keep", "id", _("居民申请"), _("件"), open_applications, "made_at"),
    Desk("follow_ups", "needs.follow_up", "star", _("差评待跟进"), _("件"), ratings.open_follow_ups, "opened_at"),
    Desk("contested", "hours.settle", "scale", _("时间异议"), _("件"), open_disputes, "raised_at"),
    Desk("incidents", "needs.see_incidents", "first-aid-kit", _("出事没了结"), _("件"), incidents.open_incidents, "at"),
    Desk(
        "complaints", "people.answer_complaints", "message-report", _("投诉待答复"), _("件"), open_complaints, "made_at"
    ),
    Desk("review", "volunteers.approve", "clipboard-check", _("报名待审核"), _("人"), to_review, "registered_at"),
    Desk("transfers", "volunteers.lead", "route", _("转入待答复"), _("份"), transfers_to, "asked_at"),
)


def signed_in(request: HttpRequest) -> User:
    """The user, of whom the page's guard has made sure."""
    return cast("User", request.user)


def backlogs(user: User) -> Mapping[Desk, Backlog]:
    """What waits on the desks that this user may work; asked once per request and kept on the user."""
    kept: dict[Desk, Backlog] | None = getattr(user, "_backlogs", None)
    if kept is None:
        worked = {desk: reach(user, desk.permission) for desk in DESKS}
        kept = {desk: backlog(desk.rows(paths), desk.since) for desk, paths in worked.items() if paths}
        user._backlogs = kept  # type: ignore[attr-defined]
    return kept


def show(request: HttpRequest, template: str, facts: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """A page in the desk's frame."""
    return render(request, template, {**_frame(signed_in(request)), **facts}, status=status)


def _frame(user: User) -> dict[str, Any]:
    held = [role for role in roles_of(user) if role.role not in PRIVATE_ROLES]
    return {
        "desk_place": "、".join(dict.fromkeys(role.node.name for role in held)),
        "desk_role": "、".join(dict.fromkeys(_role_in_words(role) for role in held)),
        "waiting": {desk.route: found.count for desk, found in backlogs(user).items()},
    }


def _role_in_words(held: RoleHeld) -> str:
    """The role, with «代» for whoever stands in (rule G9)."""
    words = held.get_role_display()
    return gettext("%(role)s（代）") % {"role": words} if held.lent_from_id else words
