"""Django's own backend, but for how many statements it keeps prepared, and how it learns that a connection lives."""

from select import POLLERR, POLLHUP, POLLIN, poll
from typing import Any

from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQL

KEPT_PREPARED = 300
"""How many statements a connection keeps prepared. The library's 100 are fewer than the loop of one order takes, with
keys of two, four and eight bytes told apart: then each is thrown away just before it is needed again."""


class DatabaseWrapper(PostgreSQL):
    """A connection of Django to PostgreSQL."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        made = super().get_new_connection(conn_params)
        made.prepared_max = KEPT_PREPARED
        return made

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
