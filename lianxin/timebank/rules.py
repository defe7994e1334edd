"""Under which names time stands in the ledger."""

from django.db import models

ACCOUNT, SOURCE = "time", "service"


def deposit_key(record: models.Model) -> str:
    """The key under which a record's minutes are banked."""
    return f"deposit:{record._meta.label_lower}:{record.pk}"


def reversal_key(record: models.Model) -> str:
    """The key under which a record's minutes are taken back."""
    return f"take_back:{record._meta.label_lower}:{record.pk}"
