"""`lianxin demo`: make the demo city through the real actions, or finish one that was broken off."""

import argparse

from lianxin.base.models import Installation
from lianxin.config.parts import say
from lianxin.config.preparation import require_demo_allowed
from lianxin.demo import city


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", choices=city.SIZES, default=city.SIZES[0], help="how big the city is")
    parser.add_argument("--unless-real", action="store_true", help="do nothing where a real city is installed")


def run(options: argparse.Namespace) -> int:
    require_demo_allowed()
    if options.unless_real and Installation.objects.filter(is_demo=False).exists():
        return 0
    city.make(size=options.size, progress=say)
    return 0
