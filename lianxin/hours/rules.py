"""Who may settle service time, and what a settled time must be."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock, working_time
from lianxin.base.refused import Forbidden, Refused
from lianxin.hours.models import Grade, Record
from lianxin.organisations.models import Role
from lianxin.organisations.rules import grant
from lianxin.users.models import User

MAY = grant({"hours.settle": {Role.CAPTAIN, Role.STATION_WORKER}})

ANSWER_WITHIN = 3 * working_time.WORKDAY
"""Within which a dispute is answered (rule H7)."""
LONGEST = timedelta(hours=24)


def minutes_between(start: datetime, end: datetime) -> int:
    """Whole minutes from start to end (rule H1); no time, the wrong way round and the future are refused."""
    if end > clock.now():
        raise Refused(_("结束时间还没到，请填实际的时间。"), field="end")
    minutes = int((end - start).total_seconds() // 60)
    if minutes < 1:
        raise Refused(_("服务时间不到一分钟，请检查开始和结束时间。"), field="end")
    if end - start > LONGEST:
        raise Refused(_("一次服务不会超过 24 小时，请检查日期。"), field="end")
    return minutes


def require_another(record: Record, by: User) -> None:
    """Nobody settles his own time (rule H2)."""
    if record.person.user_id == by.pk:
        raise Forbidden(_("自己的服务时间不能自己裁定，请由站点或另一位队长来定。"))


def require_may_confirm(record: Record, by: User | None) -> None:
    """Never who is credited, never who wrote it down (rule H2)."""
    if by and record.person.user_id == by.pk:
        raise Refused(_("自己的服务时间不能自己确认，请由服务对象或另一个人确认。"))
    if by and record.recorder_id == by.pk:
        raise Refused(_("记录时间的人不能自己确认，请由服务对象或另一个人确认。"))


def grade_of_correction(record: Record) -> str:
    """A corrected time is no longer what was checked in and out (rule H4)."""
    return Grade.B if record.grade == Grade.A else record.grade
