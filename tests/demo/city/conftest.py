"""One little city for all tests of the demo, made once, and what it grows to; both are rolled back at the end."""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from lianxin.demo import city
from lianxin.demo.growth.pieces import begin_growth, do_next_piece, next_piece, standing_growth
from lianxin.demo.growth.sizes import Size
from lianxin.needs.models.orders import Order
from lianxin.needs.models.visits import Visit

SHARE = Size().share
SIZE = Size(share=SHARE, volunteers=110, orders=180)


class CutOffError(Exception):
    """As when the worker is killed."""


@pytest.fixture(scope="package")
def little_city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Generator[list[str]]:
    """The first city as every start makes it; what was said while it was made."""
    said: list[str] = []
    with django_db_blocker.unblock():
        _sweep()
        with _rolled_back():
            city.make(progress=said.append, share=SHARE)
            yield said


@pytest.fixture(scope="module")
def grown_city(little_city: list[str], django_db_blocker: DjangoDbBlocker) -> Generator[list[tuple[int, int]]]:
    """Grown to a small size; cut off once in the middle of a piece. Orders before the cut and after it."""
    counts: list[tuple[int, int]] = []
    with django_db_blocker.unblock(), _rolled_back():
        begin_growth(size=SIZE)
        while do_next_piece():
            if not counts and _is_past_next():
                counts.append((Order.objects.count(), _orders_after_a_cut()))
        yield counts


def _is_past_next() -> bool:
    growth = standing_growth()
    piece = next_piece(growth) if growth else None
    return piece is not None and piece.kind == "past"


def _orders_after_a_cut() -> int:
    """The database refuses in the middle of the piece, when the fifth visit is written."""
    with pytest.raises(CutOffError), connection.execute_wrapper(cut_at(Visit._meta.db_table, 5)):
        do_next_piece()
    return Order.objects.count()


def cut_at(table: str, times: int) -> Callable[..., Any]:
    """Cut off at so many inserts into a table."""
    seen = 0

    def execute(run: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal seen
        is_insert = sql.startswith(f'INSERT INTO "{table}"')
        seen += is_insert
        if is_insert and seen == times:
            raise CutOffError
        return run(sql, *rest)

    return execute


def _sweep() -> None:
    """Away with what thousands of tests wrote and took back, over which every search would step."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")


@contextmanager
def _rolled_back() -> Iterator[None]:
    """Planned for the tables as they are: the statistics still say that they are as empty as the last test left them."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        yield
        transaction.set_rollback(True)
