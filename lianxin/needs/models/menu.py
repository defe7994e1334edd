"""What can be ordered, and how fast each need runs."""

from django.db import models
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
