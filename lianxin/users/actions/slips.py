"""Sign-in slips on paper, where no SMS reaches (rule A6)."""

import secrets

from django.utils.translation import gettext as _

from lianxin.base import limits
from lianxin.base.actions import action, lock
from lianxin.base.clock import now
from lianxin.base.refused import Forbidden, Refused
from lianxin.base.sealed import keyed_hash
from lianxin.journal.actions import note
from lianxin.users import rules
from lianxin.users.actions.coming_in import come_in
from lianxin.users.models import Slip, User

LETTERS = 12


@action
def issue_slip(*, user: User, by: User | None, scope: str | None, id_card_seen: bool) -> tuple[Slip, str]:
    """A slip for this user, and the code to print on it; the slip before is void.

    Only by who may at `scope` and has seen the ID card. For whoever works at a desk only by who looks after accounts,
    else a station could come in as an administrator. The machine (None) makes those of the first run.
    """
    user = lock(User, user.pk)
    _require_may_issue(by, user, scope)
    if not id_card_seen:
        raise Refused(_("请先核对本人的身份证件，再打印登录条。"), field="id_card_seen")
    if not user.is_active:
        raise Refused(_("这个账号已经停用，请先启用。"))
    Slip.objects.filter(user=user, ended_at=None).update(ended_at=now())
    code = rules.code_from(secrets.token_bytes(LETTERS))
    slip = Slip.objects.create(
        user=user, code_hash=_hash_of(code), issued_by=by, made_at=now(), expires_at=now() + rules.SLIP_LIVES
    )
    note("users.slip_issued", user, by=by, scope=scope, slip=slip.pk)
    return slip, code


@action
def try_slip(*, code: str, address: str) -> User | None:
    """Let in whoever has the slip, once; None when there is no such slip, which counts against the address."""
    limits.require_room(rules.SLIPS_PER_ADDRESS, rules.network(address))
    slip = Slip.objects.select_for_update().filter(code_hash=_hash_of(rules.plain_code(code))).first()
    if slip is None:
        limits.count(rules.SLIPS_PER_ADDRESS, rules.network(address))
        return None
    if not slip.is_live:
        raise Refused(_("这张登录条已经用过或过期了，请工作人员再打一张。"), field="slip")
    slip.ended_at = now()
    slip.save(update_fields=["ended_at"])
    return come_in(lock(User, slip.user_id), way="slip")


def _require_may_issue(by: User | None, user: User, scope: str | None) -> None:
    if by is None:
        return
    if by.pk == user.pk:
        raise Forbidden(_("不能给自己打印登录条，请另一位同事来办。"))
    needed = rules.SEE_ACCOUNTS if user.has_perm(rules.AT_A_DESK) else rules.ISSUE_SLIPS
    if not (by.has_perm(needed) if needed == rules.SEE_ACCOUNTS or not scope else by.has_perm(needed, scope)):
        raise Forbidden(_("您不能给这个人打印登录条。工作人员的请找安全管理员，居民的请找他的社区。"))


def _hash_of(code: str) -> bytes:
    return keyed_hash(f"slip {code}")
