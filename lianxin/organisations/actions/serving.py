"""Which team serves which place, from when to when."""

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.refused import Refused
from lianxin.journal.actions import note
from lianxin.organisations.models import Node, Serves, Tree
from lianxin.organisations.queries import require
from lianxin.users.models import User


@action
def let_serve(*, team: Node, place: Node, by: User | None, since: date | None = None) -> Serves:
    """From now on the place's orders are offered to this team first; whoever shapes team or place may say so."""
    if by is not None:
        require(by, "organisations.shape", team.path, place.path)
    if team.tree != Tree.SERVICE or place.tree != Tree.PLACE:
        raise Refused(_("请选一支服务队和一个地方。"))
    serves = Serves.objects.create(team=team, place=place, during=DateRange(since or clock.today(), None))
    note("organisations.team_serves", team, by=by, scope=team.path, place=place.pk)
    return serves


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
