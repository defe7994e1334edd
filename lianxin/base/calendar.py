"""The yearly plan of days off, loaded as data and never computed (rule C2).

One JSON file per notice of the State Council: {year, papers, source, days: [{name, date, isOffDay}]}. The shape is that
of the public `holiday-cn` files, so that the next year's file can be taken from there; `source` is our own addition.
"""

import json
from datetime import date
from pathlib import Path

from lianxin.base import working_time
from lianxin.base.actions import action
from lianxin.base.models import CalendarDay

SHIPPED = Path(__file__).parent / "calendar_data"


@action
def load_calendar(file: Path) -> int:
    """Put a notice's days into the table, in place of what an earlier file of the same notice said; how many."""
    notice = json.loads(file.read_text())
    source = notice.get("source") or f"{notice['year']} {notice['papers'][0]}"[:80]
    days = [
        CalendarDay(
            day=date.fromisoformat(day["date"]), is_workday=not day["isOffDay"], name=day["name"], source=source
        )
        for day in notice["days"]
    ]
    CalendarDay.objects.filter(source=source).delete()
    CalendarDay.objects.bulk_create(
        days, update_conflicts=True, unique_fields=["day"], update_fields=["is_workday", "name", "source"]
    )
    working_time.forget_table()
    return len(days)


def load_shipped_calendars() -> int:
    """Load every notice that comes with this release; how many days."""
    return sum(load_calendar(file) for file in sorted(SHIPPED.glob("*.json")))
