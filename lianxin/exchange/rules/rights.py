"""Who may bring rosters in and take lists out, and for how long files are kept."""

from datetime import timedelta

from lianxin.organisations.models import Role
from lianxin.organisations.rules import grant

IMPORT = "exchange.import_rosters"
SEALED = "exchange.take_sealed"
REGISTER = "exchange.see_exports"

MAY = grant(
    {
        IMPORT: {Role.CAPTAIN, Role.STATION_WORKER, Role.UNIT_OFFICER, Role.CITY_OFFICER},
        SEALED: {Role.STATION_WORKER, Role.CITY_OFFICER},
        REGISTER: {Role.AUDITOR, Role.SECURITY_ADMINISTRATOR, Role.CITY_OFFICER},
    }
)

FILE_KEPT = timedelta(days=30)
"""After this a roster's file and its lines are deleted (rule I6)."""

EXPORT_KEPT = timedelta(days=3)
"""After this an exported file is deleted; the register's line stays (rule X3)."""

MOST_SEALED_ROWS = 2_000
"""More people than this never leave with sealed fields in one file (rule X2)."""

MOST_AT_ONCE = 1_000
"""A list up to this length is made while one waits; a longer one is made by a job."""

SLIP_LIVES = timedelta(days=30)
"""How long a confirmation slip can be used (rule I8)."""
