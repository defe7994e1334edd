"""Somebody may be in danger, or was left waiting: what rings until a named person says what came of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.base.paths import PathField
from lianxin.base.sealed import SealedField
from lianxin.needs.models.orders import Order
from lianxin.people.models import Person
from lianxin.users.models import User


class AlarmSet(models.QuerySet["Alarm"]):
    def under_any(self, paths: list[str]) -> "AlarmSet":
        """Alarms from below any of these places, or about an order of a team below any of them."""
        return self.filter(Q(place_path__under_any=paths) | Q(team_path__under_any=paths))

    def standing(self) -> "AlarmSet":
        """Those of which nobody has said yet what came of them."""
        return self.filter(state=Alarm.State.RINGING)


class Alarm(models.Model):
    """It rings at the desk of the person's place, red and on top, until an outcome is stated (rule S1)."""

    class Kind(models.TextChoices):
        NO_ANSWER = "no_answer", _("没人应门")
        UNREACHABLE = "unreachable", _("联系不上")
        MISSED = "missed", _("没人上门")

    class State(models.TextChoices):
        RINGING = "ringing", _("还没有结果")
        ENDED = "ended", _("有结果了")

    class Outcome(models.TextChoices):
        SAFE = "safe", _("安全在家")
        OUT = "out", _("外出")
        HOSPITAL = "hospital", _("住院")
        POLICE = "police", _("已报警")
        AMBULANCE = "ambulance", _("已叫 120")
        LATE = "late", _("迟到，已经上门")
        OTHER = "other", _("其他")

    GRAVE = (Kind.NO_ANSWER, Kind.UNREACHABLE)
    """Nobody knows whether the person is well."""
    HARMLESS = (Outcome.SAFE, Outcome.OUT)
    """What may be written to a relative; every other outcome may be a word on health, and is said by voice (S3)."""

    MOVES = {State.RINGING: {State.ENDED}}
    TONES = {State.RINGING: "urgent", State.ENDED: "done"}

    person = models.ForeignKey(Person, models.PROTECT, related_name="alarms")
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="alarms")
    kind = models.CharField(_("什么事"), max_length=12, choices=Kind)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.RINGING)
    place_path = PathField()
    team_path = PathField(null=True)
    raised_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome, blank=True)
    words = SealedField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = AlarmSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "order"],
                condition=Q(state="ringing"),
                nulls_distinct=False,
                name="one_alarm_rings_at_a_time",
                violation_error_message=_("已经有人报了，大家正在找。请刷新页面看最新情况。"),
            ),
            models.CheckConstraint(
                condition=Q(state="ringing", outcome="", ended_at=None)
                | Q(state="ended", ended_at__isnull=False) & ~Q(outcome=""),
                name="alarm_ends_with_an_outcome",
                violation_error_message=_("请选一个结果。"),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="ringing_alarms", condition=Q(state="ringing")),
            models.Index(fields=["order", "-id"], name="alarms_about_an_order"),
            models.Index(fields=["person", "-id"], name="alarms_about_a_person"),
        ]

    def __str__(self) -> str:
        """Without a name, since the journal writes it down (rule P3)."""
        return self.get_kind_display()

    @property
    def is_harmless(self) -> bool:
        """Whether it ended so that the outcome itself may be read by a relative."""
        return self.outcome in self.HARMLESS
