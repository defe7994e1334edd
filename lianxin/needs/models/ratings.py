"""What the resident thought of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.base.paths import PathField
from lianxin.needs.models.orders import Order
from lianxin.organisations.models import Node


class Rating(models.Model):
    """What the resident thought of it; an order is rated once, and never by itself (rule R1)."""

    class How(models.TextChoices):
        OWN = "own", _("自己评的")
        CALL = "call", _("电话回访")
        PAPER = "paper", _("纸质单")

    order = models.OneToOneField(Order, models.PROTECT, related_name="rating")
    stars = models.PositiveSmallIntegerField(_("星级"))
    words = models.CharField(_("想说的话"), max_length=200, blank=True)
    how = models.CharField(max_length=10, choices=How, default=How.OWN)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stars__range=(1, 5)),
                name="one_to_five_stars",
                violation_error_message=_("请选一到五颗星。"),
            )
        ]


class FollowUp(models.Model):
    """One or two stars are looked into by the station of the place, never by the team (rule R3)."""

    class State(models.TextChoices):
        OPEN = "open", _("待跟进")
        CLOSED = "closed", _("已跟进")

    class Finding(models.TextChoices):
        TRUE = "true", _("属实")
        PARTLY = "partly", _("部分属实")
        FALSE = "false", _("不属实")

    MOVES = {State.OPEN: {State.CLOSED}}
    TONES = {State.OPEN: "urgent", State.CLOSED: "done"}

    rating = models.OneToOneField(Rating, models.PROTECT, related_name="follow_up")
    place = models.ForeignKey(Node, models.PROTECT, related_name="+")
    place_path = PathField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    finding = models.CharField(_("查明"), max_length=10, choices=Finding, blank=True)
    done = models.CharField(_("怎么办的"), max_length=200, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", finding="") | Q(state="closed") & ~Q(finding="") & ~Q(done=""),
                name="follow_up_closed_with_a_finding",
                violation_error_message=_("请选查明的结果，并写下怎么办的。"),
            )
        ]
        indexes = [models.Index(fields=["due_at", "id"], name="open_follow_ups", condition=Q(state="open"))]

    def __str__(self) -> str:
        return f"{self.rating.order_id}"
