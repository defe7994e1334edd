"""Sending, calling, reading."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from lianxin.base import clock
from lianxin.base.actions import Many, action, lock_many
from lianxin.base.bulk import insert_many, insert_new, update_many
from lianxin.base.prepared import Prepared
from lianxin.base.refused import Refused
from lianxin.journal.actions import Deed, note_many
from lianxin.notices import rules
from lianxin.notices.models import CallCard, CallTry, Notice, Sms, Way
from lianxin.users.models import User

NOTHING_SAID = gettext_noop("您有一条新消息，请登录连心查看，或打社区电话问一问。")


@dataclass(frozen=True)
class Recipient:
    """A person as a notice sees him: `phone` in the clear only on its way into the sealed outbox.

    `hotline` is whom he may ring about it, as an SMS says at its end. With `contact_id` the call goes to whom he named.
    """

    person_id: int
    name: str
    user_id: int | None
    phone: str
    scope: str
    hotline: str = ""
    contact_id: int | None = None


@dataclass(frozen=True)
class Message:
    """One message on its way to one person; `key` makes sure that it is sent once."""

    to: Recipient
    way: Way
    text: str
    key: str
    link: str = ""
    at_once: bool = False


@action
def send(*, to: Recipient, way: Way, text: str, key: str, link: str = "", at_once: bool = False) -> Notice | None:
    """Send one message once; None when the key was sent before. A call that cannot wait is due `at_once`."""
    return next(iter(send_many(messages=[Message(to, way, text, key, link, at_once)])), None)


@action
def send_many(*, messages: Sequence[Message]) -> list[Notice]:
    """Send each message once, all in a few statements; the notices that are new (rule N3)."""
    by_key = {message.key: message for message in messages}
    fresh = insert_new([_notice(message) for message in by_key.values()], key="key")
    insert_many(_sms(by_key[notice.key], notice) for notice in fresh if notice.way == Way.SMS)
    insert_many(_card(by_key[notice.key], notice) for notice in fresh if notice.way == Way.CALL)
    return fresh


@action
def send_code(*, phone: str, code: str) -> None:
    """Put a sign-in code into the outbox."""
    send_text(phone=phone, text=_("登录验证码 %(code)s，5 分钟内有效。工作人员不会向您要验证码。") % {"code": code})


@action
def send_text(*, phone: str, text: str, hotline: str = "") -> None:
    """Put a text for a bare number into the outbox, under our signature (rule N2)."""
    Sms.objects.create(phone=phone, text=_worded(text, hotline), made_at=clock.now())


@action
def try_call(*, card: CallCard, result: CallTry.Result, by: User) -> CallCard:
    """Write down one try: reached closes the card, the third failure turns it into a home visit."""
    return try_calls(cards=[card], result=result, by=by).or_refuse()[0]


@action
def try_calls(*, cards: Sequence[CallCard], result: CallTry.Result, by: User) -> Many[CallCard]:
    """The same of several cards, with as many statements as for one: one call tells a person all that waits for him.

    A card that somebody else has closed meanwhile is refused by its key; the others go through.
    """
    tried, now = Many[CallCard](), clock.now()
    for card in lock_many(CallCard, [each.pk for each in cards], "notice"):
        if card.done_at:
            tried.refused[card.pk] = Refused(_("这个电话已经有人打过了。"))
        else:
            tried.done.append(card)
    CallTry.objects.bulk_create(CallTry(card=card, result=result, by=by, at=now) for card in tried.done)
    counted = CallTry.objects.filter(card__in=tried.done).order_by().values_list("card").annotate(many=Count("pk"))
    tries = dict(counted)
    for card in tried.done:
        _after_a_try(card, result, tries[card.pk])
    CallCard.objects.bulk_update(tried.done, ["due_at", "outcome", "done_at"])
    deeds = [Deed(card, card.scope, card.notice.person_id, {"result": result}) for card in tried.done]
    note_many("notices.call_tried", deeds, by=by)
    return tried


@action
def drop_calls(*, person_id: int, link: str) -> list[CallCard]:
    """What was asked there has been answered another way: nobody rings about it any more (rule N4)."""
    return _end_calls(_waiting_calls(person_id, link), None)


_waiting_calls = Prepared(
    lambda person, link: (
        CallCard.objects.filter(notice__person_id=person, notice__link=link, done_at=None)
        .select_related("notice")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    ),
    models.BigIntegerField(),
    models.CharField(),
)


@action
def withdraw_calls(*, about: str, by: User | None) -> list[CallCard]:
    """Nobody need make these calls any more: those whose keys begin with `about`, and that are not made yet."""
    waiting = CallCard.objects.filter(done_at=None, notice__key__startswith=about).values_list("pk", flat=True)
    return _end_calls([card for card in lock_many(CallCard, waiting, "notice") if card.done_at is None], by)


def _end_calls(cards: list[CallCard], by: User | None) -> list[CallCard]:
    for card in cards:
        _close(card, CallCard.Outcome.WITHDRAWN)
    update_many(cards, "outcome", "done_at")
    note_many("notices.call_withdrawn", [Deed(card, card.scope, card.notice.person_id) for card in cards], by=by)
    return cards


@action
def mark_read(*, by: User) -> None:
    """The user has seen what was sent to him so far."""
    Notice.objects.filter(user=by, read_at=None).update(read_at=clock.now())


@action
def open_notice(*, notice: Notice, by: User) -> Notice:
    """The user opened one message."""
    Notice.objects.filter(pk=notice.pk, user=by, read_at=None).update(read_at=clock.now())
    return notice


def _after_a_try(card: CallCard, result: CallTry.Result, tries: int) -> None:
    if result in {CallTry.Result.REACHED, CallTry.Result.FAMILY}:
        _close(card, CallCard.Outcome(result.value))
    elif tries >= CallCard.TRIES:
        _close(card, CallCard.Outcome.NO_ANSWER if card.contact_id else CallCard.Outcome.GIVEN_UP)
    else:
        card.due_at = clock.now() + rules.SOON if card.contact_id else rules.next_round(clock.now())


def _close(card: CallCard, outcome: CallCard.Outcome) -> None:
    card.outcome = outcome
    card.done_at = clock.now()


def _notice(message: Message) -> Notice:
    to = message.to
    facts = {"person_id": to.person_id, "user_id": to.user_id, "way": message.way, "text": message.text}
    return Notice(key=message.key, link=message.link, made_at=clock.now(), **facts)


def _sms(message: Message, notice: Notice) -> Sms:
    text = _worded(message.text, message.to.hotline)
    return Sms(notice=notice, phone=message.to.phone, text=text, made_at=notice.made_at)


def _card(message: Message, notice: Notice) -> CallCard:
    to = message.to
    due_at = notice.made_at if message.at_once else rules.next_call_time(notice.made_at)
    return CallCard(notice=notice, person_name=to.name, contact_id=to.contact_id, scope=to.scope, due_at=due_at)


def _worded(text: str, hotline: str) -> str:
    """The text as it leaves the house: signed, without link or word on health, with whom to ring at the end."""
    neutral = rules.without_health(text, _("「您点的服务」"))
    said = neutral if rules.may_be_sent(neutral) else _(NOTHING_SAID)
    end = _("有事请打 %(hotline)s。") % {"hotline": hotline} if hotline else ""
    return f"【{settings.SMS_SIGNATURE}】{said}{end}"
