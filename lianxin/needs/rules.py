"""Who may do what with an order, how its clocks run, and what may be seen of it before acceptance."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Protocol

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxin.base import working_time
from lianxin.base.day_parts import DECENT
from lianxin.needs.models.detours import Redirect
from lianxin.needs.models.menu import Clock, MenuItem
from lianxin.needs.models.orders import Order
from lianxin.organisations.models import Role
from lianxin.organisations.rules import grant
from lianxin.people.models import Person
from lianxin.people.rules import age, is_minor

MAY = grant(
    {
        "needs.see_orders": {Role.STATION_WORKER, Role.CALL_OPERATOR, Role.DISPATCHER, Role.CITY_OFFICER},
        "needs.see_resident": {Role.STATION_WORKER, Role.CALL_OPERATOR},
        "needs.place_for_others": {Role.STATION_WORKER, Role.CALL_OPERATOR},
        "needs.keep_menu": {Role.STATION_WORKER, Role.CITY_OFFICER},
        "needs.verify": {Role.STATION_WORKER},
        "needs.dispatch": {Role.DISPATCHER, Role.CAPTAIN},
        "needs.confirm_for_resident": {Role.STATION_WORKER, Role.CALL_OPERATOR},
        "needs.serve": {Role.VOLUNTEER},
        "needs.record_visits": {Role.STATION_WORKER, Role.CALL_OPERATOR, Role.CAPTAIN},
        "needs.vouch": {Role.STATION_WORKER, Role.CAPTAIN},
        "needs.follow_up": {Role.STATION_WORKER},
        "needs.see_incidents": {Role.STATION_WORKER, Role.CAPTAIN, Role.CITY_OFFICER},
        "needs.keep_policies": {Role.CAPTAIN, Role.CITY_OFFICER},
        "needs.answer_alarms": {Role.STATION_WORKER, Role.CALL_OPERATOR, Role.CAPTAIN},
        "needs.take_calls": {Role.STATION_WORKER, Role.CALL_OPERATOR},
        "needs.see_calls": {Role.STATION_WORKER, Role.CALL_OPERATOR, Role.CITY_OFFICER},
        "needs.read_call_notes": {Role.CALL_OPERATOR, Role.CITY_OFFICER},
        "needs.lead_events": {Role.STATION_WORKER, Role.CALL_OPERATOR, Role.CITY_OFFICER},
        "needs.edit_knowledge": {Role.STATION_WORKER, Role.CITY_OFFICER},
        "needs.plan_duty": {Role.STATION_WORKER, Role.CITY_OFFICER},
        "needs.print_sheets": {Role.STATION_WORKER, Role.CALL_OPERATOR},
        "needs.visit_homes": {Role.STATION_WORKER},
        "needs.connect_lines": {Role.SYSTEM_ADMINISTRATOR},
        "needs.lead_team": {Role.CAPTAIN},
        "needs.release": {Role.STATION_WORKER, Role.CALL_OPERATOR, Role.DISPATCHER, Role.CAPTAIN},
        "needs.pause": {Role.STATION_WORKER, Role.CALL_OPERATOR, Role.DISPATCHER},
        "needs.reschedule": {Role.STATION_WORKER, Role.CALL_OPERATOR, Role.DISPATCHER},
        "needs.send_fewer": {Role.DISPATCHER},
        "needs.object": {Role.DISPATCHER, Role.CAPTAIN},
        "needs.decide_objection": {Role.DISPATCHER, Role.CAPTAIN, Role.CITY_OFFICER},
        "needs.spare": {Role.STATION_WORKER, Role.CALL_OPERATOR},
    }
)


class Window(Protocol):
    """From when to when a resident wants the visit."""

    lower: datetime
    upper: datetime


BEFORE_THE_VISIT, SHORTEST_OFFER = timedelta(hours=1), timedelta(minutes=15)


@dataclass(frozen=True)
class Limits:
    """How long each step of an order may take, and by when the resident is promised an answer (rule C1)."""

    verify: timedelta
    dispatch: timedelta
    accept: timedelta
    promise: timedelta
    in_working_time: bool

    def end(self, moment: datetime, limit: timedelta) -> datetime:
        """When the limit ends that starts at `moment`, whatever the visit's time."""
        return working_time.after(moment, limit) if self.in_working_time else moment + limit

    def after(self, moment: datetime, limit: timedelta, *, latest_start: datetime) -> datetime:
        """When the limit ends that starts at `moment`, for a visit that can begin no later than then (rule C3)."""
        return no_later(self.end(moment, limit), moment, latest_start)

    def left(self, moment: datetime, until: datetime) -> timedelta:
        """How much of a limit that ends at `until` is left at `moment`; nothing when it is over."""
        if until <= moment:
            return timedelta()
        return working_time.between(moment, until) if self.in_working_time else until - moment


def no_later(end: datetime, moment: datetime, latest_start: datetime) -> datetime:
    """The end, brought forward to an hour before the visit must begin, but never before `moment` (rule C3)."""
    return min(end, max(moment, latest_start - BEFORE_THE_VISIT))


class Deadlines:
    """When steps that begin at one moment are due, for any number of orders: the calendar is asked once per class."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment
        self._ends: dict[tuple[str, timedelta], datetime] = {}

    def verify(self, order: Order) -> datetime:
        return self._by(order, CLOCKS[Clock(order.clock)].verify)

    def dispatch(self, order: Order) -> datetime:
        return self._by(order, CLOCKS[Clock(order.clock)].dispatch)

    def promise(self, order: Order) -> datetime:
        return self._by(order, CLOCKS[Clock(order.clock)].promise)

    def lapse(self, order: Order) -> datetime:
        """Until when an offer made now stays open; how long each rung of the service tree has (rule C4)."""
        return max(self._by(order, CLOCKS[Clock(order.clock)].accept), self.moment + SHORTEST_OFFER)

    def _by(self, order: Order, limit: timedelta) -> datetime:
        key = (order.clock, limit)
        if key not in self._ends:
            self._ends[key] = CLOCKS[Clock(order.clock)].end(self.moment, limit)
        return no_later(self._ends[key], self.moment, order.latest_start)


CLOCKS = {
    Clock.URGENT: Limits(
        timedelta(minutes=20), timedelta(minutes=20), timedelta(minutes=30), timedelta(hours=2), False
    ),
    Clock.QUICK: Limits(timedelta(hours=4), timedelta(hours=4), timedelta(hours=8), timedelta(hours=24), False),
    Clock.PLAIN: Limits(
        working_time.WORKDAY, working_time.WORKDAY, working_time.WORKDAY, 3 * working_time.WORKDAY, True
    ),
}

SERVED_AT_ONCE = (time(8), time(20))
"""Between these hours somebody can be found at once for what is quick; for what is urgent at any hour (rule O6)."""

CONFIRM_WITHIN = 3 * working_time.WORKDAY
"""How long a resident has to say that it was done before the desk must ring (rule E7)."""
VOUCH_AFTER = 4 * working_time.WORKDAY
"""How long the desk then tries, before the captain's word is asked: on the seventh working day (rule E7)."""
REOPEN_WITHIN = timedelta(days=7)
"""How long after the end the resident may say that it is not done after all (rule E8)."""
FOLLOW_UP_WITHIN = 3 * working_time.WORKDAY
POOR_STARS, ENOUGH_RATINGS = 2, 5
"""Up to how many stars a rating is looked into, and from how many ratings a mean is shown (rules R3 and R4)."""

ALARM_WITHIN = timedelta(minutes=15)
ALARM_PAGE, CALLS_ABOUT_ALARM = "/console/alarms/%d/", "alarm:%d:"
"""Where an alarm is answered, and how the keys of the calls about it begin."""
"""Within which somebody says what came of an alarm, before those above are told (rule S1)."""
LATE_AFTER = timedelta(minutes=30)
"""How long after the agreed time a visit counts as missed (rule S3)."""
NEW_WINDOW = timedelta(days=7)
"""For how long a visit that has to be agreed anew is wanted."""


class Then(models.TextChoices):
    """What becomes of the visit when an alarm has ended (rule S2)."""

    AGAIN = "again", _("接着去，还是原来的志愿者")
    ANEW = "anew", _("另约时间，重新找志愿者")
    CANCEL = "cancel", _("这次不用去了，取消这一单")


CLAIM_WITHIN = timedelta(hours=48)
"""Within which an accident is told to the insurer (rule S4)."""
EARLIEST = timedelta(hours=2)
"""How long before the agreed time a visit may begin (rule E5)."""
FORGOTTEN_AFTER = timedelta(hours=2)
"""How long after the planned end an open visit is taken for forgotten (rule E6)."""
LONG = timedelta(hours=4)


def longest_visit(order: Order) -> timedelta:
    """What is longer needs the captain's word (rule E6)."""
    return max(LONG, 2 * timedelta(minutes=order.minutes))


def proposed_end(order: Order, started_at: datetime) -> datetime:
    """When a visit that nobody ended will have ended: as planned; or after the usual time, if it began later."""
    planned = order.planned_end
    return planned if planned > started_at else started_at + timedelta(minutes=order.minutes)


CALL_BACK_AN_EMERGENCY, CALL_BACK = timedelta(minutes=30), working_time.WORKDAY
"""How soon whoever was redirected is rung back: 110, 119, 120 and 122 by the calendar, others by working time."""

LONGEST_PAUSE = timedelta(days=31)

DOOR_WORDS = (
    "红梅 青松 春风 朝霞 白鹭 杜鹃 腊梅 海棠 荷花 石榴 桂花 丁香 茉莉 玉兰 牡丹 芍药 月季 兰花 菊花 水仙 "
    "银杏 垂柳 翠竹 枫叶 麦穗 稻花 葡萄 樱桃 苹果 核桃 喜鹊 燕子 黄莺 孔雀 仙鹤 锦鲤 骏马 麋鹿 熊猫 白兔 "
    "长江 泰山 黄河 洞庭 西湖 昆仑 秋月 星光 彩虹 晨露 瑞雪 清泉 灯笼 风筝 剪纸 年画 二胡 琵琶 锣鼓 茶香"
).split()

LONGEST_LIST = 100
LONGEST_WINDOW = timedelta(days=14)
SAME_MATTER = timedelta(days=7)
SUPERVISED_FROM = 3
OFFICE_HOURS = (time(8, 30), time(17, 30))
RINGS_FOR, MISSED_FOR = timedelta(minutes=2), timedelta(days=1)
VISIT_WITHIN = working_time.WORKDAY
SHEETS_KEPT = timedelta(days=7)
FAR_METRES = 50_000
COMPOUND_SURNAMES = frozenset("欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 端木 独孤 南宫 夏侯".split())


def goes_straight_to_dispatch(item: MenuItem, way: Order.Way, *, is_known: bool, born_on: date | None) -> bool:
    """A call or a home visit is itself the verification; a known resident's low-risk wish needs none (rule O3), unless
    it is for people from an age on and nobody knows his (rule O7)."""
    is_of_age = not item.from_age or born_on is not None
    return way != Order.Way.WEB or (is_known and item.is_low_risk and is_of_age)


def may_be_had_at_once(item: MenuItem, moment: datetime) -> bool:
    """Whether «as soon as may be» can be asked for at that moment (rule O6)."""
    if item.clock == Clock.QUICK:
        return SERVED_AT_ONCE[0] <= timezone.localtime(moment).time() < SERVED_AT_ONCE[1]
    return item.clock == Clock.URGENT


def is_old_enough(item: MenuItem, born_on: date | None, on: date) -> bool:
    """Whether an item is for somebody of that age; an age that nobody knows is for the station to find out."""
    return not item.from_age or born_on is None or age(born_on, on) >= item.from_age


def urged_due(due_at: datetime | None, now: datetime) -> datetime | None:
    """Half of the time that was left; what is late already stays as late as it is (rule L2)."""
    return now + (due_at - now) / 2 if due_at and due_at > now else due_at


def is_after_hours(moment: datetime) -> bool:
    """Whether the duty person must hear of urgent orders then (rule L5)."""
    return not OFFICE_HOURS[0] <= timezone.localtime(moment).time() < OFFICE_HOURS[1]


def promised_anew(order: Order, now: datetime) -> datetime:
    """By when a resident hears from us who was promised an answer that has not come (rule L10): within two hours if it
    is urgent, else by 11:00 of the next working day; an hour before the visit could begin at the latest."""
    if order.clock == Clock.URGENT:
        until = now + CLOCKS[Clock.URGENT].promise
    else:
        midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        until = working_time.after(midnight, timedelta(hours=2.5))
    return max(now + SHORTEST_OFFER, min(until, order.latest_start - BEFORE_THE_VISIT))


def secret_hash(secret: str) -> str:
    """How the secret of a telephone system is kept: of 256 random bits, so that no salt would add to it."""
    return sha256(secret.encode()).hexdigest()


def why_two(item: MenuItem, resident: Person, window: Window, *, is_first: bool) -> list[Order.Two]:
    """Why two people go where one would do: a first visit, a minor, a night (rule D8); most often for no reason."""
    why = []
    if is_first and not item.is_alone_at_first:
        why.append(Order.Two.FIRST)
    if is_minor(resident, timezone.localdate(window.lower)):
        why.append(Order.Two.MINOR)
    if is_at_night(window, item.minutes):
        why.append(Order.Two.NIGHT)
    return why


def is_for_minors_too(order: Order) -> bool:
    """Whether a volunteer under 18 may go: by day, with an adult, to an adult, not in haste (rule W12)."""
    day = timezone.localdate(order.planned_start)
    is_harmless = order.item.is_low_risk and order.clock != Clock.URGENT and not is_minor(order.resident, day)
    return is_harmless and order.people > 1 and is_by_day(order.planned_start, order.planned_end)


def is_by_day(start: datetime, end: datetime) -> bool:
    """Whether the time lies between 07:00 and 21:00 of one day."""
    first, last = timezone.localtime(start), timezone.localtime(end)
    return first.date() == last.date() and DECENT[0] <= first.time() and last.time() <= DECENT[1]


def is_at_night(window: Window, minutes: int) -> bool:
    """Whether no day of the window has room for the visit between 07:00 and 21:00."""
    day = timezone.localdate(window.lower)
    while day <= timezone.localdate(window.upper):
        opens, closes = (datetime.combine(day, hour, timezone.get_current_timezone()) for hour in DECENT)
        if min(closes, window.upper) - max(opens, window.lower) >= timedelta(minutes=minutes):
            return False
        day += timedelta(days=1)
    return True


def call_back_at(redirect: Redirect, moment: datetime) -> datetime:
    """By when somebody rings back whoever was redirected (rule V4)."""
    if redirect.to in Redirect.EMERGENCIES:
        return moment + CALL_BACK_AN_EMERGENCY
    return working_time.after(moment, CALL_BACK)


def same_time_again(window: Window, now: datetime) -> tuple[datetime, datetime]:
    """The first window on the same weekday and at the same hours that begins tomorrow or later."""
    weeks = max(1, -(-(now + timedelta(days=1) - window.lower) // timedelta(weeks=1)))
    return window.lower + weeks * timedelta(weeks=1), window.upper + weeks * timedelta(weeks=1)


def new_door_word() -> str:
    """The word by which the volunteer will prove himself at the door (rule E1)."""
    return secrets.choice(DOOR_WORDS)


def called(name: str) -> str:
    """How a volunteer is named to a resident: 李师傅."""
    surname = name[:2] if name[:2] in COMPOUND_SURNAMES else name[:1]
    return f"{surname}师傅"
