"""A telephone system at the desk: it tells who rings, and one operator takes it (rule L8)."""

import secrets
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.refused import Refused
from lianxin.base.sealed import keyed_hash
from lianxin.journal.actions import note
from lianxin.needs import rules
from lianxin.needs.actions.calls.taking import LONGEST_NUMBER, start_call
from lianxin.needs.models.calls import Call, Line, Ring
from lianxin.organisations.models import Node
from lianxin.organisations.queries import require
from lianxin.users.models import User

SAME_RING = timedelta(seconds=30)


@action
def connect_line(*, desk: Node, name: str, by: User) -> tuple[Line, str]:
    """A telephone system of a desk, and its secret, which is shown this once and kept as a hash."""
    require(by, "needs.connect_lines", desk.path)
    secret = secrets.token_urlsafe(32)
    line = Line.objects.create(desk=desk, name=name, secret_hash=rules.secret_hash(secret), made_at=clock.now())
    note("needs.line_connected", line, by=by, scope=desk.path)
    return line, secret


@action
def disconnect_line(*, line: Line, by: User) -> Line:
    """The secret opens nothing any more."""
    line = lock(Line, line.pk, "desk")
    require(by, "needs.connect_lines", line.desk.path)
    line.closed_at = line.closed_at or clock.now()
    line.save(update_fields=["closed_at"])
    note("needs.line_disconnected", line, by=by, scope=line.desk.path)
    return line


@action
def ring(*, line: Line, number: str) -> Ring:
    """The telephone rings. Told twice within half a minute, it is one ring."""
    line = lock(Line, line.pk, "desk")
    if len(number) > LONGEST_NUMBER or not (number.isdecimal() or number == ""):
        raise Refused(_("电话号码只写数字，最多 15 位。"), field="number")
    now = clock.now()
    same = Ring.objects.filter(line=line, call=None, rung_at__gt=now - SAME_RING)
    same = same.filter(number_hash=keyed_hash(number)) if number else same.filter(number_hash=None)
    if found := same.order_by("-pk").first():
        return found
    return Ring.objects.create(line=line, scope=line.desk.path, number=number, rung_at=now)


@action
def take_ring(*, ring: Ring, by: User) -> Call:
    """One operator takes it; whoever comes second is told who did."""
    ring = lock(Ring, ring.pk)
    require(by, "needs.take_calls", ring.scope)
    if ring.call_id:
        taken = Call.objects.select_related("operator").get(pk=ring.call_id)
        raise Refused(_("%(name)s已经接了这个电话。") % {"name": taken.operator.display_name})
    is_missed = clock.now() - ring.rung_at > rules.RINGS_FOR
    source = Call.Source.OUT if is_missed else Call.Source.LIVE
    ring.call = start_call(by=by, number=ring.number.open() if ring.number else "", source=source)
    ring.save(update_fields=["call"])
    return ring.call
