"""Timed work: what waits in the outbox is handed to the carrier."""

import logging

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from lianxin.base import clock
from lianxin.notices.models import Sms

logger = logging.getLogger(__name__)

BATCH = 200


@app.periodic(cron="* * * * * */5")
@app.task(name="notices.carry", queueing_lock="notices.carry")
def carry(timestamp: int) -> None:
    """Carry what waits; a message that the carrier refuses is marked failed and stays readable in the outbox."""
    carrier = import_string(settings.SMS_CARRIER)()
    with transaction.atomic():
        waiting = Sms.objects.filter(state=Sms.State.WAITING).order_by("pk").select_for_update(skip_locked=True)
        for sms in waiting[:BATCH]:
            try:
                carrier.carry(phone=sms.phone.open(), text=sms.text.open())
                sms.state, sms.sent_at = Sms.State.SENT, clock.now()
            except Exception:
                logger.exception("the carrier refused a message", extra={"sms": sms.pk})
                sms.state = Sms.State.FAILED
            sms.save(update_fields=["state", "sent_at"])
