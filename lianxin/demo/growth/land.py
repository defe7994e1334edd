"""The streets that are added: their communities with a station each, and the teams that serve them. All invented."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lianxin.demo.growth.sizes import COMMUNITIES_PER_STREET, Size
from lianxin.demo.places import CITY, CORPS, SOUTH, STEP, WEST
from lianxin.organisations.actions.building import open_node
from lianxin.organisations.actions.serving import let_serve
from lianxin.organisations.models import Kind, Node

COUNTIES = ("平山区", "溪湖区", "东岭区", "北川区")
STREETS = (
    "桥头 石桥 云台 北川 望溪 南塘 长岭 河沿 新华 松涛 凤鸣 龙泉 秀水 明湖 泉山 古城 金沙 银杏 双塔 百花 "
    "青云 乐园 前进 友谊 广场 东华 西苑 南湖 北苑 中山 文昌 武定 永安 太和 仁爱 崇文 建国 光明 民主 繁荣"
).split()
COMMUNITIES = (
    "和平 胜利 新风 团结 建设 光辉 永乐 福民 康宁 锦绣 翠湖 碧水 玉泉 金秋 银河 星海 彩虹 春雨 夏荷 秋实 "
    "瑞雪 松林 柏树 杨柳 梧桐 海棠 丁香 月季 牡丹 荷塘 竹园 梨园 杏林 桃源 枫桥 云峰 石门 溪口 河东 河西 "
    "岭南 岭北 桥东 桥西 铁东 铁西 站前 站北 城南 城北 文化 书院 学府 科苑 工农 矿建 钢城 纺织 机修 电厂 "
    "水塔 粮站 供销 老街 新村 东升 兴隆 兴业 富强 民生 同心 同德 崇德 尚义 明礼 守信 安居 乐业 长青 常乐 "
    "东湖 西湖 南山 北山 金山 银山 青山 绿水 蓝天 白云 朝阳 晚霞 晨光 曙光 星光 月光 阳春 金桂 玉兰 百合"
).split()
KINDS_OF_TEAM = ("志愿队", "邻里队", "助老队", "暖心队", "银龄队", "先锋队")
SIDES = ("", "东里", "西里", "南里", "北里", "一区", "二区", "三区", "四区", "五区")
COLUMNS, EAST = 8, 0.07


@dataclass(frozen=True)
class Plot:
    """One community that is added, by its number: what it and its team are called, and where they belong."""

    number: int
    street: int
    name: str
    team: str
    county: str

    @property
    def point(self) -> tuple[float, float]:
        """Its middle, east of the first communities."""
        row, column = divmod(self.number, COLUMNS)
        return SOUTH + row * STEP, WEST + EAST + column * STEP


def plots(size: Size, street: int | None = None) -> list[Plot]:
    """All communities that are added, or those of one street."""
    found = [_plot(number) for number in range(size.communities)]
    return [plot for plot in found if street is None or plot.street == street]


def county_of(street: int) -> str:
    """Streets are dealt out to the counties in turn."""
    return COUNTIES[street % len(COUNTIES)]


def counties(size: Size) -> list[str]:
    """The counties to which streets are added."""
    return list(COUNTIES[: size.streets])


def street_name(street: int) -> str:
    """Each name once, then with the side of the town."""
    return f"{_sided(STREETS, street)}街道"


def _plot(number: int) -> Plot:
    name = _sided(COMMUNITIES, number)
    team = f"{name}{KINDS_OF_TEAM[number * 5 % len(KINDS_OF_TEAM)]}"
    street = number // COMMUNITIES_PER_STREET
    return Plot(number, street, f"{name}社区", team, county_of(street))


def _sided(names: list[str], number: int) -> str:
    side, place = divmod(number, len(names))
    return names[place] + SIDES[side % len(SIDES)] + ("新" * (side // len(SIDES)))


def open_street(size: Size, street: int, since: date) -> None:
    """The street with its communities and stations, and a team for each of them."""
    county, detachment = _county(county_of(street), since)
    top = open_node(kind=Kind.STREET, name=street_name(street), parent=county, by=None, since=since)
    for plot in plots(size, street):
        latitude, longitude = plot.point
        place = open_node(
            kind=Kind.COMMUNITY,
            name=plot.name,
            parent=top,
            by=None,
            since=since,
            latitude=latitude,
            longitude=longitude,
        )
        open_node(kind=Kind.STATION, name=f"{plot.name[:-2]}服务站", parent=place, by=None, since=since)
        team = open_node(kind=Kind.TEAM, name=plot.team, parent=detachment, by=None, since=since)
        let_serve(team=team, place=place, by=None, since=since)


def _county(name: str, since: date) -> tuple[Node, Node]:
    """The county with its detachment; the first streets of the two counties that are new find neither."""
    county = Node.objects.filter(kind=Kind.COUNTY, name=name).first() or open_node(
        kind=Kind.COUNTY, name=name, parent=_root(CITY), by=None, since=since
    )
    words = f"{name[:-1]}支队"
    detachment = Node.objects.filter(kind=Kind.DETACHMENT, name=words).first() or open_node(
        kind=Kind.DETACHMENT, name=words, parent=_root(CORPS), by=None, since=since
    )
    return county, detachment


def _root(name: str) -> Node:
    return Node.objects.get(name=name, parent=None)


def communities(size: Size, street: int) -> Iterator[tuple[Plot, Node, Node]]:
    """Each community of the street with its nodes: the place and the team."""
    found = plots(size, street)
    names = [*(plot.name for plot in found), *(plot.team for plot in found)]
    nodes = {node.name: node for node in Node.objects.filter(name__in=names, closed_on=None).order_by("pk")}
    for plot in found:
        yield plot, nodes[plot.name], nodes[plot.team]
