"""Timed work: the journal is sealed every minute."""

from procrastinate.contrib.django import app

from lianxin.journal.seals import BATCH, seal_entries


@app.periodic(cron="* * * * *")
@app.task(name="journal.seal", queueing_lock="journal.seal")
def seal(timestamp: int) -> None:
    """Seal what is unsealed by now; what is written meanwhile waits for the next minute.

    As long as people write there is always an entry more.
    """
    while (made := seal_entries()) and len(made.entries) == BATCH:
        pass
