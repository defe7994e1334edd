"""The call desk: every call a row, what was promised in it, and who holds the desk."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.base.paths import PathField
from lianxin.base.sealed import EndingOfField, HashOfField, SealedField
from lianxin.needs.models.events import Event
from lianxin.needs.models.orders import Order
from lianxin.organisations.models import Node
from lianxin.people.models import Person
from lianxin.users.models import User


class Line(models.Model):
    """A telephone system that tells the desk who rings. Its secret is kept as a hash (rule L8)."""

    desk = models.ForeignKey(Node, models.PROTECT, related_name="lines")
    name = models.CharField(_("名称"), max_length=40)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class CallBack(models.Model):
    """What was promised on the telephone: to ring back by then. Its owner keeps it or hands it on (rule L4)."""

    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="call_backs")
    number = SealedField(null=True)
    number_ending = EndingOfField("number", null=True)
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    scope = PathField()
    promised_at = models.DateTimeField()
    due_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True)
    handover = models.ForeignKey("Handover", models.PROTECT, null=True, related_name="call_backs")

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], name="open_call_backs", condition=Q(kept_at=None)),
            models.Index(fields=["owner", "due_at"], name="open_call_backs_of_a_user", condition=Q(kept_at=None)),
            GistIndex(fields=["scope"], name="call_backs_by_scope"),
        ]

    def __str__(self) -> str:
        """Without a name, since the journal writes it down (rule P3)."""
        return f"{self.pk}"


class Handover(models.Model):
    """One shift leaves its open promises and a note to the next, who acknowledges them (rule L4)."""

    left_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    scope = PathField()
    words = SealedField(null=True)
    left_at = models.DateTimeField()
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["left_by"],
                condition=Q(taken_at=None),
                name="one_open_handover_per_user",
                violation_error_message=_("您已经交过班了，等下一班的人接。"),
            ),
            models.CheckConstraint(
                condition=Q(taken_by=None) | ~Q(taken_by=F("left_by")),
                name="nobody_relieves_himself",
                violation_error_message=_("自己不能接自己的班。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Call(models.Model):
    """One call, taken or made. While it is open it is the reason for every look (rule L1)."""

    class Kind(models.TextChoices):
        ORDER = "order", _("点单")
        URGING = "urging", _("催单")
        QUESTION = "question", _("咨询")
        COMPLAINT = "complaint", _("投诉")
        THANKS = "thanks", _("感谢")
        CALL_BACK = "call_back", _("回访")
        CANCEL = "cancel", _("取消")
        RESCHEDULE = "reschedule", _("改约")
        ALARM = "alarm", _("联系不上")
        FAMILY = "family", _("家人代办")
        WRONG = "wrong", _("误拨")
        SILENT = "silent", _("无声")
        PASSED = "passed", _("转出")

    ABOUT_AN_ORDER = (Kind.ORDER, Kind.URGING, Kind.CANCEL, Kind.RESCHEDULE)
    """What cannot be said of a call without naming the order."""

    class Relation(models.TextChoices):
        SELF = "self", _("本人")
        FAMILY = "family", _("家人")
        NEIGHBOUR = "neighbour", _("邻居")
        OTHER = "other", _("其他人")

    class Outcome(models.TextChoices):
        DONE = "done", _("当场办好")
        PROMISED = "promised", _("答应回电")
        PASSED = "passed", _("转给别处")
        NOT_REACHED = "not_reached", _("没打通")

    class Source(models.TextChoices):
        LIVE = "live", _("接的电话")
        SLIP = "slip", _("纸条补录")
        MESSAGE = "message", _("留言")
        OUT = "out", _("打出的电话")

    operator = models.ForeignKey(User, models.PROTECT, related_name="+")
    scope = PathField()
    source = models.CharField(max_length=10, choices=Source, default=Source.LIVE)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    entered_at = models.DateTimeField()
    number = SealedField(null=True)
    number_hash = HashOfField("number", null=True)
    number_ending = EndingOfField("number", null=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="calls")
    relation = models.CharField(max_length=10, choices=Relation, blank=True)
    kind = models.CharField(max_length=10, choices=Kind, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="calls")
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="calls")
    promise = models.OneToOneField(CallBack, models.PROTECT, null=True, related_name="made_in")
    answers = models.ForeignKey(CallBack, models.PROTECT, null=True, related_name="tries")
    passed_to = models.CharField(max_length=40, blank=True)
    words = SealedField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operator"],
                condition=Q(ended_at=None),
                name="one_open_call_per_operator",
                violation_error_message=_("您还有一个电话没有结束，请先结束那一个。"),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | ~Q(kind="") & ~Q(outcome=""),
                name="ended_call_says_what_it_was",
                violation_error_message=_("还差一步：请选这个电话是什么事，再结束。"),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="call_ends_after_it_starts",
                violation_error_message=_("来电时间不能晚于现在。"),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["order", "urging", "cancel", "reschedule"]) | Q(order__isnull=False),
                name="call_about_an_order_names_it",
                violation_error_message=_("请先选是哪一单。"),
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "-id"], name="calls_of_an_operator"),
            models.Index(fields=["person", "-id"], name="calls_of_a_person"),
            models.Index(fields=["number_hash", "-id"], name="calls_from_a_number"),
            models.Index(fields=["number_ending"], name="calls_by_ending"),
            models.Index(fields=["kind", "-started_at", "-id"], name="calls_by_kind"),
            models.Index(fields=["-started_at", "-id"], name="calls_by_time"),
            GistIndex(fields=["scope"], name="calls_by_scope"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Ring(models.Model):
    """A telephone that rings at a desk until somebody takes it; a ring nobody took is a missed call (rule L8)."""

    line = models.ForeignKey(Line, models.PROTECT, related_name="rings")
    scope = PathField()
    number = SealedField(null=True)
    number_hash = HashOfField("number", null=True)
    number_ending = EndingOfField("number", null=True)
    rung_at = models.DateTimeField()
    call = models.OneToOneField(Call, models.PROTECT, null=True, related_name="ring")

    class Meta:
        indexes = [
            models.Index(fields=["rung_at", "id"], name="rings_not_taken", condition=Q(call=None)),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Duty(models.Model):
    """Who is on duty at a desk outside office hours, from when to when (rule L5)."""

    desk = models.ForeignKey(Node, models.PROTECT, related_name="duties")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    during = DateTimeRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="on_duty_once",
                expressions=[
                    ("desk", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("这个人这段时间已经排了值班。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.desk}"
