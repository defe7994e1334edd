"""What can be ordered, and how fast each need runs."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.organisations.models import Node
from lianxin.volunteers.models import Skill


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
    script = models.CharField(_("电话里要问的"), max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField(_("大约需要（分钟）"))
    people = models.PositiveSmallIntegerField(_("需要几个人"), default=1)
    skill = models.ForeignKey(Skill, models.PROTECT, null=True, blank=True, related_name="menu")
    materials = models.CharField(_("材料"), max_length=10, choices=Materials, default=Materials.NONE)
    clock = models.CharField(_("时限"), max_length=10, choices=Clock, default=Clock.PLAIN)
    expect = models.CharField(_("会怎么做"), max_length=200, blank=True)
    from_age = models.PositiveSmallIntegerField(_("多少岁起可以点"), default=0)
    rank = models.PositiveSmallIntegerField(_("排序"), default=0)
    is_low_risk = models.BooleanField(_("熟人免核实"), default=False)
    is_alone_at_first = models.BooleanField(_("第一次上门一人也行"), default=False)
    is_open = models.BooleanField(_("开放点单"), default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "name"],
                name="one_item_of_a_name_per_place",
                violation_error_message=_("这里已经有同名的服务项目。"),
            ),
            models.CheckConstraint(
                condition=Q(minutes__range=(10, 720)),
                name="item_of_ten_minutes_to_half_a_day",
                violation_error_message=_("一次服务从十分钟到十二小时（720 分钟）。"),
            ),
            models.CheckConstraint(
                condition=Q(people__range=(1, 20)),
                name="item_for_one_to_twenty",
                violation_error_message=_("一次服务要一到二十个人。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MenuClosing(models.Model):
    """A place where an item of a place above cannot be ordered; the places beside it keep it (rule O7)."""

    item = models.ForeignKey(MenuItem, models.CASCADE, related_name="closings")
    place = models.ForeignKey(Node, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "place"],
                name="item_closed_at_a_place_once",
                violation_error_message=_("这个项目在这里已经停了。"),
            )
        ]
