from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxin.base.paths import PathField
from lianxin.base.sealed import SealedFileField
from lianxin.users.models import User


class Export(models.Model):
    """A list that somebody takes away as a file: the register of exports (rules X1 to X4).

    What was asked (list, filter, columns) stays; the file itself is sealed, and deleted after `EXPORT_KEPT`.
    """

    class State(models.TextChoices):
        WANTED = "wanted", _("正在准备")
        READY = "ready", _("可以下载")
        FAILED = "failed", _("没有做成")

    MOVES = {State.WANTED: {State.READY, State.FAILED}}
    TONES = {State.WANTED: "active", State.READY: "done", State.FAILED: "urgent"}

    listing = models.CharField(max_length=40)
    title = models.CharField(max_length=60)
    query = models.CharField(max_length=500, blank=True)
    with_sealed = models.BooleanField(default=False)
    reason = models.CharField(_("用途"), max_length=100, blank=True)
    wanted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    scope = PathField(null=True)
    wanted_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WANTED)
    rows = models.PositiveIntegerField(default=0)
    file = SealedFileField(null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["wanted_by", "-id"], name="exports_of_a_user"),
            models.Index(fields=["wanted_at"], name="export_files_kept", condition=models.Q(file__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.pk}"
