"""出事了: what went wrong at work, and the policy under which the volunteers are insured."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.base.paths import PathField
from lianxin.needs.models.orders import Order
from lianxin.organisations.models import Node
from lianxin.users.models import User


class IncidentSet(models.QuerySet["Incident"]):
    def under_any(self, paths: list[str]) -> "IncidentSet":
        """Incidents below any of these places, or of a team below any of them."""
        return self.filter(Q(place_path__under_any=paths) | Q(team_path__under_any=paths))


class Incident(models.Model):
    """When, where, what kind, what was done, handed to whom. No field names a third party (rule S4)."""

    class Kind(models.TextChoices):
        VOLUNTEER_HURT = "volunteer_hurt", _("志愿者受伤或不舒服")
        RESIDENT_HURT = "resident_hurt", _("居民受伤或不舒服")
        DAMAGE = "damage", _("东西坏了")
        QUARREL = "quarrel", _("起了争执")
        DANGER = "danger", _("火、气、电、水有危险")
        OTHER = "other", _("其他")

    order = models.ForeignKey(Order, models.PROTECT, related_name="incidents")
    place_path = PathField()
    team_path = PathField()
    at = models.DateTimeField()
    where = models.CharField(_("在哪里"), max_length=60)
    kind = models.CharField(_("什么事"), max_length=20, choices=Kind)
    done = models.CharField(_("做了什么"), max_length=200)
    handed_to = models.CharField(_("交给了谁"), max_length=60, blank=True)
    reference = models.CharField(_("警情号或报案号"), max_length=40, blank=True)
    reported_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    ended = models.CharField(_("怎么了结的"), max_length=200, blank=True)

    objects = IncidentSet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], name="open_incidents", condition=Q(closed_at=None)),
            models.Index(fields=["order", "-id"], name="incidents_of_an_order"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Policy(models.Model):
    """With whom the volunteers of a team, and of those below it, are insured (rule S5)."""

    team = models.OneToOneField(Node, models.PROTECT, related_name="policy")
    insurer = models.CharField(_("保险公司"), max_length=40)
    number = models.CharField(_("保单号"), max_length=40)
    phone = models.CharField(_("报案电话"), max_length=20)
    until = models.DateField(_("保到哪一天"))

    def __str__(self) -> str:
        return self.number
