from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.base.paths import PathField
from lianxin.base.sealed import SealedField
from lianxin.organisations.models import Node
from lianxin.people.models import Person
from lianxin.users.models import User
from lianxin.volunteers.models import Skill, Volunteer


class Clock(models.TextChoices):
    """How fast a need runs (rule C1): urgent and quick by the calendar, plain by working time."""

    URGENT = "urgent", _("急")
    QUICK = "quick", _("快")
    PLAIN = "plain", _("平")


class MenuItem(models.Model):
    """A service that can be ordered within a place: in plain words, with what to expect."""

    class Materials(models.TextChoices):
        NONE = "none", _("不用材料")
        OWN = "own", _("材料自备")
        COMMUNITY = "community", _("材料由社区出")
        TEAM = "team", _("材料由志愿队出")

    place = models.ForeignKey(Node, models.PROTECT, related_name="menu")
    name = models.CharField(_("项目"), max_length=20)
    words = models.CharField(_("说明"), max_length=80)
    icon = models.CharField(max_length=30)
    minutes = models.PositiveSmallIntegerField(_("大约需要（分钟）"))
    people = models.PositiveSmallIntegerField(_("需要几个人"), default=1)
    skill = models.ForeignKey(Skill, models.PROTECT, null=True, blank=True, related_name="menu")
    materials = models.CharField(_("材料"), max_length=10, choices=Materials, default=Materials.NONE)
    clock = models.CharField(_("时限"), max_length=10, choices=Clock, default=Clock.PLAIN)
    is_low_risk = models.BooleanField(_("熟人免核实"), default=False)
    is_open = models.BooleanField(_("开放点单"), default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "name"],
                name="one_item_of_a_name_per_place",
                violation_error_message=_("这里已经有同名的服务项目。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class OrderSet(models.QuerySet["Order"]):
    def under_any(self, paths: list[str]) -> "OrderSet":
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

    class Way(models.TextChoices):
        WEB = "web", _("网上")
        CALL = "call", _("电话")
        VISIT = "visit", _("走访")

    MOVES = {
        State.CHECKING: {State.WAITING, State.RETURNED, State.REDIRECTED, State.CANCELLED},
        State.RETURNED: {State.CHECKING, State.CANCELLED},
        State.WAITING: {State.OFFERED, State.REDIRECTED, State.CANCELLED},
        State.OFFERED: {State.ACCEPTED, State.WAITING, State.REDIRECTED, State.CANCELLED},
        State.ACCEPTED: {State.SERVING, State.WAITING, State.CANCELLED},
        State.SERVING: {State.TO_CONFIRM},
        State.TO_CONFIRM: {State.DONE},
    }
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
        State.REDIRECTED: "stopped",
    }
    ENDED = (State.DONE, State.CANCELLED, State.REDIRECTED)

    item = models.ForeignKey(MenuItem, models.PROTECT, related_name="orders")
    resident = models.ForeignKey(Person, models.PROTECT, related_name="orders")
    placed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    way = models.CharField(_("点单方式"), max_length=10, choices=Way)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.CHECKING)
    clock = models.CharField(_("时限"), max_length=10, choices=Clock)
    people = models.PositiveSmallIntegerField(_("需要几个人"))
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
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    reason = models.CharField(_("原因"), max_length=100, blank=True)
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
            models.Index(fields=["resident", "-id"], name="orders_of_a_resident"),
            models.Index(fields=["placed_by", "-id"], name="orders_placed_by_a_user"),
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


class Offer(models.Model):
    """The order proposed to one volunteer or one team, who may decline without a reason (rules D1 and D3)."""

    class State(models.TextChoices):
        OPEN = "open", _("等待回应")
        ACCEPTED = "accepted", _("已接受")
        DECLINED = "declined", _("已婉拒")
        LAPSED = "lapsed", _("已过期")
        WITHDRAWN = "withdrawn", _("已撤回")

    MOVES = {State.OPEN: {State.ACCEPTED, State.DECLINED, State.LAPSED, State.WITHDRAWN}}
    TONES = {
        State.OPEN: "waiting",
        State.ACCEPTED: "done",
        State.DECLINED: "stopped",
        State.LAPSED: "stopped",
        State.WITHDRAWN: "stopped",
    }

    order = models.ForeignKey(Order, models.PROTECT, related_name="offers")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, null=True, related_name="offers")
    team = models.ForeignKey(Node, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    offered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    offered_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    metres = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(volunteer__isnull=False, team=None) | Q(volunteer=None, team__isnull=False),
                name="offer_to_a_volunteer_or_a_team",
            ),
            models.UniqueConstraint(
                fields=["order", "volunteer"],
                condition=Q(state__in=["open", "accepted"]),
                name="one_standing_offer_per_volunteer",
                violation_error_message=_("已经派给这位志愿者了。"),
            ),
        ]
        indexes = [
            models.Index(fields=["volunteer", "-id"], name="offers_to_a_volunteer"),
            models.Index(fields=["lapses_at", "id"], name="open_offers_by_lapse", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}"


class Assignment(models.Model):
    """One volunteer on one order."""

    class State(models.TextChoices):
        HELD = "held", _("已接单")
        RELEASED = "released", _("已退出")

    MOVES = {State.HELD: {State.RELEASED}}

    order = models.ForeignKey(Order, models.PROTECT, related_name="assignments")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="assignments")
    state = models.CharField(max_length=10, choices=State, default=State.HELD)
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "volunteer"],
                name="one_assignment_per_volunteer",
                violation_error_message=_("您已经接了这一单。"),
            )
        ]
        indexes = [models.Index(fields=["volunteer", "-id"], name="assignments_of_a_volunteer")]

    def __str__(self) -> str:
        return f"{self.order_id}"


class Visit(models.Model):
    """One volunteer at the door: when it began and ended. Reopening an order adds a visit."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="visits")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(_("做得怎么样"), max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(finished_at=None),
                name="one_open_visit_per_assignment",
                violation_error_message=_("这次服务已经开始了。"),
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(finished_at__gt=models.F("started_at")),
                name="visit_ends_after_it_starts",
                violation_error_message=_("结束时间要晚于开始时间。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment.order}"


class Rating(models.Model):
    """What the resident thought of it; an order is rated once, and never by itself (rule R1)."""

    order = models.OneToOneField(Order, models.PROTECT, related_name="rating")
    stars = models.PositiveSmallIntegerField(_("星级"))
    words = models.CharField(_("想说的话"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stars__range=(1, 5)),
                name="one_to_five_stars",
                violation_error_message=_("请选一到五颗星。"),
            )
        ]
