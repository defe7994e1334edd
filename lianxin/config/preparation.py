"""What must be so before a page is served: static files collected, every migration applied, the holidays that we know
of loaded, no demo on the network.
"""

import time
from collections.abc import Iterator

from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection

from lianxin.base.calendar import load_shipped_notices
from lianxin.base.models import Installation, Upkeep
from lianxin.config import backup, environment
from lianxin.config.cannot_start import CannotStart
from lianxin.config.log_settings import log_folder
from lianxin.config.migrations import applied, known, migrate
from lianxin.config.parts import say
from lianxin.config.service_user import hand_over
from lianxin.config.static_files import collect_if_changed
from lianxin.config.upkeep import keep_record

PATIENCE_WITH_DATABASE = 60.0


def prepare(*, demo: bool) -> None:
    """Make it so; any number of servers may do this at once. `demo` says that the demo city is going to be made."""
    hand_over_files()
    collect_if_changed()
    _wait_for_database()
    _upgrade()
    load_shipped_notices()
    if demo or Installation.objects.filter(is_demo=True).exists():
        require_demo_allowed()
    elif not Installation.objects.exists():
        say("no city yet: while this runs, `lianxin first-run` names it and its three administrators")


def wait_until_prepared() -> None:
    """For whoever works beside the server: wait until somebody has applied every migration of this release."""
    _wait_for_database()
    while not known() <= applied():
        time.sleep(0.2)


def _upgrade() -> None:
    """Migrate; where a city's data is there already, a backup is made first: it is the way back (rule B3)."""
    made: list[backup.Manifest] = []
    migrate(before_upgrade=lambda: made.extend(_way_back()))
    for manifest in made:
        facts = {"backup": manifest.name, "how": manifest.how, "keys": manifest.sealing_keys}
        keep_record(kind=Upkeep.Kind.BACKUP, facts=facts, by=None)


def _way_back() -> Iterator[backup.Manifest]:
    """A backup of the state before the upgrade; a demo can be made again, and an operator may have made his own."""
    if environment.is_no("LIANXIN_BACKUP_BEFORE_UPGRADE") or not _is_city():
        return
    how: backup.How = "copy" if environment.is_embedded() else "dump"
    sealing = sorted(settings.KEYS.sealing)
    folder = environment.backup_folder()
    yield backup.take(folder, how=how, key_fingerprint=settings.KEYS.fingerprint, sealing_keys=sealing)
    say(f"before the upgrade a backup was made in {folder}")


def _is_city() -> bool:
    """Asked of a database that an earlier release may have made: only of a column that was always there."""
    try:
        return list(Installation.objects.values_list("is_demo", flat=True)) == [False]
    except ProgrammingError:
        return False


def hand_over_files() -> None:
    """Who serves reads the key file again when a key was added, and writes the log."""
    log_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    hand_over(settings.KEY_FILE, log_folder())


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
