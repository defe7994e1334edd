"""Questions to the register of exports."""

from django.db.models import QuerySet

from lianxin.exchange.models.exports import Export
from lianxin.exchange.rules.rights import REGISTER
from lianxin.organisations.queries import administers_all, reach
from lianxin.users.models import User


def exports_seen_by(user: User) -> QuerySet[Export]:
    """What was taken away in this user's reach, the latest first; the files stay in the database.

    Auditor and security administrator of the whole see all, of whichever tree the list was.
    """
    found = Export.objects.all()
    if not administers_all(user, REGISTER):
        found = found.filter(scope__under_any=reach(user, REGISTER))
    return found.defer("file").select_related("wanted_by").order_by("-pk")


def own_exports(user: User) -> QuerySet[Export]:
    """What this user wanted."""
    return Export.objects.filter(wanted_by=user).defer("file").order_by("-pk")
