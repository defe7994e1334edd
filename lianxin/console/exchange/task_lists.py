"""What waits and what goes on today as columns: to-do list, visits, a team's work, time in dispute."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lianxin.base.todos import Line, Todo
from lianxin.base.workbooks.writing import Value
from lianxin.console import home, hours
from lianxin.console.exchange.listings import Listing, by_row
from lianxin.console.listed import listed
from lianxin.console.needs import team, visits
from lianxin.console.todos import BY_NAME
from lianxin.hours.models import Dispute
from lianxin.needs.models.offers import Offer
from lianxin.needs.models.orders import Order
from lianxin.needs.queries.tasks import visit_of
from lianxin.needs.queries.teams import held_by_teams, open_team_offers
from lianxin.organisations.queries import reach
from lianxin.users.models import User


def _waiting(user: User, query: QueryDict) -> Sequence[QuerySet[Any]]:
    """Kind by kind, each in the order in which it is due; every row knows of which kind it is."""
    return [_marked(kind, rows) for kind, rows in listed(user, query).shown.kinds]


def _marked(kind: Todo, rows: QuerySet[Any]) -> QuerySet[Any]:
    name = models.Value(kind.name, output_field=models.CharField())
    marked: QuerySet[Any] = kind.shown(rows.order_by(*filter(None, [kind.due]), "pk")).annotate(todo=name)
    return marked


def _todos(user: User, batch: Sequence[Any]) -> list[list[Value]]:
    rows = [home.Row.of(BY_NAME[each.todo], each, user) for each in batch]
    home.name_places(rows)
    return [_todo(row.line, row.kind, row.where, row.due) for row in rows]


def _todo(line: Line, kind: Todo, where: str, due: datetime | None) -> list[Value]:
    marks = "、".join(str(words) for words, _tone in line.marks)
    return [str(kind.words), str(line.what), line.under, marks, line.who, where, line.since, due]


def _visit(row: Any) -> list[Value]:
    """Who goes where; below them the orders for which somebody is to vouch (rule E7)."""
    if isinstance(row, Order):
        return _line_of_visit(row, "", "", str(_("等人作证")), None)
    seen, volunteer = visit_of(row), row.volunteer
    began = seen.started_at if seen else None
    return _line_of_visit(row.order, volunteer.person.name, str(volunteer.team), visits.how_it_stands(row), began)


def _line_of_visit(order: Order, who: str, team_name: str, state: str, began: datetime | None) -> list[Value]:
    whom = order.resident.masked_name
    times: list[Value] = [order.planned_start, order.planned_end]
    return [*times, who, team_name, str(order.item), order.number, str(order.place), whom, state, began]


def _of_team(row: Any) -> list[Value]:
    """What a team is asked, and what its members hold; no resident's name (rule D5)."""
    order = row.order
    if isinstance(row, Offer):
        asked = "、".join(map(_handed_on, row.handed_on.all()))
        window: list[Value] = [order.window.lower, order.window.upper]
        return [str(row.team), str(order.item), str(order.place), *window, asked, str(_("问到队里")), row.lapses_at]
    planned: list[Value] = [order.planned_start, order.planned_end]
    held = [str(row.volunteer.team), str(order.item), str(order.place), *planned]
    return [*held, row.volunteer.person.name, order.get_state_display(), None]


def _handed_on(offer: Offer) -> str:
    return f"{offer.volunteer.person.name}（{offer.get_state_display()}）" if offer.volunteer else ""


def _contested(row: Any) -> list[Value]:
    """What a member says is wrong, or a time that overlaps another."""
    if isinstance(row, Dispute):
        record, words, reason, due = row.record, str(_("有异议")), row.reason, row.due_at
    else:
        record, words, reason, due = row, row.get_state_display(), "", None
    return [words, record.person.name, record.what, record.during.lower, record.during.upper, reason, due]


TASK_LISTS: Mapping[str, Listing] = {
    "home": Listing(
        _("待办"),
        home.OPEN,
        "console:home",
        (
            _("要做什么"),
            _("什么事"),
            _("说明"),
            _("标记"),
            _("谁"),
            _("哪里"),
            _("从什么时候"),
            _("期限"),
        ),
        _waiting,
        _todos,
    ),
    "visits": Listing(
        _("今天上门"),
        visits.RECORD,
        "console:visits",
        (
            _("从"),
            _("到"),
            _("志愿者"),
            _("队伍"),
            _("项目"),
            _("单号"),
            _("去哪里"),
            _("居民"),
            _("现在"),
            _("几点开始的"),
        ),
        visits.rows_of,
        by_row(_visit),
    ),
    "team": Listing(
        _("本队"),
        team.LEADS,
        "console:team",
        (_("队伍"), _("项目"), _("社区"), _("从"), _("到"), _("队员"), _("状态"), _("期限")),
        lambda user, _query: [open_team_offers(reach(user, team.LEADS)), held_by_teams(reach(user, team.LEADS))],
        by_row(_of_team),
    ),
    "contested": Listing(
        _("时间争议"),
        hours.SETTLE,
        "console:contested",
        (_("什么事"), _("谁"), _("服务"), _("从"), _("到"), _("哪里不对"), _("期限")),
        hours.asked_for,
        by_row(_contested),
    ),
}
"""By the name of their tab."""
