"""`lianxin up`: the database, the web server and the job worker under one roof, alive until told to stop.

Nothing outlives us: a part is stopped in order when we are asked to stop, and killed by the kernel when we are
killed (`processes.before_exec`). Nothing acknowledged is lost either way: the database alone holds state.
"""

import http.client
import signal
import socket
import time
from collections.abc import Sequence
from pathlib import Path

from lianxin.config import environment
from lianxin.config.cannot_start import EXIT_CODE, CannotStart
from lianxin.config.embedded import Cluster
from lianxin.config.installation_lock import installation_lock
from lianxin.config.parts import Database, Part, our_command, say

# Under `nohup`, the hang-up of the terminal is ignored: it must stay so.
HANGUP = set() if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else {signal.SIGHUP}
WATCHED = {signal.SIGCHLD, signal.SIGINT, signal.SIGTERM} | HANGUP
FIRST_TRIES = 3
PATIENCE_WITH_PARTS, PATIENCE_WITH_DATABASE = 5.0, 20.0


class Stopped(Exception):
    """We were asked to stop."""


def up(*, demo: bool) -> None:
    """Run the product until a signal asks us to stop; refuse when it runs already or cannot start."""
    var = _own_folder(environment.var_folder())
    with installation_lock(var, environment.url()):
        _require_free_port()
        signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
        Supervisor(var, demo=demo).run()


class Supervisor:
    """Starts the parts in order, keeps them alive, stops them in reverse."""

    def __init__(self, var: Path, *, demo: bool) -> None:
        self.database = _database(var)
        self.server = Part("server", our_command("serve", *["--demo"] * demo))
        self.worker = Part("worker", our_command("work"))
        self.demo = Part("demo city", our_command("demo", "--unless-real"), restarts=False) if demo else None
        self.is_announced = False

    def run(self) -> None:
        """All of it, from the first start to the last stop."""
        try:
            self._bring_up()
            while True:
                pause(0.5 if self.is_announced else 0.05)
                self._look_after_parts()
        except Stopped:
            say("stopping")
        finally:
            self._stop()

    def _bring_up(self) -> None:
        if self.database:
            self.database.start(pause)
        self.server.start(pause)
        self.worker.start(pause)

    def _look_after_parts(self) -> None:
        for part in self._kept():
            part.notice_end()
            if not part.is_running and part.is_due:
                self._start_again(part)
        if not self.is_announced:
            self._wait_for_first_answer()

    def _start_again(self, part: Part) -> None:
        try:
            part.start(pause)
        except CannotStart as reason:
            say(str(reason))
        else:
            if part is self.database:
                self.worker.start_afresh(pause)  # it would hang for some seconds on its dead connections

    def _wait_for_first_answer(self) -> None:
        if self.server.last_code == EXIT_CODE or self.server.early_ends == FIRST_TRIES:
            raise CannotStart("The server does not start; the reason stands above.")
        if self.server.is_running and _answers():
            self._announce()

    def _announce(self) -> None:
        self.is_announced = True
        say(f"ready at {environment.url()} (Ctrl-C stops everything)")
        if self.demo:
            self.demo.start(pause)

    def _kept(self) -> list[Part]:
        return [part for part in (self.database, self.server, self.worker, self.demo) if part]

    def _stop(self) -> None:
        stop([part for part in (self.server, self.worker, self.demo) if part], PATIENCE_WITH_PARTS)
        stop([self.database] if self.database else [], PATIENCE_WITH_DATABASE)


def pause(seconds: float) -> None:
    """Sleep until a child ends or the time is over; a signal to stop raises `Stopped`."""
    if _is_told_to_stop_within(seconds):
        raise Stopped


def stop(parts: Sequence[Part], patience: float) -> None:
    """Ask the parts to stop, all at once; kill what is left when patience is over, ours or the operator's.

    The first second's signals are one wish: `make` passes on to us what its whole group was sent.
    """
    for part in parts:
        part.ask_to_stop()
    since = time.monotonic()
    while any(part.is_running for part in parts) and time.monotonic() - since < patience:
        if _is_told_to_stop_within(0.1) and time.monotonic() - since > 1:
            say("stopping at once")
            break
    for part in parts:
        part.kill()


def _is_told_to_stop_within(seconds: float) -> bool:
    received = signal.sigtimedwait(WATCHED, seconds)
    return received is not None and received.si_signo != signal.SIGCHLD


def _own_folder(var: Path) -> Path:
    """Make `var` if need be: others may pass through root's (the service user must), none may list it."""
    if not var.exists():
        var.mkdir(parents=True)
        var.chmod(0o711 if environment.is_root() else 0o700)
    return var


def _database(var: Path) -> Database | None:
    if not environment.is_embedded():
        return None
    cluster = Cluster(var)
    cluster.create()
    return Database(cluster)


def _require_free_port() -> None:
    """The server shares its port among its workers, so the kernel would let a second product share it as well."""
    family = socket.AF_INET6 if ":" in environment.host() else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((environment.host(), environment.port()))
        except OSError as error:
            raise CannotStart(f"{environment.url()} cannot be used: {error.strerror}. Choose another PORT.") from error


def _answers() -> bool:
    connection = http.client.HTTPConnection(environment.own_address(), environment.port(), timeout=5)
    try:
        connection.request("GET", "/healthz")
        return bool(connection.getresponse().status)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
