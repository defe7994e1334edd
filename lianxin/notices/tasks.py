"""Timed work: what waits in the outbox is handed to the carrier."""

import logging

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from lianxin.base import clock
from lianxin.base.paths import Carried
from lianxin.journal.bell import on
from lianxin.journal.models import Entry
from lianxin.notices.carriers import Carrier, NotNow
from lianxin.notices.models import CallCard, Sms

logger = logging.getLogger(__name__)

BATCH = 200
MOST_TRIES = 20


@on("organisations.node_moved", "organisations.node_merged")
def carry_calls(entry: Entry) -> None:
    """Calls still to be made follow a place that was moved or merged (rule G3); those made stay where they were."""
    was, now = entry.facts["was"], entry.facts["now"]
    CallCard.objects.filter(done_at=None, scope__under=was).update(scope=Carried("scope", was, now))


@app.periodic(cron="* * * * * */5")
@app.task(name="notices.carry", queueing_lock="notices.carry")
def carry(timestamp: int) -> None:
    """Carry what waits. A carrier that cannot be reached is asked again the next time, from the same message on."""
    carrier: Carrier = import_string(settings.SMS_CARRIER)()
    waiting = Sms.objects.filter(state=Sms.State.WAITING).order_by("pk").values_list("pk", flat=True)
    for pk in waiting[:BATCH]:
        if not _carried(carrier, pk):
            return


def _carried(carrier: Carrier, pk: int) -> bool:
    """Hand one message over, in a transaction of its own: what was taken is not handed over again.

    False when the carrier should be left alone for a while. A message refused for good, or too often, is marked failed
    and stays readable in the outbox.
    """
    with transaction.atomic():
        rows = Sms.objects.filter(pk=pk, state=Sms.State.WAITING).select_for_update(skip_locked=True)
        if (sms := rows.first()) is None:
            return True
        sms.tries += 1
        is_up = True
        try:
            carrier.carry(phone=sms.phone.open(), text=sms.text.open(), key=f"{sms.pk}")
            sms.state, sms.sent_at = Sms.State.SENT, clock.now()
        except NotNow:
            is_up = False
            if sms.tries >= MOST_TRIES:
                sms.state = Sms.State.FAILED
        except Exception:
            logger.exception("the carrier refused a message", extra={"sms": sms.pk})
            sms.state = Sms.State.FAILED
        sms.save(update_fields=["state", "sent_at", "tries"])
        return is_up
