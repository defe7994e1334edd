"""Timed work: every night what is no longer needed for signing in is forgotten."""

from procrastinate.contrib.django import app

from lianxin.base import clock
from lianxin.users.actions.sessions import forget_the_old


@app.periodic(cron=clock.daily("03:37"))
@app.task(name="users.forget", queueing_lock="users.forget")
def forget(timestamp: int) -> None:
    """Delete old codes and sessions."""
    forget_the_old()
