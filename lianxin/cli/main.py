"""`lianxin COMMAND`: finds the command's file, reads its arguments, runs it; trouble is one line, not a traceback."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

import django
from django.db import OperationalError, ProgrammingError

from lianxin.config.cannot_start import EXIT_CODE, CannotStart

COMMANDS = {
    "up": "run the product: database, server, job worker",
    "demo": "make the demo city in an empty database",
    "first-run": "name the city and its three administrators",
    "doctor": "say what is in order and what is missing",
    "verify-books": "prove that the books balance and the journal is whole",
    "backup": "copy everything but the keys into a folder, or prove that a copy can be restored",
    "restore": "make an installation out of a backup, up to a moment",
    "rotate-key": "seal with a new key, and old rows again in the background",
    "breach": "say who opened or exported whose private fields; stop looks and exports",
    "version": "say which release this is, of what",
}
HIDDEN = {
    "serve": "the web server alone",
    "work": "the job worker alone",
    "note-restore": "write a restore into the journal",
}
WITHOUT_DJANGO = {"up", "restore", "version"}


class Command(Protocol):
    """What a command's file holds."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, options: argparse.Namespace) -> int: ...


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    name, rest = _which(sys.argv[1:] if arguments is None else arguments)
    if name not in WITHOUT_DJANGO:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxin.config.settings")
        django.setup()
    command = cast("Command", import_module(f"lianxin.cli.{name.replace('-', '_')}"))
    parser = argparse.ArgumentParser(prog=f"lianxin {name}", description=(COMMANDS | HIDDEN)[name])
    command.add_arguments(parser)
    options = parser.parse_args(rest)
    try:
        return command.run(options)
    except CannotStart as reason:
        print(f"lianxin: {reason}", file=sys.stderr)
        return EXIT_CODE
    except OperationalError as error:
        print(f"lianxin: the database does not answer; is the product running? ({_first_line(error)})", file=sys.stderr)
    except ProgrammingError as error:
        print(f"lianxin: the database is not prepared; start the product once. ({_first_line(error)})", file=sys.stderr)
    return 1


def _which(arguments: Sequence[str]) -> tuple[str, list[str]]:
    lines = [f"  {name:14}{what}" for name, what in COMMANDS.items()]
    parser = argparse.ArgumentParser(
        prog="lianxin",
        epilog="\n".join(["commands:", *lines]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=[*COMMANDS, *HIDDEN], metavar="COMMAND")
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="...", help="lianxin COMMAND --help tells more")
    chosen = parser.parse_args(arguments)
    return chosen.command, chosen.rest


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


if __name__ == "__main__":
    sys.exit(main())
