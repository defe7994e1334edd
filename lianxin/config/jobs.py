"""The job worker, and what it does about the jobs of a worker that was killed."""

import asyncio
from typing import cast

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

HEARTBEAT_EVERY, STALLED_AFTER = 5.0, 20.0
PATIENCE_WITH_JOBS = 4.0


def work(*, wait: bool = True) -> None:
    """Run jobs until a signal asks us to stop, or, not to `wait`, until none is left."""
    asyncio.run(_work(wait=wait))


async def _work(*, wait: bool) -> None:
    """The worker fetches jobs over connections of its own, while the tasks keep Django's connector.

    So a job that a listener queues joins the listener's transaction; with `replace_connector`, which the library's
    own command uses, it would not: the job would be there even if the listener's work is rolled back.
    """
    worker_app = app.with_connector(cast("DjangoConnector", app.connector).get_worker_connector())
    async with worker_app.open_async():
        await worker_app.run_worker_async(
            wait=wait,
            delete_jobs="successful",
            update_heartbeat_interval=HEARTBEAT_EVERY,
            stalled_worker_timeout=STALLED_AFTER,
            shutdown_graceful_timeout=PATIENCE_WITH_JOBS,
        )


@app.periodic(cron="* * * * * */10")
@app.task(name="jobs.retry_stalled", queueing_lock="jobs.retry_stalled")
async def retry_stalled(timestamp: int) -> None:
    """Queue again what a killed worker left «doing»; every task is written so that twice is harmless."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        await app.job_manager.retry_job(job)
