"""The people of `bench.loop`: as many browsers at once as there are lanes; every answer is checked."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice
from queue import Empty, SimpleQueue
from uuid import uuid5

import django

django.setup()

# ruff: noqa: E402 the models can be imported only now
import psycopg
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from psycopg.sql import SQL

from bench.city.making import make_city
from bench.city.sizes import SIZES
from bench.drive.browser import Browser
from bench.figures import Figure, say
from lianxin.base import clock
from lianxin.base.database.asking import rows_of
from lianxin.needs.models.orders import Order
from lianxin.users.models import User
from tests import make

LOOPS, WARM_UP, LANES, RESIDENTS = 240, 200, 8, 40
WARM_UP_BY_LISTS = 400
"""Each connection must have met each statement a few times before it is prepared, then planned once for all."""
A_TICK = 10
"""How many orders the desk ticks before it presses the button, in the second run."""
WANTED_LOOPS_A_SECOND, WANTED_BY_LISTS, MOST_QUERIES_A_PAGE = 20, 30, 25
COMMITS = 300
STEPS = 8
DATABASE = os.environ["DATABASE_URL"]


@dataclass(frozen=True)
class Walk:
    """The four people of one loop, as signed-in browsers, and what is ordered."""

    resident: Browser
    worker: Browser
    dispatcher: Browser
    volunteer: Browser
    volunteer_key: int
    item: int

    def place(self) -> int:
        """The resident orders; gives the order's number."""
        day = (clock.today() + timedelta(days=1)).isoformat()
        place = f"/order/{self.item}/place/?day={day}&part=morning"
        order = self.resident.post(place, resident=self.resident.person, details="厨房的灯不亮了", key=make.new_key())
        assert order is not None
        return order

    def serve_and_close(self, order: int) -> None:
        """Accept, start, finish, confirm, rate."""
        self.serve(order)
        self.resident.post(f"/orders/{order}/confirm/")
        self.rate(order)

    def serve(self, order: int) -> None:
        """Accept, start, finish. Half an hour of work is pretended by setting the beginning back."""
        offer = _wanted_now(order)
        task = self.volunteer.post(f"/offers/{offer}/accept/", starts_at="now")
        self.volunteer.post(f"/tasks/{task}/start/")
        _begun_half_an_hour_ago(task)
        self.volunteer.post(f"/tasks/{task}/finish/")

    def rate(self, order: int) -> None:
        """Five stars."""
        self.resident.post(f"/orders/{order}/rate/", stars=5)


Go = Callable[[Sequence[Walk]], None]


def one_by_one(walks: Sequence[Walk]) -> None:
    """The desk takes each order by itself."""
    for walk in walks:
        order = walk.place()
        walk.worker.post(f"/console/orders/{order}/verify/", how="call")
        walk.dispatcher.post(f"/console/orders/{order}/offer/", to=walk.volunteer_key)
        walk.serve_and_close(order)


def in_bulk(walks: Sequence[Walk]) -> None:
    """The desk ticks what has come in, verifies it at once and asks for all of it at once; the others as before."""
    orders = {walk.place(): walk for walk in walks}
    desk = walks[0]
    desk.worker.post("/console/verify/many/", orders=list(orders), how="call")
    asks = [f"{order}:{walk.volunteer_key}" for order, walk in orders.items()]
    desk.dispatcher.post("/console/dispatch/suggested/", asks=asks)
    for order, walk in orders.items():
        walk.serve_and_close(order)


def by_lists(walks: Sequence[Walk]) -> None:
    """A station orders for a list of people, the desk asks for all of it, and the station ticks what was done."""
    desk, key = walks[0], make.new_key()
    placed = {uuid5(key, str(walk.resident.person)): walk for walk in walks}
    wish = {"item": desk.item, "day": (clock.today() + timedelta(days=1)).isoformat(), "part": "morning", "way": "call"}
    people = [walk.resident.person for walk in walks]
    desk.worker.send("/console/order-for/", place="1", key=key, residents=people, details="厨房的灯不亮了", **wish)
    new = Order.objects.filter(request_key__in=placed)
    orders = {order.pk: placed[order.request_key] for order in new if order.request_key}
    asks = [f"{order}:{walk.volunteer_key}" for order, walk in orders.items()]
    desk.dispatcher.post("/console/dispatch/suggested/", asks=asks)
    for order, walk in orders.items():
        walk.serve(order)
    desk.worker.post("/console/confirm/many/", order=list(orders), how="call")
    for order, walk in orders.items():
        walk.rate(order)


def main() -> None:
    """In a small city, or in a town."""
    in_a_town() if sys.argv[1] == "town" else in_a_small_city()


def in_a_town() -> None:
    """Make the town, settle the people in its midst, and measure what the desks do by lists."""
    make_city(size=SIZES["town"], until=clock.now())
    walks = list(_settle(os.environ["BENCH_URL"], LOOPS + WARM_UP_BY_LISTS))
    _run(by_lists, list(batched(walks[:WARM_UP_BY_LISTS], A_TICK)))
    loops = LOOPS / _run(by_lists, list(batched(walks[WARM_UP_BY_LISTS:], A_TICK)))
    by_lists_ = Figure("loops_by_lists_in_a_town", round(loops, 1), "loops/s", "wanted", WANTED_BY_LISTS, "loops/s")
    say("loop", [by_lists_, *_queries_by_page(walks[-1])])


def in_a_small_city() -> None:
    """Settle the people, warm up, measure both ways, and look at the pages."""
    url = os.environ["BENCH_URL"]
    walks = list(_settle(url, 2 * LOOPS + WARM_UP))
    _run(one_by_one, [[walk] for walk in walks[:WARM_UP]])
    single = LOOPS / _run(one_by_one, [[walk] for walk in walks[WARM_UP : WARM_UP + LOOPS]])
    bulk = LOOPS / _run(in_bulk, list(batched(walks[WARM_UP + LOOPS :], A_TICK)))
    commits = _commits_a_second()
    figures = [
        Figure("loops_over_http", round(single, 1), "loops/s", "wanted", WANTED_LOOPS_A_SECOND, "loops/s"),
        Figure("loops_desk_in_bulk", round(bulk, 1), "loops/s", "wanted", WANTED_LOOPS_A_SECOND, "loops/s"),
        Figure("posts_over_http", round(single * STEPS), "posts/s", "one_row_commits", round(commits), "commits/s"),
        *_queries_by_page(walks[-1]),
    ]
    say("loop", figures)


def batched(walks: Iterable[Walk], size: int) -> Iterator[list[Walk]]:
    """The walks by so many at a time."""
    rest = iter(walks)
    while batch := list(islice(rest, size)):
        yield batch


def _settle(url: str, many: int) -> Iterator[Walk]:
    """Each loop has a volunteer of its own, since one who serves in two places at once would be contested."""
    city = make.small_city()
    residents = cycle(
        [Browser(url, make.user_of(make.person("王秀英", home=city.community))) for _ in range(RESIDENTS)]
    )
    worker, dispatcher = Browser(url, city.worker), Browser(url, city.dispatcher)
    for _ in range(many):
        volunteer = make.volunteer("李建国", team=city.team, captain=city.captain)
        own = Browser(url, make.user_of(volunteer.person))
        yield Walk(next(residents), worker, dispatcher, own, volunteer.pk, city.item.pk)


def _wanted_now(order: int) -> int:
    """Set the wanted time to now, for a visit may not begin days early; gives the order's offer."""
    [(offer,)] = rows_of(
        'UPDATE needs_order SET "window" = '
        "tstzrange(now() - interval '5 minutes', now() + interval '3 hours') "
        "FROM needs_offer WHERE needs_order.id = %s AND needs_offer.order_id = needs_order.id RETURNING needs_offer.id",
        [order],
    )
    return int(offer)


def _begun_half_an_hour_ago(task: int | None) -> None:
    rows_of("UPDATE needs_visit SET started_at = started_at - interval '30 minutes' WHERE assignment_id = %s", [task])


def _run(go: Go, batches: Sequence[Sequence[Walk]]) -> float:
    """Seconds for these loops, shared by the lanes."""
    waiting: SimpleQueue[Sequence[Walk]] = SimpleQueue()
    for batch in batches:
        waiting.put(batch)
    failures: list[Exception] = []
    lanes = [threading.Thread(target=_lane, args=(go, waiting, failures)) for _ in range(LANES)]
    since = time.perf_counter()
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    if failures:
        raise failures[0]
    return time.perf_counter() - since


def _lane(go: Go, waiting: "SimpleQueue[Sequence[Walk]]", failures: list[Exception]) -> None:
    try:
        while not failures:
            go(waiting.get_nowait())
    except Empty:
        pass
    except Exception as error:
        failures.append(error)
    finally:
        connection.close()


def _commits_a_second() -> float:
    """The database's own limit: the lanes insert single rows into a table of their own, each in a transaction."""
    with psycopg.connect(DATABASE, autocommit=True) as first:
        first.execute("CREATE TABLE bench_commits (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, words text)")
    lanes = [threading.Thread(target=_commit) for _ in range(LANES)]
    since = time.perf_counter()
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    return LANES * COMMITS / (time.perf_counter() - since)


def _commit() -> None:
    with psycopg.connect(DATABASE, autocommit=True) as own:
        for _ in range(COMMITS):
            own.execute(SQL("INSERT INTO bench_commits (words) VALUES ('x')"))


def _queries_by_page(walk: Walk) -> Iterator[Figure]:
    """How many queries the pages of the loop take, with hundreds of rows behind them."""
    pages: dict[str, tuple[User, str]] = {
        "home": (walk.resident.user, "/"),
        "menu": (walk.resident.user, "/order/"),
        "my_orders": (walk.resident.user, "/orders/"),
        "tasks": (walk.volunteer.user, "/tasks/"),
        "my_time": (walk.volunteer.user, "/time/"),
        "verify": (walk.worker.user, "/console/verify/"),
        "dispatch": (walk.dispatcher.user, "/console/dispatch/"),
        "orders": (walk.dispatcher.user, "/console/orders/"),
    }
    for name, (user, path) in pages.items():
        client = Client()
        client.force_login(user)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200, path
        yield Figure(f"queries_of_{name}", len(queries), "queries", "most", MOST_QUERIES_A_PAGE, "queries")


if __name__ == "__main__":
    main()
