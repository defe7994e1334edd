"""How we know that a connection still lives."""

import psycopg
import pytest
from django.db import connection

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
