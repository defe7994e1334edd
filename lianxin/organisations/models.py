from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.base import search
from lianxin.base.paths import PathField
from lianxin.users.models import User


class Tree(models.TextChoices):
    """The three trees that cross in one person: where he belongs, serves and lives."""

    PARTY = "party", _("组织")
    SERVICE = "service", _("服务队")
    PLACE = "place", _("地方")


class Kind(models.TextChoices):
    """What a node is; words of tiers are shown from the node's own name where a city calls them otherwise."""

    COMMITTEE = "committee", _("党委")
    GENERAL_BRANCH = "general_branch", _("党总支")
    BRANCH = "branch", _("党支部")
    UNIT = "unit", _("单位")
    CORPS = "corps", _("总队")
    DETACHMENT = "detachment", _("支队")
    TEAM = "team", _("分队")
    PROFESSIONAL = "professional", _("专业队")
    CITY = "city", _("市")
    COUNTY = "county", _("区县")
    STREET = "street", _("街道")
    COMMUNITY = "community", _("社区")
    GRID = "grid", _("网格")
    STATION = "station", _("服务站")
    BASE = "base", _("服务基地")


TREE_OF = {
    **dict.fromkeys((Kind.COMMITTEE, Kind.GENERAL_BRANCH, Kind.BRANCH, Kind.UNIT), Tree.PARTY),
    **dict.fromkeys((Kind.CORPS, Kind.DETACHMENT, Kind.TEAM, Kind.PROFESSIONAL), Tree.SERVICE),
    **dict.fromkeys(
        (Kind.CITY, Kind.COUNTY, Kind.STREET, Kind.COMMUNITY, Kind.GRID, Kind.STATION, Kind.BASE), Tree.PLACE
    ),
}


class NodeSet(models.QuerySet["Node"]):
    def under(self, top: "Node | str") -> "NodeSet":
        """The node and all below it."""
        return self.filter(path__under=top if isinstance(top, str) else top.path)


class Node(models.Model):
    """One node of a tree. `path` lists the keys from the root to itself, so a subtree is one index look-up."""

    tree = models.CharField(max_length=10, choices=Tree)
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(_("名称"), max_length=60)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = PathField()
    code = models.CharField(_("代码"), max_length=20, blank=True)
    phone = models.CharField(_("对外电话"), max_length=20, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    search = ArrayField(models.CharField(max_length=2), default=list)

    objects = NodeSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["path"], name="one_node_per_path"),
            models.UniqueConstraint(
                fields=["parent", "name"],
                condition=Q(closed_on=None),
                name="one_name_below_a_parent",
                violation_error_message=_("上级下面已经有同名的组织。"),
            ),
        ]
        indexes = [
            GistIndex(fields=["path"], name="nodes_by_path"),
            GinIndex(fields=["search"], name="nodes_by_search"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, **options: object) -> None:
        self.search = search.grams(self.name)
        super().save(**options)  # type: ignore[arg-type]


class Parenthood(models.Model):
    """Under which parent a node stood, and when; at most one at a time."""

    node = models.ForeignKey(Node, models.CASCADE, related_name="parenthoods")
    parent = models.ForeignKey(Node, models.PROTECT, null=True, related_name="+")
    during = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_parent_at_a_time",
                expressions=[("node", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            )
        ]


class Serves(models.Model):
    """Whose orders go to whom: the team is offered the place's orders first, then the service tree upwards."""

    team = models.ForeignKey(Node, models.PROTECT, related_name="serves")
    place = models.ForeignKey(Node, models.PROTECT, related_name="served_by")
    during = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="serves_a_place_once",
                expressions=[
                    ("team", RangeOperators.EQUAL),
                    ("place", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("这支队伍已经在服务这个地方。"),
            )
        ]


class Role(models.TextChoices):
    """What somebody is to the service; each is held on a node."""

    RESIDENT = "resident", _("居民")
    VOLUNTEER = "volunteer", _("志愿者")
    CAPTAIN = "captain", _("队长")
    SECRETARY = "secretary", _("支部书记")
    STATION_WORKER = "station_worker", _("站点工作人员")
    CALL_OPERATOR = "call_operator", _("热线接线员")
    DISPATCHER = "dispatcher", _("派单员")
    UNIT_OFFICER = "unit_officer", _("单位联络员")
    CITY_OFFICER = "city_officer", _("市级管理员")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("系统管理员")
    SECURITY_ADMINISTRATOR = "security_administrator", _("安全管理员")
    AUDITOR = "auditor", _("审计管理员")


class RoleHeld(models.Model):
    """A user holds a role on a node from a day to a day; over the node's subtree."""

    user = models.ForeignKey(User, models.CASCADE, related_name="roles_held")
    role = models.CharField(max_length=24, choices=Role)
    node = models.ForeignKey(Node, models.PROTECT, related_name="roles_held")
    during = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="holds_a_role_once",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("node", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("这个人在这里已经有这个身份。"),
            )
        ]
        indexes = [
            models.Index(fields=["user"], name="roles_of_a_user"),
            models.Index(fields=["node", "role"], name="holders_on_a_node"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.node}"
