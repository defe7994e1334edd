from collections.abc import Sequence

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.base import search
from lianxin.base.clock import today
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
    TRADE_UNION = "trade_union", _("工会")
    WOMENS_FEDERATION = "womens_federation", _("妇联")
    YOUTH_LEAGUE = "youth_league", _("团委")
    SOCIAL = "social", _("社会组织")
    ALLIANCE = "alliance", _("党建联盟")
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
    MICRO_STATION = "micro_station", _("微驿站")
    PRACTICE = "practice", _("新时代文明实践阵地")


PARTY_KINDS = frozenset({Kind.COMMITTEE, Kind.GENERAL_BRANCH, Kind.BRANCH})
CORPS_KINDS = frozenset({Kind.CORPS, Kind.DETACHMENT, Kind.TEAM, Kind.PROFESSIONAL})
MASS_KINDS = frozenset(
    {Kind.UNIT, Kind.TRADE_UNION, Kind.WOMENS_FEDERATION, Kind.YOUTH_LEAGUE, Kind.SOCIAL, Kind.ALLIANCE}
)
TREE_OF = {
    **dict.fromkeys(PARTY_KINDS | MASS_KINDS, Tree.PARTY),
    **dict.fromkeys(CORPS_KINDS, Tree.SERVICE),
    **dict.fromkeys(set(Kind) - PARTY_KINDS - MASS_KINDS - CORPS_KINDS, Tree.PLACE),
}


class NodeSet(models.QuerySet["Node"]):
    def under(self, top: "Node | str") -> "NodeSet":
        """The node and all below it."""
        return self.filter(path__under=top if isinstance(top, str) else top.path)

    def under_any(self, paths: Sequence[str]) -> "NodeSet":
        """The nodes with these paths and all below them."""
        return self.filter(path__under_any=paths)

    def are_many(self) -> bool:
        """Whether there are more than a street has: what stands on them had better be read from its own end."""
        return self[:301].count() > 300

    def open(self) -> "NodeSet":
        """Those that have not been closed."""
        return self.filter(closed_on=None)


class Node(models.Model):
    """One node of a tree. `path` lists the keys from the root to itself, so a subtree is one index look-up.

    A node that was merged is closed and stands below its successor, so that its past is counted there.
    """

    STANDS_ON = {"parent": (Q(closed_on=None), _("个下级组织"))}

    tree = models.CharField(max_length=10, choices=Tree)
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(_("名称"), max_length=60)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = PathField()
    code = models.CharField(_("区划代码"), max_length=20, blank=True)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    tags = ArrayField(models.CharField(max_length=12), default=list)
    phone = models.CharField(_("对外电话"), max_length=20, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
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
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=Q(closed_on=None) & ~Q(credit_code=""),
                name="one_node_per_credit_code",
                violation_error_message=_("这个统一社会信用代码已经登记在另一个组织。"),
            ),
        ]
        indexes = [
            GistIndex(fields=["path"], name="nodes_by_path"),
            GinIndex(fields=["search"], name="nodes_by_search"),
            GinIndex(fields=["tags"], name="nodes_by_tag"),
            models.Index(fields=["parent", "id"], name="open_children", condition=Q(closed_on=None)),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, **options: object) -> None:
        self.search = search.grams(self.name)
        super().save(**options)  # type: ignore[arg-type]

    def get_kind_display(self) -> str:  # type: ignore[no-redef]  # Django's own words all twenty kinds to find one
        return str(Kind(self.kind).label)


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


class Naming(models.Model):
    """What a node was called, and when; one name at a time."""

    node = models.ForeignKey(Node, models.CASCADE, related_name="namings")
    name = models.CharField(max_length=60)
    during = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_name_at_a_time",
                expressions=[("node", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            )
        ]


class DivisionCode(models.Model):
    """Which division code a place had, from when to when, and by which list (rule G7)."""

    node = models.ForeignKey(Node, models.CASCADE, related_name="division_codes")
    code = models.CharField(_("区划代码"), max_length=12)
    during = DateRangeField()
    source = models.CharField(_("出处"), max_length=100)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_division_code_at_a_time",
                expressions=[("node", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                violation_error_message=_("这段时间已经有区划代码。请把生效日期改到原代码之后。"),
            )
        ]


class Serves(models.Model):
    """Whose orders go to whom: the team is offered the place's orders first, then the service tree upwards."""

    STANDS_ON = dict.fromkeys(("team", "place"), (Q(during__upper_inf=True), _("处对接关系")))

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
    """A user holds a role on a node from a day to a day; over the node's subtree.

    With `lent_from` he stands in for its holder («代»), and only while that holder has it himself (rule G9).
    """

    STANDS_ON = {"node": (Q(during__upper_inf=True) & ~Q(role__in=["resident", "volunteer"]), _("个在任身份"))}

    user = models.ForeignKey(User, models.CASCADE, related_name="roles_held")
    role = models.CharField(max_length=24, choices=Role)
    node = models.ForeignKey(Node, models.PROTECT, related_name="roles_held")
    during = DateRangeField()
    lent_from = models.ForeignKey("self", models.CASCADE, null=True, related_name="lent_to")
    reviewed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_administrator_role_each",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.NOT_EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(role__in=["system_administrator", "security_administrator", "auditor"]),
                violation_error_message=_("系统、安全、审计三员不能由同一个人担任，请另选一人。"),
            ),
            ExclusionConstraint(
                name="holds_a_role_once",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("node", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("这个人在这里已经有这个身份。"),
            ),
        ]
        indexes = [
            models.Index(fields=["user"], name="roles_of_a_user"),
            models.Index(fields=["node", "role"], name="holders_on_a_node"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.node}"

    @property
    def is_open(self) -> bool:
        """Whether it holds today or will hold."""
        upper = self.during.upper
        return not self.during.isempty and (upper is None or upper > today())


class Opening(models.Model):
    """A figure from before the system: of an organisation, as of a day, with its source (rule G10).

    It stands apart for ever: in no sum of what was counted here, in no certificate, never in the time bank.
    """

    class What(models.TextChoices):
        PEOPLE = "people", _("志愿者人数")
        HOURS = "hours", _("服务时长")
        ACTIVITIES = "activities", _("活动")
        INCIDENTS = "incidents", _("办成的事")
        HONOURS = "honours", _("荣誉")

    class State(models.TextChoices):
        ENTERED = "entered", _("待复核")
        APPROVED = "approved", _("已复核")
        WITHDRAWN = "withdrawn", _("已撤回")

    MOVES = {State.ENTERED: {State.APPROVED, State.WITHDRAWN}, State.APPROVED: {State.WITHDRAWN}}
    TONES = {State.ENTERED: "waiting", State.APPROVED: "done", State.WITHDRAWN: "stopped"}

    node = models.ForeignKey(Node, models.PROTECT, related_name="openings")
    what = models.CharField(_("什么"), max_length=12, choices=What)
    number = models.PositiveBigIntegerField(_("数量"))
    unit = models.CharField(_("单位"), max_length=6)
    as_of = models.DateField(_("截至"))
    source = models.CharField(_("出处"), max_length=100)
    state = models.CharField(max_length=10, choices=State, default=State.ENTERED)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["node", "what", "unit"],
                condition=~Q(state="withdrawn"),
                name="one_opening_figure_each",
                violation_error_message=_("这个组织的这一项已经登记过。要改，请先撤回原来的。"),
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("entered_by")),
                name="opening_approved_by_another",
                violation_error_message=_("自己登记的历史数据要由另一个人复核。"),
            ),
        ]
        indexes = [models.Index(fields=["state", "id"], name="openings_by_state")]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.number} {self.unit}"


class PlaceAlias(models.Model):
    """What people call a place: 铁西老粮店后头. An operator finds the community by it."""

    place = models.ForeignKey(Node, models.CASCADE, related_name="aliases")
    words = models.CharField(_("俗称"), max_length=40)
    search = ArrayField(models.CharField(max_length=2), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "words"],
                name="one_alias_of_a_name_per_place",
                violation_error_message=_("这个地方已经有这个俗称。"),
            )
        ]
        indexes = [GinIndex(fields=["search"], name="place_aliases_by_search")]

    def __str__(self) -> str:
        return self.words

    def save(self, **options: object) -> None:
        self.search = search.grams(self.words)
        super().save(**options)  # type: ignore[arg-type]


class RoleProposal(models.Model):
    """An administrator's role that one person wants given, and that a second has to countersign (rule A11)."""

    class State(models.TextChoices):
        OPEN = "open", _("待复核")
        GIVEN = "given", _("已同意")
        DECLINED = "declined", _("未同意")

    MOVES = {State.OPEN: {State.GIVEN, State.DECLINED}}
    TONES = {State.OPEN: "waiting", State.GIVEN: "done", State.DECLINED: "stopped"}

    user = models.ForeignKey(User, models.CASCADE, related_name="role_proposals")
    role = models.CharField(max_length=24, choices=Role)
    node = models.ForeignKey(Node, models.PROTECT, related_name="+")
    during = DateRangeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "node"],
                condition=Q(state="open"),
                name="one_open_proposal",
                violation_error_message=_("这个身份已经提过，正等另一位管理员复核。"),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("proposed_by")),
                name="two_people_decide",
                violation_error_message=_("自己提的，要请另一位管理员复核。"),
            ),
        ]
        indexes = [models.Index(fields=["id"], name="open_role_proposals", condition=Q(state="open"))]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.node}"
