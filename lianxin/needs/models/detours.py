"""What may happen to an order on its way: handed to others, paused, objected to."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.needs.models.orders import Order
from lianxin.organisations.models import Node
from lianxin.users.models import User


class Redirect(models.Model):
    """An order that somebody else is competent for; open until a call back has stated what came of it (rule V3)."""

    class To(models.TextChoices):
        POLICE = "110", _("110（报警）")
        FIRE = "119", _("119（消防）")
        AMBULANCE = "120", _("120（急救）")
        TRAFFIC = "122", _("122（交通事故）")
        HOTLINE = "12345", _("12345（政务热线）")
        PETITION = "petition", _("信访")
        RELIEF = "relief", _("社会救助")
        DOCTOR = "doctor", _("家庭医生")
        PROPERTY = "property", _("物业")
        OTHER = "other", _("其他单位")

    class Came(models.TextChoices):
        SETTLED = "settled", _("办好了")
        GOES_ON = "goes_on", _("还在办，到时再问")
        BACK = "back", _("那边不办，由我们接着办")

    OPEN = ("", Came.GOES_ON)
    EMERGENCIES = (To.POLICE, To.FIRE, To.AMBULANCE, To.TRAFFIC)

    order = models.ForeignKey(Order, models.PROTECT, related_name="redirects")
    to = models.CharField(_("转给谁"), max_length=10, choices=To)
    outside_number = models.CharField(_("对方的单号"), max_length=40, blank=True)
    words = models.CharField(_("原因"), max_length=60)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    called_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    called_at = models.DateTimeField(null=True)
    came = models.CharField(_("结果"), max_length=10, choices=Came, blank=True)
    outcome = models.CharField(_("问到的结果"), max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(came__in=["", "goes_on"]),
                name="one_open_redirect_per_order",
                violation_error_message=_("这一单已经转办，正在等对方的结果。"),
            )
        ]

    def __str__(self) -> str:
        return self.get_to_display()


class Pause(models.Model):
    """An order that waits for something outside; `left` and `promise_left` are what its clocks still had (rule C5)."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="pauses")
    reason = models.CharField(_("暂停的原因"), max_length=60)
    until = models.DateTimeField(_("暂停到"))
    left = models.DurationField()
    promise_left = models.DurationField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    resumed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(ended_at=None),
                name="one_open_pause_per_order",
                violation_error_message=_("这一单已经暂停了。"),
            )
        ]

    def __str__(self) -> str:
        return self.reason


class Objection(models.Model):
    """派单异议: who answers for an order says that it is not his; somebody above decides (rule D11)."""

    class State(models.TextChoices):
        OPEN = "open", _("等上级决定")
        KEPT = "kept", _("维持原派单")
        MOVED = "moved", _("改派")
        DROPPED = "dropped", _("不用再决定")

    MOVES = {State.OPEN: {State.KEPT, State.MOVED, State.DROPPED}}
    TONES = {State.OPEN: "waiting", State.KEPT: "done", State.MOVED: "done", State.DROPPED: "stopped"}

    order = models.ForeignKey(Order, models.PROTECT, related_name="objections")
    team = models.ForeignKey(Node, models.PROTECT, related_name="+")
    reason = models.CharField(_("异议的理由"), max_length=100)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    words = models.CharField(_("决定的理由"), max_length=100, blank=True)
    moved_to = models.ForeignKey(Node, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state="open"),
                name="one_open_objection_per_order",
                violation_error_message=_("这一单的异议已经提过，正在等上级决定。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id}"
