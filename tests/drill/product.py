"""The real product as a child process, with a `var` and a port of its own, and the ways to kill parts of it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import httpx

from lianxin.config.embedded import Cluster
from lianxin.config.processes import processes_in

Part = Literal["supervisor", "database", "back end", "server", "web worker", "worker"]

PATIENCE = 90.0


class RunningProduct:
    """`lianxin up` on the embedded database.

    `kill` is always SIGKILL. The parts: the supervisor; the `database` (its postmaster) and one `back end` of it;
    the `server` (granian itself) and one `web worker` of it; the job `worker`.
    """

    def __init__(self, *options: str) -> None:
        self.var = Path(tempfile.gettempdir(), f"lianxin-drill-{os.urandom(4).hex()}")
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self.options = options
        self.log = self.var.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "RunningProduct":
        self.start()
        try:
            self.wait_healthy()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self.process and self.process.poll() is None:
            self.stop()
        self.clean_up()

    def clean_up(self) -> None:
        """Remove what it kept and what it said."""
        shutil.rmtree(self.var, ignore_errors=True)
        self.log.unlink()

    @property
    def database_url(self) -> str:
        """The embedded database, for looking at what was kept."""
        return Cluster(self.var).url

    def start(self, *launcher: str) -> None:
        """Run `lianxin up`, perhaps through a launcher, until it is stopped or killed; what it says goes to `log`."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*launcher, *self._command], env=self.surroundings, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def start_beside(self) -> subprocess.CompletedProcess[str]:
        """A second `lianxin up` while the first one runs: its words and its exit code."""
        return subprocess.run(
            self._command, env=self.surroundings, capture_output=True, text=True, check=False, timeout=PATIENCE
        )

    def stop(self) -> float:
        """Ask it to stop as Ctrl-C does; gives the seconds that it took."""
        assert self.process
        since = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=PATIENCE)
        return time.monotonic() - since

    def kill(self, part: Part) -> None:
        """End one process of the part with SIGKILL, and wait until it is gone."""
        pid = self.processes(part)[0]
        os.kill(pid, signal.SIGKILL)
        if part == "supervisor" and self.process:
            self.process.wait()
        wait_for(lambda: not _is_alive(pid), f"process {pid} outlived SIGKILL")

    def processes(self, part: Part) -> list[int]:
        """The processes that now are this part."""
        assert self.process
        supervisor = [self.process.pid]
        children = {name: _children(supervisor, having) for name, having in MARKS.items()}
        if part == "supervisor":
            return supervisor
        if part == "back end":
            return _children(children["database"], "[local]")
        if part == "web worker":
            return _children(children["server"], "")
        return children[part]

    def everything(self) -> set[int]:
        """Every process that belongs to this product, found by its `var` in their environment or working folder."""
        ours = {pid for pid in _all_processes() if f"LIANXIN_VAR={self.var} " in _read(pid, "environ")}
        return ours | set(processes_in(self.var / "postgresql"))

    def health(self) -> dict[str, object]:
        """What /healthz says; empty when nobody answers."""
        try:
            return dict(httpx.get(f"{self.url}healthz", timeout=10).json())
        except httpx.TransportError:
            return {}

    def wait_healthy(self) -> None:
        """Wait until /healthz is true."""
        wait_for(lambda: self.health().get("healthy") is True, "the product does not become healthy")

    def wait_for_other(self, part: Part, *, than: list[int]) -> None:
        """Wait until the part runs as other processes than those."""
        wait_for(lambda: bool(set(self.processes(part)) - set(than)), f"the {part} is not replaced")

    def wait_for(self, is_so: Callable[[], bool], otherwise: str) -> None:
        """Wait until it is so."""
        wait_for(is_so, otherwise)

    def wait_gone(self) -> None:
        """Wait until no process of it is left."""
        wait_for(lambda: not self.everything(), "processes are left over")

    @property
    def _command(self) -> list[str]:
        return [sys.executable, "-m", "lianxin.cli.main", "up", *self.options]

    @property
    def surroundings(self) -> dict[str, str]:
        """The environment in which its commands run."""
        own = {"LIANXIN_VAR": str(self.var), "PORT": str(self.port), "HOST": "127.0.0.1"}
        foreign = {"DATABASE_URL", "LIANXIN_KEY_FILE"}
        return {name: value for name, value in os.environ.items() if name not in foreign} | own


MARKS = {"database": "postgres", "server": "lianxin.cli.main serve", "worker": "lianxin.cli.main work"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(is_so: Callable[[], bool], otherwise: str) -> None:
    until = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError(otherwise)
        time.sleep(0.1)


def _all_processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _children(parents: list[int], having: str) -> list[int]:
    return sorted(pid for pid in _all_processes() if _parent(pid) in parents and having in _read(pid, "cmdline"))


def _parent(pid: int) -> int | None:
    stat = _read(pid, "stat").rpartition(")")[2].split()
    return int(stat[1]) if stat else None


def _is_alive(pid: int) -> bool:
    return Path("/proc", str(pid)).exists()


def _read(pid: int, name: str) -> str:
    try:
        return Path("/proc", str(pid), name).read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
