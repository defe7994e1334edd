"""Fetch the pinned front-end files that are committed under `static/vendor/` (`make vendor`).

What is fetched, its version and the sha512 of its archive stand in `vendor.lock.json`. To raise a version, write
the new number and the `dist.integrity` that `npm view NAME@VERSION` prints. An archive that does not match stops
the run before anything is written.
"""

import base64
import hashlib
import hmac
import io
import json
import re
import subprocess
import tarfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCK = Path(__file__).with_name("vendor.lock.json")
DEFAULT_REGISTRY = "https://registry.npmjs.org"

# Maps are not shipped, and Django's hashed storage refuses a stylesheet that names a missing one.
SOURCE_MAP = re.compile(rb"\n?(/\*# sourceMappingURL=[^\n]*\*/|//# sourceMappingURL=[^\n]*)\s*$")


def registry() -> str:
    """The npm registry this machine is told to use."""
    try:
        answer = subprocess.run(["npm", "config", "get", "registry"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return DEFAULT_REGISTRY
    return answer.stdout.strip().rstrip("/") or DEFAULT_REGISTRY


def fetch(name: str, version: str) -> bytes:
    """The package's archive; only HTTPS."""
    url = f"{registry()}/{name}/-/{name.rpartition('/')[2]}-{version}.tgz"
    if not url.startswith("https://"):
        raise SystemExit(f"refusing to fetch over plain HTTP: {url}")
    with urllib.request.urlopen(url, timeout=120) as answer:  # noqa: S310
        archive: bytes = answer.read()
    return archive


def check(name: str, archive: bytes, integrity: str) -> None:
    """Stop when the archive is not the one that the lock file names."""
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if not hmac.compare_digest(found, integrity):
        raise SystemExit(f"{name}: expected {integrity}, got {found}")


def wanted(package: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Pairs of a file inside the archive and its place in the repository."""
    yield from package["files"].items()
    icons = package.get("icons")
    if icons:
        yield from ((f"icons/outline/{name}.svg", f"{icons['folder']}/{name}.svg") for name in icons["outline"])
        yield from ((f"icons/filled/{name}.svg", f"{icons['folder']}/{name}-filled.svg") for name in icons["filled"])


def extract(archive: bytes, files: dict[str, str]) -> None:
    """Write the wanted files and nothing else; a name that the archive lacks stops the run."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for inside, place in files.items():
            member = tar.extractfile(f"package/{inside}")
            if member is None:
                raise SystemExit(f"{inside} is not a file")
            target = ROOT / place
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(SOURCE_MAP.sub(b"\n", member.read()))


def main() -> None:
    packages: dict[str, Any] = json.loads(LOCK.read_text())
    archives = {name: fetch(name, package["version"]) for name, package in packages.items()}
    for name, package in packages.items():
        check(name, archives[name], package["integrity"])
    for name, package in packages.items():
        extract(archives[name], dict(wanted(package)))
        print(f"{name} {package['version']}")


if __name__ == "__main__":
    main()
