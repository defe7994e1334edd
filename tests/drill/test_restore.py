"""The disaster: the whole data folder is gone. What was acknowledged before a moment is all there, what came later is not."""

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from lianxin.base.keys import load_or_create, read
from lianxin.config.cannot_start import EXIT_CODE
from tests.drill.product import PATIENCE, RunningProduct

ORDERS = 10
PLACED = "SELECT request_key::text, id FROM needs_order"
ARCHIVED = "SELECT last_archived_wal >= %s FROM pg_stat_archiver"


def test_a_city_comes_back_to_a_moment_with_its_books_whole_and_its_keys_apart(tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    with RunningProduct() as product:
        before = _finish(_residents_of(product, first_phone=13_900_000_000))
        with _ordering(product, first_phone=13_910_000_000) as ordering:
            assert lianxin(product, "backup", str(backups)).returncode == 0
        during = _finish(ordering)
        assert "can be restored" in lianxin(product, "backup", "--check", str(backups)).stdout
        moment = _now(product)
        after = _finish(_residents_of(product, first_phone=13_920_000_000))
        _wait_until_archived(product)
        product.kill("supervisor")
        product.wait_gone()
        shutil.rmtree(product.var / "postgresql")
        _no_keys_are_in(backups, product)
        _refuses_without_the_keys(product, backups)
        restored = lianxin(product, "restore", str(backups), "--until", moment)
        assert restored.returncode == 0, restored.stderr
        assert "The books balance and the journal is whole." in restored.stdout
        product.start()
        product.wait_healthy()
        assert _placed(product) == before | during
        assert not _placed(product).keys() & after.keys()
        product.stop()
        refused = lianxin(product, "restore", str(backups))
        assert (refused.returncode, "Say --replace" in refused.stderr) == (EXIT_CODE, True)


def lianxin(product: RunningProduct, *words: str) -> subprocess.CompletedProcess[str]:
    """A command of the operator, on the product's own machine."""
    command = [sys.executable, "-m", "lianxin.cli.main", *words]
    surroundings = product.surroundings
    return subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False, timeout=PATIENCE)


def _no_keys_are_in(backups: Path, product: RunningProduct) -> None:
    """Neither the file nor any of its secrets, wherever one looks in what was copied."""
    keys = read(product.var / "keys.json")
    secrets = [keys.lookup, keys.signing.encode(), *keys.sealing.values()]
    [copied] = backups.glob("*/base.tar.gz")
    with tarfile.open(copied) as tar:
        files = [(member.name, file.read()) for member in tar if (file := tar.extractfile(member))]
    assert [name for name, _ in files if "keys" in Path(name).name] == []
    assert [name for name, text in files if any(secret in text for secret in secrets)] == []


def _refuses_without_the_keys(product: RunningProduct, backups: Path) -> None:
    """Neither without a key file nor with another one."""
    kept, away = product.var / "keys.json", product.var / "keys.away"
    kept.rename(away)
    refused = lianxin(product, "restore", str(backups))
    assert (refused.returncode, "The key file is missing" in refused.stderr) == (EXIT_CODE, True)
    load_or_create(kept)
    refused = lianxin(product, "restore", str(backups))
    assert (refused.returncode, "is not the one of this backup" in refused.stderr) == (EXIT_CODE, True)
    away.replace(kept)
    assert not (product.var / "postgresql").exists()


def _residents_of(product: RunningProduct, *, first_phone: int) -> "subprocess.Popen[str]":
    surroundings = product.surroundings | {
        "DATABASE_URL": product.database_url,
        "DJANGO_SETTINGS_MODULE": "lianxin.config.settings",
        "DRILL_URL": product.url,
        "DRILL_ORDERS": str(ORDERS),
        "DRILL_FIRST_PHONE": str(first_phone),
    }
    drive = [sys.executable, "-m", "tests.drill.drive_orders"]
    return subprocess.Popen(drive, env=surroundings, stdout=subprocess.PIPE, text=True)


@contextmanager
def _ordering(product: RunningProduct, *, first_phone: int) -> Iterator["subprocess.Popen[str]"]:
    residents = _residents_of(product, first_phone=first_phone)
    try:
        yield residents
    except BaseException:
        residents.kill()
        raise


def _finish(residents: "subprocess.Popen[str]") -> dict[str, int]:
    """The acknowledged orders, number by key, when all of them are."""
    with residents:
        said, _ = residents.communicate(timeout=PATIENCE)
    assert residents.returncode == 0
    return {key: int(number) for key, number in map(str.split, said.splitlines())}


def _placed(product: RunningProduct) -> dict[str, int]:
    with psycopg.connect(product.database_url) as database:
        return dict(database.execute(PLACED).fetchall())


def _now(product: RunningProduct) -> str:
    with psycopg.connect(product.database_url) as database:
        [moment] = database.execute("SELECT clock_timestamp()").fetchone() or []
    return str(moment.isoformat())


def _wait_until_archived(product: RunningProduct) -> None:
    """What the server does by itself every minute."""
    with psycopg.connect(product.database_url, autocommit=True) as database:
        [piece] = database.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone() or []
        product.wait_for(lambda: database.execute(ARCHIVED, [piece]).fetchone() == (True,), "the log is not archived")


@pytest.mark.parametrize("words", [["--until", "yesterday"]])
def test_a_moment_that_is_none_is_refused(words: list[str]) -> None:
    command = [sys.executable, "-m", "lianxin.cli.main", "restore", *words]
    said = subprocess.run(command, env=os.environ, capture_output=True, text=True, check=False)
    assert said.returncode == 2
