"""The machine beneath: disk, clock, user, network, TLS."""

import ctypes
import os
from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.utils import timezone

from lianxin.base import condition
from lianxin.cli.findings import Finding, State, gap_unless
from lianxin.config import environment
from lianxin.config.processes import first_free_port
from lianxin.config.service_user import NAME, what_hinders

AREA = "machine 主机"
LEAST_FREE_BYTES = 2 * 1024**3
TIME_ERROR = 5
FURTHEST_APART_SECONDS = 2


def disk() -> Iterator[Finding]:
    """Room for the database to grow."""
    free = condition.free_bytes(environment.var_folder())
    words = f"{free // 1024**2} MB free at {environment.var_folder()} (2048 or more)"
    yield Finding(AREA, gap_unless(free >= LEAST_FREE_BYTES), words, "LIANXIN_VAR")


def time_source() -> Iterator[Finding]:
    """The kernel says whether something keeps its clock right; the database's clock agrees with ours."""
    is_kept = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512)) not in {-1, TIME_ERROR}
    words = "the clock is kept by a time source" if is_kept else "nothing keeps the clock right: run chrony"
    yield Finding(AREA, gap_unless(is_kept), words, "docs/operate.md")
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = abs((cursor.fetchone()[0] - timezone.now()).total_seconds())
    is_close = apart <= FURTHEST_APART_SECONDS
    yield Finding(AREA, gap_unless(is_close), f"the database's clock is {apart:.1f} s from ours", "DATABASE_URL")


def user() -> Iterator[Finding]:
    """Whoever answers pages and does jobs is not root."""
    hindered = what_hinders()
    needs_root = os.geteuid() == 0 and environment.port() < first_free_port()
    words = f"pages and jobs are done by «{NAME}»" if os.geteuid() == 0 else "not run by root"
    words = f"run by root, because PORT={environment.port()} asks for it: put a proxy in front" if needs_root else words
    words = f"run by root, because «{NAME}» cannot read {hindered}: install below /opt" if hindered else words
    yield Finding(AREA, gap_unless(not hindered and not needs_root), words, "config/service_user.py")


def network() -> Iterator[Finding]:
    """Encryption in transit is the proxy's work; what can be seen from here is whether there is one."""
    is_alone = environment.is_loopback() and not settings.TRUSTED_PROXIES
    if is_alone:
        yield Finding(AREA, State.NOTE, "only this machine reaches the server, without TLS", "docs/operate.md")
        return
    has_proxy = bool(settings.TRUSTED_PROXIES)
    words = "a proxy is named; that it speaks TLS cannot be seen from here" if has_proxy else "no proxy: no TLS"
    yield Finding(AREA, State.NOTE if has_proxy else State.GAP, words, "LIANXIN_TRUSTED_PROXIES")
    has_names = settings.ALLOWED_HOSTS != ["*"]
    words = "names of the site are set" if has_names else "any name is answered: set LIANXIN_HOSTNAMES"
    yield Finding(AREA, gap_unless(has_names), words, "LIANXIN_HOSTNAMES")


EXAMINATIONS = (disk, time_source, user, network)
