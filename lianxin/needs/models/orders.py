"""What a resident asks for."""

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.base.paths import PathField
from lianxin.base.prepared import Slot
from lianxin.base.sealed import SealedField
from lianxin.needs.models.menu import Clock, MenuItem
from lianxin.organisations.models import Node
from lianxin.people.models import Person
from lianxin.users.models import User
from lianxin.volunteers.models import Volunteer


class OrderSet(models.QuerySet["Order"]):
    def under_any(self, paths: list[str] | Slot) -> "OrderSet":
        """Orders from below any of these places, or handled by a team below any of them."""
        return self.filter(Q(place_path__under_any=paths) | Q(team_path__under_any=paths))


class Order(models.Model):
    """What a resident asks for. Its key is its number; paths are kept as they were on its day."""

    class State(models.TextChoices):
        CHECKING = "checking", _("待核实")
        RETURNED = "returned", _("已退回")
        WAITING = "waiting", _("待派单")
        OFFERED = "offered", _("已派单")
        ACCEPTED = "accepted", _("已接单")
        SERVING = "serving", _("服务中")
        TO_CONFIRM = "to_confirm", _("待确认")
        DONE = "done", _("已完成")
        CANCELLED = "cancelled", _("已取消")
        REDIRECTED = "redirected", _("已转办")
        SETTLED = "settled", _("转办已了结")
        PAUSED = "paused", _("已暂停")

    class Way(models.TextChoices):
        WEB = "web", _("网上")
        CALL = "call", _("电话")
        VISIT = "visit", _("走访")

    class Asked(models.IntegerChoices):
        """Who is asked whether it was done, while nobody answers (rule E7)."""

        HIMSELF = 0, _("问本人")
        BY_CALL = 1, _("打电话问")
        CAPTAIN = 2, _("请队长作证")

    MOVES = {
        State.CHECKING: {State.WAITING, State.RETURNED, State.REDIRECTED, State.PAUSED, State.CANCELLED},
        State.RETURNED: {State.CHECKING, State.CANCELLED},
        State.WAITING: {State.OFFERED, State.ACCEPTED, State.REDIRECTED, State.PAUSED, State.CANCELLED},
        State.OFFERED: {State.ACCEPTED, State.WAITING, State.REDIRECTED, State.PAUSED, State.CANCELLED},
        State.ACCEPTED: {State.SERVING, State.WAITING, State.REDIRECTED, State.CANCELLED},
        State.PAUSED: {State.CHECKING, State.WAITING, State.CANCELLED},
        State.REDIRECTED: {State.CHECKING, State.WAITING, State.SETTLED},
        State.SERVING: {State.TO_CONFIRM, State.ACCEPTED},
        State.TO_CONFIRM: {State.DONE, State.ACCEPTED, State.WAITING},
        State.DONE: {State.ACCEPTED, State.WAITING},
    }
    STANDS_ON = {"place": (~Q(state__in=["done", "cancelled", "settled"]), _("张没有办完的单"))}
    TONES = {
        State.CHECKING: "waiting",
        State.RETURNED: "urgent",
        State.WAITING: "waiting",
        State.OFFERED: "waiting",
        State.ACCEPTED: "active",
        State.SERVING: "active",
        State.TO_CONFIRM: "active",
        State.DONE: "done",
        State.CANCELLED: "stopped",
        State.REDIRECTED: "waiting",
        State.SETTLED: "stopped",
        State.PAUSED: "stopped",
    }
    ENDED = (State.DONE, State.CANCELLED, State.SETTLED)
    BEFORE_THE_DOOR = (State.CHECKING, State.WAITING, State.OFFERED, State.ACCEPTED)
    """Another time may still be agreed (rule D15)."""

    class Two(models.TextChoices):
        """Why two go (rule D8)."""

        FIRST = "first", _("第一次上门")
        MINOR = "minor", _("服务未成年人")
        NIGHT = "night", _("夜间")

    item = models.ForeignKey(MenuItem, models.PROTECT, related_name="orders")
    resident = models.ForeignKey(Person, models.PROTECT, related_name="orders")
    placed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    way = models.CharField(_("点单方式"), max_length=10, choices=Way)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.CHECKING)
    clock = models.CharField(_("时限"), max_length=10, choices=Clock)
    people = models.PositiveSmallIntegerField(_("需要几个人"))
    two_because = ArrayField(models.CharField(max_length=10, choices=Two), default=list)
    fewer_because = models.CharField(_("减人的原因"), max_length=60, blank=True)
    minutes = models.PositiveSmallIntegerField(_("大约需要（分钟）"))
    window = DateTimeRangeField(_("希望的时间"))
    starts_at = models.DateTimeField(_("约定的时间"), null=True)
    details = SealedField(null=True)
    door_word = models.CharField(_("敲门暗语"), max_length=4)
    place = models.ForeignKey(Node, models.PROTECT, related_name="orders")
    place_path = PathField()
    team_path = PathField(null=True)
    placed_at = models.DateTimeField()
    promised_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    urged = models.PositiveSmallIntegerField(_("催过几次"), default=0)
    urged_at = models.DateTimeField(null=True)
    tier = models.PositiveSmallIntegerField(default=0)
    rises_at = models.DateTimeField(null=True)
    responsible = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    wished = models.ForeignKey(Volunteer, models.PROTECT, null=True, related_name="+")
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    reason = models.CharField(_("原因"), max_length=100, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    asking = models.PositiveSmallIntegerField(default=1)
    asked = models.PositiveSmallIntegerField(choices=Asked, default=Asked.HIMSELF)
    confirmed_how = models.CharField(max_length=10, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    request_key = models.UUIDField(null=True, editable=False)

    objects = OrderSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request_key"],
                name="one_order_per_request",
                violation_error_message=_("这一单已经下过了，请到「我的单」里看。"),
            ),
            models.CheckConstraint(
                condition=Q(people__range=(1, 20)),
                name="order_for_one_to_twenty",
                violation_error_message=_("一单可以要一到二十个人。"),
            ),
            models.CheckConstraint(
                condition=Q(minutes__range=(10, 720)),
                name="order_of_ten_minutes_to_half_a_day",
                violation_error_message=_("一单从十分钟到十二小时。"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "due_at", "id"], name="open_orders_by_due", condition=Q(due_at__isnull=False)
            ),
            models.Index(fields=["rises_at", "id"], name="orders_by_rise", condition=Q(rises_at__isnull=False)),
            models.Index(fields=["state", "-placed_at", "-id"], name="orders_by_state"),
            models.Index(fields=["clock", "-placed_at", "-id"], name="orders_by_clock"),
            models.Index(fields=["-placed_at", "-id"], name="raised_orders", condition=Q(tier__gt=0)),
            models.Index(fields=["resident", "-id"], name="orders_of_a_resident"),
            models.Index(fields=["placed_by", "-id"], name="orders_placed_by_a_user"),
            models.Index(fields=["-placed_at", "-id"], name="orders_by_time"),
            GistIndex(fields=["place_path"], name="orders_by_place"),
            GistIndex(fields=["team_path"], name="orders_by_team"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.item}"

    @property
    def number(self) -> int:
        """What people call the order by."""
        return self.pk

    @property
    def answering_path(self) -> str | None:
        """The path of who answers for it now: the serving team, after each rise the rung above (rule C4)."""
        if self.team_path is None:
            return None
        rungs = self.team_path.split(".")
        return ".".join(rungs[: max(1, len(rungs) - self.tier)])

    def ask_afresh(self) -> None:
        """What was answered so far was about another time; whoever answered may be asked again (rule D17)."""
        self.asking += 1

    @property
    def two_in_words(self) -> str:
        """Why two go, for people to read."""
        return "、".join(str(self.Two(why).label) for why in self.two_because)

    @property
    def planned_start(self) -> datetime:
        """The agreed start, or the first moment of the wanted window."""
        return self.starts_at or self.window.lower

    @property
    def latest_start(self) -> datetime:
        """The last moment at which the work still fits into the wanted window."""
        latest: datetime = self.window.upper - timedelta(minutes=self.minutes)
        return latest

    @property
    def planned_end(self) -> datetime:
        """When the visit should be over."""
        return self.planned_start + timedelta(minutes=self.minutes)
