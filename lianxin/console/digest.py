"""The digest: twice a working day each desk hears in one notice what waits and what is overdue (rule K2).

Counted for everybody at once: each kind is grouped by where its rows belong, and each person's reach picks its groups.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from lianxin.base import clock
from lianxin.base.paths import is_under
from lianxin.base.todos import Tally, Todo, bare
from lianxin.console.todos import TODOS
from lianxin.organisations.models import Node
from lianxin.organisations.queries import standing_roles
from lianxin.organisations.rules import roles_with
from lianxin.people.models import Person

LONGEST = 300
"""How long the text of a notice may be."""


@dataclass(frozen=True)
class Group:
    """Rows of one kind that belong to the same paths and that the same people may not do."""

    paths: tuple[str, ...]
    not_by: tuple[int, ...]
    tally: Tally


def digests() -> Iterator[tuple[Person, str]]:
    """Who is to be told what, one by one; nobody for whom nothing waits."""
    held = _held()
    groups = {todo: _groups(todo) for todo in TODOS}
    people = Person.objects.filter(user__in=held, user__is_active=True).order_by("pk")
    for person in people.only("pk", "name", "user"):
        roles = held[person.user_id or 0]
        found = [(todo, _tally(todo, groups[todo], _reach(todo, roles), person.user_id or 0)) for todo in TODOS]
        if text := words([(todo, tally) for todo, tally in found if tally.count]):
            yield person, text


def words(waiting: Sequence[tuple[Todo, Tally]]) -> str:
    """What waits, kind by kind, as far as a notice has room; what is overdue is named with each."""
    said = "；".join(_said(todo, tally) for todo, tally in waiting)
    if len(said) < LONGEST:
        return f"{said}。" if said else ""
    total = sum((tally for _todo, tally in waiting), Tally())
    return _("等您办的有 %(count)d 件，其中 %(late)d 件已超时。") % {"count": total.count, "late": total.late}


def _said(todo: Todo, tally: Tally) -> str:
    facts = {"words": todo.words, "count": tally.count, "late": tally.late, "unit": todo.unit}
    if tally.late:
        return _("%(words)s %(count)d %(unit)s，其中 %(late)d %(unit)s已超时") % facts
    return _("%(words)s %(count)d %(unit)s") % facts


def _held() -> Mapping[int, list[tuple[str, str]]]:
    """The roles that people hold today, with the path of each, by user."""
    found: dict[int, list[tuple[str, str]]] = {}
    roles = {role for todo in TODOS for role in roles_with(todo.permission)}
    held = standing_roles(clock.today()).filter(role__in=roles)
    for user, role, path in held.order_by("pk").values_list("user", "role", "node__path"):
        found.setdefault(user, []).append((role, path))
    return found


def _groups(todo: Todo) -> list[Group]:
    """All rows of a kind in the whole city, grouped; one statement."""
    everywhere = list(Node.objects.filter(parent=None).values_list("path", flat=True))
    rows = bare(todo.rows(everywhere)).values_list(*todo.paths, *todo.not_by)
    grouped = rows.annotate(many=Count("pk"), late=Count("pk", filter=todo.is_late()))
    cut = len(todo.paths)
    return [Group(tuple(filter(None, row[:cut])), row[cut:-2], Tally(row[-2], row[-1])) for row in grouped.iterator()]


def _reach(todo: Todo, roles: Sequence[tuple[str, str]]) -> list[str]:
    allowed = roles_with(todo.permission)
    return [path for role, path in roles if role in allowed]


def _tally(todo: Todo, groups: Sequence[Group], reach: Sequence[str], user: int) -> Tally:
    if not reach:
        return Tally()
    mine = (group for group in groups if user not in group.not_by)
    within = (group for group in mine if todo.is_everywhere or _is_within(group, reach))
    return sum((group.tally for group in within), Tally())


def _is_within(group: Group, reach: Sequence[str]) -> bool:
    return any(is_under(path, top) for path in group.paths for top in reach)
