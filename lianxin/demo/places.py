"""The three trees of the demo city, and which team serves which community.

The names and codes of the two districts are real (210502 and 210503, as in the npm package @vant/area-data 2.1.0);
the city above them and everything below them are invented, and carry no codes.
"""

from dataclasses import dataclass
from datetime import date

from lianxin.organisations.actions.building import open_node
from lianxin.organisations.actions.serving import let_serve
from lianxin.organisations.actions.shaping import describe_node
from lianxin.organisations.models import Kind, Node

CITY, CORPS, PARTY = "连心市", "连心志愿服务总队", "连心市直属机关党委"
HOTLINE = "0414-0001234"
"""Nobody's: no number within an area begins with 0."""
HOME, NEXT_DOOR = "红梅社区", "青松社区"
HOME_TEAM = "红梅邻里队"


@dataclass(frozen=True)
class Plan:
    """A node to be opened, with what stands below it."""

    kind: Kind
    name: str
    below: tuple["Plan", ...] = ()
    code: str = ""


def _community(name: str, *below: tuple[Kind, str]) -> Plan:
    return Plan(Kind.COMMUNITY, name, tuple(Plan(kind, part) for kind, part in below))


def _all(kind: Kind, *names: str) -> tuple[Plan, ...]:
    return tuple(Plan(kind, name) for name in names)


PLACES = Plan(
    Kind.CITY,
    CITY,
    (
        Plan(
            Kind.COUNTY,
            "平山区",
            (
                Plan(
                    Kind.STREET,
                    "春和街道",
                    (
                        _community(
                            HOME,
                            (Kind.STATION, "红梅服务站"),
                            (Kind.GRID, "红梅第一网格"),
                            (Kind.GRID, "红梅第二网格"),
                            (Kind.BASE, "红梅志愿服务基地"),
                        ),
                        _community(NEXT_DOOR, (Kind.STATION, "青松服务站"), (Kind.GRID, "青松第一网格")),
                        _community("向阳社区", (Kind.STATION, "向阳服务站")),
                    ),
                ),
                Plan(
                    Kind.STREET,
                    "南岭街道",
                    (
                        _community("白桦社区", (Kind.STATION, "白桦服务站"), (Kind.GRID, "白桦第一网格")),
                        _community("清泉社区", (Kind.STATION, "清泉服务站")),
                        _community("朝霞社区"),
                    ),
                ),
            ),
            code="210502",
        ),
        Plan(
            Kind.COUNTY,
            "溪湖区",
            (
                Plan(
                    Kind.STREET,
                    "河湾街道",
                    (
                        _community("柳堤社区", (Kind.STATION, "柳堤服务站"), (Kind.GRID, "柳堤第一网格")),
                        _community("渡口社区"),
                        _community("长桥社区"),
                    ),
                ),
                Plan(
                    Kind.STREET,
                    "松坪街道",
                    (
                        _community("石榴社区", (Kind.STATION, "石榴服务站")),
                        _community("灯塔社区"),
                        _community("新苑社区"),
                    ),
                ),
            ),
            code="210503",
        ),
    ),
)
SERVICE = Plan(
    Kind.CORPS,
    CORPS,
    (
        Plan(Kind.DETACHMENT, "平山支队", _all(Kind.TEAM, HOME_TEAM, "青松助老队", "白桦志愿队", "清泉志愿队")),
        Plan(Kind.DETACHMENT, "溪湖支队", _all(Kind.TEAM, "柳堤志愿队", "长桥志愿队", "石榴志愿队", "灯塔志愿队")),
        *_all(Kind.PROFESSIONAL, "法律服务专业队", "巧匠维修专业队", "银剪理发专业队"),
    ),
)
PARTY_TREE = Plan(
    Kind.COMMITTEE,
    PARTY,
    (
        Plan(
            Kind.GENERAL_BRANCH,
            "春和街道党总支",
            _all(Kind.BRANCH, "红梅社区党支部", "青松社区党支部", "向阳社区党支部", "春和退休职工党支部"),
        ),
        Plan(
            Kind.GENERAL_BRANCH,
            "市直机关党总支",
            _all(Kind.BRANCH, "政务服务党支部", "水务供热党支部", "图书馆党支部", "第二医院党支部"),
        ),
        *_all(Kind.UNIT, "市政务服务中心", "市供热公司", "市图书馆"),
    ),
)
SERVES = {
    HOME_TEAM: (HOME, "向阳社区"),
    "青松助老队": (NEXT_DOOR,),
    "白桦志愿队": ("白桦社区", "朝霞社区"),
    "清泉志愿队": ("清泉社区",),
    "柳堤志愿队": ("柳堤社区",),
    "长桥志愿队": ("长桥社区", "渡口社区"),
    "石榴志愿队": ("石榴社区", "新苑社区"),
    "灯塔志愿队": ("灯塔社区",),
    "法律服务专业队": (CITY,),
    "巧匠维修专业队": (CITY,),
    "银剪理发专业队": (CITY,),
}

# Communities lie on a grid of about 1.5 km, so that a way is a walk or a bus.
SOUTH, WEST, STEP, COLUMNS = 41.285, 123.745, 0.015, 4


def build(since: date) -> dict[str, Node]:
    """Open all three trees, let the teams serve, and give every node by its name."""
    nodes: dict[str, Node] = {}
    for tree in (PLACES, SERVICE, PARTY_TREE):
        _open(tree, None, since, nodes)
    describe_node(node=nodes[CITY], phone=HOTLINE, credit_code="", tags="", by=None)
    for team, places in SERVES.items():
        for place in places:
            let_serve(team=nodes[team], place=nodes[place], by=None, since=since)
    return nodes


def _open(plan: Plan, parent: Node | None, since: date, nodes: dict[str, Node]) -> None:
    latitude, longitude = _point(nodes) if plan.kind == Kind.COMMUNITY else (None, None)
    nodes[plan.name] = node = open_node(
        kind=plan.kind,
        name=plan.name,
        parent=parent,
        by=None,
        code=plan.code,
        latitude=latitude,
        longitude=longitude,
        since=since,
    )
    for below in plan.below:
        _open(below, node, since, nodes)


def _point(nodes: dict[str, Node]) -> tuple[float, float]:
    row, column = divmod(sum(node.kind == Kind.COMMUNITY for node in nodes.values()), COLUMNS)
    return SOUTH + row * STEP, WEST + column * STEP
