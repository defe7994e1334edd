from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxin.base.paths import PathField
from lianxin.base.sealed import SealedFileField
from lianxin.users.models import User


class Field(models.TextChoices):
    """What a column of a roster may hold. Sex and birth are only compared with the ID number."""

    NAME = "name", _("姓名")
    ID_NUMBER = "id_number", _("身份证号")
    PHONE = "phone", _("手机")
    BORN_ON = "born_on", _("出生日期")
    SEX = "sex", _("性别")
    TEAM = "team", _("服务队")
    HOME = "home", _("居住社区")
    SKILLS = "skills", _("特长")


class Source(models.Model):
    """Where files of one shape come from («网格系统导出»), and which of their columns holds what, by heading."""

    scope = PathField()
    name = models.CharField(_("来源"), max_length=40)
    mapping = models.JSONField(default=dict)
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "name"], name="one_source_per_name")]

    def __str__(self) -> str:
        return self.name


class Roster(models.Model):
    """One file on its way in (rules I1 to I6). The file is sealed, and deleted with its lines after `FILE_KEPT`."""

    class State(models.TextChoices):
        READING = "reading", _("正在打开")
        TO_MAP = "to_map", _("要对一下列")
        CHECKING = "checking", _("正在检查")
        CHECKED = "checked", _("检查好了")
        ACCEPTING = "accepting", _("正在写入")
        ACCEPTED = "accepted", _("已导入")
        DROPPED = "dropped", _("没有导入")
        FAILED = "failed", _("读不了")

    MOVES = {
        State.READING: {State.TO_MAP, State.FAILED},
        State.TO_MAP: {State.CHECKING, State.DROPPED},
        State.CHECKING: {State.CHECKED, State.FAILED},
        State.CHECKED: {State.ACCEPTING, State.DROPPED},
        State.ACCEPTING: {State.ACCEPTED, State.FAILED},
        State.FAILED: {State.DROPPED},
    }
    TONES = {
        State.READING: "active",
        State.TO_MAP: "waiting",
        State.CHECKING: "active",
        State.CHECKED: "waiting",
        State.ACCEPTING: "active",
        State.ACCEPTED: "done",
        State.DROPPED: "stopped",
        State.FAILED: "urgent",
    }

    file_name = models.CharField(max_length=120)
    file = SealedFileField(null=True)
    file_hash = models.BinaryField(max_length=32)
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="rosters")
    scope = PathField()
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.READING)
    failure = models.CharField(max_length=200, blank=True)
    sheets = models.JSONField(default=list)
    sheet = models.PositiveSmallIntegerField(default=0)
    head_row = models.PositiveIntegerField(default=1)
    headings = ArrayField(models.CharField(max_length=60), default=list)
    mapping = models.JSONField(default=dict)
    done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-id"], name="rosters_by_age"),
            models.Index(fields=["file_hash"], name="rosters_of_a_file"),
            models.Index(fields=["made_at"], name="roster_files_kept", condition=models.Q(file__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_working(self) -> bool:
        """Whether the machine has it in hand."""
        return self.state in {self.State.READING, self.State.CHECKING, self.State.ACCEPTING}

    @property
    def good(self) -> int:
        """How many lines would change something."""
        return int(self.counts.get("new", 0)) + int(self.counts.get("changed", 0))


class Outcome(models.TextChoices):
    """What a line of a roster means for what we hold."""

    NEW = "new", _("新增")
    CHANGED = "changed", _("资料有变")
    KNOWN = "known", _("已经有了")
    WRONG = "wrong", _("要改")
    LOST = "lost", _("晚了一步")


class Line(models.Model):
    """One line of a roster, as found. Names stand here, never an ID number or a phone; problems are codes."""

    roster = models.ForeignKey(Roster, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=8, choices=Outcome)
    name = models.CharField(max_length=60, blank=True)
    id_ending = models.CharField(max_length=4, blank=True)
    team = models.CharField(max_length=60, blank=True)
    problems = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["roster", "number"], name="one_line_per_number")]
        indexes = [models.Index(fields=["roster", "outcome", "number"], name="lines_by_outcome")]

    def __str__(self) -> str:
        return f"{self.roster_id}:{self.number}"
