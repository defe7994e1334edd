"""Free times and who may take on volunteers."""

from collections.abc import Container, Iterable
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxin.base.day_parts import Part
from lianxin.base.refused import Refused
from lianxin.organisations.models import Role
from lianxin.organisations.rules import grant
from lianxin.people.rules import ADULT, age, is_minor
from lianxin.volunteers.models import Volunteer

MAY = grant(
    {
        "volunteers.see": {
            Role.CAPTAIN,
            Role.SECRETARY,
            Role.STATION_WORKER,
            Role.UNIT_OFFICER,
            Role.CITY_OFFICER,
        },
        "volunteers.approve": {Role.CAPTAIN, Role.UNIT_OFFICER, Role.CITY_OFFICER},
        "volunteers.lead": {Role.CAPTAIN, Role.UNIT_OFFICER, Role.CITY_OFFICER},
        "volunteers.keep_members": {Role.SECRETARY, Role.UNIT_OFFICER},
        "volunteers.list_skills": {Role.CITY_OFFICER},
    }
)

YOUNGEST = 14
MOST_SKILLS = 3

NOTICE = (
    _(
        "我们记录您的姓名、出生日期、联系方式、服务技能和可服务时间，用来安排和记录志愿服务（《志愿服务条例》第七条、第十九条）。"
    ),
    _("队长能看到您的姓名和技能；联系电话加密保存，谁看过您随时能查。"),
    _("志愿服务自愿、无偿。派单可以不接，不用说原因；您随时可以退出。"),
    _("服务记录至少保存十年，您可以免费开具证明；不会公开您的个人信息。"),
)
"""The statutory notice, sentence by sentence, as whoever registers agrees to it."""


def notice_version() -> str:
    """Which wording of the notice somebody agreed to: the first characters of its hash."""
    return sha256("\n".join(str(sentence) for sentence in NOTICE).encode()).hexdigest()[:16]


def require_age(born_on: date | None, guardian_name: str, guardian_phone: str, today: date) -> None:
    """From 14 on, until 18 with a guardian (rule W3; 《中国注册志愿者管理办法》第七条)."""
    years = age(born_on, today) if born_on else ADULT
    if years < YOUNGEST:
        raise Refused(_("谢谢您想来帮忙！未满 14 周岁还不能登记，欢迎跟家长一起参加社区的亲子活动。"), field="born_on")
    if years < ADULT and not (guardian_name and guardian_phone):
        raise Refused(_("未满 18 周岁，请填监护人的姓名和电话，我们会先问他同不同意。"), field="guardian_name")


def require_guardian_asked(volunteer: Volunteer, said_yes: Container[int], today: date) -> None:
    """A minor is taken on after the captain has asked the guardian; `said_yes` are the people whose guardian has."""
    if is_minor(volunteer.person, today) and volunteer.person_id not in said_yes:
        raise Refused(_("未满 18 周岁，请先问监护人，并记下是怎么问的。"))


DAY_STARTS, SLOT_HOURS, SLOTS_A_DAY = 6, 2, 8


def slots(start: datetime, end: datetime) -> int:
    """The week slots that a time touches, as a mask of 56 bits; `NEVER` if it reaches into the night (22 to 06)."""
    each, last = timezone.localtime(start), timezone.localtime(end)
    mask = 0
    while each < last:
        slot = (each.hour - DAY_STARTS) // SLOT_HOURS
        if not 0 <= slot < SLOTS_A_DAY:
            return NEVER
        mask |= 1 << (each.weekday() * SLOTS_A_DAY + slot)
        opens = each.replace(hour=DAY_STARTS + slot * SLOT_HOURS, minute=0, second=0, microsecond=0)
        each = opens + timedelta(hours=SLOT_HOURS)
    return mask


NEVER = 1 << 60

SLOTS_OF = {Part.MORNING: range(3), Part.AFTERNOON: range(3, 6), Part.EVENING: range(6, 8)}
"""The slots of two hours that make a part of a day: 06 to 12, 12 to 18, 18 to 22."""


def mask_of(parts: Iterable[tuple[int, Part]]) -> int:
    """The week slots of these parts of days (0 = Monday)."""
    return sum(1 << (day * SLOTS_A_DAY + slot) for day, part in set(parts) for slot in SLOTS_OF[part])


def parts_of(free: int) -> list[tuple[int, Part]]:
    """The parts of days that lie wholly in the free slots."""
    return [(day, part) for day in range(7) for part in Part if free & (mask := mask_of([(day, part)])) == mask]


def is_free(free: int, start: datetime, end: datetime) -> bool:
    """Whether all slots that the time touches are among the free ones."""
    wanted = slots(start, end)
    return free & wanted == wanted
