"""How large a city is, and how long it has been going on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Numbers of everything that is chosen; what follows from an order (offers, visits, entries) comes on top.

    Of the people the first `volunteers` serve, the next `on_roll` stand on an office's list and have not confirmed, and
    the others are helped.
    """

    people: int
    volunteers: int
    on_roll: int
    counties: int
    streets: int
    communities: int
    grids: int
    detachments: int
    teams: int
    branches: int
    orders: int
    calls: int
    days: int


SIZES = {
    "tiny": Size(
        people=240,
        volunteers=120,
        on_roll=20,
        counties=1,
        streets=2,
        communities=6,
        grids=310,
        detachments=2,
        teams=9,
        branches=4,
        orders=200,
        calls=40,
        days=60,
    ),
    "town": Size(
        people=42_000,
        volunteers=28_000,
        on_roll=3_000,
        counties=2,
        streets=15,
        communities=260,
        grids=780,
        detachments=20,
        teams=520,
        branches=260,
        orders=100_000,
        calls=25_000,
        days=730,
    ),
    "city": Size(
        people=164_000,
        volunteers=110_000,
        on_roll=14_000,
        counties=6,
        streets=75,
        communities=1_500,
        grids=3_000,
        detachments=81,
        teams=3_000,
        branches=1_500,
        orders=430_000,
        calls=120_000,
        days=1_096,
    ),
}
"""`tiny` is for tests, with as many nodes as make a city large; `town` has 28,000 volunteers and 100,000 orders, `city`
164,000 people and ten million rows."""
