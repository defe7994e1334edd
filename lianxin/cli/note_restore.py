"""`lianxin note-restore NAME`: run by `lianxin restore`, in the restored database: its journal says that it was."""

import argparse

from lianxin.base.models import Upkeep
from lianxin.config.upkeep import keep_record


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="the backup")


def run(options: argparse.Namespace) -> int:
    keep_record(kind=Upkeep.Kind.RESTORE, facts={"backup": options.name}, by=None)
    return 0
