"""`lianxin work`: the job worker, run by `lianxin up`; more of them may run on other machines.

It is nicer than the web server: where both want the same core, a page is answered before a message is written.
"""

import argparse
import os

from lianxin.config.jobs import work
from lianxin.config.preparation import wait_until_prepared

NICER = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(options: argparse.Namespace) -> int:
    os.nice(NICER)
    wait_until_prepared()
    work()
    return 0
