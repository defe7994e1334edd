"""Encryption at rest and the keys: 数据保密性, GB/T 39786 8.4."""

from collections.abc import Iterator
from stat import S_IMODE

from django.conf import settings

from lianxin.base.models import Installation
from lianxin.base.resealing import left_over
from lianxin.base.sealed import keys
from lianxin.cli.findings import Finding, State, danger_unless
from lianxin.config import rotation

AREA = "encryption at rest 存储加密"


def key_file() -> Iterator[Finding]:
    """The key file, for nobody else's eyes, and the one that sealed this database."""
    mode = S_IMODE(settings.KEY_FILE.stat().st_mode)
    words = f"key file {settings.KEY_FILE} has mode {mode:03o} (600)"
    yield Finding(AREA, danger_unless(mode & 0o077 == 0), words, "base/keys.py")
    installation = Installation.objects.first()
    if installation is None:
        words = "no installation yet: neither a demo nor a city was set up in this database"
        yield Finding(AREA, State.GAP, words, "lianxin demo")
        return
    is_ours = installation.key_fingerprint == keys().fingerprint
    words = "the key file fits this database" if is_ours else "another key file sealed this database"
    yield Finding(AREA, danger_unless(is_ours), words, "base/keys.py")


def rotation_progress() -> Iterator[Finding]:
    """One key, or how far the change to a new one has come."""
    numbers = sorted(keys().sealing)
    if len(numbers) == 1:
        yield Finding(AREA, State.OK, f"one sealing key, number {numbers[0]}", "lianxin rotate-key, rule B4")
        return
    left = sum(left_over().values()) if rotation.is_under_way() else 0
    words = f"keys {numbers}: {left} values to be sealed again" if left else f"keys {numbers}: old ones are not needed"
    yield Finding(AREA, State.NOTE, words, "lianxin rotate-key --status")


def ciphers() -> Iterator[Finding]:
    """What seals, and what that is not."""
    yield Finding(AREA, State.OK, "ID number, phone, address, text and sessions sealed: AES-256-GCM", "rule P1")
    words = "not SM2/SM3/SM4 and no certified module: a 密评 will ask for them"
    yield Finding(AREA, State.NOTE, words, "base/sealed.py")
    words = "names, dates of birth and home grid stand in the clear in the database: protect its disk and backups"
    yield Finding(AREA, State.NOTE, words, "docs/operate.md")


EXAMINATIONS = (key_file, rotation_progress, ciphers)
