"""Figures from before the system: entered by one person, checked by another, always shown apart (rule G10)."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.moves import move
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.actions import note
from lianxin.organisations.models import Node, Opening
from lianxin.organisations.queries import may, require
from lianxin.users.models import User


@action
def enter_opening(
    *, node: Node, what: Opening.What, number: int, unit: str, as_of: date, source: str, by: User
) -> Opening:
    """Write down a past figure with the day as of which it holds and where it comes from."""
    require(by, "organisations.enter_opening", node.path)
    if as_of > clock.today():
        raise Refused(_("历史数据的截至日期不能在今天以后。"), field="as_of")
    if not source.strip():
        raise Refused(_("请写下出处，例如「2025 年工作总结第 3 页」。"), field="source")
    opening = Opening.objects.create(
        node=node,
        what=what,
        number=number,
        unit=unit,
        as_of=as_of,
        source=source,
        entered_by=by,
        entered_at=clock.now(),
    )
    note("organisations.opening_entered", opening, by=by, scope=node.path)
    return opening


@action
def approve_opening(*, opening: Opening, by: User) -> Opening:
    """Another person has compared the figure with its source; from now on it is shown."""
    opening = lock(Opening, opening.pk, "node")
    require(by, "organisations.approve_opening", opening.node.path)
    if opening.entered_by_id == by.pk:
        raise Forbidden(_("自己登记的历史数据要由另一个人复核。"))
    move(opening, Opening.State.APPROVED)
    opening.approved_by, opening.approved_at = by, clock.now()
    opening.save()
    note("organisations.opening_approved", opening, by=by, scope=opening.node.path)
    return opening


@action
def withdraw_opening(*, opening: Opening, by: User) -> Opening:
    """The figure was wrong; whoever entered it takes it back until it is checked, later whoever may check."""
    opening = lock(Opening, opening.pk, "node")
    is_own_draft = opening.entered_by_id == by.pk and opening.state == Opening.State.ENTERED
    if not is_own_draft and not may(by, "organisations.approve_opening", opening.node.path):
        raise Forbidden(_("复核以后，要由负责复核的人撤回。"))
    move(opening, Opening.State.WITHDRAWN)
    opening.save(update_fields=["state"])
    note("organisations.opening_withdrawn", opening, by=by, scope=opening.node.path)
    return opening
