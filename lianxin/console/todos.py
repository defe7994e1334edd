"""The to-do list of the console: every module's kinds, and what waits for one person.

A new module adds its line to `TODOS`, and is on the page, in the tabs' counts and in the digests.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from lianxin.base import clock
from lianxin.base.todos import Tallies, Tally, Todo, Waiting
from lianxin.console.calls.todos import TODOS as CALLS
from lianxin.console.exchange.todos import TODOS as EXCHANGE
from lianxin.console.needs.todos import TODOS as NEEDS
from lianxin.console.organisations.todos import TODOS as ORGANISATIONS
from lianxin.console.people.todos import TODOS as PEOPLE
from lianxin.console.volunteers.todos import TODOS as VOLUNTEERS
from lianxin.organisations.queries import reach
from lianxin.users.models import User

TODOS: tuple[Todo, ...] = (
    *NEEDS,
    *CALLS,
    *PEOPLE,
    *VOLUNTEERS,
    *EXCHANGE,
    *ORGANISATIONS,
)
BY_NAME: Mapping[str, Todo] = {todo.name: todo for todo in TODOS}
MANY_DESKS = 512
"""For how many reaches the statement that counts is kept; of some twenty thousand characters each."""


def waiting_for(user: User) -> Waiting:
    """What waits for this user, of every kind for which he has the permission somewhere."""
    return Waiting([(todo, todo.for_user(user.pk, paths)) for todo, paths in _reached(user)], user)


def _reached(user: User) -> list[tuple[Todo, list[str]]]:
    reached = [(todo, reach(user, todo.permission)) for todo in TODOS]
    return [(todo, paths) for todo, paths in reached if paths]


def tallies(user: User) -> Mapping[str, Tally]:
    """How much of each kind waits for this user; one statement, asked once per request and kept on the user."""
    kept: Mapping[str, Tally] | None = getattr(user, "_tallies", None)
    if kept is None:
        reached = tuple((todo.name, tuple(paths)) for todo, paths in _reached(user))
        kept = _tallies_of(reached, clock.today()).of(user.pk)
        user._tallies = kept  # type: ignore[attr-defined]
    return kept


@lru_cache(maxsize=MANY_DESKS)
def _tallies_of(reached: tuple[tuple[str, tuple[str, ...]], ...], _day: date) -> Tallies:
    return Tallies([(BY_NAME[name], paths) for name, paths in reached])
