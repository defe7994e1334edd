"""Migrations under a lock: two servers started at once must not both create tables and extensions."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

LOCK = 0x4C69616E78696E  # «Lianxin» in ASCII


def known() -> frozenset[tuple[str, str]]:
    """The migrations of this release: app and name."""
    return frozenset(MigrationLoader(None).disk_migrations)


def applied() -> frozenset[tuple[str, str]]:
    """The migrations that the database has."""
    return frozenset(MigrationRecorder(connection).applied_migrations())


def migrate(*, before_upgrade: Callable[[], None] = lambda: None) -> None:
    """Bring the database to this release; whoever comes second waits and finds nothing left to do.

    `before_upgrade` is called first where an earlier release has kept something already.
    """
    with migration_lock():
        if not known() <= applied():
            if applied():
                before_upgrade()
            call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def migration_lock() -> Iterator[None]:
    """Hold the advisory lock on a connection of its own.

    It is asked for again and again instead of waited for: a waiting statement holds a snapshot, and
    `CREATE INDEX CONCURRENTLY` in the other process would wait for that snapshot for ever.
    """
    with closing(connection.copy()) as keeper, keeper.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            if cursor.fetchone() == (True,):
                break
            time.sleep(0.2)
        yield
