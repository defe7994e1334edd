"""What is sent is sent once; a call is made three times at the most, at decent hours."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from lianxin.base import clock
from lianxin.base.refused import Refused
from lianxin.journal.models import Entry
from lianxin.notices.actions import Recipient, mark_read, send, try_call, try_calls
from lianxin.notices.models import CallCard, CallTry, Notice, Sms, Way
from lianxin.notices.queries import inbox, open_calls, unread_count
from lianxin.notices.rules import next_call_time
from lianxin.notices.tasks import carry
from tests import make
from tests.make import moment

pytestmark = pytest.mark.django_db


def somebody(**facts: object) -> Recipient:
    usual = {"person_id": 7, "name": "王秀英", "user_id": None, "phone": "13800000001", "scope": "1.2"}
    return Recipient(**usual | facts)  # type: ignore[arg-type]


def card(at: str = "2026-11-18 10:00") -> CallCard:
    with clock.at(moment(at)):
        send(to=somebody(), way=Way.CALL, text="他会说“红梅”。", key="k")
    return CallCard.objects.get()


@pytest.mark.parametrize(
    ("at", "call_at"),
    [
        ("2026-11-18 08:59", "2026-11-18 09:00"),
        ("2026-11-18 09:00", "2026-11-18 09:00"),
        ("2026-11-18 17:59", "2026-11-18 17:59"),
        ("2026-11-18 18:00", "2026-11-19 09:00"),
        ("2026-11-18 00:10", "2026-11-18 09:00"),
        ("2026-12-31 23:00", "2027-01-01 09:00"),
    ],
)
def test_people_are_called_between_nine_and_six(at: str, call_at: str) -> None:
    assert next_call_time(moment(at)) == moment(call_at)


def test_a_message_is_sent_once_per_key() -> None:
    assert send(to=somebody(), way=Way.SMS, text="您好", key="k") is not None
    assert send(to=somebody(), way=Way.SMS, text="您好", key="k") is None
    assert (Notice.objects.count(), Sms.objects.count()) == (1, 1)


def test_a_short_message_is_sealed_and_carried() -> None:
    send(to=somebody(), way=Way.SMS, text="您好", key="k")
    carry(timestamp=0)
    sms = Sms.objects.get()
    assert (sms.state, sms.phone_ending, sms.text.open(), str(sms.phone)) == (
        Sms.State.SENT,
        "0001",
        "【连心】您好",
        "•••",
    )


def test_a_short_message_never_carries_a_link() -> None:
    send(to=somebody(), way=Way.SMS, text="请看 https://example.com", key="k")
    assert Sms.objects.get().text.open() == "【连心】您有一条新消息，请登录连心查看，或打社区电话问一问。"


class BrokenCarrier:
    """A carrier that takes nothing."""

    def carry(self, *, phone: str, text: str, key: str) -> None:
        raise OSError("the line is down")


def test_a_message_that_the_carrier_refuses_is_marked_and_kept(settings: Settings) -> None:
    settings.SMS_CARRIER = f"{__name__}.BrokenCarrier"
    send(to=somebody(), way=Way.SMS, text="您好", key="k")
    carry(timestamp=0)
    assert Sms.objects.get().state == Sms.State.FAILED


def test_reaching_somebody_closes_the_card() -> None:
    operator = make.new_user()
    closed = try_call(card=card(), result=CallTry.Result.FAMILY, by=operator)
    assert (closed.outcome, closed.done_at is None) == (CallCard.Outcome.FAMILY, False)
    with pytest.raises(Refused, match="已经有人打过了"):
        try_call(card=closed, result=CallTry.Result.REACHED, by=operator)


def test_after_three_tries_somebody_has_to_go_there() -> None:
    operator, called = make.new_user(), card("2026-11-18 10:00")
    with clock.at(moment("2026-11-18 10:05")):
        called = try_call(card=called, result=CallTry.Result.NO_ANSWER, by=operator)
        assert called.due_at == moment("2026-11-18 16:00")
    with clock.at(moment("2026-11-18 16:00")):
        called = try_call(card=called, result=CallTry.Result.WRONG_NUMBER, by=operator)
        assert called.due_at == moment("2026-11-19 10:00")
    with clock.at(moment("2026-11-19 10:00")):
        called = try_call(card=called, result=CallTry.Result.NO_ANSWER, by=operator)
    assert (called.outcome, called.tries.count()) == (CallCard.Outcome.GIVEN_UP, 3)
    assert not open_calls(["1"]).exists()


def cards_to(*keys: str) -> list[CallCard]:
    for key in keys:
        send(to=somebody(), way=Way.CALL, text="您好", key=key)
    return list(CallCard.objects.filter(notice__key__in=keys).order_by("pk"))


def test_one_call_settles_several_cards_and_whoever_came_first_keeps_his(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    operator, cards = make.new_user(), cards_to("1", "2", "3")
    try_call(card=cards[0], result=CallTry.Result.REACHED, by=operator)
    tried = try_calls(cards=cards, result=CallTry.Result.FAMILY, by=operator)
    assert [(card.pk, card.outcome) for card in tried.done] == [
        (card.pk, CallCard.Outcome.FAMILY) for card in cards[1:]
    ]
    assert [(key, str(said)) for key, said in tried.refused.items()] == [(cards[0].pk, "这个电话已经有人打过了。")]
    one, three = cards_to("4"), cards_to("5", "6", "7")
    with CaptureQueriesContext(connection) as for_one:
        try_calls(cards=one, result=CallTry.Result.NO_ANSWER, by=operator)
    with django_assert_num_queries(len(for_one)):
        try_calls(cards=three, result=CallTry.Result.NO_ANSWER, by=operator)


def test_the_journal_learns_neither_the_name_nor_the_message_of_a_call() -> None:
    try_call(card=card(), result=CallTry.Result.REACHED, by=make.new_user())
    entry = Entry.objects.get(name="notices.call_tried")
    written = f"{entry.subject_name} {entry.facts}"
    assert "王秀英" not in written
    assert "红梅" not in written


def test_calls_stand_by_the_time_they_are_due_within_reach() -> None:
    now = clock.now()
    for number, scope in enumerate(["1.2", "1.3", "1.2.9"]):
        send(to=somebody(scope=scope), way=Way.CALL, text="您好", key=str(number))
    CallCard.objects.filter(scope="1.2").update(due_at=now + timedelta(days=9))
    assert [each.scope for each in open_calls(["1.2"])] == ["1.2.9", "1.2"]
    assert list(open_calls([])) == []


def test_a_user_reads_his_own_messages_only() -> None:
    user, other = make.new_user(), make.new_user()
    for number, to in enumerate([user, user, other]):
        send(to=somebody(user_id=to.pk), way=Way.IN_APP, text=f"第 {number} 条", key=str(number))
    assert [notice.text for notice in inbox(user)] == ["第 1 条", "第 0 条"]
    mark_read(by=user)
    assert (unread_count(user), unread_count(other)) == (0, 1)
