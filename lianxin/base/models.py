from django.db import models
from django.utils.translation import gettext_lazy as _


class Installation(models.Model):
    """The one row that says what this database is: whose city, a demo or the real thing, and under which keys."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    city = models.CharField(_("城市"), max_length=40)
    is_demo = models.BooleanField(_("演示"), default=False)
    key_fingerprint = models.CharField(max_length=16)
    made_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_installation")]


class CalendarDay(models.Model):
    """A day that differs from its weekday: a public holiday, or a weekend day that is worked (rule C2)."""

    day = models.DateField(primary_key=True)
    is_workday = models.BooleanField()
    name = models.CharField(max_length=20)
    source = models.CharField(max_length=80)
