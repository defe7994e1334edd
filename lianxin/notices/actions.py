"""Sending, calling, reading."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.prepared import Prepared
from lianxin.base.refused import Refused
from lianxin.journal.actions import note
from lianxin.notices import rules
from lianxin.notices.models import CallCard, CallTry, Notice, Sms, Way
from lianxin.users.models import User

WITHOUT_LINK = gettext_noop("您有一条新消息，请登录连心查看，或打社区电话问一问。")


@dataclass(frozen=True)
class Recipient:
    """A person as a notice sees him: `phone` in the clear only on its way into the sealed outbox."""

    person_id: int
    name: str
    user_id: int | None
    phone: str
    scope: str


@action
def send(*, to: Recipient, way: Way, text: str, key: str, link: str = "", at_once: bool = False) -> Notice | None:
    """Send one message once; None when the key was sent before. A call that cannot wait is due `at_once`."""
    if _sent(key):
        return None
    # Who sends the same key at the same moment breaks the constraint; his job is tried again, and finds it sent.
    notice = Notice.objects.create(
        key=key, person_id=to.person_id, user_id=to.user_id, way=way, text=text, link=link, made_at=clock.now()
    )
    if way == Way.SMS:
        _post(phone=to.phone, text=text if rules.may_be_sent(text) else _(WITHOUT_LINK), notice=notice)
    if way == Way.CALL:
        due_at = clock.now() if at_once else rules.next_call_time(clock.now())
        CallCard.objects.create(notice=notice, person_name=to.name, scope=to.scope, due_at=due_at)
    return notice


@action
def send_code(*, phone: str, code: str) -> None:
    """Put a sign-in code into the outbox."""
    _post(phone=phone, text=_("【连心】登录验证码 %(code)s，5 分钟内有效。工作人员不会向您要验证码。") % {"code": code})


@action
def try_call(*, card: CallCard, result: CallTry.Result, by: User) -> CallCard:
    """Write down one try: reached closes the card, the third failure turns it into a home visit."""
    card = lock(CallCard, card.pk)
    if card.done_at:
        raise Refused(_("这个电话已经有人打过了。"))
    CallTry.objects.create(card=card, result=result, by=by, at=clock.now())
    if result in {CallTry.Result.REACHED, CallTry.Result.FAMILY}:
        _close(card, CallCard.Outcome(result.value))
    elif card.tries.count() >= CallCard.TRIES:
        _close(card, CallCard.Outcome.GIVEN_UP)
    else:
        card.due_at = rules.next_call_time(clock.now() + rules.AGAIN_AFTER)
    card.save()
    note("notices.call_tried", card, by=by, scope=card.scope, for_person=card.notice.person_id, result=result)
    return card


@action
def mark_read(*, by: User) -> None:
    """The user has seen what was sent to him so far."""
    Notice.objects.filter(user=by, read_at=None).update(read_at=clock.now())


@action
def open_notice(*, notice: Notice, by: User) -> Notice:
    """The user opened one message."""
    Notice.objects.filter(pk=notice.pk, user=by, read_at=None).update(read_at=clock.now())
    return notice


_sent = Prepared(lambda key: Notice.objects.filter(key=key), models.CharField())


def _close(card: CallCard, outcome: CallCard.Outcome) -> None:
    card.outcome = outcome
    card.done_at = clock.now()


def _post(*, phone: str, text: str, notice: Notice | None = None) -> None:
    Sms.objects.create(notice=notice, phone=phone, text=text, made_at=clock.now())
