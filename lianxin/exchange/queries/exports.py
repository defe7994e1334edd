"""Questions to the register of exports."""

from django.db.models import QuerySet

from lianxin.exchange.models.exports import Export
from lianxin.users.models import User


def exports_under(paths: list[str]) -> QuerySet[Export]:
    """What was taken away below these paths, the latest first; the files stay in the database."""
    found = Export.objects.filter(scope__under_any=paths).defer("file").select_related("wanted_by")
    return found.order_by("-pk")


def own_exports(user: User) -> QuerySet[Export]:
    """What this user wanted."""
    return Export.objects.filter(wanted_by=user).defer("file").order_by("-pk")
