"""The parts that the supervisor keeps alive: a command, restarted with growing patience when it ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress

from lianxin.config.archive import archiving
from lianxin.config.embedded import Cluster, Pause
from lianxin.config.processes import before_exec

SHORTEST_WAIT, LONGEST_WAIT = 0.2, 10.0
STEADY_AFTER = 30.0


def say(words: str) -> None:
    """Tell the operator one line."""
    print(f"lianxin: {words}", flush=True)


class Part:
    """A child process in a session of its own, so that Ctrl-C reaches us and we stop the parts in order."""

    stop_signal = signal.SIGTERM

    def __init__(self, name: str, command: Sequence[str], *, restarts: bool = True) -> None:
        self.name = name
        self.command = command
        self.restarts = restarts
        self.process: subprocess.Popen[bytes] | None = None
        self._started_at = self._due_at = 0.0
        self.last_code: int | None = None
        self.early_ends = 0

    @property
    def is_running(self) -> bool:
        """Whether its process lives."""
        return self.process is not None and self.process.poll() is None

    @property
    def is_due(self) -> bool:
        """Whether it ended, is to run again, and its wait is over."""
        return self.restarts and self._due_at <= time.monotonic()

    def start(self, pause: Pause) -> None:
        """Run the command; should we be killed, it is killed too."""
        self._started_at = time.monotonic()
        self.process = self._spawn()

    def start_afresh(self, pause: Pause) -> None:
        """End it at once, and run it again."""
        self.kill()
        self.start(pause)

    def notice_end(self) -> None:
        """If it ended since we last looked, say so; the wait before its next start grows while it ends early."""
        if self.process and (code := self.process.poll()) is not None:
            self._bury(code)

    def ask_to_stop(self) -> None:
        """Have it end what it is doing."""
        if self.process and self.is_running:
            self.process.send_signal(self.stop_signal)

    def kill(self) -> None:
        """End the whole session at once, the part's own children too."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def _spawn(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=before_exec(signal.SIGKILL),  # noqa: PLW1509 we have one thread
        )

    def _bury(self, code: int) -> None:
        self.kill()
        self.process = None
        self.last_code = code
        now = time.monotonic()
        self.early_ends = 0 if now - self._started_at > STEADY_AFTER else self.early_ends + 1
        wait = min(SHORTEST_WAIT * 2**self.early_ends, LONGEST_WAIT)
        self._due_at = now + wait
        if self.restarts:
            say(f"the {self.name} ended ({_meaning(code)}); starting it again in {wait:.1f} s")
        elif code:
            say(f"the {self.name} failed ({_meaning(code)})")


class Database(Part):
    """The embedded PostgreSQL: started only when nothing of an earlier one is left, and waited for."""

    stop_signal = signal.SIGINT  # ends all connections and shuts down cleanly

    def __init__(self, cluster: Cluster) -> None:
        super().__init__("database", cluster.command())
        self.cluster = cluster

    def start(self, pause: Pause) -> None:
        """Run it and wait until it answers."""
        self.cluster.clear_leftovers(pause)
        super().start(pause)
        if self.process:
            self.cluster.wait_until_ready(self.process, pause)

    def _spawn(self) -> subprocess.Popen[bytes]:
        return self.cluster.start(**archiving())


def our_command(*words: str) -> list[str]:
    """The `lianxin` command of this very installation."""
    return [sys.executable, "-m", "lianxin.cli.main", *words]


def _meaning(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"code {code}"
