"""Processes that never outlive the one that started them, and what the kernel knows about others."""

import ctypes
import os
import signal
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


def die_with(parent: int, by: signal.Signals) -> None:
    """Have the kernel send us `by` when the process `parent` ends, however it ends.

    The setting survives `exec` but not a change of user, so it is made after that change.
    """
    _libc.prctl(PR_SET_PDEATHSIG, by.value)
    if os.getppid() != parent:
        os.kill(os.getpid(), by)


def before_exec(by: signal.Signals) -> Callable[[], None]:
    """What a new child does first: tie its life to ours, and listen to the signals that we block.

    A Ctrl-C that reached the child while it still was in our group is ours to answer, so it is dropped.
    """
    parent = os.getpid()

    def prepare() -> None:
        die_with(parent, by)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)  # drops what is pending
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])

    return prepare


def first_free_port() -> int:
    """The lowest port that others than root may open."""
    return int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text())


def processes_in(folder: Path) -> list[int]:
    """The processes whose working folder is `folder`, which for PostgreSQL means: those of that data folder.

    A pid file cannot tell: after a crash its number may belong to anybody.
    """
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _works_in(entry, folder)]


def _works_in(process: Path, folder: Path) -> bool:
    try:
        return (process / "cwd").readlink() == folder
    except OSError:
        return False
