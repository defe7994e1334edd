"""What every page of the desk stands in: whose desk it is, and what waits on each of its lists."""

from collections.abc import Mapping
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from lianxin.console.todos import BY_NAME, tallies
from lianxin.organisations.models import Role, RoleHeld
from lianxin.organisations.queries import roles_of
from lianxin.users.models import User

PRIVATE_ROLES = {Role.RESIDENT, Role.VOLUNTEER}


def signed_in(request: HttpRequest) -> User:
    """The user, of whom the page's guard has made sure."""
    return cast("User", request.user)


def show(request: HttpRequest, template: str, facts: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """A page in the desk's frame."""
    return render(request, template, {**_frame(signed_in(request)), **facts}, status=status)


def _frame(user: User) -> dict[str, Any]:
    held = [role for role in roles_of(user) if role.role not in PRIVATE_ROLES]
    return {
        "desk_place": "、".join(dict.fromkeys(role.node.name for role in held)),
        "desk_role": "、".join(dict.fromkeys(_role_in_words(role) for role in held)),
        **counts(user),
    }


def counts(user: User) -> dict[str, Any]:
    """What waits for this user: `waiting` by the tab on which it stands, all together for the title, and `seen`, with
    which a page says what it knows when it asks again."""
    found, by_tab = tallies(user), dict[str, int]()
    for name, tally in found.items():
        by_tab[BY_NAME[name].tab] = by_tab.get(BY_NAME[name].tab, 0) + tally.count
    return {
        "waiting": by_tab,
        "title_count": sum(by_tab.values()),
        "seen": ".".join(f"{name}-{tally.count}" for name, tally in found.items() if tally.count),
    }


def _role_in_words(held: RoleHeld) -> str:
    """The role, with «代» for whoever stands in (rule G9)."""
    words = held.get_role_display()
    return gettext("%(role)s（代）") % {"role": words} if held.lent_from_id else words
