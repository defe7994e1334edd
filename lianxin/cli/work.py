"""`lianxin work`: the job worker, run by `lianxin up`; more of them may run on other machines.

It is nicer than the web server: where both want the same core, a page is answered before a message is written.
"""

import argparse
import os

from lianxin.config.jobs import work
from lianxin.config.preparation import hand_over_files, wait_until_prepared
from lianxin.config.service_user import step_down

NICER = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(options: argparse.Namespace) -> int:
    os.nice(NICER)
    wait_until_prepared()
    hand_over_files()
    step_down(os.getppid())
    work()
    return 0
