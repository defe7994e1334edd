"""`lianxin serve`: the web server, run by `lianxin up`; more of them may run on other machines."""

import argparse

from lianxin.config.preparation import prepare
from lianxin.config.server import serve


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--demo", action="store_true", help="the demo city is going to be made")


def run(options: argparse.Namespace) -> int:
    prepare(demo=options.demo)
    serve()
    return 0
