"""The job worker: a job belongs to the transaction that queued it, and none is lost with a killed worker."""

import asyncio
from collections.abc import Iterator

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import connection, connections, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from lianxin.config.jobs import retry_stalled, work

pytestmark = pytest.mark.django_db(transaction=True)

done: list[str] = []


@app.task(name="tests.note")
def note(word: str) -> None:
    done.append(word)


@app.task(name="tests.queue_another")
def queue_another(*, and_fail: bool) -> None:
    with transaction.atomic():
        note.defer(word="queued by a job")
        if and_fail:
            raise ValueError("the job that queued another one fails")


@pytest.fixture(autouse=True)
def fresh_start() -> Iterator[None]:
    done.clear()
    yield
    asyncio.run(sync_to_async(connections.close_all)())  # the worker's thread outlives the worker


def jobs_of_these_tests() -> list[tuple[str, str]]:
    """The worker also queues the product's timed jobs."""
    ours = ProcrastinateJob.objects.filter(task_name__startswith="tests.")
    return list(ours.values_list("task_name", "status"))


def test_a_job_runs_once_and_is_forgotten() -> None:
    note.defer(word="once")
    work(wait=False)
    work(wait=False)
    assert done == ["once"]
    assert jobs_of_these_tests() == []


def test_a_job_queued_by_a_job_runs() -> None:
    queue_another.defer(and_fail=False)
    work(wait=False)
    assert done == ["queued by a job"]


def test_a_job_queued_by_a_job_that_fails_is_rolled_back_with_it() -> None:
    queue_another.defer(and_fail=True)
    work(wait=False)
    assert done == []
    assert jobs_of_these_tests() == [("tests.queue_another", "failed")]


def test_what_a_killed_worker_left_is_queued_again() -> None:
    note.defer(word="again")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    async_to_sync(retry_stalled.func)(timestamp=0)
    work(wait=False)
    assert done == ["again"]
