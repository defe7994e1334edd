"""A hundred orders while every part of the product is killed: each one acknowledged is kept, exactly once."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tests.drill.product import PATIENCE, Part, RunningProduct

ORDERS = 100
PARTS: list[Part] = ["database", "server", "web worker", "worker"]

OPEN_JOBS = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'journal.hear' AND status IN ('todo', 'doing')"
PLACED = "SELECT request_key::text, id FROM needs_order"
NOTED = "SELECT subject_id FROM journal_entry WHERE name = 'needs.order_placed' AND subject_type = 'needs.order'"
TOLD = "SELECT link FROM notices_notice WHERE link LIKE '/orders/%'"


def test_no_order_is_lost_or_doubled_whatever_is_killed() -> None:
    with RunningProduct() as product:
        with _residents_of(product) as residents:
            acknowledged = _read_and_kill(product, residents)
        product.wait_healthy()
        _wait_until_all_is_heard(product)
        with psycopg.connect(product.database_url) as database:
            placed: dict[str, int] = dict(database.execute(PLACED).fetchall())
            noted = [number for (number,) in database.execute(NOTED)]
            told = [link for (link,) in database.execute(TOLD)]
        product.stop()
        assert product.everything() == set()
    assert residents.returncode == 0
    assert len(acknowledged) == ORDERS
    assert placed == acknowledged
    assert sorted(noted) == sorted(placed.values())
    assert sorted(told) == sorted(f"/orders/{number}/" for number in placed.values())


@contextmanager
def _residents_of(product: RunningProduct) -> Iterator["subprocess.Popen[str]"]:
    """Those who order, in a process of their own: it has the product's settings, not the tests'."""
    surroundings = {
        "DATABASE_URL": product.database_url,
        "LIANXIN_VAR": str(product.var),
        "DJANGO_SETTINGS_MODULE": "lianxin.config.settings",
        "DRILL_URL": product.url,
        "DRILL_ORDERS": str(ORDERS),
    }
    drive = [sys.executable, "-m", "tests.drill.drive_orders"]
    with subprocess.Popen(drive, env=os.environ | surroundings, stdout=subprocess.PIPE, text=True) as residents:
        try:
            yield residents
        finally:
            if sys.exception():
                residents.kill()


def _read_and_kill(product: RunningProduct, residents: "subprocess.Popen[str]") -> dict[str, int]:
    """The acknowledged orders, number by key; after so many of them, drawn by lot, the next part is killed."""
    assert residents.stdout
    acknowledged: dict[str, int] = {}
    victims = _victims()
    for line in residents.stdout:
        key, number = line.split()
        acknowledged[key] = int(number)
        if len(acknowledged) in victims:
            _kill(product, victims.pop(len(acknowledged)))
    assert victims == {}
    return acknowledged


def _victims() -> dict[int, Part]:
    """After how many orders which part is killed: the parts in any order, the supervisor last."""
    parts: list[Part] = [*random.sample(PARTS, len(PARTS)), "supervisor"]
    each = ORDERS // (len(parts) + 1)
    return {turn * each + random.randrange(each): part for turn, part in enumerate(parts, 1)}  # noqa: S311


def _kill(product: RunningProduct, part: Part) -> None:
    """After a moment, so that it hits anywhere in a request; who killed the supervisor starts the product again."""
    product.wait_healthy()
    time.sleep(random.uniform(0, 0.5))  # noqa: S311 no secret
    product.kill(part)
    if part == "supervisor":
        product.start()


def _wait_until_all_is_heard(product: RunningProduct) -> None:
    """Jobs that a killed worker had begun are begun again by the product itself, within two minutes."""
    until = time.monotonic() + 2 * PATIENCE
    with psycopg.connect(product.database_url, autocommit=True) as database:
        while database.execute(OPEN_JOBS).fetchone() != (0,):
            assert time.monotonic() < until, "jobs are left over"
            time.sleep(0.2)
