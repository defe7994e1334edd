"""Backups: a consistent copy of everything but the keys, with a manifest of hashes, and what is done with old ones.

The embedded database is copied physically (`pg_basebackup`), because only such a copy can be carried on by the archived
log to any moment. A server named by `DATABASE_URL` is dumped (`pg_dump`, one snapshot): copying it is the business of
whoever runs it, and a dump goes into another major version too, which is why an embedded one can be dumped as well.
"""

import json
import os
import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import psycopg

from lianxin.config import environment
from lianxin.config.cannot_start import CannotStart
from lianxin.config.embedded import Cluster
from lianxin.config.migrations import applied
from lianxin.config.postgres_programs import run

MANIFEST = "manifest.json"
DUMP = "database.dump"
KEPT = 14
SEGMENT_BITS = 24  # a piece of PostgreSQL's log has 16 MB

How = Literal["copy", "dump"]


@dataclass(frozen=True)
class Manifest:
    """What a backup is: nothing in it tells about anybody, and the keys are named by number and fingerprint only."""

    name: str
    how: How
    began_at: str
    ended_at: str
    lianxin: str
    postgresql: str
    migrations: list[str]
    key_fingerprint: str
    sealing_keys: list[int]
    first_wal: str
    files: dict[str, str]


def server_url() -> str:
    """The database, however it was named to us."""
    return Cluster(environment.var_folder()).url if environment.is_embedded() else os.environ["DATABASE_URL"]


def take(folder: Path, *, how: How, key_fingerprint: str, sealing_keys: list[int]) -> Manifest:
    """Make one backup below `folder`; it is there under its name only when it is whole."""
    _require_apart_from_keys(folder)
    began = datetime.now(UTC)
    name = f"{began:%Y%m%dT%H%M%SZ}"
    draft = _own_folder(folder) / f".{name}.{os.getpid()}"
    draft.mkdir(mode=0o700)
    try:
        _copy(draft) if how == "copy" else _dump(draft)
        manifest = Manifest(
            name=name,
            how=how,
            began_at=began.isoformat(),
            ended_at=datetime.now(UTC).isoformat(),
            lianxin=version("lianxin"),
            postgresql=_server_version(),
            migrations=sorted(".".join(one) for one in applied()),
            key_fingerprint=key_fingerprint,
            sealing_keys=sealing_keys,
            first_wal=_first_wal(draft) if how == "copy" else "",
            files={file.name: digest_of(file) for file in sorted(draft.iterdir())},
        )
        _write(draft, manifest)
        draft.rename(folder / name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return manifest


def backups_in(folder: Path) -> list[Path]:
    """The whole backups in a folder, the oldest first; `folder` may itself be one."""
    if (folder / MANIFEST).exists():
        return [folder]
    return sorted(path.parent for path in folder.glob(f"[0-9]*/{MANIFEST}"))


def manifest_of(backup: Path) -> Manifest:
    """What the backup says of itself."""
    return Manifest(**json.loads((backup / MANIFEST).read_text()))


def require_whole(backup: Path) -> Manifest:
    """Refuse a backup of which a file is missing or differs from what was written."""
    manifest = manifest_of(backup)
    spoilt = [
        name
        for name, digest in manifest.files.items()
        if not (backup / name).exists() or digest_of(backup / name) != digest
    ]
    if spoilt:
        raise CannotStart(f"The backup {backup} is damaged: {', '.join(spoilt)}. Take another one.")
    return manifest


def forget_old(folder: Path, *, keep: int) -> list[str]:
    """Remove all but the newest `keep` backups, and the archived log that only those needed."""
    old = backups_in(folder)[:-keep]
    for backup in old:
        shutil.rmtree(backup)
    _forget_log_before([manifest_of(backup) for backup in backups_in(folder)])
    return [backup.name for backup in old]


def size_of(backup: Path) -> int:
    """Bytes on the disk."""
    return sum(file.stat().st_size for file in backup.iterdir())


def digest_of(file: Path) -> str:
    """SHA-256, in hexadecimal."""
    with file.open("rb") as handle:
        return file_digest(handle, "sha256").hexdigest()


def _copy(draft: Path) -> None:
    cluster = Cluster(environment.var_folder())
    if not environment.is_wal_folder_chosen():
        cluster.owner.make_private_folder(environment.wal_folder())
    how = ["--format=tar", "--compress=client-gzip:1", "--wal-method=stream", "--checkpoint=fast"]
    run("pg_basebackup", f"--pgdata={draft}", *how, "--manifest-checksums=SHA256", "--label=lianxin", url=cluster.url)


def _dump(draft: Path) -> None:
    how = ["--format=custom", "--no-owner", "--no-privileges", f"--file={draft / DUMP}"]
    run("pg_dump", *how, url=server_url())


def _first_wal(draft: Path) -> str:
    """The name of the first piece of log that a recovery from this copy needs."""
    first = json.loads((draft / "backup_manifest").read_text())["WAL-Ranges"][0]
    high, low = (int(half, 16) for half in first["Start-LSN"].split("/"))
    return f"{first['Timeline']:08X}{high:08X}{low >> SEGMENT_BITS:08X}"


def _forget_log_before(kept: list[Manifest]) -> None:
    first = min((one.first_wal for one in kept if one.first_wal), key=lambda name: name[8:], default="")
    if first and environment.is_embedded() and environment.wal_folder().exists():
        run("pg_archivecleanup", "--strip-extension=.gz", str(environment.wal_folder()), first)


def _server_version() -> str:
    with psycopg.connect(server_url()) as connection:
        return f"{connection.info.server_version // 10000}.{connection.info.server_version % 10000}"


def _write(draft: Path, manifest: Manifest) -> None:
    """Everything is on the disk before the name is."""
    (draft / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n")
    for path in (*draft.iterdir(), draft):
        handle = os.open(path, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)


def _own_folder(folder: Path) -> Path:
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o700)
    return folder


def _require_apart_from_keys(folder: Path) -> None:
    """A backup beside its keys protects nobody: whoever steals the one has the other."""
    if environment.key_file().is_relative_to(folder.absolute()):
        raise CannotStart(f"The key file {environment.key_file()} lies in {folder}. Put backups into another folder.")
