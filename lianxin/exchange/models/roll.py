from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.base.paths import PathField
from lianxin.exchange.models.rosters import Roster
from lianxin.organisations.models import Node
from lianxin.people.models import Person
from lianxin.users.models import User

WRONG_TRIES = 5


class SignedSheet(models.Model):
    """A paper on which people on roll confirmed by their signature, before a witness (rule I9).

    Who writes it down and who confirms it are two people; the paper stays with the office.
    """

    class State(models.TextChoices):
        WRITTEN = "written", _("等第二个人核对")
        CONFIRMED = "confirmed", _("已核对")
        VOID = "void", _("作废")

    MOVES = {State.WRITTEN: {State.CONFIRMED, State.VOID}}
    TONES = {State.WRITTEN: "waiting", State.CONFIRMED: "done", State.VOID: "stopped"}

    team = models.ForeignKey(Node, models.PROTECT, related_name="+")
    scope = PathField()
    witness = models.CharField(_("见证人"), max_length=50)
    signed_on = models.DateField(_("签字日期"))
    state = models.CharField(max_length=10, choices=State, default=State.WRITTEN)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("written_by")),
                name="two_people_for_a_signed_sheet",
                violation_error_message=_("登记和核对不能是同一个人，请另一位同事来核对。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.team} {self.signed_on}"


class OnRoll(models.Model):
    """A person whom an office named as one of a team: he counts for nothing until he confirms (rule I7)."""

    STANDS_ON = {"team": (Q(confirmed_at=None, left_at=None), _("个待确认的人"))}

    class How(models.TextChoices):
        PHONE = "phone", _("本人用手机确认")
        SLIP = "slip", _("本人凭确认条确认")
        SHEET = "sheet", _("本人签字，有见证人")

    person = models.OneToOneField(Person, models.PROTECT, related_name="on_roll")
    team = models.ForeignKey(Node, models.PROTECT, related_name="on_roll")
    skills = ArrayField(models.BigIntegerField(), default=list)
    roster = models.ForeignKey(Roster, models.PROTECT, related_name="on_roll")
    made_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    slip_hash = models.BinaryField(max_length=32, null=True, unique=True)
    slip_until = models.DateTimeField(null=True)
    sheet = models.ForeignKey(SignedSheet, models.PROTECT, null=True, related_name="on_roll")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_how = models.CharField(max_length=6, choices=How, blank=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_how="")
                | (Q(confirmed_at__isnull=False) & ~Q(confirmed_how="")),
                name="confirmed_in_some_way",
            )
        ]
        indexes = [
            models.Index(fields=["team", "id"], name="unconfirmed_of_a_team", condition=Q(confirmed_at=None)),
            models.Index(fields=["roster", "id"], name="on_roll_by_roster"),
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def state_words(self) -> str:
        """What is known of his word: 待确认, 已确认 and how, or that he said no."""
        if self.confirmed_at:
            return str(self.get_confirmed_how_display())
        if self.left_at:
            return gettext("本人说不在名单里")
        return gettext("签了字，等核对") if self.sheet_id else gettext("待确认")


class RollCount(models.Model):
    """How many are on roll of one team, live in one place, and have said neither yes nor no; in a large city only.

    Kept as volunteers' headcounts are: counted anew every few minutes and thrown away whole
    (docs/decisions/0013-heads-are-counted-anew.md).
    """

    team = models.ForeignKey(Node, models.CASCADE, related_name="+")
    home = models.ForeignKey(Node, models.CASCADE, null=True, related_name="+")
    many = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "home"], nulls_distinct=False, name="roll_counted_once"),
        ]
