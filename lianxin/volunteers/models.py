import secrets

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.organisations.models import Node
from lianxin.people.models import Person
from lianxin.users.models import User


class Skill(models.Model):
    """Something a volunteer can do and a task may ask for."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=20)
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(closed_on=None),
                name="one_open_skill_of_a_name",
                violation_error_message=_("已经有这项技能。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


def new_card_code() -> str:
    """What stands in the QR of a card: drawn, so that nobody can guess another's."""
    return secrets.token_urlsafe(12)


class Volunteer(models.Model):
    """A person who serves. `free` is a week of 56 slots (7 days × 8 slots of two hours, bit 0 = Monday 06:00).

    `reason` is why he was asked back, refused or suspended, in words that he reads; `until` the last day of a
    suspension. What a card shows beyond «is registered» is his own choice.
    """

    class State(models.TextChoices):
        APPLIED = "applied", _("待审核")
        ASKED_BACK = "asked_back", _("待补充")
        ACTIVE = "active", _("在册")
        SUSPENDED = "suspended", _("暂停")
        REFUSED = "refused", _("未通过")
        LEFT = "left", _("已退出")
        RESTRICTED = "restricted", _("已封存")

    MOVES = {
        State.APPLIED: {State.ACTIVE, State.ASKED_BACK, State.REFUSED, State.LEFT, State.RESTRICTED},
        State.ASKED_BACK: {State.APPLIED, State.LEFT, State.RESTRICTED},
        State.ACTIVE: {State.SUSPENDED, State.LEFT, State.RESTRICTED},
        State.SUSPENDED: {State.ACTIVE, State.LEFT, State.RESTRICTED},
        State.REFUSED: {State.APPLIED, State.RESTRICTED},
        State.LEFT: {State.APPLIED, State.RESTRICTED},
        State.RESTRICTED: {State.APPLIED},
    }
    TONES = {
        State.APPLIED: "waiting",
        State.ASKED_BACK: "waiting",
        State.ACTIVE: "active",
        State.SUSPENDED: "stopped",
        State.REFUSED: "stopped",
        State.LEFT: "stopped",
        State.RESTRICTED: "stopped",
    }
    STANDS_ON = {"team": (Q(state__in=["applied", "asked_back", "active", "suspended"]), _("名志愿者"))}

    person = models.OneToOneField(Person, models.PROTECT, related_name="volunteer")
    number = models.CharField(_("志愿者编号"), max_length=12, unique=True)
    team = models.ForeignKey(Node, models.PROTECT, related_name="volunteers")
    state = models.CharField(max_length=10, choices=State, default=State.APPLIED)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    until = models.DateField(_("到哪一天"), null=True)
    skills = models.ManyToManyField(Skill, related_name="volunteers")
    free = models.BigIntegerField(default=0)
    most_tasks_a_week = models.PositiveSmallIntegerField(default=3)
    registered_at = models.DateTimeField()
    agreed_to = models.CharField(max_length=16, blank=True)
    agreed_at = models.DateTimeField(null=True)
    card_code = models.CharField(max_length=16, unique=True, default=new_card_code)

    class Meta:
        indexes = [
            models.Index(fields=["team", "id"], name="active_volunteers", condition=Q(state="active")),
            models.Index(fields=["team", "state", "id"], name="volunteers_of_a_team"),
            models.Index(fields=["state", "id"], name="volunteers_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.number}"


class Stay(models.Model):
    """In which team a volunteer was, from when to when; one at a time."""

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="stays")
    team = models.ForeignKey(Node, models.PROTECT, related_name="+")
    during = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_team_at_a_time",
                expressions=[("volunteer", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            )
        ]


class Transfer(models.Model):
    """A volunteer asks to go to another team; the receiving captain says yes or no (rule W7)."""

    class State(models.TextChoices):
        ASKED = "asked", _("等待接收")
        ACCEPTED = "accepted", _("已接收")
        DECLINED = "declined", _("未接收")
        WITHDRAWN = "withdrawn", _("已撤回")

    MOVES = {State.ASKED: {State.ACCEPTED, State.DECLINED, State.WITHDRAWN}}
    TONES = {
        State.ASKED: "waiting",
        State.ACCEPTED: "done",
        State.DECLINED: "stopped",
        State.WITHDRAWN: "stopped",
    }
    STANDS_ON = {"to_team": (Q(state="asked"), _("份转入申请"))}

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="transfers")
    from_team = models.ForeignKey(Node, models.PROTECT, related_name="+")
    to_team = models.ForeignKey(Node, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    reason = models.CharField(_("说明"), max_length=200, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer"],
                condition=Q(state="asked"),
                name="one_open_transfer",
                violation_error_message=_("已经有一份转队申请在等对方队长答复。"),
            )
        ]
        indexes = [models.Index(fields=["to_team", "id"], name="open_transfers", condition=Q(state="asked"))]

    def __str__(self) -> str:
        return f"{self.volunteer.number} {self.to_team}"


class Membership(models.Model):
    """That a person belongs to a branch, a unit or a mass organisation (rule W9).

    What a branch writes down counts in no figure before the person agreed, and shows on no card before he wants it.
    """

    class Kind(models.TextChoices):
        FULL = "full", _("正式党员")
        PROBATIONARY = "probationary", _("预备党员")
        MEMBER = "member", _("成员")

    STANDS_ON = {"node": (Q(during__upper_inf=True), _("名成员"))}

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    node = models.ForeignKey(Node, models.PROTECT, related_name="memberships")
    kind = models.CharField(max_length=12, choices=Kind)
    during = DateRangeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    is_shown = models.BooleanField(default=False)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_branch_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(kind__in=["full", "probationary"]),
                violation_error_message=_("这个人已经登记在一个党支部。请先由原支部转出。"),
            ),
            ExclusionConstraint(
                name="belongs_to_a_node_once",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("node", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("这个人已经在名单里。"),
            ),
            models.CheckConstraint(
                condition=Q(is_shown=False) | Q(agreed_at__isnull=False),
                name="shown_only_by_consent",
                violation_error_message=_("要先确认身份，才能选择亮出来。"),
            ),
        ]
        indexes = [models.Index(fields=["node", "id"], name="members_of_a_node")]

    def __str__(self) -> str:
        return str(self.person)


class Kit(models.Model):
    """A piece of the identity kit in somebody's hands: issued, and perhaps given back (rule W10)."""

    class Kind(models.TextChoices):
        FLAG = "flag", _("旗")
        BADGE = "badge", _("证件牌")
        VEST = "vest", _("马甲")
        CAP = "cap", _("帽子")

    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="kit")
    kind = models.CharField(_("物品"), max_length=6, choices=Kind)
    number = models.CharField(_("编号或尺码"), max_length=20, blank=True)
    issued_on = models.DateField()
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    returned_on = models.DateField(null=True)
    returned_to = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "kind"],
                condition=Q(returned_on=None),
                name="one_piece_of_a_kind",
                violation_error_message=_("他手里已经有一件，请先登记归还。"),
            )
        ]
        indexes = [models.Index(fields=["kind", "id"], name="kit_out_by_kind", condition=Q(returned_on=None))]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()


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
