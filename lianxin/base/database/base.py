"""Django's own backend, but for how many statements it keeps prepared, how it learns that a connection lives, and a
short way to the rows of a statement.
"""

from collections.abc import Sequence
from select import POLLERR, POLLHUP, POLLIN, poll
from typing import Any

from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQL
from psycopg import Cursor
from psycopg.types.datetime import TimestamptzLoader
from psycopg.types.numeric import Int8Dumper

KEPT_PREPARED = 300
"""How many statements a connection keeps prepared. The library's 100 are fewer than the loop of one order takes: then
each is thrown away just before it is needed again."""
PLANNED_ONCE = "-c plan_cache_mode=force_generic_plan"
"""What stays prepared is planned once for all values; left to itself the server plans a look-up by a list of keys anew
each time (docs/decisions/0005-prepared-statements.md)."""


class DatabaseWrapper(PostgreSQL):
    """A connection of Django to PostgreSQL."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        options = f"{conn_params.get('options', '')} {PLANNED_ONCE}".strip()
        made = super().get_new_connection({**conn_params, "options": options})
        made.prepared_max = KEPT_PREPARED
        self._kept = _cursor_to_keep(made)
        return made

    def rows(self, statement: str, values: Sequence[Any]) -> list[Any]:
        """All rows that the statement gives, read at once; nothing for one that gives none.

        One cursor is kept for this: with a new one for each statement, wrapped as Django wraps it, a look-up by key
        takes twice the processor time (`make bench NAME=prepared`). Whoever listens to the statements hears these too.
        """
        if self.queries_logged or self.execute_wrappers:
            with self.cursor() as cursor:
                cursor.execute(statement, values)
                return cursor.fetchall() if cursor.description else []
        self.close_if_health_check_failed()
        self.ensure_connection()
        self.validate_thread_sharing()
        self.validate_no_broken_transaction()
        with self.wrap_database_errors:
            self._kept.execute(statement, values)
            return self._kept.fetchall() if self._kept.pgresult.nfields else []

    def is_usable(self) -> bool:
        """Whether the server has said nothing since the last answer.

        Django sends `SELECT 1` and waits, with each request: a whole trip to the database for nothing. But a server
        that stops, is killed or throws us out says so, or the system closes the socket in its place, and either can be
        seen without asking. Where a network drops a connection silently, both ways find out only by waiting.
        """
        if self.connection is None or self.connection.closed:
            return False
        waiting = poll()
        waiting.register(self.connection.fileno(), POLLIN | POLLHUP | POLLERR)
        return not waiting.poll(0)


def _cursor_to_keep(made: Any) -> Any:
    """Moments are read by the library's compiled reader, in the connection's zone, which is UTC as Django wants it.

    A whole number is always sent as one of eight bytes, or a statement would be prepared anew for each size of key.
    """
    kept = Cursor(made)
    kept.adapters.register_loader("timestamptz", TimestamptzLoader)
    kept.adapters.register_dumper(int, Int8Dumper)
    return kept
