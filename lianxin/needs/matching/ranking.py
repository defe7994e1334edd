"""Ranking of volunteers for one order by a cost that people can argue about: one point is ten metres of way."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_METRES = 6_371_000
POINTS_PER_KILOMETRE = 100
POINTS_PER_TASK = 60
POINTS_FOR_CONTINUITY = -600
POINTS_FOR_OUTSIDE_TEAM = 150
POINTS_FOR_BEING_WISHED = -10_000
METRES_WHEN_UNKNOWN = 3_000


@dataclass(frozen=True)
class Candidate:
    """What counts for the choice: way in metres (None when unknown), tasks held around that week, earlier visits to
    this resident, whether the own team serves the place, and whether the resident asked for this one again."""

    key: int
    metres: int | None
    load: int
    visits: int
    is_serving_team: bool
    is_wished: bool = False


@dataclass(frozen=True)
class Ranked:
    """A candidate with its cost in points; the terms add up to it."""

    candidate: Candidate
    terms: dict[str, int]

    @property
    def cost(self) -> int:
        return sum(self.terms.values())


def rank(candidates: Iterable[Candidate]) -> list[Ranked]:
    """The candidates, cheapest first; equal ones by key, so that a page shows the same order twice."""
    ranked = [Ranked(candidate, _terms(candidate)) for candidate in candidates]
    return sorted(ranked, key=lambda each: (each.cost, each.candidate.key))


def _terms(candidate: Candidate) -> dict[str, int]:
    metres = METRES_WHEN_UNKNOWN if candidate.metres is None else candidate.metres
    wished = {"wished": POINTS_FOR_BEING_WISHED} if candidate.is_wished else {}
    return wished | {
        "way": metres * POINTS_PER_KILOMETRE // 1000,
        "load": candidate.load * POINTS_PER_TASK,
        "continuity": POINTS_FOR_CONTINUITY if candidate.visits else 0,
        "team": 0 if candidate.is_serving_team else POINTS_FOR_OUTSIDE_TEAM,
    }


def metres_between(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> int:
    """Great-circle distance by the haversine formula, in whole metres."""
    up, along = radians(other_latitude - latitude), radians(other_longitude - longitude)
    chord = sin(up / 2) ** 2 + cos(radians(latitude)) * cos(radians(other_latitude)) * sin(along / 2) ** 2
    return round(2 * EARTH_METRES * asin(sqrt(chord)))
