"""What the desk's lists hold as columns: calls, promises, events, alarms, what went wrong."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lianxin.base.workbooks.writing import Value
from lianxin.console.calls import log, promises
from lianxin.console.exchange.listings import Listing, by_row
from lianxin.console.listed import as_asked
from lianxin.console.needs import alarms, rows
from lianxin.needs.models.aids import HomeVisit
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.models.calls import Call, CallBack
from lianxin.needs.models.detours import Objection
from lianxin.needs.models.events import Event
from lianxin.needs.models.incidents import Incident
from lianxin.needs.models.orders import Order
from lianxin.needs.models.ratings import FollowUp
from lianxin.needs.queries import calls, desk
from lianxin.needs.queries.incidents import open_incidents
from lianxin.needs.queries.ratings import open_follow_ups
from lianxin.organisations.queries import reach
from lianxin.people.models import Person


def _whom(person: Person | None, ending: str | None) -> str:
    if person:
        return person.name
    return str(_("尾号 %(ending)s") % {"ending": ending}) if ending else ""


def _order(order: Order | None) -> str:
    return f"{order.number} {order.item}" if order else ""


def _call(call: Call) -> list[Value]:
    return [
        call.get_kind_display() if call.ended_at else str(_("正在通话")),
        _whom(call.person, call.number_ending),
        str(call.person.home or "") if call.person else "",
        call.started_at,
        call.get_outcome_display(),
        _order(call.order) or str(call.event or "") or call.passed_to,
        call.operator.display_name,
    ]


def _call_back(promise: CallBack) -> list[Value]:
    return [
        _whom(promise.person, promise.number_ending),
        promise.due_at,
        str(promise.person.home or "") if promise.person else "",
        _order(promise.order),
        promise.owner.display_name,
    ]


def _event(event: Event) -> list[Value]:
    many_calls: int = event.callers  # type: ignore[attr-defined]
    state = _("已结束") if event.closed_at else _("正在发生")
    return [event.name, str(state), str(event.place), event.opened_at, many_calls]


def _home_visit(visit: HomeVisit) -> list[Value]:
    return [visit.person.name, str(visit.person.home or ""), visit.text, visit.times, visit.due_at]


def _alarm(alarm: Alarm) -> list[Value]:
    raised = alarm.raised_by.display_name if alarm.raised_by else str(_("到点没人上门"))
    outcome = alarm.get_outcome_display() if alarm.ended_at else ""
    return [
        alarm.get_kind_display(),
        alarm.person.masked_name,
        str(alarm.person.home or ""),
        _order(alarm.order),
        alarm.raised_at,
        raised,
        alarm.due_at,
        outcome,
        alarm.ended_at,
    ]


def _incident(incident: Incident) -> list[Value]:
    place = str(incident.order.place)
    return [
        incident.get_kind_display(),
        str(incident.order.item),
        incident.at,
        place,
        incident.where,
        incident.due_at,
    ]


def _follow_up(each: FollowUp) -> list[Value]:
    rating = each.rating
    return [_order(rating.order), rating.stars, rating.get_how_display(), rating.words, str(each.place), each.due_at]


def _objection(each: Objection) -> list[Value]:
    return [str(each.team), _order(each.order), each.reason, each.made_by.display_name, each.made_at]


def desk_lists(heads: Sequence[Any], orders: Any) -> Mapping[str, Listing]:
    """By the name of their tab; `heads` and `orders` are what every list of orders shows."""
    return {**_of_calls(), **_of_trouble(), **_of_orders(heads, orders)}


def _of_calls() -> Mapping[str, Listing]:
    return {
        "call_log": Listing(
            _("通话记录"),
            log.SEE,
            "console:call_log",
            (_("什么事"), _("谁"), _("社区"), _("时间"), _("结果"), _("单子或事件"), _("接线员")),
            lambda user, query: [log.narrowed(user, log.Narrowing(query))],
            by_row(_call),
        ),
        "call_backs": Listing(
            _("答应的回电"),
            "needs.take_calls",
            "console:call_backs",
            (_("打给谁"), _("期限"), _("社区"), _("单子"), _("谁来打")),
            lambda user, query: [promises.asked_for(user, query)],
            by_row(_call_back),
        ),
        "events": Listing(
            _("群体事件"),
            "needs.lead_events",
            "console:events",
            (_("什么事"), _("状态"), _("哪里"), _("从"), _("来电")),
            lambda user, _query: [calls.events_under(reach(user, "needs.lead_events"))],
            by_row(_event),
        ),
        "home_visits": Listing(
            _("上门告知"),
            "needs.visit_homes",
            "console:home_visits",
            (_("去谁家"), _("社区"), _("告诉什么"), _("去过几次"), _("期限")),
            lambda user, query: [
                as_asked(user, query, "home_visits", calls.home_visits(reach(user, "needs.visit_homes")))
            ],
            by_row(_home_visit),
        ),
    }


def _of_trouble() -> Mapping[str, Listing]:
    return {
        "alarms": Listing(
            _("警报"),
            "needs.answer_alarms",
            "console:alarms",
            (
                _("什么事"), _("居民"), _("社区"), _("单子"), _("几点报的"), _("谁报的"), _("期限"), _("结果"),
                _("几点有结果"),
            ),
            alarms.asked_for,
            by_row(_alarm),
        ),
        "incidents": Listing(
            _("出事了"),
            "needs.see_incidents",
            "console:incidents",
            (_("什么事"), _("项目"), _("什么时候"), _("社区"), _("在哪儿"), _("期限")),
            lambda user, query: [
                as_asked(user, query, "incidents", open_incidents(reach(user, "needs.see_incidents")))
            ],
            by_row(_incident),
        ),
        "follow_ups": Listing(
            _("差评跟进"),
            "needs.follow_up",
            "console:follow_ups",
            (_("单子"), _("星级"), _("怎么评的"), _("居民的话"), _("社区"), _("期限")),
            lambda user, query: [as_asked(user, query, "follow_ups", open_follow_ups(reach(user, "needs.follow_up")))],
            by_row(_follow_up),
        ),
        "objections": Listing(
            _("派单异议"),
            "needs.decide_objection",
            "console:objections",
            (_("队伍"), _("单子"), _("为什么"), _("谁提的"), _("什么时候")),
            lambda user, query: [
                as_asked(user, query, "objections", desk.objections(reach(user, "needs.decide_objection")))
            ],
            by_row(_objection),
        ),
    }  # fmt: skip


def _of_orders(heads: Sequence[Any], orders: Any) -> Mapping[str, Listing]:
    return {
        "overdue": Listing(
            _("超时的单"),
            "needs.see_orders",
            "console:overdue",
            heads,
            lambda user, query: [rows.overdue(user, query)],
            orders,
        ),
        "redirected": Listing(
            _("转办的单"),
            "needs.confirm_for_resident",
            "console:redirected",
            heads,
            lambda user, query: [rows.redirected(user, query)],
            orders,
        ),
    }
