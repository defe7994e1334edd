"""Standing in for somebody on leave (rule G9)."""

from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.actions import note
from lianxin.organisations.models import RoleHeld
from lianxin.organisations.queries import forget_roles
from lianxin.organisations.rules import LONGEST_DELEGATION, NEVER_LENT, roles_with
from lianxin.users.actions.sessions import end_sessions
from lianxin.users.models import User
from lianxin.users.rules import AT_A_DESK


@action
def delegate(*, role: RoleHeld, to: User, since: date, until: date, by: User) -> RoleHeld:
    """Somebody stands in for the holder of a role from `since` to `until`, both included.

    Only the holder lends, only what is his own, never longer than he has it himself and half a year at most; and what
    he loses, his stand-in loses with him.
    """
    role = lock(RoleHeld, role.pk, "node", "user")
    if role.user_id != by.pk or role.lent_from_id:
        raise Forbidden(_("只能把自己担任的身份交给别人代理。"))
    if role.role in NEVER_LENT:
        raise Forbidden(_("系统、安全、审计三员不能代理，请按程序另行任命。"))
    _require_sensible(role, to, since, until)
    kept = RoleHeld.objects.create(
        user=to, role=role.role, node=role.node, during=DateRange(since, until + timedelta(days=1)), lent_from=role
    )
    forget_roles(to)
    note("organisations.role_lent", role.node, by=by, scope=role.node.path, role=role.role, user=to.pk)
    if role.role in roles_with(AT_A_DESK):
        end_sessions(user=to, by=by)
    return kept


@action
def end_delegation(*, lent: RoleHeld, by: User) -> None:
    """Back earlier: the holder ends it, or the stand-in gives it back."""
    lent = lock(RoleHeld, lent.pk, "node", "lent_from")
    if lent.lent_from is None or by.pk not in {lent.lent_from.user_id, lent.user_id}:
        raise Forbidden(_("只有本人或代理人可以结束代理。"))
    today = clock.today()
    if lent.during.upper and lent.during.upper <= today:
        raise Refused(_("这次代理已经结束了。"))
    note("organisations.role_given_back", lent.node, by=by, scope=lent.node.path, role=lent.role, user=lent.user_id)
    if lent.during.lower and lent.during.lower >= today:
        lent.delete()
    else:
        lent.during = DateRange(lent.during.lower, today)
        lent.save(update_fields=["during"])


def _require_sensible(role: RoleHeld, to: User, since: date, until: date) -> None:
    if to.pk == role.user_id:
        raise Refused(_("请选另一个人代理。"), field="to")
    if since < clock.today() or until < since:
        raise Refused(_("请填今天或以后的日期，结束不早于开始。"), field="until")
    if until - since > LONGEST_DELEGATION:
        raise Refused(_("代理最长半年。离开更久，请由管理员另行任命。"), field="until")
    if role.during.lower and since < role.during.lower:
        raise Refused(_("您自己的任期还没有开始。"), field="since")
    if role.during.upper and until >= role.during.upper:
        raise Refused(_("代理不能比您自己的任期长。请把结束日期提前。"), field="until")
