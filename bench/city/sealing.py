"""What the sealed columns of a row hold, made as the product makes it."""

from collections.abc import Callable

from django.db import models

from bench.city.copying import raw
from lianxin.base.sealed import Sealed, SealedField, keyed_hash


def sealer(model: type[models.Model], name: str) -> Callable[[str], str]:
    """Seals texts for this column of the model."""
    field = model._meta.get_field(name)
    assert isinstance(field, SealedField)
    context = field.context
    return lambda value: raw(bytes(Sealed.close(value, context)))


def hashed(value: str) -> str:
    """The keyed hash by which the value is found."""
    return raw(keyed_hash(value))
