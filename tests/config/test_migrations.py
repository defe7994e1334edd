"""The migration lock lets one in at a time; what migrations do beside tables is tried on rows."""

from threading import Event, Thread

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations import RunPython, RunSQL
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from lianxin.base.models import HolidayNotice
from lianxin.config.migrations import applied, known, migration_lock
from lianxin.needs.actions.alarms import end_alarm, raise_alarm
from lianxin.needs.models.alarms import Alarm
from tests import make


@pytest.mark.django_db
def test_the_database_of_the_tests_has_every_migration() -> None:
    assert known() <= applied()


@pytest.mark.django_db(transaction=True)
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


def logic() -> dict[str, list[RunSQL | RunPython]]:
    """The operations of ours that are no tables but statements or Python, by the migration that holds them."""
    loader = MigrationLoader(connection)
    ours = {name: each for name, each in loader.disk_migrations.items() if each.__module__.startswith("lianxin.")}
    found = {
        ".".join(name): [each for each in migration.operations if isinstance(each, RunSQL | RunPython)]
        for name, migration in ours.items()
    }
    return {name: operations for name, operations in found.items() if operations}


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError:
        return True
    return False


CHANGES = {
    "journal.0002_append_only": "UPDATE journal_entry SET name = 'x'",
    "ledger.0002_book_rules": "UPDATE ledger_transfer SET amount = amount + 1",
}
"""What each of them is there to refuse. A migration with logic that is not here fails; write down what it does to rows."""


FILLS = {"base.0003_notices", "needs.0006_seal_what_is_said_of_alarms"}
"""What carries rows over to another table; each has a test of its own below."""


@pytest.mark.django_db
def test_every_migration_with_logic_is_tried_on_rows() -> None:
    assert set(logic()) == CHANGES.keys() | FILLS


@pytest.mark.django_db
def test_days_off_that_an_earlier_release_loaded_belong_to_the_notice_of_their_year() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        MigrationExecutor(connection).migrate([("base", "0002_schema")])
        cursor.execute(
            "INSERT INTO base_calendarday (day, is_workday, name, source) VALUES "
            "('2026-01-01', false, '元旦', '通知'), ('2026-10-10', true, '国庆节', '通知')"
        )
        MigrationExecutor(connection).migrate([("base", "0003_notices")])
        found = HolidayNotice.objects.values_list("year", "source", "days__name").order_by("days__day")
        assert list(found) == [(2026, "通知", "元旦"), (2026, "通知", "国庆节")]
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_what_an_earlier_release_wrote_about_alarms_is_sealed() -> None:
    city = make.small_city()
    alarm = raise_alarm(person=city.resident, kind=Alarm.Kind.UNREACHABLE, by=city.worker)
    end_alarm(alarm=alarm, outcome=Alarm.Outcome.HOSPITAL, words="送到市一院", by=city.worker)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        MigrationExecutor(connection).migrate([("needs", "0005_calls_that_reschedule")])
        cursor.execute("SELECT words FROM needs_alarm")
        assert cursor.fetchall() == [("送到市一院",)]
        MigrationExecutor(connection).migrate([("needs", "0006_seal_what_is_said_of_alarms")])
        words = Alarm.objects.get().words
        assert words and words.open() == "送到市一院"
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("name", CHANGES)
def test_a_migration_with_logic_holds_for_rows_of_the_state_before_and_can_be_taken_back(name: str) -> None:
    make.done_order(make.small_city())
    make.everybody_hears()
    [operation] = logic()[name]
    assert isinstance(operation, RunSQL)
    with transaction.atomic():
        assert refused(CHANGES[name])
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(str(operation.reverse_sql))
            assert not refused(CHANGES[name])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(str(operation.sql))
        assert refused(CHANGES[name])
        transaction.set_rollback(True)
