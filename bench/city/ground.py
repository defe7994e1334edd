"""The three trees, and which team serves which community."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from bench.city import names
from bench.city.copying import Table, array
from bench.city.moments import Moments
from bench.city.sizes import Size
from lianxin.base.search import grams
from lianxin.organisations.models import TREE_OF, Kind, Naming, Node, Parenthood, Serves

CENTRE, SPREAD = (30.66, 104.06), 0.15


class Spot(NamedTuple):
    """A node of a tree, as far as others need it."""

    key: int
    path: str
    name: str
    latitude: float | None = None
    longitude: float | None = None


@dataclass
class Ground:
    """The nodes, by what they are; `teams[n]` serves `communities[n]` as far as there are communities."""

    city: Spot
    corps: Spot
    counties: list[Spot] = field(default_factory=list)
    streets: list[Spot] = field(default_factory=list)
    communities: list[Spot] = field(default_factory=list)
    stations: list[Spot] = field(default_factory=list)
    detachments: list[Spot] = field(default_factory=list)
    teams: list[Spot] = field(default_factory=list)
    branches: list[Spot] = field(default_factory=list)


class Trees:
    """The tables of the trees, filled node by node."""

    def __init__(self, moments: Moments) -> None:
        self._since = moments.day(0)
        self._nodes = Table(
            Node,
            "id",
            "tree",
            "kind",
            "name",
            "parent",
            "path",
            "phone",
            "latitude",
            "longitude",
            "opened_on",
            "search",
        )
        self._parents = Table(Parenthood, "id", "node", "parent", "during")
        self._names = Table(Naming, "id", "node", "name", "during")
        self._serves = Table(Serves, "id", "team", "place", "during")
        self.tables = (self._nodes, self._parents, self._names, self._serves)

    def open(self, kind: Kind, name: str, parent: Spot | None, *, at: int = 0, phone: str = "") -> Spot:
        """One node; the `at`th of its kind has its own place on the map."""
        key = self._nodes.key()
        path = f"{parent.path}.{key}" if parent else str(key)
        latitude, longitude = _on_the_map(at) if kind == Kind.COMMUNITY else (None, None)
        above = parent.key if parent else None
        found = array(grams(name))
        self._nodes.add(
            (key, TREE_OF[kind], kind.value, name, above, path, phone, latitude, longitude, self._since, found)
        )
        self._parents.add((self._parents.key(), key, above, self._ever))
        self._names.add((self._names.key(), key, name, self._ever))
        return Spot(key, path, name, latitude, longitude)

    def spread(self, kind: Kind, parents: list[Spot], called: Iterable[str]) -> list[Spot]:
        """Nodes with these names, evenly below these parents, in their order."""
        wanted = list(called)
        each = -(-len(wanted) // len(parents))
        return [self.open(kind, name, parents[number // each], at=number) for number, name in enumerate(wanted)]

    def let_serve(self, team: Spot, place: Spot) -> None:
        """The place's orders are offered to this team first."""
        self._serves.add((self._serves.key(), team.key, place.key, self._ever))

    @property
    def _ever(self) -> str:
        return f"[{self._since},)"


def lay(size: Size, trees: Trees) -> Ground:
    """The whole ground: a city of places, a corps of teams, a Party committee of branches."""
    city = trees.open(Kind.CITY, "连心市", None, phone="0414-12345678")
    ground = Ground(city, trees.open(Kind.CORPS, "连心志愿服务总队", None))
    ground.counties = trees.spread(Kind.COUNTY, [city], islice(names.places("区"), size.counties))
    ground.streets = trees.spread(Kind.STREET, ground.counties, islice(names.places("街道"), size.streets))
    ground.communities = trees.spread(Kind.COMMUNITY, ground.streets, islice(names.places("社区"), size.communities))
    ground.stations = [trees.open(Kind.STATION, f"{each.name}服务站", each) for each in ground.communities]
    trees.spread(Kind.GRID, ground.communities, (f"第{number}网格" for number in range(1, size.grids + 1)))
    ground.detachments = trees.spread(Kind.DETACHMENT, [ground.corps], islice(names.places("支队"), size.detachments))
    ground.teams = trees.spread(Kind.TEAM, ground.detachments, islice(_teams(ground), size.teams))
    for team, community in zip(ground.teams, ground.communities, strict=False):
        trees.let_serve(team, community)
    committee = trees.open(Kind.COMMITTEE, "连心市直属机关党委", None)
    ground.branches = trees.spread(Kind.BRANCH, [committee], islice(names.places("党支部"), size.branches))
    return ground


def _teams(ground: Ground) -> Iterator[str]:
    """First one of each community, then a second of each …"""
    for kind in names.TEAMS:
        for community in ground.communities:
            yield community.name.removesuffix("社区") + kind


def _on_the_map(number: int) -> tuple[float, float]:
    """Along a spiral, so that neighbours in the list are neighbours on the ground."""
    across, down = divmod(number, 40)
    latitude, longitude = CENTRE
    return round(latitude - SPREAD + across * 0.008, 3), round(longitude - SPREAD + down * 0.008, 3)
