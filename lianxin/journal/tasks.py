"""Timed work: the journal is sealed every minute."""

from procrastinate.contrib.django import app

from lianxin.journal.seals import seal_entries


@app.periodic(cron="* * * * *")
@app.task(name="journal.seal", queueing_lock="journal.seal")
def seal(timestamp: int) -> None:
    """Seal whatever is unsealed."""
    while seal_entries():
        pass
