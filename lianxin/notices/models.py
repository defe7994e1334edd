from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from lianxin.base.paths import PathField
from lianxin.base.sealed import EndingOfField, SealedField


class Way(models.TextChoices):
    """How a notice travels."""

    IN_APP = "in_app", _("站内消息")
    SMS = "sms", _("短信")
    CALL = "call", _("电话")


class Notice(models.Model):
    """One message to one person. `key` makes a listener that hears twice tell once.

    The person is an id, since people live on a higher floor; `user` is set when that person can sign in.
    """

    key = models.CharField(max_length=80, unique=True)
    person_id = models.BigIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="notices")
    way = models.CharField(max_length=10, choices=Way)
    text = models.CharField(max_length=300)
    link = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-id"], name="notices_of_a_user"),
            models.Index(fields=["user"], name="unread_notices", condition=Q(read_at=None)),
            models.Index(fields=["person_id", "-id"], name="notices_of_a_person"),
        ]

    def __str__(self) -> str:
        return self.text


class Sms(models.Model):
    """A text message for the carrier. The number and the text are sealed: a code or a name may stand in it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待发送")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("发送失败")

    notice = models.OneToOneField(Notice, models.CASCADE, null=True)
    phone = SealedField()
    phone_ending = EndingOfField("phone")
    text = SealedField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    made_at = models.DateTimeField()
    written_at = models.DateTimeField(db_default=Now(), editable=False)
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["id"], name="sms_waiting", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return f"•••{self.phone_ending}"


class CallCard(models.Model):
    """A call to make: to whom, what to say, by when. Closed by an outcome, after three tries at the most.

    With `contact_id` it is not the person of the notice who is rung, but the one whom he named for it: an id, since
    these too live on a higher floor (rule S1).
    """

    class Outcome(models.TextChoices):
        REACHED = "reached", _("已告知本人")
        FAMILY = "family", _("已告知家人")
        GIVEN_UP = "given_up", _("三次没打通，转上门")
        NO_ANSWER = "no_answer", _("三次没打通")
        WITHDRAWN = "withdrawn", _("不用打了")

    TRIES = 3

    notice = models.OneToOneField(Notice, models.CASCADE)
    person_name = models.CharField(max_length=50)
    contact_id = models.BigIntegerField(null=True)
    scope = PathField()
    due_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", done_at=None) | ~Q(outcome="") & ~Q(done_at=None),
                name="call_card_done_with_outcome",
            ),
        ]
        indexes = [models.Index(fields=["due_at", "id"], name="open_call_cards", condition=Q(done_at=None))]

    def __str__(self) -> str:
        """Without name and text, since the journal writes it down (rule P3)."""
        return f"{self.pk}"


class CallTry(models.Model):
    """One try at a call card."""

    class Result(models.TextChoices):
        REACHED = "reached", _("打通了，本人接的")
        FAMILY = "family", _("打通了，家人接的")
        NO_ANSWER = "no_answer", _("没人接")
        WRONG_NUMBER = "wrong_number", _("号码不对")

    card = models.ForeignKey(CallCard, models.CASCADE, related_name="tries")
    result = models.CharField(max_length=12, choices=Result)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
