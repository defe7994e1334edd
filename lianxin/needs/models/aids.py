"""What helps the desk: the knowledge list, the sheet of the day, and visits for whoever no call reaches."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.base import search
from lianxin.base.paths import PathField
from lianxin.base.sealed import SealedField
from lianxin.organisations.models import Node
from lianxin.people.models import Person
from lianxin.users.models import User


class Knowledge(models.Model):
    """A question people ask, with its answer, and perhaps a number to pass them on to (rule L7)."""

    place = models.ForeignKey(Node, models.PROTECT, related_name="knowledge")
    words = models.CharField(_("问什么"), max_length=40)
    answer = models.CharField(_("怎么答"), max_length=300)
    number = models.CharField(_("转哪个号码"), max_length=20, blank=True)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    search = ArrayField(models.CharField(max_length=2), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "words"],
                condition=Q(closed_at=None),
                name="one_answer_per_question",
                violation_error_message=_("这里已经有同样的一条。"),
            )
        ]
        indexes = [GinIndex(fields=["search"], name="knowledge_by_search")]

    def __str__(self) -> str:
        return self.words

    def save(self, **options: object) -> None:
        self.search = search.grams(f"{self.words} {self.answer} {self.number}")
        super().save(**options)  # type: ignore[arg-type]


class DaySheet(models.Model):
    """The visits of one day at one place as a PDF, sealed, for the day on which nothing else works (rule L9)."""

    place = models.ForeignKey(Node, models.PROTECT, related_name="+")
    day = models.DateField()
    made_at = models.DateTimeField()
    pdf = SealedField()
    people = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "day"],
                name="one_sheet_per_day",
                violation_error_message=_("今天的上门单已经有了。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.day}"


class HomeVisit(models.Model):
    """Three calls reached nobody: the station goes there and tells in person (rule N1)."""

    class Outcome(models.TextChoices):
        TOLD = "told", _("当面告知了")
        FAMILY = "family", _("告诉了家人")
        MOVED = "moved", _("已经搬走")
        HOSPITAL = "hospital", _("住院或外出")

    card = models.BigIntegerField(unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    place_path = PathField()
    text = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    times = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", done_at=None) | ~Q(outcome="") & ~Q(done_at=None),
                name="home_visit_done_with_outcome",
                violation_error_message=_("请选一个结果。"),
            )
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="open_home_visits", condition=Q(done_at=None)),
            GistIndex(fields=["place_path"], name="home_visits_by_place"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
