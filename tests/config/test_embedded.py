"""The embedded PostgreSQL: private, whole, and never confused by what an earlier server left behind."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from lianxin.config.cannot_start import CannotStart
from lianxin.config.embedded import Cluster, temporary_server
from lianxin.config.processes import processes_in
from lianxin.config.service_user import service_user


@pytest.fixture
def var() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="lianxin-var-") as folder:
        service_user().make_private_folder(Path(folder))
        yield Path(folder)


@pytest.fixture
def cluster(var: Path) -> Cluster:
    cluster = Cluster(var)
    cluster.create()
    return cluster


@pytest.fixture
def server(cluster: Cluster) -> Iterator[subprocess.Popen[bytes]]:
    server = cluster.start()
    cluster.wait_until_ready(server, time.sleep)
    yield server
    server.send_signal(signal.SIGQUIT)
    server.wait()


def test_a_temporary_server_knows_the_extensions_and_chinese_and_leaves_nothing() -> None:
    with temporary_server() as url, psycopg.connect(url) as connection:
        for extension in ("ltree", "btree_gist", "pg_trgm"):
            connection.execute(f"CREATE EXTENSION {extension}")
        assert connection.execute("SELECT cardinality(show_trgm('志愿者'))").fetchone() == (4,)
        folder = Path(connection.info.host).parent
    assert not folder.exists()


@pytest.mark.usefixtures("server")
def test_only_its_owner_can_enter_the_data_and_the_socket_folder(cluster: Cluster) -> None:
    for folder in (cluster.data, cluster.socket):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert folder.stat().st_uid == cluster.owner.uid


@pytest.mark.usefixtures("server")
def test_the_server_listens_on_no_address_and_writes_durably(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url) as connection:
        shown = (
            "SELECT current_setting('listen_addresses'), current_setting('fsync'), current_setting('full_page_writes')"
        )
        assert connection.execute(shown).fetchone() == ("", "on", "on")


def test_what_a_killed_server_left_does_not_hinder_the_next(cluster: Cluster, server: subprocess.Popen[bytes]) -> None:
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    cluster.clear_leftovers(time.sleep)
    assert processes_in(cluster.data) == []
    second = cluster.start()
    cluster.wait_until_ready(second, time.sleep)
    second.send_signal(signal.SIGINT)
    assert second.wait() == 0


def test_a_pid_file_that_names_a_stranger_or_is_half_written_does_not_hinder_the_start(cluster: Cluster) -> None:
    for left in (f"{os.getppid()}\n", ""):
        (cluster.data / "postmaster.pid").write_text(left)
        cluster.clear_leftovers(time.sleep)
        server = cluster.start()
        cluster.wait_until_ready(server, time.sleep)
        server.send_signal(signal.SIGINT)
        assert server.wait() == 0


def test_data_half_made_by_a_killed_start_is_thrown_away(var: Path) -> None:
    (var / "postgresql.new").mkdir()
    (var / "postgresql.new" / "PG_VERSION").write_text("half")
    cluster = Cluster(var)
    cluster.create()
    assert not (var / "postgresql.new").exists()
    assert (cluster.data / "global" / "pg_control").exists()


def test_data_of_another_major_version_is_refused_in_words(cluster: Cluster) -> None:
    (cluster.data / "PG_VERSION").write_text("15\n")
    with pytest.raises(CannotStart, match=r"was made by PostgreSQL 15, this release brings 18\."):
        cluster.create()


def test_a_path_too_long_for_a_socket_is_refused_in_words(var: Path) -> None:
    with pytest.raises(CannotStart, match="Set LIANXIN_VAR to a folder with a shorter path"):
        Cluster(var / ("x" * 100)).create()


def test_a_server_that_cannot_start_says_why(cluster: Cluster) -> None:
    server = cluster.start(shared_buffers="nonsense")
    with pytest.raises(CannotStart, match="nonsense"):
        cluster.wait_until_ready(server, time.sleep)


def test_a_folder_that_the_servers_user_cannot_enter_is_refused_and_keeps_its_mode(var: Path) -> None:
    closed = var / "closed"
    closed.mkdir(mode=0o700)
    inside = closed / "inside"
    inside.mkdir()
    closed.chmod(0)
    with pytest.raises(CannotStart, match=r"cannot enter .*/closed/inside"):
        service_user().require_reach(inside)
    assert closed.stat().st_mode & 0o777 == 0
    closed.chmod(0o700)
