"""Which team serves which place, from when to when."""

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.refused import Refused
from lianxin.journal.actions import note
from lianxin.organisations.models import Serves
from lianxin.organisations.queries import require
from lianxin.users.models import User


@action
def stop_serving(*, serves: Serves, by: User | None) -> None:
    """From today on the place's orders are no longer offered to this team first; open ones stay where they are."""
    serves = lock(Serves, serves.pk, "team", "place")
    if by is not None:
        require(by, "organisations.shape", serves.team.path, serves.place.path)
    if serves.during.upper:
        raise Refused(_("这支队伍已经不再服务这个地方。"))
    today = clock.today()
    if serves.during.lower == today:
        serves.delete()
    else:
        serves.during = DateRange(serves.during.lower, today)
        serves.save(update_fields=["during"])
    note("organisations.team_stopped_serving", serves.team, by=by, scope=serves.team.path, place=serves.place_id)
