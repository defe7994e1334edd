"""How big a demo city is."""

from dataclasses import dataclass
from math import ceil

from lianxin.base.refused import Refused

ORDERS_PER_COMMUNITY, COMMUNITIES_PER_STREET = 50, 5
FIRST_ORDERS = 115
OPEN_SHARE = 0.2
"""What part of the orders has not ended yet."""


@dataclass(frozen=True)
class Size:
    """`share` is the part of all stories that the first little city tells; the other two are what it grows to."""

    share: float = 0.45
    volunteers: int = 0
    orders: int = 0

    @property
    def added(self) -> int:
        """How many orders are added to those of the first little city, beside those that teams are asked about."""
        return max(1, self.orders - FIRST_ORDERS) if self.grows else 0

    @property
    def communities(self) -> int:
        """How many communities are added."""
        return max(2, ceil(self.orders / ORDERS_PER_COMMUNITY)) if self.grows else 0

    @property
    def streets(self) -> int:
        """How many streets they lie in."""
        return ceil(self.communities / COMMUNITIES_PER_STREET)

    @property
    def grows(self) -> bool:
        """Whether anything is added to the first little city."""
        return bool(self.volunteers and self.orders)

    def part(self, many: int, community: int) -> int:
        """What falls to one community of so many, so that all together are exactly as many."""
        return many * (community + 1) // self.communities - many * community // self.communities


NAMED = {
    "tiny": Size(share=0.2),
    "small": Size(share=1.0),
    "city": Size(volunteers=2_000, orders=3_000),
    "large": Size(volunteers=6_000, orders=10_000),
}
MOST = 50_000


def size_of(words: str) -> Size:
    """A size by its name, or as «volunteers=500,orders=800»."""
    if words in NAMED:
        return NAMED[words]
    try:
        wanted = {name.strip(): int(number) for name, _, number in (each.partition("=") for each in words.split(","))}
        size = Size(**wanted)
    except (TypeError, ValueError):
        size = Size()
    if not (0 < size.volunteers <= MOST and 0 < size.orders <= MOST and size.share == Size.share):
        names = ", ".join(NAMED)
        raise Refused(f"{words!r} is no size: one of {names}, or volunteers=500,orders=800 (at most {MOST} each)")
    return size
