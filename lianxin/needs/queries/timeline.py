"""What happened with an order, where it stands and what comes next, in plain words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.journal.models import Entry
from lianxin.needs import rules
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Assignment

LATER = (gettext_lazy("找志愿者"), gettext_lazy("上门服务"), gettext_lazy("确认"), gettext_lazy("评价"))
NOW = {
    Order.State.CHECKING: (gettext_lazy("等社区核实"), 0),
    Order.State.WAITING: (gettext_lazy("正在找志愿者"), 1),
    Order.State.OFFERED: (gettext_lazy("正在问志愿者"), 1),
    Order.State.ACCEPTED: (gettext_lazy("等志愿者上门"), 2),
    Order.State.SERVING: (gettext_lazy("正在服务"), 2),
    Order.State.TO_CONFIRM: (gettext_lazy("做好了，等确认"), 3),
    Order.State.PAUSED: (gettext_lazy("暂停着"), 1),
    Order.State.REDIRECTED: (gettext_lazy("在等转办的结果"), 4),
}
"""Where an open order stands, and how many of `LATER` are then behind it."""
TURNS = {
    "needs.order_returned": gettext_lazy("退回了"),
    "needs.order_resubmitted": gettext_lazy("补充好，又交上了"),
    "needs.order_redirected": gettext_lazy("转办了"),
    "needs.redirect_answered": gettext_lazy("问过转办的结果"),
    "needs.order_paused": gettext_lazy("先停一停"),
    "needs.order_resumed": gettext_lazy("接着办"),
    "needs.order_raised": gettext_lazy("到时没人接，请上一级帮着找人"),
    "needs.order_rescheduled": gettext_lazy("改了时间"),
    "needs.order_cancelled": gettext_lazy("取消了"),
    "needs.order_reopened": gettext_lazy("说还没做好，再安排上门"),
}
SAID_ON_THE_ORDER = {"needs.order_returned", "needs.order_cancelled"}
LEFT = ("needs.withdrew", "needs.let_go")


@dataclass(frozen=True)
class Step:
    """One line of an order's course in plain words; `is_current` is where it stands, `is_ahead` what comes next."""

    words: str
    at: datetime | None = None
    under: str = ""
    is_current: bool = False
    is_ahead: bool = False


def timeline(order: Order) -> list[Step]:
    """What happened with the order, where it stands and what comes next; the same few queries for every order."""
    prefetch_related_objects([order], "rating__follow_up", *course())
    past = [*_steps_of_order(order), *_steps_of_visits(order), *_steps_of_alarms(order), *_steps_from_journal(order)]
    past.sort(key=lambda step: step.at or order.placed_at)
    return [*past, *_steps_to_come(order)]


def who_comes(order: Order) -> list[Assignment]:
    """The volunteers who have accepted and not withdrawn."""
    prefetch_related_objects([order], *course())
    return [each for each in order.assignments.all() if each.state == Assignment.State.HELD]


def _steps_of_order(order: Order) -> Iterator[Step]:
    by_another = order.placed_by_id and order.way == Order.Way.WEB and order.placed_by_id != order.resident.user_id
    under = _("家人代下") if by_another else ""
    yield Step(_("%(way)s点单") % {"way": order.get_way_display()}, order.placed_at, under)
    if order.verified_at and order.verified_at > order.placed_at:
        yield Step(_("社区核实好了"), order.verified_at)
    if asked := [offer.offered_at for offer in order.offers.all()]:
        yield Step(_("开始找志愿者"), min(asked))
    if order.confirmed_at:
        is_vouched = order.confirmed_how == "captain"
        yield Step(_("队长作证做好了（服务对象未确认）") if is_vouched else _("确认做好了"), order.confirmed_at)
    if rating := getattr(order, "rating", None):
        yield Step(_("评价了，%(stars)d 星") % {"stars": rating.stars}, rating.at)
        if (follow_up := getattr(rating, "follow_up", None)) and follow_up.closed_at:
            yield Step(_("不满意的事问清楚了"), follow_up.closed_at, follow_up.done)


def _steps_of_visits(order: Order) -> Iterator[Step]:
    for assignment in order.assignments.all():
        name = {"name": rules.called(assignment.volunteer.person.name)}
        yield Step(_("%(name)s接了单") % name, assignment.accepted_at, assignment.volunteer.team.name)
        for visit in assignment.visits.all():
            yield Step(_("%(name)s上门了") % name, visit.started_at)
            if visit.finished_at:
                yield Step(_("%(name)s说做好了") % name, visit.finished_at, visit.outcome)


def _steps_of_alarms(order: Order) -> Iterator[Step]:
    """Whom it was about knows how he is: the course of an order says only that it was found out (rule P3)."""
    for alarm in order.alarms.all():
        yield Step(_("%(kind)s，社区去查明") % {"kind": alarm.get_kind_display()}, alarm.raised_at)
        if alarm.ended_at and alarm.outcome == alarm.Outcome.LATE:
            yield Step(_("志愿者晚到了"), alarm.ended_at)
        elif alarm.ended_at:
            yield Step(_("社区查明了情况"), alarm.ended_at)


def _steps_from_journal(order: Order) -> Iterator[Step]:
    """What no column keeps the time of."""
    names = {each.pk: rules.called(each.volunteer.person.name) for each in order.assignments.all()}
    of_order = Q(subject_type=Order._meta.label_lower, subject_id=order.pk, name__in=TURNS)
    left = Q(subject_type=Assignment._meta.label_lower, subject_id__in=names, name__in=LEFT)
    entries = list(Entry.objects.filter(of_order | left).order_by("pk"))
    why = _why(order, entries)
    for entry in entries:
        if entry.name in TURNS:
            yield Step(str(TURNS[entry.name]), entry.at, why.get(entry.pk, ""))
        else:
            yield Step(_("%(name)s来不了，另外找人") % {"name": names[entry.subject_id]}, entry.at)


def _why(order: Order, entries: list[Entry]) -> dict[int, str]:
    """The words to each turn, by its entry, asked for only where there was such a turn."""
    names, why = {entry.name for entry in entries}, {}
    redirects = {each.pk: each for each in order.redirects.all()} if "needs.order_redirected" in names else {}
    pauses = {each.pk: each for each in order.pauses.all()} if "needs.order_paused" in names else {}
    for entry in entries:
        redirect, pause = redirects.get(entry.facts.get("redirect")), pauses.get(entry.facts.get("pause"))
        if redirect and entry.name == "needs.order_redirected":
            why[entry.pk] = f"{redirect.get_to_display()}：{redirect.words}"
        elif redirect:
            why[entry.pk] = redirect.outcome
        elif pause:
            why[entry.pk] = pause.reason
        elif entry.name in SAID_ON_THE_ORDER:
            why[entry.pk] = order.reason
    return why


def _steps_to_come(order: Order) -> Iterator[Step]:
    if order.state in NOW:
        words, done = NOW[Order.State(order.state)]
        at = order.planned_start if order.state == Order.State.ACCEPTED else None
        yield Step(str(words), at, is_current=True)
        yield from (Step(str(later), is_ahead=True) for later in LATER[done:])
    if order.state == Order.State.DONE and not hasattr(order, "rating"):
        yield Step(str(LATER[-1]), is_ahead=True)


def course() -> "tuple[str | Prefetch[str], ...]":
    """What the timeline reads beside the order itself."""
    assignments = Assignment.objects.select_related("volunteer__person", "volunteer__team").order_by("pk")
    return "offers", "alarms", Prefetch("assignments", assignments.prefetch_related("visits"))
