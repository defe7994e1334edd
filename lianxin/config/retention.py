"""How long what is kept (rule B6): one table, and the nightly job that holds it, set-based and in small steps.

What is missing here is kept: service records ten years and longer (GB/T 40143), and the journal, which nothing deletes
(docs/decisions/0008-the-journal-is-kept.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from lianxin.base import clock
from lianxin.base.models import Upkeep
from lianxin.config.log_settings import log_folder
from lianxin.config.upkeep import keep_record

BATCH = 2_000
LOGS_KEPT = timedelta(days=190)
"""A little over the six months of the Cybersecurity Law, article 21."""


@dataclass(frozen=True)
class Rule:
    """Rows of a table leave so many days after a moment; with `only`, only those of which this holds."""

    table: str
    since: str
    days: int
    why: str
    only: models.Q = field(default_factory=models.Q)


RULES = (
    Rule("users.signincode", "made_at", 1, "no limit counts a code longer"),
    Rule("users.session", "expires_at", 0, "it has run out"),
    Rule("notices.sms", "made_at", 90, "carriers answer complaints within three months", ~models.Q(state="waiting")),
    Rule("notices.notice", "made_at", 365, "read, and a year old", ~models.Q(read_at=None)),
)


@app.periodic(cron=clock.daily("04:17"))
@app.task(name="base.forget_what_is_over", queueing_lock="base.forget_what_is_over")
def forget_what_is_over(timestamp: int) -> None:
    """Hold every rule, and write down how much left."""
    gone = {rule.table: sum(purge(rule)) for rule in RULES}
    keep_record(kind=Upkeep.Kind.RETENTION, facts={"gone": gone | {"log files": forget_old_logs()}}, by=None)


def purge(rule: Rule) -> Iterator[int]:
    """Delete what is over, `BATCH` rows in each transaction; gives how many in each."""
    model = apps.get_model(rule.table)
    until = timezone.now() - timedelta(days=rule.days)
    over = model._default_manager.filter(rule.only, **{f"{rule.since}__lt": until})
    while gone := _delete_some(over):
        yield gone


def overdue(rule: Rule) -> int:
    """How many rows should have left more than two days ago."""
    until = timezone.now() - timedelta(days=rule.days + 2)
    found = apps.get_model(rule.table)._default_manager.filter(rule.only, **{f"{rule.since}__lt": until})
    return int(found.count())


def forget_old_logs() -> int:
    """Remove the daily log files that are old enough."""
    oldest = f"lianxin-{(datetime.now(UTC) - LOGS_KEPT):%Y-%m-%d}.jsonl"
    old = [file for file in log_folder().glob("lianxin-*.jsonl") if file.name < oldest]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


@transaction.atomic
def _delete_some(over: "models.QuerySet[models.Model]") -> int:
    chosen = over.order_by("pk").select_for_update(skip_locked=True).values("pk")[:BATCH]
    _all, rows = over.model._default_manager.filter(pk__in=list(chosen.values_list("pk", flat=True))).delete()
    gone: int = rows.get(over.model._meta.label, 0)
    return gone
