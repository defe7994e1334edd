"""What is over leaves at night, in small steps; what still waits, and the journal, stay."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from lianxin.base import clock
from lianxin.base.models import Upkeep
from lianxin.config import retention
from lianxin.config.log_settings import log_folder
from lianxin.journal.models import Entry
from lianxin.notices.models import Sms
from tests import make

pytestmark = pytest.mark.django_db


def sms(days_ago: int, state: str) -> Sms:
    made_at = timezone.now() - timedelta(days=days_ago)
    return Sms.objects.create(phone="13800000000", text="您的验证码", state=state, made_at=made_at)


def test_old_messages_leave_and_those_that_wait_or_are_young_stay() -> None:
    sms(91, Sms.State.SENT)
    kept = [sms(91, Sms.State.WAITING), sms(89, Sms.State.SENT)]
    retention.forget_what_is_over(timestamp=0)
    assert list(Sms.objects.order_by("pk")) == kept
    gone = Upkeep.objects.get(kind=Upkeep.Kind.RETENTION).facts["gone"]
    assert gone["notices.sms"] == 1


def test_many_rows_leave_in_several_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(5):
        sms(100, Sms.State.SENT)
    [rule] = [rule for rule in retention.RULES if rule.table == "notices.sms"]
    assert retention.overdue(rule) == 5
    assert list(retention.purge(rule)) == [2, 2, 1]
    assert retention.overdue(rule) == 0


def test_the_journal_is_never_purged() -> None:
    make.person("王秀英")
    before = Entry.objects.count()
    with clock.at(timezone.now() + timedelta(days=4000)):
        retention.forget_what_is_over(timestamp=0)
    assert Entry.objects.count() == before + 1
    assert not {rule.table for rule in retention.RULES} & {"journal.entry", "journal.seal", "hours.record"}


@pytest.mark.parametrize("rule", retention.RULES, ids=lambda rule: rule.table)
def test_every_rule_names_a_table_and_a_moment_of_it(rule: retention.Rule) -> None:
    assert apps.get_model(rule.table)._meta.get_field(rule.since).get_internal_type() == "DateTimeField"


def test_log_files_older_than_half_a_year_leave() -> None:
    log_folder().mkdir(parents=True, exist_ok=True)
    (log_folder() / "lianxin-2025-01-01.jsonl").write_text("{}\n")
    assert retention.forget_old_logs() == 1
    assert retention.forget_old_logs() == 0
