"""Logs: one JSON object per line, with the request and the user by number, and nobody's private values (rule B7).

What could carry a private value does not get in: no query string, no form field, no text of an exception (a database
names the value that it refuses, a parser the word that it cannot read), and no text of ours that holds Chinese, a long
number or an e-mail address.
"""

import json
import logging
import os
import re
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

REDACTED = "•••"
LONGEST = 500
DEEPEST = 30

PRIVATE = re.compile(
    r"""
    [\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+  # Chinese: a name, an address, what somebody wrote
    | [\w.+-]+@[\w-]+\.[\w.-]+                           # an e-mail address
    | (?:\d[ -]?){7,}[\dXx]?                              # a telephone or ID number, with or without gaps
    | (?:%[0-9A-Fa-f]{2}){2,}                             # the same, as an address writes it
    """,
    re.VERBOSE,
)

_facts: ContextVar[Mapping[str, Any] | None] = ContextVar("facts_of_the_request", default=None)


@contextmanager
def about(**facts: Any) -> Iterator[None]:
    """Inside, every line says so: which request, which user, by their numbers."""
    token = _facts.set({**(_facts.get() or {}), **facts})
    try:
        yield
    finally:
        _facts.reset(token)


def redacted(text: str) -> str:
    """The text without anything that could be somebody's."""
    return PRIVATE.sub(REDACTED, text)[:LONGEST]


class AsJson(logging.Formatter):
    """A record as one line of JSON: what our own code says of it in `extra={"facts": …}` stands beside the words."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname, "logger": record.name, "process": record.process}
        line |= {"words": redacted(_message(record))} | _safe(_facts.get() or {}) | _safe(getattr(record, "facts", {}))
        if record.exc_info and record.exc_info[1]:
            line |= _error(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


class DailyFiles(logging.Handler):
    """One file per day in a folder, written by any number of processes at once: each line is one write at the end.

    A file made by root belongs to the folder's owner, so that who serves as another user can write on.
    """

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = Path(folder)
        self._day = ""
        self._handle = -1

    def emit(self, record: logging.LogRecord) -> None:
        try:
            os.write(self._of_today(), f"{self.format(record)}\n".encode())
        except Exception:
            self.handleError(record)

    def close(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
        self._handle, self._day = -1, ""
        super().close()

    def _of_today(self) -> int:
        day = f"{datetime.now(UTC).astimezone():%Y-%m-%d}"
        if day != self._day:
            self.close()
            self._handle, self._day = self._open(self.folder / f"lianxin-{day}.jsonl"), day
        return self._handle

    def _open(self, path: Path) -> int:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        if os.geteuid() == 0:
            owner = self.folder.stat()
            os.fchown(handle, owner.st_uid, owner.st_gid)
        return handle


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        return str(record.msg)


def _safe(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: redacted(value) if isinstance(value, str) else value for name, value in facts.items()}


def _error(error: BaseException) -> dict[str, Any]:
    """The kind of the exception and where it arose; never its words."""
    frames = traceback.extract_tb(error.__traceback__)[-DEEPEST:]
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    found: dict[str, Any] = {"error": f"{type(error).__module__}.{type(error).__qualname__}", "where": where}
    if sqlstate := getattr(error.__cause__, "sqlstate", None):
        found["sqlstate"] = sqlstate
    return found
