"""`lianxin doctor`: one line per thing that must be in order, OK or GAP; exit code 1 if there is a gap."""

import argparse
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain
from stat import S_IMODE

from django.conf import settings
from django.db import connection

from lianxin.base.clock import today
from lianxin.base.models import CalendarDay, Installation
from lianxin.config import environment, health
from lianxin.config.migrations import applied, known

OLDEST_DATABASE, NEWEST_DATABASE = 15, 18
EXTENSIONS = {"ltree", "btree_gist"}
LEAST_FREE_BYTES = 2 * 1024**3

Finding = tuple[bool, str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(options: argparse.Namespace) -> int:
    found = list(findings())
    for is_well, words in found:
        print(f"{'OK ' if is_well else 'GAP'} {words}")
    return 0 if all(is_well for is_well, _ in found) else 1


def findings() -> Iterator[Finding]:
    """All that was looked at, in the order in which a gap should be closed."""
    return chain.from_iterable(examine() for examine in EXAMINATIONS)


def python() -> Iterator[Finding]:
    """Python 3.11 or later."""
    yield sys.version_info >= (3, 11), f"Python {sys.version.partition(' ')[0]} (3.11 or later)"


def database() -> Iterator[Finding]:
    """PostgreSQL 15 to 18 with the extensions that the tables need."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        (major,) = cursor.fetchone()
        yield OLDEST_DATABASE <= major <= NEWEST_DATABASE, f"PostgreSQL {major} (15 to 18)"
        cursor.execute("SELECT extname FROM pg_extension")
        missing = EXTENSIONS - {name for (name,) in cursor.fetchall()}
    yield not missing, _missing("extensions", missing)


def migrations() -> Iterator[Finding]:
    """Every migration of this release applied."""
    yield not known() - applied(), _missing("migrations", {".".join(name) for name in known() - applied()})


def worker() -> Iterator[Finding]:
    """A job worker whose heart beats."""
    word = health.worker()
    yield word == health.WELL, f"job worker: {word}"


def holidays() -> Iterator[Finding]:
    """The days off and worked weekends of this year and, from December on, of the next.

    The State Council publishes them in November; without them plain deadlines count wrong days.
    """
    day = today()
    years = [day.year] if day.month < 12 else [day.year, day.year + 1]
    for year in years:
        is_known = CalendarDay.objects.filter(day__range=(date(year, 1, 1), date(year, 12, 31))).exists()
        yield is_known, f"holidays of {year} are {'known' if is_known else 'missing: load the notice of the year'}"


def keys() -> Iterator[Finding]:
    """The key file, for nobody else's eyes, and the one that sealed this database."""
    mode = S_IMODE(settings.KEY_FILE.stat().st_mode)
    yield mode & 0o077 == 0, f"key file {settings.KEY_FILE} has mode {mode:03o} (600)"
    installation = Installation.objects.first()
    if installation is None:
        yield False, "no installation yet: neither a demo nor a city was set up in this database"
    else:
        is_ours = installation.key_fingerprint == settings.KEYS.fingerprint
        yield is_ours, "the key file fits this database" if is_ours else "another key file sealed this database"


def exposure() -> Iterator[Finding]:
    """A demo is for this machine only."""
    is_demo = Installation.objects.filter(is_demo=True).exists()
    what, where = "a demo" if is_demo else "not a demo", environment.host()
    yield environment.is_loopback() or not is_demo, f"{what}, listening on {where}"


def disk() -> Iterator[Finding]:
    """Room for the database to grow."""
    free = shutil.disk_usage(environment.var_folder()).free
    yield free >= LEAST_FREE_BYTES, f"{free // 1024**2} MB free at {environment.var_folder()} (2048 or more)"


EXAMINATIONS: tuple[Callable[[], Iterator[Finding]], ...] = (
    python, database, migrations, worker, keys, holidays, exposure, disk,
)  # fmt: skip


def _missing(what: str, names: set[str]) -> str:
    return f"{what} missing: {', '.join(sorted(names))}" if names else f"all {what} are there"
