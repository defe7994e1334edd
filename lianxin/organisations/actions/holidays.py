"""The table of days off (rule C2): who loads the State Council's yearly notice, and takes a wrong one out again."""

from lianxin.base.actions import action, lock
from lianxin.base.calendar import drop_notice, load_notice, read_notice
from lianxin.base.models import HolidayNotice
from lianxin.journal.actions import note
from lianxin.organisations.rules import LOAD_HOLIDAYS
from lianxin.users.models import User
from lianxin.users.rules import require_may


@action
def load_holidays(*, file: bytes, by: User) -> HolidayNotice:
    """Put the file's days into the table, in place of what the year's notice said before."""
    require_may(by, LOAD_HOLIDAYS)
    notice = read_notice(file)
    row = load_notice(notice)
    note("organisations.holidays_loaded", row, by=by, year=notice.year, days=len(notice.days))
    return row


@action
def drop_holidays(*, notice: HolidayNotice, by: User) -> None:
    """The notice was none of ours: its days are days of the week again."""
    require_may(by, LOAD_HOLIDAYS)
    row = lock(HolidayNotice, notice.pk)
    days = drop_notice(row.year)
    note("organisations.holidays_dropped", row, by=by, year=row.year, days=days)
