"""The server that a bench's city stands in: thrown away afterwards, or kept in the folder `LIANXIN_BENCH_CITY`."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from lianxin.config.embedded import WITHOUT_DURABILITY, Cluster, temporary_server
from lianxin.config.service_user import service_user

KEPT = "LIANXIN_BENCH_CITY"
# About what docs/operate.md advises for a city of this size.
FOR_A_CITY = WITHOUT_DURABILITY | {"shared_buffers": "2GB"}


def driven(module: str, *words: str) -> int:
    """Run the module beside a server, in a process of its own, which reads the settings; gives its exit code."""
    kept = os.environ.get(KEPT)
    with _kept(Path(kept)) if kept else _thrown_away() as surroundings:
        settings = {"DJANGO_SETTINGS_MODULE": "lianxin.config.settings"}
        drive = [sys.executable, "-m", module, *words]
        return subprocess.run(drive, env=os.environ | settings | surroundings, check=False).returncode


@contextmanager
def _thrown_away() -> Iterator[dict[str, str]]:
    with TemporaryDirectory(prefix="lianxin-bench-") as var, temporary_server() as url:
        yield {"DATABASE_URL": url, "LIANXIN_VAR": var}


@contextmanager
def _kept(folder: Path) -> Iterator[dict[str, str]]:
    """The server of that folder; the key that its sealed fields need lies beside its data."""
    owner = service_user()
    owner.make_private_folder(folder)
    keys = folder / "var"
    keys.mkdir(exist_ok=True)
    cluster = Cluster(folder, owner)
    cluster.create()
    cluster.clear_leftovers(time.sleep)
    server = cluster.start(**FOR_A_CITY)
    try:
        cluster.wait_until_ready(server, time.sleep)
        yield {"DATABASE_URL": cluster.url, "LIANXIN_VAR": str(keys)}
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()
