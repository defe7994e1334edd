"""Who goes, and what happened at the door."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.needs.models.orders import Order
from lianxin.volunteers.models import Volunteer


class Assignment(models.Model):
    """One volunteer on one order."""

    class State(models.TextChoices):
        HELD = "held", _("已接单")
        RELEASED = "released", _("已退出")

    class Why(models.TextChoices):
        """Why the desk let a volunteer go (rule D12); it counts for nothing."""

        NOT_COME = "not_come", _("到时间没有来")
        NOT_REACHED = "not_reached", _("联系不上")
        OTHERWISE = "otherwise", _("另有安排")

    MOVES = {State.HELD: {State.RELEASED}}

    order = models.ForeignKey(Order, models.PROTECT, related_name="assignments")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="assignments")
    state = models.CharField(max_length=10, choices=State, default=State.HELD)
    accepted_at = models.DateTimeField()
    released_because = models.CharField(max_length=12, choices=Why, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "volunteer"],
                condition=Q(state="held"),
                name="one_assignment_per_volunteer",
                violation_error_message=_("您已经接了这一单。"),
            )
        ]
        indexes = [models.Index(fields=["volunteer", "-id"], name="assignments_of_a_volunteer")]

    def __str__(self) -> str:
        return f"{self.order_id}"


class Visit(models.Model):
    """One volunteer at the door: when it began and ended. Reopening an order adds a visit."""

    class How(models.TextChoices):
        """Who wrote it down, and from what (rule E4)."""

        OWN = "own", _("本人手机")
        CAPTAIN = "captain", _("队长记的")
        CALL = "call", _("电话里记的")
        SLIP = "slip", _("纸质单补录")

    class Found(models.TextChoices):
        """How whoever came found the resident, in a word that is none on health (rule E9)."""

        WELL = "well", _("平安")
        CONCERN = "concern", _("需关注")

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="visits")
    round = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField()
    started_how = models.CharField(max_length=10, choices=How, default=How.OWN)
    finished_at = models.DateTimeField(null=True)
    finished_how = models.CharField(max_length=10, choices=How, blank=True)
    asked_at = models.DateTimeField(null=True)
    outcome = models.CharField(_("做得怎么样"), max_length=100, blank=True)
    found = models.CharField(_("人怎么样"), max_length=8, choices=Found, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(finished_at=None),
                name="one_open_visit_per_assignment",
                violation_error_message=_("这次服务已经开始了。"),
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(finished_at__gt=models.F("started_at")),
                name="visit_ends_after_it_starts",
                violation_error_message=_("结束时间要晚于开始时间。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment.order}"
