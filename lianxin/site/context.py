"""What the residents' and volunteers' layout knows of who is signed in; the database is asked only if it is shown."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from lianxin.notices.queries import unread_count


def tabs(request: HttpRequest) -> dict[str, Any]:
    """Whether to show a volunteer's tabs, and how many messages are unread."""
    user = request.user
    if not user.is_authenticated:
        return {"is_volunteer": False, "unread": 0}
    return {
        "is_volunteer": SimpleLazyObject(lambda: user.has_perm("needs.serve")),
        "unread": SimpleLazyObject(lambda: unread_count(user)),
    }
