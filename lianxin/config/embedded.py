"""Our own PostgreSQL, for whoever has none: one data folder, one private socket, run in the foreground.

Nothing here starts or keeps a server by itself; the supervisor does, and `temporary_server` for tests.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import errors, sql

from lianxin.config import binaries
from lianxin.config.cannot_start import CannotStart
from lianxin.config.processes import before_exec, processes_in
from lianxin.config.service_user import ServiceUser, service_user

DATABASE = ROLE = "lianxin"
LONGEST_SOCKET_PATH = 107
CALM_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}

# A missing system locale breaks initdb, and with LC_CTYPE=C trigrams of Chinese come out empty.
LOCALE = (
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--lc-ctype=C.UTF-8",
)
# Trust is right only because the socket's folder is private and no address is listened on.
ACCESS = (f"--username={ROLE}", "--auth-local=trust", "--auth-host=reject")
# Written into postgresql.conf once, where an operator may change them. A page read out of order costs hardly more than
# the next one, on disks without moving parts and in memory; PostgreSQL's own 4 is for those with.
FIRST_SETTINGS = {
    "max_connections": "100",
    "shared_buffers": "128MB",
    "random_page_cost": "1.1",
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",
    "log_rotation_age": "1d",
    "log_truncate_on_rotation": "on",
}
WITHOUT_DURABILITY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "logging_collector": "off",
}

Pause = Callable[[float], None]


class Cluster:
    """A PostgreSQL data folder in `var`, the private folder of its socket, and the user who owns both."""

    def __init__(self, var: Path, owner: ServiceUser | None = None) -> None:
        self.data = var / "postgresql"
        self.socket = var / "socket"
        self.owner = owner or service_user()
        self.programs = binaries.programs()
        self._first_words = var / "postgresql-start.log"

    @property
    def url(self) -> str:
        """What `DATABASE_URL` would say to reach this server."""
        return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(self.socket), safe='')}"

    def create(self) -> None:
        """Make folders and data where there are none; data half made by a killed start is thrown away."""
        self.make_ready_for_data()
        if not self.data.exists():
            self._initialise()
        self._require_known_version()

    def make_ready_for_data(self) -> None:
        """Everything but the data itself, which a restore brings."""
        self._require_short_socket_path()
        self.owner.require_reach(self.data.parent)
        self.owner.make_private_folder(self.socket)

    def command(self, **settings: str) -> list[str]:
        """The command that runs the server in the foreground."""
        private = {"listen_addresses": "", "unix_socket_directories": str(self.socket)}
        options = [f"--{name}={value}" for name, value in (private | settings).items()]
        return [str(self.programs / "postgres"), "-D", str(self.data), *options]

    def start(self, **settings: str) -> subprocess.Popen[bytes]:
        """Run the server as our child. It shuts down cleanly (SIGINT) when we end, however we end."""
        with self._first_words.open("wb") as words:
            return subprocess.Popen(
                self.command(**settings),
                cwd="/",
                env=CALM_ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
                start_new_session=True,
                preexec_fn=before_exec(signal.SIGINT),  # noqa: PLW1509 we have one thread
                **self.owner.credentials,
            )

    def clear_leftovers(self, pause: Pause) -> None:
        """Wait until no process of an earlier server uses the data folder, then drop its stale files.

        The caller holds the installation's lock, so what still runs is on its way out: a server shutting down
        after its supervisor was killed, or the last back ends of a killed server.
        """
        while processes_in(self.data):
            pause(0.1)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for stale in self.socket.glob(".s.PGSQL.*"):
            stale.unlink(missing_ok=True)

    def wait_until_ready(self, server: subprocess.Popen[bytes], pause: Pause) -> None:
        """Wait until the server answers (crash recovery may take its time) and holds our database."""
        while True:
            if server.poll() is not None:
                raise CannotStart(f"PostgreSQL ended with {server.returncode}: {self.first_words()}")
            try:
                return self._ensure_database()
            except (psycopg.OperationalError, errors.CannotConnectNow):
                pause(0.05)

    def first_words(self) -> str:
        """What the server said before its log file was open: the reason when it does not start."""
        return self._first_words.read_text(errors="replace").strip()

    def _ensure_database(self) -> None:
        with psycopg.connect(dbname="postgres", user=ROLE, host=str(self.socket), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    def _initialise(self) -> None:
        draft = self.data.with_name("postgresql.new")
        shutil.rmtree(draft, ignore_errors=True)
        self.owner.make_private_folder(draft)
        settings = [f"--set={name}={value}" for name, value in FIRST_SETTINGS.items()]
        command = [str(self.programs / "initdb"), "-D", str(draft), *LOCALE, *ACCESS, *settings]
        made = subprocess.run(
            command,
            cwd="/",
            env=CALM_ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
            preexec_fn=before_exec(signal.SIGKILL),
            **self.owner.credentials,
        )
        if made.returncode != 0:
            raise CannotStart(f"PostgreSQL could not make its data folder: {made.stderr.strip()}")
        draft.rename(self.data)

    def _require_short_socket_path(self) -> None:
        path = self.socket / ".s.PGSQL.5432"
        if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
            raise CannotStart(f"{path} is too long for a socket. Set LIANXIN_VAR to a folder with a shorter path.")

    def _require_known_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        ours = binaries.version().partition(".")[0]
        if made_by != ours:
            raise CannotStart(
                f"{self.data} was made by PostgreSQL {made_by}, this release brings {ours}. "
                "Restore a backup into a new folder: see docs/operate.md."
            )


@contextmanager
def temporary_server() -> Iterator[str]:
    """A throw-away server for tests: fast, not durable, gone with its data afterwards; gives its URL."""
    owner = service_user()
    folder = Path(tempfile.mkdtemp(prefix="lianxin-pg-"))
    owner.make_private_folder(folder)
    try:
        cluster = Cluster(folder, owner)
        cluster.create()
        server = cluster.start(**WITHOUT_DURABILITY)
        try:
            cluster.wait_until_ready(server, time.sleep)
            yield cluster.url
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait()
    finally:
        shutil.rmtree(folder)
