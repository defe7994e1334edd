"""The key file: what seals private fields and signs sessions. It lives apart from the database and its backup."""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path


@dataclass(frozen=True)
class Keys:
    """The keys of one installation.

    `sealing` maps a key's number (1 to 255) to its 32 bytes: the highest number seals, all open, so that a
    rotation needs no downtime. `lookup` (32 bytes) makes the keyed hashes by which sealed values are found.
    """

    signing: str
    lookup: bytes
    sealing: dict[int, bytes]

    @property
    def current(self) -> int:
        """The number of the key that seals."""
        return max(self.sealing)

    @property
    def fingerprint(self) -> str:
        """Tells one installation's keys from another's without giving anything away."""
        return sha256(b"lianxin lookup key" + self.lookup).hexdigest()[:16]


def load_or_create(path: Path) -> Keys:
    """The keys in the file at `path`; a file of fresh keys (mode 0600) is made when there is none."""
    if not path.exists():
        _write_new(path, Keys(secrets.token_urlsafe(48), secrets.token_bytes(32), {1: secrets.token_bytes(32)}))
    kept = json.loads(path.read_text())
    sealing = {int(number): base64.b64decode(key) for number, key in kept["sealing"].items()}
    return Keys(kept["signing"], base64.b64decode(kept["lookup"]), sealing)


def add_sealing_key(path: Path) -> Keys:
    """Put a fresh sealing key beside the old ones in the file and return them all."""
    keys = load_or_create(path)
    grown = Keys(keys.signing, keys.lookup, keys.sealing | {keys.current + 1: secrets.token_bytes(32)})
    _replace(path, grown)
    return grown


def _as_json(keys: Keys) -> str:
    sealing = {str(number): base64.b64encode(key).decode() for number, key in keys.sealing.items()}
    kept = {"signing": keys.signing, "lookup": base64.b64encode(keys.lookup).decode(), "sealing": sealing}
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


def _replace(path: Path, keys: Keys) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    _write_private(draft, _as_json(keys))
    draft.replace(path)
