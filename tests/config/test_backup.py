"""Dumps of a server of one's own come back whole, spoilt backups are refused, old ones go with the log only they needed."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql

from lianxin.config import backup
from lianxin.config.archive import archiving
from lianxin.config.backup import Manifest
from lianxin.config.cannot_start import CannotStart
from lianxin.config.restore import choose, require_keys, restore_dump
from tests import make

ORDERS = "SELECT count(*) FROM needs_order"
EMPTY = "restored_for_a_test"


def url_of(name: str) -> str:
    known = connection.settings_dict
    return f"postgresql://{known['USER']}@/{name}?host={quote(str(known['HOST']), safe='')}"


@pytest.fixture
def city(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> make.City:
    """A city with an order, committed, in the database that `lianxin backup` is told of."""
    monkeypatch.setenv("DATABASE_URL", url_of(str(connection.settings_dict["NAME"])))
    city = make.small_city()
    make.order(city)
    return city


@pytest.fixture
def empty_database() -> Iterator[str]:
    admin = url_of("postgres")
    with psycopg.connect(admin, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(EMPTY)))
    yield url_of(EMPTY)
    with psycopg.connect(admin, autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(EMPTY)))


def taken(folder: Path) -> Path:
    made = backup.take(folder, how="dump", key_fingerprint=settings.KEYS.fingerprint, sealing_keys=[1])
    return folder / made.name


@pytest.mark.usefixtures("city")
def test_a_dump_comes_back_whole_and_never_over_data_unasked(tmp_path: Path, empty_database: str) -> None:
    dumped = taken(tmp_path)
    restore_dump(dumped, url=empty_database, replace=False)
    with psycopg.connect(empty_database) as database:
        assert database.execute(ORDERS).fetchone() == (1,)
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            database.execute("DELETE FROM journal_entry")
    with pytest.raises(CannotStart, match="not empty"):
        restore_dump(dumped, url=empty_database, replace=False)
    restore_dump(dumped, url=empty_database, replace=True)
    with psycopg.connect(empty_database) as database:
        assert database.execute(ORDERS).fetchone() == (1,)


@pytest.mark.usefixtures("city")
def test_a_backup_says_nothing_about_anybody_by_its_names_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    made = taken(tmp_path / "backups")
    assert {file.name for file in made.iterdir()} == {"database.dump", "manifest.json"}
    assert made.stat().st_mode & 0o077 == 0
    told = json.loads((made / "manifest.json").read_text())
    assert (told["how"], told["sealing_keys"], list(told["files"])) == ("dump", [1], ["database.dump"])
    assert backup.require_whole(made).key_fingerprint == settings.KEYS.fingerprint


@pytest.mark.usefixtures("city")
def test_one_byte_changed_and_the_backup_is_refused(tmp_path: Path) -> None:
    made = taken(tmp_path)
    spoilt = bytearray((made / "database.dump").read_bytes())
    spoilt[len(spoilt) // 2] ^= 1
    (made / "database.dump").write_bytes(spoilt)
    with pytest.raises(CannotStart, match=r"is damaged: database\.dump"):
        backup.require_whole(made)


def test_a_backup_beside_its_keys_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANXIN_KEY_FILE", str(tmp_path / "keys.json"))
    with pytest.raises(CannotStart, match="Put backups into another folder"):
        taken(tmp_path)
    assert list(tmp_path.iterdir()) == []


def a_backup(folder: Path, day: int, *, fingerprint: str = "", keys: tuple[int, ...] = (1,)) -> Path:
    """The manifest alone, as of a day of November at two o'clock."""
    made = folder / f"202611{day:02}T020000Z"
    made.mkdir(parents=True)
    at = f"2026-11-{day:02}T02:00:00+00:00"
    manifest = Manifest(
        name=made.name,
        how="dump",
        began_at=at,
        ended_at=at,
        lianxin="0.1.0",
        postgresql="18.6",
        migrations=[],
        key_fingerprint=fingerprint,
        sealing_keys=list(keys),
        first_wal="",
        files={},
    )
    (made / "manifest.json").write_text(json.dumps(asdict(manifest)))
    return made


def test_the_newest_backup_before_the_moment_is_chosen(tmp_path: Path) -> None:
    made = [a_backup(tmp_path, day) for day in (18, 19, 20)]
    assert choose(tmp_path, until=None) == made[2]
    assert choose(tmp_path, until=datetime.fromisoformat("2026-11-20T01:59+00:00")) == made[1]
    with pytest.raises(CannotStart, match="complete before 2026-11-18"):
        choose(tmp_path, until=datetime.fromisoformat("2026-11-18T01:00+00:00"))


def test_the_newest_stay_and_strangers_are_left_alone(tmp_path: Path) -> None:
    made = [a_backup(tmp_path, day) for day in (17, 18, 19, 20)]
    (tmp_path / "20260101-holiday-photos").mkdir()
    assert backup.forget_old(tmp_path, keep=2) == [made[0].name, made[1].name]
    assert backup.backups_in(tmp_path) == made[2:]
    assert (tmp_path / "20260101-holiday-photos").exists()


def test_a_backup_asks_for_the_keys_that_were_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANXIN_KEY_FILE", str(settings.KEY_FILE))
    fitting = a_backup(tmp_path / "a", 20, fingerprint=settings.KEYS.fingerprint)
    require_keys(backup.manifest_of(fitting))
    later = a_backup(tmp_path / "b", 20, fingerprint=settings.KEYS.fingerprint, keys=(1, 2))
    with pytest.raises(CannotStart, match="not the one of this backup"):
        require_keys(backup.manifest_of(later))
    monkeypatch.setenv("LIANXIN_KEY_FILE", str(tmp_path / "nowhere.json"))
    with pytest.raises(CannotStart, match=f"fingerprint {settings.KEYS.fingerprint}"):
        require_keys(backup.manifest_of(fitting))


def archive(folder: Path, piece: Path, monkeypatch: pytest.MonkeyPatch, *, chosen: bool = True) -> int:
    """The exit code with which the server's own shell would end."""
    monkeypatch.setenv("LIANXIN_VAR", str(folder.parent))
    if chosen:
        monkeypatch.setenv("LIANXIN_WAL_FOLDER", str(folder))
    line = archiving()["archive_command"].replace("%p", str(piece)).replace("%f", piece.name).replace("%%", "%")
    return os.waitstatus_to_exitcode(os.system(line))  # noqa: S605 as PostgreSQL does


def test_a_piece_of_log_is_archived_once_and_never_over_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, piece = tmp_path / "odd 'name' 100%", tmp_path / "000000010000000000000001"
    piece.write_bytes(b"a" * 1000)
    assert archive(folder, piece, monkeypatch) == 1
    folder.mkdir()
    assert [archive(folder, piece, monkeypatch) for _ in range(2)] == [0, 0]
    piece.write_bytes(b"b" * 1000)
    assert archive(folder, piece, monkeypatch) == 1
    assert [file.name for file in folder.iterdir()] == [f"{piece.name}.gz"]


def test_without_a_backup_no_log_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    piece = tmp_path / "000000010000000000000001"
    piece.write_bytes(b"a")
    monkeypatch.delenv("LIANXIN_WAL_FOLDER", raising=False)
    assert archive(tmp_path / "wal", piece, monkeypatch, chosen=False) == 0
    assert not (tmp_path / "wal").exists()
