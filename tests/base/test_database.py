"""How we know that a connection still lives, and the short way to rows."""

from datetime import UTC

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lianxin.base.database.asking import rows_of
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_connection_that_has_just_answered_can_be_used() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT generate_series(1, 1000)")
        cursor.fetchall()
    assert connection.is_usable()


def test_a_connection_whose_server_process_was_ended_is_seen_without_a_question() -> None:
    connection.ensure_connection()
    with psycopg.connect(**{**connection.get_connection_params(), "cursor_factory": psycopg.Cursor}) as other:
        ended = other.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
        assert ended.fetchone() == (True,)
    assert not connection.is_usable()
    connection.close()


def test_a_connection_that_we_closed_or_never_had_cannot_be_used() -> None:
    connection.ensure_connection()
    connection.connection.close()
    assert not connection.is_usable()
    connection.close()
    assert not connection.is_usable()


def test_the_next_request_of_a_thread_gets_a_new_connection_in_place_of_a_dead_one() -> None:
    connection.ensure_connection()
    dead = connection.connection
    dead.close()
    connection.health_check_enabled, connection.health_check_done = True, False  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert connection.connection is not dead


def test_rows_asked_the_short_way_are_those_that_a_cursor_gives() -> None:
    make.small_city()
    statement = "SELECT id, path, opened_on, now() FROM organisations_node WHERE id > %s ORDER BY id"
    with transaction.atomic():
        asked = rows_of(statement, [1])
        with connection.cursor() as cursor:
            cursor.execute(statement, [1])
            assert asked == cursor.fetchall()
    assert asked[0][3].tzinfo is UTC


def test_a_statement_that_gives_no_rows_gives_none() -> None:
    assert rows_of("UPDATE organisations_node SET name = name WHERE id = %s", [-1]) == []


def test_a_broken_constraint_is_an_error_that_actions_can_word() -> None:
    city = make.small_city().city
    with pytest.raises(IntegrityError), transaction.atomic():
        rows_of("INSERT INTO organisations_node SELECT * FROM organisations_node WHERE id = %s", [city.pk])
    assert rows_of("SELECT %s + 1", [1]) == [(2,)]


def test_in_a_transaction_that_is_broken_nothing_more_is_asked() -> None:
    with transaction.atomic():
        with pytest.raises(ProgrammingError):
            rows_of("SELECT nothing_of_this_name", [])
        connection.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            rows_of("SELECT 1", [])


def test_whoever_listens_to_statements_hears_those_asked_the_short_way_too() -> None:
    with CaptureQueriesContext(connection) as heard:
        rows_of("SELECT %s", [1])
    assert len(heard) == 1


def test_a_new_connection_asks_by_a_cursor_of_its_own() -> None:
    rows_of("SELECT 1", [])
    connection.close()
    assert rows_of("SELECT 2", []) == [(2,)]


def test_keys_of_any_size_are_one_prepared_statement() -> None:
    connection.close()
    for key in [1, 40_000, 5_000_000_000] * 3:
        rows_of("SELECT name FROM organisations_node WHERE id = %s", [key])
    prepared = rows_of("SELECT statement FROM pg_prepared_statements WHERE statement LIKE %s", ["SELECT name%"])
    assert len(prepared) == 1


def test_a_prepared_statement_is_planned_once_for_all_values() -> None:
    """A list of keys would be planned anew each time, however often it is asked."""
    for keys in ([1], [2], [3, 4]) * 7:
        rows_of("SELECT id FROM users_user WHERE id = ANY(%s)", [keys])
    [planned] = rows_of(
        "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE %s",
        ["SELECT id FROM users_user WHERE id = ANY%"],
    )
    assert planned[0] > 0
    assert planned[1] == 0
