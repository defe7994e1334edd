"""`lianxin demo`: make the demo city through the real actions, and watch it grow; broken off, it goes on."""

import argparse
import time

from lianxin.base.models import Installation
from lianxin.base.refused import Refused
from lianxin.config import environment
from lianxin.config.cannot_start import CannotStart
from lianxin.config.parts import say
from lianxin.config.preparation import require_demo_allowed
from lianxin.demo import city
from lianxin.demo.growth.pieces import Growth, begin_growth, counts, is_grown
from lianxin.demo.growth.sizes import NAMED, Size, size_of
from lianxin.demo.tasks import grow_on

LOOKS_EVERY, SPEAKS_EVERY, WONDERS_AFTER = 1.0, 15.0, 90.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    names = ", ".join(NAMED)
    wanted = f"how big the city becomes: {names}, or volunteers=500,orders=800 (LIANXIN_DEMO_SIZE, else city)"
    parser.add_argument("--size", default=environment.demo_size(), help=wanted)
    parser.add_argument("--unless-real", action="store_true", help="do nothing where a real city is installed")


def run(options: argparse.Namespace) -> int:
    require_demo_allowed()
    size = _size(options.size)
    if options.unless_real and Installation.objects.filter(is_demo=False).exists():
        return 0
    began = time.monotonic()
    city.make(share=size.share, progress=say)
    if size.grows:
        growth = begin_growth(size=size)
        if growth.size != size:
            say("demo: the city was begun with another size and keeps it; a new one needs an empty database")
        if not is_grown():
            grow_on()
            _watch(growth, began)
    return 0


def _size(words: str) -> Size:
    try:
        return size_of(words)
    except Refused as reason:
        raise CannotStart(str(reason)) from reason


def _watch(growth: Growth, began: float) -> None:
    """Say now and then how far the worker has come; whoever stops watching stops nothing."""
    spoken = moved = time.monotonic()
    before = (0, 0)
    while not is_grown():
        time.sleep(LOOKS_EVERY)
        now, found = time.monotonic(), counts()
        if found != before:
            before, moved = found, now
        if now - spoken >= SPEAKS_EVERY:
            spoken = now
            say(_words(growth, found))
            if now - moved > WONDERS_AFTER:
                say("demo: nothing has been added for a while; is the product running? Its job worker does it.")
    say(f"demo: the city is grown, after {time.monotonic() - began:.0f} s")


def _words(growth: Growth, found: tuple[int, int]) -> str:
    volunteers, orders = found
    return (
        f"demo: the city grows: {volunteers:,} of {growth.size.volunteers:,} volunteers, "
        f"{orders:,} of {growth.size.orders:,} orders"
    )
