"""What must be so before a page is served: static files collected, every migration applied, no demo on the network."""

import time

from django.conf import settings
from django.db import OperationalError, connection

from lianxin.base.models import Installation
from lianxin.config.cannot_start import CannotStart
from lianxin.config.migrations import applied, known, migrate
from lianxin.config.static_files import collect_if_changed

PATIENCE_WITH_DATABASE = 60.0


def prepare(*, demo: bool) -> None:
    """Make it so; any number of servers may do this at once. `demo` says that the demo city is going to be made."""
    collect_if_changed()
    _wait_for_database()
    migrate()
    if demo or Installation.objects.filter(is_demo=True).exists():
        require_demo_allowed()


def wait_until_prepared() -> None:
    """For whoever works beside the server: wait until somebody has applied every migration of this release."""
    _wait_for_database()
    while not known() <= applied():
        time.sleep(0.2)


def require_demo_allowed() -> None:
    """A demo lets everybody in with one click, so only this machine may reach it unless an operator insists."""
    if not settings.DEMO_ALLOWED:
        raise CannotStart(
            "A demo city lets everybody sign in as anybody, and HOST opens it to the network. "
            "Leave HOST, or set LIANXIN_DEMO_ON_NETWORK=yes if that is what you want."
        )


def _wait_for_database() -> None:
    """Give a database that is starting beside us some time."""
    until = time.monotonic() + PATIENCE_WITH_DATABASE
    while True:
        try:
            return connection.ensure_connection()
        except OperationalError as error:
            if time.monotonic() > until:
                raise CannotStart(f"The database cannot be reached: {error}") from error
            time.sleep(0.5)
