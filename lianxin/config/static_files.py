"""Static files, collected for the server when they differ from those collected last."""

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect_if_changed() -> None:
    """Collect unless the sources are those of the last whole collection."""
    stamp = Path(settings.STATIC_ROOT, ".collected")
    sources = _fingerprint()
    if stamp.exists() and stamp.read_text() == sources:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(sources)


def _fingerprint() -> str:
    digest = sha256()
    for path, state in sorted(_sources()):
        digest.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _sources() -> Iterator[tuple[str, os.stat_result]]:
    for finder in get_finders():
        for path, storage in finder.list([]):
            yield path, Path(storage.path(path)).stat()
