"""What `bench.prepared` compares: looking up a user and a locked order, writing an entry, changing an order."""

import time
from collections.abc import Callable

import django

django.setup()

# ruff: noqa: E402 the models can be imported only now
from django.core.management import call_command
from django.db import models, transaction

from bench.figures import Figure, say
from lianxin.base import clock
from lianxin.base.bulk import insert_many, update_many
from lianxin.base.prepared import Prepared
from lianxin.journal.models import Entry
from lianxin.needs.models.orders import Order
from lianxin.users.models import User
from tests import make

ROUNDS = 500
CHANGED = ["state", "due_at", "rises_at", "responsible"]


def main() -> None:
    """Ask both ways for the same rows of one small city."""
    call_command("migrate", verbosity=0)
    city = make.small_city()
    user, order = city.worker.pk, make.order(city).pk
    locked = Order.objects.select_for_update(of=("self",), no_key=True).select_related("item", "resident")
    row = [Order.objects.get(pk=order)]
    with transaction.atomic():
        user_by_key = Prepared(lambda pk: User.objects.filter(pk=pk), models.BigIntegerField())
        order_locked = Prepared(lambda pk: locked.filter(pk=pk), models.BigIntegerField())
        figures = [
            _figure("user_by_key", lambda: user_by_key(user), lambda: User.objects.get(pk=user)),
            _figure("order_locked", lambda: order_locked(order), lambda: locked.get(pk=order)),
            _figure("entry_written", lambda: insert_many([_entry()]), lambda: Entry.objects.bulk_create([_entry()])),
            _figure(
                "order_changed", lambda: update_many(row, *CHANGED), lambda: Order.objects.bulk_update(row, CHANGED)
            ),
        ]
    say("prepared", figures)


def _entry() -> Entry:
    return Entry(name="bench.written", at=clock.now(), actor_name="系统", subject_type="needs.order", subject_id=1)


def _figure(name: str, prepared: Callable[[], object], plain: Callable[[], object]) -> Figure:
    return Figure(name, _milliseconds(prepared), "ms", "queryset", _milliseconds(plain), "ms")


def _milliseconds(ask: Callable[[], object]) -> float:
    """Processor time of one call, the mean of many after a warm-up."""
    for _ in range(ROUNDS // 10):
        ask()
    since = time.process_time()
    for _ in range(ROUNDS):
        ask()
    return round(1000 * (time.process_time() - since) / ROUNDS, 3)


if __name__ == "__main__":
    main()
