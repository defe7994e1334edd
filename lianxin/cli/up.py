"""`lianxin up`: run the product until Ctrl-C."""

import argparse
import os
import signal

from lianxin.config.processes import die_with
from lianxin.config.supervisor import up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--demo", action="store_true", help="fill an empty database with the demo city")
    parser.add_argument("--with-parent", action="store_true", help="stop when the program that started us ends")


def run(options: argparse.Namespace) -> int:
    if options.with_parent:
        die_with(os.getppid(), signal.SIGTERM)
    up(demo=options.demo)
    return 0
