"""What the face does in the background: only it knows what its lists show and what waits on them."""

from datetime import datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app

from lianxin.base import clock
from lianxin.base.working_time import exceptions, is_workday
from lianxin.console.digest import digests
from lianxin.console.exchange.making import make
from lianxin.exchange.models.exports import Export
from lianxin.journal.bell import on
from lianxin.journal.models import Entry
from lianxin.notices.actions import Message, Recipient, send_many
from lianxin.notices.models import Way

PARTS = {time(8, 30): "morning", time(14): "noon"}
STILL_NEWS = timedelta(hours=2)
"""A job that waited for longer, because nothing ran, leaves it at the next digest."""
BATCH = 500


@on("exchange.export_queued", is_long=True)
def make_it(entry: Entry) -> None:
    """A job that was killed has kept nothing, and begins again."""
    make(Export.objects.select_related("wanted_by").defer("file").get(pk=entry.subject_id))


@app.periodic(cron="0,30 * * * *")
@app.task(name="console.digest", queueing_lock="console.digest")
def digest(timestamp: int) -> None:
    """At half past eight and at two by the city's clock (cron knows only universal time); not long after (rule K2)."""
    moment = datetime.fromtimestamp(timestamp, timezone.get_current_timezone())
    part = PARTS.get(moment.time())
    if part and clock.now() - moment < STILL_NEWS:
        send_digests(part)


def send_digests(part: str) -> None:
    """Tell each desk once in this part of the day, in-app, what waits; not on days off (rule K2)."""
    today = clock.today()
    if not is_workday(today, exceptions(today, today)):
        return
    messages = [
        Message(
            Recipient(person.pk, person.name, person.user_id, "", ""),
            Way.IN_APP,
            text,
            f"digest:{today}:{part}:{person.pk}",
            reverse("console:home"),
        )
        for person, text in digests()
    ]
    for start in range(0, len(messages), BATCH):
        send_many(messages=messages[start : start + BATCH])
