"""Timed work: accounts that nobody uses are switched off every night (rule A8)."""

from procrastinate.contrib.django import app

from lianxin.base import clock
from lianxin.organisations.actions.appointing import switch_off_idle_accounts


@app.periodic(cron=clock.daily("03:47"))
@app.task(name="organisations.switch_off_idle", queueing_lock="organisations.switch_off_idle")
def switch_off_idle(timestamp: int) -> None:
    """Switch off accounts at a desk that were idle too long."""
    switch_off_idle_accounts()
