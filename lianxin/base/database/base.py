"""Django's own backend, but for how it learns before each request that its connection still lives."""

from select import POLLERR, POLLHUP, POLLIN, poll

from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQL


class DatabaseWrapper(PostgreSQL):
    """A connection of Django to PostgreSQL."""

    def is_usable(self) -> bool:
        """Whether the server has said nothing since the last answer.

        Django sends `SELECT 1` and waits, with each request; that is a twentieth of an order's whole way (`make bench
        NAME=loop`). But a server that stops, is killed or throws us out says so, or the system closes the socket in
        its place, and either can be seen without asking. Where a network drops a connection silently, both ways find
        out only by waiting.
        """
        if self.connection is None or self.connection.closed:
            return False
        waiting = poll()
        waiting.register(self.connection.fileno(), POLLIN | POLLHUP | POLLERR)
        return not waiting.poll(0)
