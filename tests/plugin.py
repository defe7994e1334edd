"""Before Django reads its settings: a throw-away PostgreSQL, and a `var` of this run's own.

`DATABASE_URL` from outside is respected, so that the tests can be run against any server from 15 on. With `-n` the
workers share the first process's server, and each has a folder below the first one's.
"""

import os
import tempfile
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import pytest

from lianxin.config.embedded import temporary_server

WORKER = os.environ.get("PYTEST_XDIST_WORKER")

_until_the_end = ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    """A wrapper, because pytest-django's own hook, which loads the settings, asks to be the first as well."""
    if WORKER:
        os.environ["LIANXIN_VAR"] = str(Path(os.environ["LIANXIN_VAR"], WORKER))
    else:
        _make_surroundings()
    return (yield)


def pytest_unconfigure() -> None:
    _until_the_end.close()


def _make_surroundings() -> None:
    os.environ["LIANXIN_VAR"] = _until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="lianxin-tests-"))
    os.environ.pop("LIANXIN_KEY_FILE", None)
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = _until_the_end.enter_context(temporary_server())
