"""The archive of the embedded database's log (WAL), from which a restore comes to any moment (rule B2).

Each piece is compressed, flushed and renamed, so that a half-written one never counts; one that is there already must
be the same. The default folder is made by the first backup: without one the log could not be used, and is not kept. A
folder that the operator named must be there: if its disk is not mounted the database keeps the log and says so.
"""

import shlex
from pathlib import Path

from lianxin.config import environment

AT_LEAST_EVERY_SECONDS = 60

KEEP = (
    "test -d {folder} || exit {without}; to={folder}/%f.gz; "
    'if test -e "$to"; then gzip -dc "$to" | cmp -s - "%p"; exit; fi; '
    'gzip -1c "%p" > "$to.new" && sync "$to.new" && mv "$to.new" "$to" && sync {folder}'
)
FETCH = 'if test -e {folder}/%f.gz; then gzip -dc {folder}/%f.gz > "%p"; else {otherwise}; fi'


def archiving() -> dict[str, str]:
    """The server's settings: at the latest after a minute what was done lies in the archive."""
    folder = _quoted(environment.wal_folder())
    keep = KEEP.format(folder=folder, without=int(environment.is_wal_folder_chosen()))
    return {"archive_mode": "on", "archive_timeout": str(AT_LEAST_EVERY_SECONDS), "archive_command": keep}


def fetching(*, left_in: Path | None) -> dict[str, str]:
    """The settings of a recovery: pieces come from the archive, or from what a broken server left in `left_in`."""
    otherwise = f'cp {_quoted(left_in)}/%f "%p"' if left_in else "false"
    return {"restore_command": FETCH.format(folder=_quoted(environment.wal_folder()), otherwise=otherwise)}


def _quoted(path: Path) -> str:
    return shlex.quote(str(path)).replace("%", "%%")
