from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Unit(models.TextChoices):
    """What an account counts, always in whole numbers."""

    MINUTES = "minutes", _("分钟")
    FEN = "fen", _("分")
    PIECES = "pieces", _("件")


class Account(models.Model):
    """Who holds how much of one unit.

    An account that may owe (where value enters the book) keeps no running balance, so that a city confirming hours
    does not queue on one row. Every other account keeps its balance and the database holds it at zero or above.
    """

    kind = models.CharField(max_length=30)
    holder_type = models.CharField(max_length=60, blank=True)
    holder_id = models.BigIntegerField(default=0)
    unit = models.CharField(max_length=10, choices=Unit)
    may_owe = models.BooleanField(default=False)
    balance = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "holder_type", "holder_id", "unit"], name="one_account_per_holder"),
            models.UniqueConstraint(fields=["id", "unit"], name="account_with_its_unit"),
            models.CheckConstraint(
                condition=Q(may_owe=True, balance__isnull=True) | Q(may_owe=False, balance__gte=0),
                name="balance_never_below_zero",
                violation_error_message=_("余额不够，没有动账。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.holder_type} {self.holder_id}".strip()


class Transfer(models.Model):
    """`amount` of `unit` moved from `source` to `target`, once, under `key`. Append-only (trigger).

    A composite foreign key in the migration holds both accounts to the transfer's unit.
    """

    key = models.CharField(max_length=80)
    source = models.ForeignKey(Account, models.PROTECT, related_name="outgoing", db_index=False)
    target = models.ForeignKey(Account, models.PROTECT, related_name="incoming", db_index=False)
    unit = models.CharField(max_length=10, choices=Unit)
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=40)
    about_type = models.CharField(max_length=60)
    about_id = models.BigIntegerField()
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    at = models.DateTimeField()
    written_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                name="one_transfer_per_key",
                violation_error_message=_("这笔账已经记过，内容不同，没有重复记账。"),
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="amount_above_zero"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="between_two_accounts"),
        ]
        indexes = [
            models.Index(fields=["source", "id"], name="transfers_out_of_an_account"),
            models.Index(fields=["target", "id"], name="transfers_into_an_account"),
            models.Index(fields=["about_type", "about_id"], name="transfers_about_a_row"),
        ]

    def __str__(self) -> str:
        return self.key
