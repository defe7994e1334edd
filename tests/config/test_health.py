"""`/healthz` is true only if database, migrations and a worker's heartbeat are there, and says which is not."""

import pytest
from django.db import connection
from django.test import Client

from lianxin.config.migrations import applied


@pytest.fixture
def heartbeat(db: None) -> None:
    beat("now()")


def beat(moment: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO procrastinate_workers (last_heartbeat) VALUES ({moment})")


def answer(client: Client) -> tuple[int, dict[str, object]]:
    response = client.get("/healthz")
    return response.status_code, response.json()


@pytest.mark.usefixtures("heartbeat")
def test_it_is_true_with_database_migrations_and_a_fresh_heartbeat(client: Client) -> None:
    expected = {"healthy": True, "database": "ok", "migrations": "ok", "worker": "ok"}
    assert answer(client) == (200, expected)


@pytest.mark.django_db
def test_it_is_false_when_the_last_heartbeat_is_too_old(client: Client) -> None:
    beat("now() - interval '31 seconds'")
    expected = {"healthy": False, "database": "ok", "migrations": "ok", "worker": "no heartbeat"}
    assert answer(client) == (503, expected)


@pytest.mark.usefixtures("heartbeat")
def test_it_is_false_while_a_migration_is_not_applied(client: Client) -> None:
    app, name = sorted(applied())[0]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = %s AND name = %s", [app, name])
    expected = {"healthy": False, "database": "ok", "migrations": "unapplied", "worker": "ok"}
    assert answer(client) == (503, expected)
