"""Kill any part with SIGKILL: the product heals, nothing is left over, and the next start recovers."""

import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from lianxin.config.cannot_start import EXIT_CODE
from lianxin.config.service_user import service_user, what_hinders
from tests.drill.product import Part, RunningProduct

PARTS_THAT_WORK: list[Part] = ["web worker", "worker"]


@pytest.fixture(scope="module")
def product() -> Iterator[RunningProduct]:
    with RunningProduct() as running:
        yield running


@pytest.mark.parametrize("part", ["back end", "web worker", "server", "worker", "database"])
def test_a_killed_part_is_replaced_and_the_product_heals(product: RunningProduct, part: Part) -> None:
    before = product.processes(part)
    product.kill(part)
    product.wait_for_other(part, than=before)
    product.wait_healthy()


def test_what_was_committed_survives_the_death_of_the_database(product: RunningProduct) -> None:
    with psycopg.connect(product.database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    product.kill("database")
    product.wait_healthy()
    with psycopg.connect(product.database_url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)


def test_a_second_start_says_what_is_running_and_leaves_it_alone(product: RunningProduct) -> None:
    second = product.start_beside()
    assert f"already running at {product.url} (process {product.processes('supervisor')[0]})" in second.stderr
    assert second.returncode == EXIT_CODE
    product.wait_healthy()


def test_a_killed_supervisor_leaves_nothing_running_and_the_next_start_recovers(product: RunningProduct) -> None:
    product.kill("supervisor")
    product.wait_gone()
    product.start()
    product.wait_healthy()


def test_the_next_start_waits_for_a_database_that_is_still_shutting_down(product: RunningProduct) -> None:
    product.kill("supervisor")
    product.start()
    product.wait_healthy()


def test_pages_and_jobs_are_not_done_by_root(product: RunningProduct) -> None:
    """Unless the program lies where only root can read it; then the doctor says so."""
    wanted = 0 if what_hinders() else service_user().uid
    done_by = {
        part: {Path("/proc", str(pid)).stat().st_uid for pid in product.processes(part)} for part in PARTS_THAT_WORK
    }
    assert done_by == {part: {wanted} for part in PARTS_THAT_WORK}


def test_asked_to_stop_it_leaves_nothing_running(product: RunningProduct) -> None:
    product.stop()
    assert product.everything() == set()


def test_with_parent_it_ends_when_the_program_that_started_it_is_killed() -> None:
    product = RunningProduct("--with-parent")
    product.start(sys.executable, "-c", "import subprocess, sys; subprocess.run(sys.argv[1:])")
    product.wait_healthy()
    product.kill("supervisor")
    product.wait_gone()
    product.clean_up()
