"""The whole city, table by table, and what it took."""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from time import perf_counter

from bench.city.aside import Aside
from bench.city.calls import Calls
from bench.city.copying import close, sweep, without_indexes
from bench.city.diary import Diary
from bench.city.ground import Ground, Trees, lay
from bench.city.moments import Moments
from bench.city.orders import History
from bench.city.people import Census, Society
from bench.city.sizes import Size


@dataclass(frozen=True)
class City:
    """What was made: the nodes, who has which desk, how many rows by table, how long it took to fill and to check."""

    ground: Ground
    society: Society
    rows: dict[str, int]
    filling: float
    checking: float

    @property
    def total(self) -> int:
        """How many rows in all."""
        return sum(self.rows.values())


def make_city(*, size: Size, until: datetime, seed: int = 1, is_bulk: bool = True) -> City:
    """A city up to that moment, the same for the same seed and moment, into tables that are still empty.

    In bulk the indexes are off meanwhile, and PostgreSQL checks every constraint when it puts them back; otherwise it
    does so row by row, within the caller's transaction. In bulk the tables are swept and sampled afterwards, as they
    would be some minutes later: until then PostgreSQL plans as for a handful of rows, and then it is busy with that.
    """
    began, luck = perf_counter(), Random(seed)  # noqa: S311
    moments = Moments((until - timedelta(days=size.days)).date(), until)
    trees, diary = Trees(moments), Diary(moments)
    ground = lay(size, trees)
    census = Census(size, ground, moments, luck)
    aside = Aside(ground, census.society, diary, moments, Random(seed + 1))  # noqa: S311
    history = History(ground, census.society, diary, moments, luck, aside)
    calls = Calls(ground, census.society, moments, luck)
    tables = [*trees.tables, *census.tables, *aside.tables, *history.tables, *calls.tables, *diary.tables]
    models = [table.model for table in tables]
    with without_indexes(models) if is_bulk else nullcontext():
        census.settle()
        aside.settle(size.orders)
        history.live(size.orders, size.days)
        calls.take(size.calls)
        diary.close()
        close(tables)
        filled = perf_counter()
    if is_bulk:
        sweep(models)
    rows = {table.model._meta.db_table: table.count for table in tables}
    return City(ground, census.society, rows, filled - began, perf_counter() - filled)
