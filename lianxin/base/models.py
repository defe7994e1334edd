from django.db import models
from django.utils.translation import gettext_lazy as _


class Installation(models.Model):
    """The one row that says what this database is: whose city, a demo or the real thing, and under which keys.

    `being_made` says how far it has come while it is still being filled, in words that every page shows.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    city = models.CharField(_("城市"), max_length=40)
    is_demo = models.BooleanField(_("演示"), default=False)
    key_fingerprint = models.CharField(max_length=16)
    made_at = models.DateTimeField(db_default=models.functions.Now())
    frozen_at = models.DateTimeField(null=True)
    being_made = models.CharField(_("还在准备"), max_length=80, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_installation")]

    def __str__(self) -> str:
        return self.city


class Upkeep(models.Model):
    """One thing done to keep the installation in order, when, and its figures: numbers and names of files only."""

    class Kind(models.TextChoices):
        BACKUP = "backup", _("备份")
        RESTORE_TEST = "restore_test", _("恢复演练")
        RESTORE = "restore", _("恢复")
        RETENTION = "retention", _("到期清理")
        RESEALED = "resealed", _("换密钥重新加密")

    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField(db_default=models.functions.Now())
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["kind", "-id"], name="upkeep_by_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class HolidayNotice(models.Model):
    """A yearly notice of the State Council on days off and worked weekends, as it was loaded last (rule C2)."""

    year = models.PositiveSmallIntegerField(unique=True)
    source = models.CharField(max_length=200)
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.year} 年节假日"


class CalendarDay(models.Model):
    """A day that differs from its weekday: a public holiday, or a weekend day that is worked (rule C2)."""

    day = models.DateField(primary_key=True)
    is_workday = models.BooleanField()
    name = models.CharField(max_length=20)
    notice = models.ForeignKey(HolidayNotice, models.CASCADE, related_name="days")


class Use(models.Model):
    """One use of something that may be done only so often (`limits`): a keyed hash of what and for whom, and when."""

    key_hash = models.BinaryField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["key_hash", "-at"], name="uses_of_a_key"),
            models.Index(fields=["at"], name="uses_by_age"),
        ]
