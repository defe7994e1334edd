"""Private values at rest: sealed with AES-256-GCM, found again by a keyed hash (rule P1).

A model lists the sealed value and, beside it, what may stand in the clear:

    phone = SealedField(null=True)
    phone_hash = HashOfField("phone", null=True)
    phone_ending = EndingOfField("phone", null=True)
"""

import hmac
import os
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

from lianxin.base.keys import Keys


class Sealed:
    """A sealed value as it came from the database. It shows itself only through `open`."""

    __slots__ = ("_bytes", "_context")

    def __init__(self, sealed: bytes, context: bytes) -> None:
        self._bytes = sealed
        self._context = context

    def open(self) -> str:
        """The value in the clear. Callers are actions that note who looked and why."""
        return self.open_bytes().decode()

    def open_bytes(self) -> bytes:
        """The value of a field that keeps bytes."""
        number, nonce, text = self._bytes[0], self._bytes[1:13], self._bytes[13:]
        return AESGCM(keys().sealing[number]).decrypt(nonce, text, self._context)

    @property
    def key_number(self) -> int:
        """Which sealing key closed it."""
        return self._bytes[0]

    def __repr__(self) -> str:
        return "•••"

    @classmethod
    def close(cls, value: str | bytes, context: bytes) -> "Sealed":
        """Seal `value` under the current key; `context` (table and column) is bound in, so that a sealed
        value moved to another column no longer opens."""
        current, nonce = keys(), os.urandom(12)
        plain = value if isinstance(value, bytes) else value.encode()
        text = AESGCM(current.sealing[current.current]).encrypt(nonce, plain, context)
        return cls(bytes([current.current]) + nonce + text, context)

    def __bytes__(self) -> bytes:
        """As the database keeps it."""
        return self._bytes


def keys() -> Keys:
    """The installation's keys as they stand in their file now."""
    fresh: Keys = settings.KEYS.fresh()
    if fresh is not settings.KEYS:
        settings.KEYS = fresh
    return fresh


def keyed_hash(value: str) -> bytes:
    """HMAC-SHA-256 of `value` (32 bytes) under the installation's look-up key."""
    return hmac.digest(settings.KEYS.lookup, value.encode(), sha256)


class SealedField(models.BinaryField):  # type: ignore[type-arg]  # not subscriptable at run time
    """Holds a text sealed; assign a `str`, read back a `Sealed`. `at_once` values are sealed again in one step."""

    at_once = 500

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"editable": False} | options)

    @property
    def context(self) -> bytes:
        """What the seal is bound to: the table and the column."""
        return f"{self.model._meta.db_table}.{self.column}".encode()

    def from_db_value(self, value: bytes | None, *_: object) -> Sealed | None:
        return None if value is None else Sealed(bytes(value), self.context)

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:
        value: Sealed | str | bytes | None = getattr(model_instance, self.attname)
        if isinstance(value, str | bytes):
            value = Sealed.close(value, self.context) if value else None
            setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(value._bytes if isinstance(value, Sealed) else value, connection, prepared)


class SealedFileField(SealedField):
    """Holds a file's bytes sealed; assign `bytes`, read back a `Sealed` and its `open_bytes`."""

    at_once = 4


class _OfSealed:
    """What the two fields below share: the sealed neighbour that they are derived from."""

    def __init__(self, of: str, **options: Any) -> None:
        self.of = of
        super().__init__(**{"editable": False} | options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()  # type: ignore[misc]
        return name, path, [self.of, *args], options

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.of)
        plain = value.open() if isinstance(value, Sealed) else value
        kept = self.derive(plain) if plain else None
        setattr(model_instance, self.attname, kept)  # type: ignore[attr-defined]
        return kept

    def derive(self, plain: str) -> Any:
        raise NotImplementedError


class HashOfField(_OfSealed, models.BinaryField):  # type: ignore[type-arg]
    """The keyed hash of the sealed field named `of`."""

    def derive(self, plain: str) -> bytes:
        return keyed_hash(plain)


class EndingOfField(_OfSealed, models.CharField):  # type: ignore[type-arg]
    """The last four characters of the sealed field named `of`, in the clear."""

    def __init__(self, of: str, **options: Any) -> None:
        super().__init__(of, **{"max_length": 4} | options)

    def derive(self, plain: str) -> str:
        return plain[-4:]


def seal(row: models.Model) -> None:
    """Seal what was assigned to the row's fields, and derive what is found by it: a bulk update does neither itself."""
    for field in row._meta.concrete_fields:
        if isinstance(field, SealedField | _OfSealed):
            field.pre_save(row, add=False)
