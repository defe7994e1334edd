from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.base.paths import PathField
from lianxin.people.models import Person
from lianxin.users.models import User


class Grade(models.TextChoices):
    """How an hour is known (rule H4); the letter stands in schemes, the words on certificates."""

    A = "A", _("签到签退吻合")
    B = "B", _("经他人确认")
    C = "C", _("事后补录，有凭据")
    D = "D", _("外部导入")


class Record(models.Model):
    """A person's service from start to finish. Whole minutes; travel is not service (rule H1)."""

    class State(models.TextChoices):
        CLAIMED = "claimed", _("待确认")
        CONFIRMED = "confirmed", _("已确认")
        CONTESTED = "contested", _("时间有冲突")
        VOID = "void", _("已作废")

    MOVES = {
        State.CLAIMED: {State.CONFIRMED, State.CONTESTED, State.VOID},
        State.CONTESTED: {State.CONFIRMED, State.VOID},
        State.CONFIRMED: {State.VOID},
    }
    TONES = {State.CLAIMED: "waiting", State.CONFIRMED: "done", State.CONTESTED: "urgent", State.VOID: "stopped"}

    person = models.ForeignKey(Person, models.PROTECT, related_name="service_records")
    what = models.CharField(max_length=60)
    during = DateTimeRangeField()
    minutes = models.PositiveIntegerField()
    grade = models.CharField(max_length=1, choices=Grade)
    state = models.CharField(max_length=10, choices=State, default=State.CLAIMED)
    about_type = models.CharField(max_length=60)
    about_id = models.BigIntegerField()
    team_path = PathField()
    place_path = PathField()
    recorder = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmer = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_how = models.CharField(max_length=20, blank=True)
    claimed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    version = models.PositiveSmallIntegerField(default=1)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    reason = models.CharField(_("为什么改"), max_length=200, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="no_two_services_at_once",
                expressions=[("person", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(state="confirmed"),
                violation_error_message=_("这段时间已经有确认过的服务时间。"),
            ),
            models.UniqueConstraint(
                fields=["about_type", "about_id", "person", "version"], name="one_record_per_service_and_version"
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="service_lasts_a_minute"),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False), name="confirmed_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(confirmer=None) | Q(recorder=None) | ~Q(confirmer=F("recorder")),
                name="recorded_and_confirmed_by_two",
                violation_error_message=_("记录时间的人不能自己确认，请由服务对象或另一个人确认。"),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="records_of_a_person"),
            models.Index(fields=["id"], name="contested_records", condition=Q(state="contested")),
            GistIndex(fields=["team_path"], name="records_by_team"),
            GistIndex(fields=["place_path"], name="records_by_place"),
        ]

    def __str__(self) -> str:
        return self.what


class Dispute(models.Model):
    """The person credited says that his record is wrong, and what it should be (rule H7)."""

    class State(models.TextChoices):
        OPEN = "open", _("待答复")
        CORRECTED = "corrected", _("已更正")
        KEPT = "kept", _("维持原记录")

    MOVES = {State.OPEN: {State.CORRECTED, State.KEPT}}
    TONES = {State.OPEN: "waiting", State.CORRECTED: "done", State.KEPT: "stopped"}

    record = models.ForeignKey(Record, models.PROTECT, related_name="disputes")
    during = DateTimeRangeField()
    reason = models.CharField(_("哪里不对"), max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.CharField(_("答复"), max_length=200, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(state="open"),
                name="one_open_dispute_per_record",
                violation_error_message=_("这条时间您已经提过异议，正在等答复。"),
            )
        ]
        indexes = [models.Index(fields=["due_at", "id"], name="open_disputes", condition=Q(state="open"))]

    def __str__(self) -> str:
        return f"{self.record_id}"

    @property
    def minutes(self) -> int:
        """How long it was, by the word of whoever is credited; in whole minutes (rule H1)."""
        return int((self.during.upper - self.during.lower).total_seconds()) // 60
