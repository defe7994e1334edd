"""Timed work: files are deleted when their time is over, and who is on roll of a large city is counted."""

from procrastinate.contrib.django import app

from lianxin.base import clock
from lianxin.exchange.actions.counting import count_roll
from lianxin.exchange.actions.exports import forget_old_exports
from lianxin.exchange.actions.rosters import forget_old_rosters


@app.periodic(cron=clock.daily("03:20"))
@app.task(name="exchange.forget_files", queueing_lock="exchange.forget_files")
def forget_files(timestamp: int) -> None:
    """Rosters after a month, exported files after three days (rules I6 and X3)."""
    forget_old_rosters()
    forget_old_exports()


@app.periodic(cron="*/10 * * * *")
@app.task(name="exchange.count_roll", queueing_lock="exchange.count_roll")
def count_roll_again(timestamp: int) -> None:
    """A large city's figures are never older than ten minutes."""
    count_roll()
