"""Who was asked."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.needs.models.orders import Order
from lianxin.organisations.models import Node
from lianxin.users.models import User
from lianxin.volunteers.models import Volunteer


class Offer(models.Model):
    """The order proposed to one volunteer or one team, who may decline without a reason (rules D1 and D3).

    `asking` is the order's at that time: the answers of an earlier one bind nobody any more (rule D17).
    """

    class State(models.TextChoices):
        OPEN = "open", _("等待回应")
        ACCEPTED = "accepted", _("已接受")
        DECLINED = "declined", _("已婉拒")
        LAPSED = "lapsed", _("已过期")
        WITHDRAWN = "withdrawn", _("已撤回")

    MOVES = {
        State.OPEN: {State.ACCEPTED, State.DECLINED, State.LAPSED, State.WITHDRAWN},
        State.ACCEPTED: {State.WITHDRAWN},
    }
    TONES = {
        State.OPEN: "waiting",
        State.ACCEPTED: "done",
        State.DECLINED: "stopped",
        State.LAPSED: "stopped",
        State.WITHDRAWN: "stopped",
    }

    order = models.ForeignKey(Order, models.PROTECT, related_name="offers")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, null=True, related_name="offers")
    team = models.ForeignKey(Node, models.PROTECT, null=True, related_name="+")
    under = models.ForeignKey("self", models.PROTECT, null=True, related_name="handed_on")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    offered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    offered_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    asking = models.PositiveSmallIntegerField(default=1)
    metres = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(volunteer__isnull=False, team=None) | Q(volunteer=None, team__isnull=False),
                name="offer_to_a_volunteer_or_a_team",
            ),
            models.UniqueConstraint(
                fields=["order", "volunteer", "asking"],
                condition=Q(state__in=["open", "accepted"]),
                name="one_standing_offer_per_volunteer",
                violation_error_message=_("已经派给这位志愿者了。"),
            ),
            models.UniqueConstraint(
                fields=["order", "team"],
                condition=Q(state="open"),
                name="one_standing_offer_per_team",
                violation_error_message=_("已经问过这支队伍，正在等它回应。"),
            ),
        ]
        indexes = [
            models.Index(fields=["team", "-id"], name="offers_to_a_team", condition=Q(team__isnull=False)),
            models.Index(fields=["volunteer", "-id"], name="offers_to_a_volunteer"),
            models.Index(fields=["lapses_at", "id"], name="open_offers_by_lapse", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}"
