"""One product per `var` folder: a lock that the kernel drops with its holder, and a note of who holds it."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lianxin.config.cannot_start import CannotStart


@contextmanager
def installation_lock(var: Path, url: str) -> Iterator[None]:
    """Hold `var` for ourselves, or say what runs there already."""
    with (var / "lianxin.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(_who_runs(file.name)) from None
        _write(file.fileno(), {"pid": os.getpid(), "url": url})
        yield


def _write(handle: int, note: dict[str, object]) -> None:
    os.ftruncate(handle, 0)
    os.write(handle, json.dumps(note).encode())


def _who_runs(path: str) -> str:
    text = Path(path).read_text()
    if not text:
        return f"Lianxin is just being started by somebody else ({path})."
    note = json.loads(text)
    pid = note["pid"]
    return f"Lianxin is already running at {note['url']} (process {pid}). Stop it with Ctrl-C there, or: kill {pid}"
