"""The migration lock lets one in at a time."""

from threading import Event, Thread

import pytest

from lianxin.config.migrations import applied, known, migration_lock

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_database_of_the_tests_has_every_migration() -> None:
    assert known() <= applied()


def test_the_second_waits_for_the_first() -> None:
    order: list[str] = []
    first_is_in, may_leave = Event(), Event()

    def first() -> None:
        with migration_lock():
            first_is_in.set()
            may_leave.wait()
            order.append("first leaves")

    def second() -> None:
        with migration_lock():
            order.append("second enters")

    threads = [Thread(target=first), Thread(target=second)]
    threads[0].start()
    first_is_in.wait()
    threads[1].start()
    threads[1].join(timeout=0.5)
    assert order == []
    may_leave.set()
    for thread in threads:
        thread.join()
    assert order == ["first leaves", "second enters"]
