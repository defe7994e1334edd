"""What waits for somebody, over all modules: each says in one place what its rows are, and one list joins them.

Nothing is loaded whole. Of each kind as many keys are asked for as the page could show, all in one statement; the rows
themselves are then fetched for the page alone, once per kind that stands on it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from operator import and_, attrgetter, or_
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BigIntegerField, Count, DateTimeField, F, IntegerField, Model, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.functional import Promise

from lianxin.base import clock
from lianxin.base.prepared import Slot

Rows = QuerySet[Any]
NOBODY = Q(pk__in=[])
SHOWN_OF_TEXT = 32
A_SECOND = timedelta(seconds=1)


Finder = Callable[[str, bool], Q]
"""Which rows the typed words mean; by names only for whoever may see names."""


def finds_nothing(_words: str, _by_name: bool) -> Q:
    """For kinds in which there is nothing to search."""
    return NOBODY


@dataclass(frozen=True)
class Line:
    """How a row reads on the list: what it is and more of it, about whom, at which path, since when, and its page."""

    what: str
    href: str
    under: str = ""
    who: str = ""
    at: str | None = None
    since: datetime | None = None
    marks: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Choice:
    """A filter that only a kind's own list has: its name in the address, what it is called, and which rows each value
    means."""

    name: str
    words: str | Promise
    choices: tuple[tuple[str, Any], ...]
    means: Callable[[str], Q]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """How the rows of a list are narrowed: `paths` are the fields that say where a row belongs, `due` the field that
    says by when it must be done (none: when there is time), `choices` the filters of its own."""

    paths: tuple[str, ...]
    due: str = ""
    finds: Finder = finds_nothing
    choices: tuple[Choice, ...] = ()

    def is_late(self) -> Q:
        """Which rows are over their time."""
        return Q(**{f"{self.due}__lt": clock.now()}) if self.due else NOBODY

    def below(self, path: str) -> Q:
        """Which rows belong to this place or team, or to one below it."""
        return reduce(or_, (Q(**{f"{name}__under": path}) for name in self.paths))

    def chosen(self, query: Mapping[str, Any]) -> Q:
        """Which rows the address asks for by the kind's own filters; what makes no sense is passed over."""
        asked = ((choice, str(query.get(choice.name, ""))) for choice in self.choices)
        meant = (choice.means(value) for choice, value in asked if value in {str(known) for known, _ in choice.choices})
        return reduce(and_, meant, Q())


@dataclass(frozen=True, kw_only=True)
class Todo(Kind):
    """One kind of thing that waits. The list knows no module: all that it needs is said here.

    `rows` are those that wait, given the paths below which somebody has the permission, with their own order or none;
    `not_by` the fields that name who may not do it himself. `shown` fetches what `line` reads. `comes_first` is for
    what cannot wait for its turn. A row of a kind that `opens` has a page that fits into the side sheet.
    """

    name: str
    permission: str
    picture: str
    words: str | Promise
    unit: str | Promise
    route: str
    rows: Callable[[list[str]], Rows]
    line: Callable[[Any, Any], Line]
    shown: Callable[[Rows], Rows] = lambda rows: rows
    not_by: tuple[str, ...] = ()
    is_everywhere: bool = False
    comes_first: bool = False
    opens: bool = True
    stands_at: str = ""

    @property
    def tab(self) -> str:
        """The tab on which its rows are counted: that of its own list, unless it stands elsewhere."""
        return self.stands_at or self.route

    def for_user(self, user_id: int | Slot, paths: list[str]) -> Rows:
        """The rows that this user may do below these paths."""
        rows = bare(self.rows(paths))
        return rows.exclude(reduce(or_, (Q(**{name: user_id}) for name in self.not_by))) if self.not_by else rows


class Place(NamedTuple):
    """Where a row stands on the list: before all later ones."""

    rank: int
    due: datetime | None
    kind: int
    pk: int


@dataclass(frozen=True)
class Tally:
    """How many rows wait, and how many of them are over their time."""

    count: int = 0
    late: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.count + other.count, self.late + other.late)


@dataclass(frozen=True)
class Waiting:
    """What waits for one person: kinds with the rows of each, in the order in which the kinds are declared."""

    kinds: Sequence[tuple[Todo, Rows]]
    user: Any = field(repr=False)

    def narrowed(self, narrow: Callable[[Todo, Rows], Rows | None]) -> "Waiting":
        """The same with fewer rows; without the kinds for which `narrow` has none."""
        kept = [(kind, narrow(kind, rows)) for kind, rows in self.kinds]
        return Waiting([(kind, rows) for kind, rows in kept if rows is not None], self.user)

    def tallies(self) -> dict[str, Tally]:
        """How many wait of each kind, by its name; one statement."""
        counted = _counted_of_all(self.kinds)
        rows = [(row["of"], row["many"], row["late"]) for row in counted] if counted is not None else []
        return _tallies([kind for kind, _rows in self.kinds], rows)

    def page(self, offset: int, limit: int) -> list[tuple[Todo, Any]]:
        """The rows of a page with their kinds: what comes first, then what is due first. One statement for all, and one
        for each kind that stands on the page."""
        return self._fetched(self._keys(self.kinds, offset, limit))

    def after(self, kind: Todo, row: Model) -> tuple[Todo, Any] | None:
        """The row below this one, as it stood when it was fetched; below the last one the first of the others."""
        here = self._place_of(kind, row)
        below = [(each, _below(number, each, rows, here)) for number, (each, rows) in enumerate(self.kinds)]
        others = [(each, rows.exclude(pk=row.pk) if each is kind else rows) for each, rows in self.kinds]
        keys = self._keys(below, 0, 1) or self._keys(others, 0, 1)
        found = self._fetched(keys)
        return found[0] if found else None

    def _place_of(self, kind: Todo, row: Model) -> Place:
        number = [each for each, _rows in self.kinds].index(kind)
        due = attrgetter(kind.due.replace("__", "."))(row) if kind.due else None
        return Place(_rank(kind), due, number, row.pk)

    def _keys(self, kinds: Sequence[tuple[Todo, Rows]], offset: int, limit: int) -> list[Place]:
        branches = [_keyed(number, kind, rows) for number, (kind, rows) in enumerate(kinds)]
        if not branches or limit < 1:
            return []
        found = branches[0]
        if len(branches) > 1:
            first, *others = (branch[: offset + limit] for branch in branches)
            # PostgreSQL puts what has no due time last.
            found = first.union(*others, all=True).order_by("first", "by", "of", "pk")
        return [Place(each["first"], each["by"], each["of"], each["pk"]) for each in found[offset : offset + limit]]

    def _fetched(self, keys: Sequence[Place]) -> list[tuple[Todo, Any]]:
        wanted: dict[int, list[int]] = {}
        for key in keys:
            wanted.setdefault(key.kind, []).append(key.pk)
        fetched = {number: self._rows_of(number, pks) for number, pks in wanted.items()}
        rows = [(self.kinds[key.kind][0], fetched[key.kind].get(key.pk)) for key in keys]
        # A row that was done between both statements is no longer there.
        return [(kind, row) for kind, row in rows if row is not None]

    def _rows_of(self, number: int, pks: list[int]) -> dict[int, Any]:
        kind, rows = self.kinds[number]
        return {row.pk: row for row in kind.shown(rows.filter(pk__in=pks))}


class FromNow(NamedTuple):
    """A moment by its distance from the present one."""

    distance: timedelta


class Tallies:
    """How many wait of each kind for users with the same reach, asked by one statement that is put together once.

    Every page of the desk asks for these counts, and to compile their statement takes longer than to answer it. Its
    values are those of the day on which it was made, but for the user and for what moves with the clock; these are
    told apart by putting it together for two moments.
    """

    def __init__(self, reached: Sequence[tuple[Todo, Sequence[str]]]) -> None:
        self.kinds = [todo for todo, _paths in reached]
        now = clock.now()
        self.sql, values = self._at(now, reached)
        _sql, later = self._at(now + A_SECOND, reached)
        self.values = [_since(now, *pair) for pair in zip(values, later, strict=True)]

    def of(self, user_id: int) -> dict[str, Tally]:
        """The counts of this user now, by the kind's name."""
        if not self.sql:
            return {}
        now = clock.now()
        values = [now + each.distance if isinstance(each, FromNow) else each for each in self.values]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [user_id if isinstance(each, Slot) else each for each in values])
            return _tallies(self.kinds, cursor.fetchall())

    def _at(self, moment: datetime, reached: Sequence[tuple[Todo, Sequence[str]]]) -> tuple[str, Sequence[Any]]:
        user = Slot(0, BigIntegerField())
        with clock.at(moment):
            counted = _counted_of_all([(todo, todo.for_user(user, list(paths))) for todo, paths in reached])
            return counted.query.sql_with_params() if counted is not None else ("", ())


def _since(moment: datetime, value: Any, later: Any) -> Any:
    """The value, or its distance from the moment if it moved with it by a second."""
    is_moving = isinstance(value, datetime) and later - value == A_SECOND
    return FromNow(value - moment) if is_moving else value


def _tallies(kinds: Sequence[Todo], rows: Sequence[tuple[int, int, int]]) -> dict[str, Tally]:
    found = {kind.name: Tally() for kind in kinds}
    return found | {kinds[number].name: Tally(many, late) for number, many, late in rows}


def shortened(text: str) -> str:
    """As much of a text as a row has room for."""
    return text if len(text) <= SHOWN_OF_TEXT else f"{text[:SHOWN_OF_TEXT]}…"


def bare(rows: Rows) -> Rows:
    """Only the conditions: no order, nothing fetched beside the row."""
    return rows.order_by().select_related(None).prefetch_related(None)


def _rank(kind: Todo) -> int:
    return 0 if kind.comes_first else 1


def _number(value: int) -> Value:
    return Value(value, output_field=IntegerField())


def _counted_of_all(kinds: Sequence[tuple[Todo, Rows]]) -> Rows | None:
    if not kinds:
        return None
    first, *others = (_counted(number, kind, rows) for number, (kind, rows) in enumerate(kinds))
    return first.union(*others, all=True)


def _counted(number: int, kind: Todo, rows: Rows) -> Rows:
    late = Count("pk", filter=kind.is_late())
    counted: Rows = rows.annotate(of=_number(number)).values("of").annotate(many=Count("pk"), late=late)
    return counted


def _keyed(number: int, kind: Todo, rows: Rows) -> Rows:
    due = F(kind.due) if kind.due else Cast(Value(None), DateTimeField())
    keyed: Rows = rows.annotate(first=_number(_rank(kind)), by=due, of=_number(number))
    return keyed.order_by(*filter(None, [kind.due]), "pk").values("first", "by", "of", "pk")


def _below(number: int, kind: Todo, rows: Rows, here: Place) -> Rows:
    """The rows of this kind that stand below the place `here`."""
    if _rank(kind) != here.rank:
        return rows if _rank(kind) > here.rank else rows.filter(NOBODY)
    beside = Q() if number > here.kind else Q(pk__gt=here.pk) if number == here.kind else NOBODY
    if not kind.due:
        return rows.filter(beside) if here.due is None else rows
    if here.due is None:
        return rows.filter(beside, **{f"{kind.due}__isnull": True})
    later = Q(**{f"{kind.due}__gt": here.due}) | Q(**{f"{kind.due}__isnull": True})
    return rows.filter(later | Q(**{kind.due: here.due}) & beside)
