"""Giving and ending roles, administrators by two, the quarterly review, idle accounts (rules A8, A10 and A11)."""

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.models import Installation
from lianxin.base.moves import move
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.actions import Deed, note, note_many
from lianxin.organisations.models import Node, Role, RoleHeld, RoleProposal
from lianxin.organisations.queries import forget_roles, require_everywhere
from lianxin.organisations.queries.accounts import idle_accounts
from lianxin.organisations.rules import ADMINISTRATORS, COUNTERSIGN, GIVEN_BY, roles_with
from lianxin.users.actions.accounts import switch_off_many
from lianxin.users.actions.sessions import end_sessions
from lianxin.users.models import User
from lianxin.users.rules import AT_A_DESK


@action
def give_role(
    *, user: User, role: Role, node: Node, by: User | None, since: date | None = None, until: date | None = None
) -> RoleHeld:
    """The user holds the role on the node from `since` (today) to the day before `until` (open).

    By who may give it there (rule A10); an administrator's role is proposed instead (rule A11). The machine (None)
    gives any. A role at a desk ends his sessions, since those at a desk run out sooner than a resident's.
    """
    if by is not None:
        require_may_give(by, role, user, node)
        if role in ADMINISTRATORS:
            raise Refused(_("三员的身份要两个人定：请先提出，再由另一位管理员复核。"), field="role")
    return hold(user, role, node, DateRange(since or clock.today(), until), by)


def hold(user: User, role: Role, node: Node, during: DateRange, by: User | None) -> RoleHeld:
    held = RoleHeld.objects.create(user=user, role=role, node=node, during=during)
    forget_roles(user)
    note("organisations.role_given", node, by=by, scope=node.path, role=role, user=user.pk)
    if role in roles_with(AT_A_DESK):
        end_sessions(user=user, by=by)
    return held


def require_may_give(by: User, role: Role, user: User, node: Node) -> None:
    """By who may give this role at this node, and never to himself (rule A10)."""
    if by.pk == user.pk:
        raise Forbidden(_("不能给自己授予或结束身份，请另一位管理员来办。"))
    if role not in GIVEN_BY:
        raise Refused(_("居民和志愿者的身份随登记和审核而来，不用授予。"), field="role")
    require_everywhere(by, GIVEN_BY[role], node.path)


@action
def end_role(*, held: RoleHeld, by: User | None) -> RoleHeld:
    """The role ends today, by who may give it; the user is signed out everywhere."""
    held = lock(RoleHeld, held.pk, "user", "node")
    if by is not None:
        require_may_give(by, Role(held.role), held.user, held.node)
    today = clock.today()
    if held.during.isempty or (held.during.upper is not None and held.during.upper <= today):
        raise Refused(_("这个身份已经结束了。"))
    _require_not_the_last(held)
    # A range that ends before it begins would be refused: a role of one day, or not yet begun, becomes empty.
    held.during = DateRange(held.during.lower, max(held.during.lower, today))
    held.save(update_fields=["during"])
    forget_roles(held.user)
    note("organisations.role_ended", held.node, by=by, scope=held.node.path, role=held.role, user=held.user_id)
    end_sessions(user=held.user, by=by)
    return held


@action
def propose_administrator(*, user: User, role: Role, node: Node, by: User) -> RoleProposal:
    """One administrator wants somebody to become one; a second one has to agree (rule A11)."""
    require_may_give(by, role, user, node)
    if role not in ADMINISTRATORS:
        raise Refused(_("这个身份不用复核，可以直接授予。"), field="role")
    proposal = RoleProposal.objects.create(
        user=user, role=role, node=node, during=DateRange(clock.today(), None), proposed_by=by, proposed_at=clock.now()
    )
    note("organisations.role_proposed", proposal, by=by, scope=node.path, role=role, user=user.pk)
    return proposal


@action
def countersign(*, proposal: RoleProposal, agrees: bool, by: User) -> RoleProposal:
    """The second administrator, who is neither the first nor the one it is about, agrees or does not (rule A11)."""
    proposal = lock(RoleProposal, proposal.pk, "user", "node")
    require_everywhere(by, COUNTERSIGN, proposal.node.path)
    if by.pk in {proposal.proposed_by_id, proposal.user_id}:
        raise Forbidden(_("自己提的，或者与自己有关的，要请另一位管理员复核。"))
    move(proposal, RoleProposal.State.GIVEN if agrees else RoleProposal.State.DECLINED)
    proposal.decided_by, proposal.decided_at = by, clock.now()
    proposal.save(update_fields=["state", "decided_by", "decided_at"])
    note("organisations.role_countersigned", proposal, by=by, scope=proposal.node.path, agrees=agrees)
    if agrees:
        hold(proposal.user, Role(proposal.role), proposal.node, DateRange(clock.today(), None), by)
    return proposal


@action
def keep_roles(*, held: list[RoleHeld], by: User) -> int:
    """At the quarterly review: these roles are still needed (rule A8)."""
    found = list(
        RoleHeld.objects.filter(pk__in=[each.pk for each in held]).select_related("node", "user").order_by("pk")
    )
    for each in found:
        require_everywhere(by, GIVEN_BY[Role(each.role)], each.node.path)
        if each.user_id == by.pk:
            raise Forbidden(_("自己的身份要请另一位管理员来确认。"))
    RoleHeld.objects.filter(pk__in=[each.pk for each in found]).update(reviewed_on=clock.today())
    note_many(
        "organisations.role_kept",
        [Deed(each.node, each.node.path, None, {"role": each.role, "user": each.user_id}) for each in found],
        by=by,
    )
    return len(found)


@action
def switch_off_idle_accounts() -> int:
    """Switch off who works at a desk and has not come in for as many days as the policy says (rule A8).

    The security administrator who came last stays on, or nobody could switch anybody on. A demo has no such rule.
    """
    if Installation.objects.filter(is_demo=True).exists():
        return 0
    return switch_off_many(users=idle_accounts(), because=User.Off.IDLE, by=None)


def _require_not_the_last(held: RoleHeld) -> None:
    """Somebody must remain who can give roles (rule A11)."""
    if held.role != Role.SECURITY_ADMINISTRATOR:
        return
    others = RoleHeld.objects.filter(role=held.role, during__contains=clock.today(), user__is_active=True)
    if not others.exclude(user=held.user_id).exists():
        raise Refused(_("这是最后一位安全管理员，请先授予另一位，再结束这一位。"))
