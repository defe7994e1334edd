"""What the resident thought of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.needs.models.orders import Order


class Rating(models.Model):
    """What the resident thought of it; an order is rated once, and never by itself (rule R1)."""

    order = models.OneToOneField(Order, models.PROTECT, related_name="rating")
    stars = models.PositiveSmallIntegerField(_("星级"))
    words = models.CharField(_("想说的话"), max_length=200, blank=True)
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
