"""Restoring: into an installation that is empty, or whose old data is put aside, never deleted; to the end of the
archived log or to a moment; and into a temporary place, to prove that a backup can be restored.
"""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from lianxin.base.keys import read
from lianxin.config import environment
from lianxin.config.archive import archiving, fetching
from lianxin.config.backup import DUMP, Manifest, backups_in, manifest_of, require_whole
from lianxin.config.cannot_start import CannotStart
from lianxin.config.embedded import WITHOUT_DURABILITY, Cluster
from lianxin.config.postgres_programs import run

FOREVER = "infinity"
UNTOUCHED = "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"


def choose(folder: Path, *, until: datetime | None) -> Path:
    """The newest whole backup in `folder` that was complete before the moment wanted."""
    fitting = [path for path in backups_in(folder) if not until or _ended_at(path) <= until]
    if not fitting:
        before = f" that was complete before {until:%Y-%m-%d %H:%M}" if until else ""
        raise CannotStart(f"There is no backup in {folder}{before}.")
    return fitting[-1]


def require_keys(manifest: Manifest) -> None:
    """Refuse without the keys that sealed what is in the backup: the private fields would stay closed for ever."""
    path = environment.key_file()
    if not path.exists():
        raise CannotStart(
            f"The key file is missing. Put the one with the fingerprint {manifest.key_fingerprint} to {path}, "
            "or say where it is with LIANXIN_KEY_FILE. Without it nobody can read the private fields."
        )
    keys = read(path)
    missing = set(manifest.sealing_keys) - set(keys.sealing)
    if keys.fingerprint != manifest.key_fingerprint or missing:
        raise CannotStart(
            f"The key file {path} is not the one of this backup. It has the fingerprint {keys.fingerprint} and the "
            f"keys {sorted(keys.sealing)}; wanted are {manifest.key_fingerprint} and {manifest.sealing_keys}."
        )


def restore_copy(backup: Path, *, until: datetime | None, only_backup: bool, timeline: str, replace: bool) -> str:
    """Put a physical copy in the place of the embedded data and carry it on by the log; gives where old data lies."""
    cluster = Cluster(environment.var_folder())
    aside = _put_aside(cluster.data, replace=replace)
    left_in = aside / "pg_wal" if aside and not only_backup else None
    _unpack(backup, cluster)
    (cluster.data / "recovery.signal").touch()
    cluster.owner.own(cluster.data / "recovery.signal")
    settings = archiving() | (_fetch_nothing() if only_backup else fetching(left_in=left_in))
    with running(cluster, settings | _target(until, timeline, only_backup=only_backup)):
        pass
    return str(aside or "")


def restore_dump(backup: Path, *, url: str, replace: bool) -> None:
    """Load a dump into an empty database; one that is not empty is emptied only on request."""
    with psycopg.connect(url) as connection:
        (tables,) = connection.execute(UNTOUCHED).fetchone() or (0,)
        if tables and not replace:
            raise CannotStart("The database is not empty. Restore into another one, or say --replace.")
        if tables:
            connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    run(
        "pg_restore",
        *options,
        "--dbname",
        str(conninfo_to_dict(url)["dbname"]),
        str(backup / DUMP),
        url=url,
    )


@contextmanager
def restored_elsewhere(backup: Path) -> Iterator[str]:
    """The backup, restored into a temporary server that is gone afterwards; gives the URL of the database."""
    folder = Path(tempfile.mkdtemp(prefix="check-", dir=environment.var_folder()))
    cluster = Cluster(folder)
    cluster.owner.make_private_folder(folder)
    manifest = require_whole(backup)
    try:
        if manifest.how == "copy":
            cluster.make_ready_for_data()
            _unpack(backup, cluster)
        else:
            cluster.create()
        with running(cluster, WITHOUT_DURABILITY):
            if manifest.how == "dump":
                restore_dump(backup, url=cluster.url, replace=False)
            yield cluster.url
    finally:
        shutil.rmtree(folder)


@contextmanager
def running(cluster: Cluster, settings: Mapping[str, str]) -> Iterator[None]:
    """The server, until the work is done; it opens its door only when the recovery is over."""
    cluster.clear_leftovers(time.sleep)
    server = cluster.start(**{"hot_standby": "off", "logging_collector": "off", **settings})
    try:
        cluster.wait_until_ready(server, time.sleep)
        yield
    except CannotStart as reason:
        if "recovery ended before configured recovery target" in str(reason):
            raise CannotStart("The archived log ends before that moment. Say an earlier one.") from None
        raise
    finally:
        _stop(server)


def _stop(server: "subprocess.Popen[bytes]") -> None:
    if server.poll() is None:
        server.send_signal(2)
        server.wait()


def _target(until: datetime | None, timeline: str, *, only_backup: bool) -> dict[str, str]:
    if only_backup:
        return {"recovery_target": "immediate", "recovery_target_action": "promote"}
    found = {"recovery_target_timeline": timeline}
    if until:
        found |= {"recovery_target_time": until.isoformat(), "recovery_target_action": "promote"}
    return found


def _fetch_nothing() -> dict[str, str]:
    return {"restore_command": "false"}


def _put_aside(data: Path, *, replace: bool) -> Path | None:
    if not data.exists():
        return None
    if not replace:
        raise CannotStart(f"There is data in {data}. Say --replace to put it aside and restore in its place.")
    aside = data.with_name(f"{data.name}.before-{datetime.now().astimezone():%Y%m%dT%H%M%S}")
    data.rename(aside)
    return aside


def _unpack(backup: Path, cluster: Cluster) -> None:
    """Unpack beside, prove against PostgreSQL's own manifest, then rename: a killed restore leaves no half data."""
    cluster.make_ready_for_data()
    draft = cluster.data.with_name(f"{cluster.data.name}.restoring")
    shutil.rmtree(draft, ignore_errors=True)
    cluster.owner.make_private_folder(draft)
    for name, into in (("base.tar.gz", draft), ("pg_wal.tar.gz", draft / "pg_wal")):
        subprocess.run(["tar", "--extract", f"--file={backup / name}", f"--directory={into}"], check=True)
    shutil.copy(backup / "backup_manifest", draft)
    cluster.owner.own(draft)
    run("pg_verifybackup", str(draft), credentials=cluster.owner.credentials)
    draft.rename(cluster.data)


def _ended_at(backup: Path) -> datetime:
    return datetime.fromisoformat(manifest_of(backup).ended_at)
