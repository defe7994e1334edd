"""The key file: what seals private fields and signs sessions. It lives apart from the database and its backup."""

import base64
import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path


@dataclass(frozen=True)
class Keys:
    """The keys of one installation.

    `sealing` maps a key's number (1 to 255) to its 32 bytes: `current` is the number of the one that seals, all open,
    so that a rotation needs no downtime. `lookup` (32 bytes) makes the keyed hashes by which sealed values are found.
    """

    signing: str
    lookup: bytes
    sealing: dict[int, bytes]
    current: int
    path: Path | None = field(default=None, compare=False)
    version: tuple[int, int] = field(default=(0, 0), compare=False)

    @property
    def fingerprint(self) -> str:
        """Tells one installation's keys from another's without giving anything away."""
        return sha256(b"lianxin lookup key" + self.lookup).hexdigest()[:16]

    def fresh(self) -> "Keys":
        """These keys, or those that stand in their file since it was changed: whoever runs takes up a new key at once.

        A file that is away for a moment, or that we may not read any more, changes nothing.
        """
        with suppress(OSError, ValueError):
            if self.path and _version(self.path) != self.version:
                return read(self.path)
        return self


def load_or_create(path: Path) -> Keys:
    """The keys in the file at `path`; a file of fresh keys (mode 0600) is made when there is none."""
    if not path.exists():
        _write_new(path, Keys(secrets.token_urlsafe(48), secrets.token_bytes(32), {1: secrets.token_bytes(32)}, 1))
    return read(path)


def read(path: Path) -> Keys:
    """The keys in the file at `path`."""
    version = _version(path)
    kept = json.loads(path.read_text())
    sealing = {int(number): base64.b64decode(key) for number, key in kept["sealing"].items()}
    current = int(kept.get("current", max(sealing)))
    return Keys(kept["signing"], base64.b64decode(kept["lookup"]), sealing, current, path, version)


def add_sealing_key(path: Path) -> Keys:
    """Put a fresh sealing key beside the others in the file; it seals nothing until `use_newest`."""
    keys = read(path)
    return _replace(path, replace(keys, sealing=keys.sealing | {max(keys.sealing) + 1: secrets.token_bytes(32)}))


def use_newest(path: Path) -> Keys:
    """From now on the key with the highest number seals."""
    keys = read(path)
    return _replace(path, replace(keys, current=max(keys.sealing)))


def drop_old(path: Path) -> Keys:
    """Keep only the key that seals. What the others sealed never opens again: the caller has made sure of that."""
    keys = read(path)
    return _replace(path, replace(keys, sealing={keys.current: keys.sealing[keys.current]}))


def _version(path: Path) -> tuple[int, int]:
    """Another one for each file that was put in place, even within one tick of the clock."""
    state = path.stat()
    return state.st_mtime_ns, state.st_ino


def _as_json(keys: Keys) -> str:
    sealing = {str(number): base64.b64encode(key).decode() for number, key in keys.sealing.items()}
    lookup = base64.b64encode(keys.lookup).decode()
    kept = {"signing": keys.signing, "lookup": lookup, "sealing": sealing, "current": keys.current}
    return json.dumps(kept, indent=2) + "\n"


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _write_new(path: Path, keys: Keys) -> None:
    """Two processes may start at once: `link` lets exactly one of them put its file in place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    _write_private(draft, _as_json(keys))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _replace(path: Path, keys: Keys) -> Keys:
    """Whoever owned the file owns it afterwards, though root may have written it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    _write_private(draft, _as_json(keys))
    owner = path.stat()
    if os.geteuid() == 0:
        os.chown(draft, owner.st_uid, owner.st_gid)
    draft.replace(path)
    return read(path)
