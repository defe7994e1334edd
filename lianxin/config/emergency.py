"""The switch of the worst day (rule B5): stop all looks and exports, sign everybody out, go back to normal."""

import getpass

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.models import Installation
from lianxin.config.upkeep import whole_city
from lianxin.journal.actions import note
from lianxin.users.models import Session


@action
def freeze(*, by: None = None) -> None:
    """From now on nobody opens or exports a sealed field; the journal says who, by his login on the server."""
    installation = lock(Installation, 1)
    installation.frozen_at = installation.frozen_at or clock.now()
    installation.save(update_fields=["frozen_at"])
    note("base.frozen", installation, by=by, scope=whole_city(), login=getpass.getuser())


@action
def unfreeze(*, by: None = None) -> None:
    """Looks and exports are open again to those who may."""
    installation = lock(Installation, 1)
    installation.frozen_at = None
    installation.save(update_fields=["frozen_at"])
    note("base.unfrozen", installation, by=by, scope=whole_city(), login=getpass.getuser())


@action
def end_all_sessions(*, by: None = None) -> int:
    """Sign everybody out of every browser; gives how many sessions ended."""
    ended, _rows = Session.objects.all().delete()
    note(
        "base.all_sessions_ended",
        Installation.objects.get(),
        by=by,
        scope=whole_city(),
        login=getpass.getuser(),
        sessions=ended,
    )
    return ended
