from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.organisations.models import Node
from lianxin.people.models import Person


class Skill(models.Model):
    """Something a volunteer can do and a task may ask for."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.name


class Volunteer(models.Model):
    """A person who serves. `free` is a week of 56 slots (7 days × 8 slots of two hours, bit 0 = Monday 06:00)."""

    class State(models.TextChoices):
        APPLIED = "applied", _("待审核")
        ACTIVE = "active", _("在册")
        SUSPENDED = "suspended", _("暂停")
        LEFT = "left", _("已退出")

    MOVES = {
        State.APPLIED: {State.ACTIVE, State.LEFT},
        State.ACTIVE: {State.SUSPENDED, State.LEFT},
        State.SUSPENDED: {State.ACTIVE, State.LEFT},
    }
    TONES = {State.APPLIED: "waiting", State.ACTIVE: "active", State.SUSPENDED: "stopped", State.LEFT: "stopped"}

    person = models.OneToOneField(Person, models.PROTECT, related_name="volunteer")
    number = models.CharField(_("志愿者编号"), max_length=12, unique=True)
    team = models.ForeignKey(Node, models.PROTECT, related_name="volunteers")
    state = models.CharField(max_length=10, choices=State, default=State.APPLIED)
    skills = models.ManyToManyField(Skill, related_name="volunteers")
    free = models.BigIntegerField(default=0)
    most_tasks_a_week = models.PositiveSmallIntegerField(default=3)
    registered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["team", "id"], name="active_volunteers", condition=Q(state="active"))]

    def __str__(self) -> str:
        return f"{self.person} {self.number}"


class Commitment(models.Model):
    """A promise of a person's time. Held ones never overlap for one person: the database sees to it."""

    class State(models.TextChoices):
        HELD = "held", _("有效")
        RELEASED = "released", _("已解除")

    person = models.ForeignKey(Person, models.PROTECT, related_name="commitments")
    during = DateTimeRangeField()
    state = models.CharField(max_length=10, choices=State, default=State.HELD)
    about_type = models.CharField(max_length=60)
    about_id = models.BigIntegerField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_promise_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(state="held"),
                violation_error_message=_("这段时间已经答应了别的事，不能再接。"),
            )
        ]
        indexes = [models.Index(fields=["about_type", "about_id"], name="commitments_about_a_row")]


class Block(models.Model):
    """This volunteer is not offered to this person again; nobody tells him, nobody asks why."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="blocks")
    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "volunteer"], name="one_block_per_pair")]
