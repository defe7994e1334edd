"""待办: everything that waits for this person, over all modules, what is overdue on top; and how much it is now."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, Self

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path
from django.utils.functional import Promise

from lianxin.base.access import page
from lianxin.base.todos import Line, Tally, Todo, Waiting
from lianxin.console.frame import counts, show, signed_in
from lianxin.console.going_on import HOME, with_query
from lianxin.console.listed import Listed, listed
from lianxin.console.todos import BY_NAME
from lianxin.console.todos import tallies as all_tallies
from lianxin.organisations.models import Node
from lianxin.users.models import User

ROWS_A_PAGE = 50
OPEN = "organisations.open_console"


class Row:
    """A row of the list with all that the page shows of it."""

    def __init__(self, kind: Todo, line: Line, due: datetime | None, query: QueryDict) -> None:
        self.kind, self.line, self.due = kind, line, due
        self.href = with_query(line.href, query)
        self.where = ""

    @classmethod
    def of(cls, kind: Todo, row: Any, user: User, query: QueryDict | None = None) -> Self:
        """As the list shows this row to this user; `name_places` says where it is."""
        return cls(kind, kind.line(row, user), _due(kind, row), query or QueryDict())


class Sliced(Sequence[Row]):
    """The rows for Django's paginator, which asks how many there are and for a slice of them."""

    def __init__(self, found: Waiting, total: int, query: QueryDict) -> None:
        self.found, self.total, self.query = found, total, query

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, cut: Any) -> Any:
        rows = [
            Row.of(kind, row, self.found.user, self.query)
            for kind, row in self.found.page(cut.start, cut.stop - cut.start)
        ]
        name_places(rows)
        return rows


@page(may=OPEN)
def home(request: HttpRequest) -> HttpResponse:
    """The list, with a count for each kind; a filter, a search and the page stay in the address."""
    user = signed_in(request)
    found = listed(user, request.GET)
    is_narrowed = any(value for name, value in found.asked.items() if name != "kind")
    tallies = found.of_all_kinds.tallies() if is_narrowed else all_tallies(user)
    kinds = [(BY_NAME[name], tally) for name, tally in tallies.items() if tally.count]
    total = sum((tallies[kind.name] for kind, _rows in found.shown.kinds), Tally())
    facts = {
        "page": Paginator(Sliced(found.shown, total.count, _kept(request)), ROWS_A_PAGE).get_page(
            request.GET.get("page")
        ),
        "form": found.filters,
        "total": total,
        "of_all_kinds": sum(tallies.values(), Tally()),
        "kinds": kinds,
        "kind": _kind(found),
        "is_narrowed": is_narrowed,
        "has_kinds": bool(found.of_all_kinds.kinds),
    }
    return show(request, "console/home/home.html", facts)


@page(may=OPEN)
def live(request: HttpRequest) -> HttpResponse:
    """How much waits now, asked for by an open page; says aloud what is new since it asked before.

    The browser asks, not a person: a desk that nobody uses is signed out all the same (rule A5).
    """
    request.session.look_on()  # type: ignore[attr-defined]  # our own store
    facts = counts(signed_in(request))
    news = _news(request.GET.get("seen", ""), facts["seen"])
    is_at_alarms = "alarms" in request.GET
    return render(request, "console/home/live.html", {**facts, "news": news, "is_at_alarms": is_at_alarms})


def _kept(request: HttpRequest) -> QueryDict:
    """The address of the list, as a row's page carries it along."""
    query = request.GET.copy()
    query.pop("page", None)
    query["list"] = HOME
    return query


def _kind(found: Listed) -> Todo | None:
    return BY_NAME.get(found.asked.get("kind") or "")


def _due(kind: Todo, row: Any) -> datetime | None:
    moment: datetime | None = attrgetter(kind.due.replace("__", "."))(row) if kind.due else None
    return moment


def name_places(rows: Iterable[Row]) -> None:
    """Name the places and teams at the rows' paths, whose last step is the key of the node; one query."""
    keys = {row: int(row.line.at.rpartition(".")[2]) for row in rows if row.line.at}
    nodes = Node.objects.only("name").in_bulk(set(keys.values()))
    for row, key in keys.items():
        row.where = nodes[key].name if key in nodes else ""


def _news(before: str, now: str) -> list[tuple[str | Promise, int, str | Promise]]:
    """Of which kinds more wait than before, and how many more."""
    were, are = _seen(before), _seen(now)
    more = {name: many - were.get(name, 0) for name, many in are.items() if many > were.get(name, 0)}
    return [(BY_NAME[name].words, many, BY_NAME[name].unit) for name, many in more.items()]


def _seen(words: str) -> Mapping[str, int]:
    parts = [each.rpartition("-") for each in words[:1000].split(".")]
    return {name: int(many) for name, _dash, many in parts if name in BY_NAME and many.isdecimal()}


urlpatterns = [path("", home, name="home"), path("live/", live, name="live")]
