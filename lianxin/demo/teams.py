"""The demo city's volunteers: eight teams beside their communities and three of a trade, each with its captain."""

from itertools import cycle
from random import Random

from lianxin.base import clock
from lianxin.demo import faces
from lianxin.demo.places import SERVES
from lianxin.demo.settlers import Settlers, user_of
from lianxin.organisations.models import Node, Role
from lianxin.people.models import ContactBy
from lianxin.users.models import User
from lianxin.volunteers.actions.joining import register_volunteer
from lianxin.volunteers.actions.reviewing import approve_volunteer
from lianxin.volunteers.models import Skill, Volunteer

TRADES = {"法律服务专业队": "law", "巧匠维修专业队": "repair", "银剪理发专业队": "haircut"}
SIZES = dict.fromkeys(SERVES, 8) | {"法律服务专业队": 5, "巧匠维修专业队": 6, "银剪理发专业队": 5}
SKILLS = (*faces.CAN_DO.values(), ("drive",), ("phone",), (), ("tutor",), ("drive", "repair"))


def _week(days: range, slots: range) -> int:
    """Slots of two hours, the first from 06:00, on days of the week, the first a Monday."""
    return sum(1 << (day * 8 + slot) for day in days for slot in slots)


IN_WORK = _week(range(5), range(6, 8)) | _week(range(5, 7), range(1, 8))
RETIRED = _week(range(7), range(7))
IN_SHIFTS = _week(range(7), range(1, 8))


def settle_teams(town: Settlers, skills: dict[str, Skill], officer: User) -> None:
    """The city's officer takes on each team's captain, the captain the others."""
    for team, size in SIZES.items():
        wanted = cycle([(TRADES[team],)] if team in TRADES else SKILLS)
        captain = _captain(town, team, [skills[code] for code in next(wanted)], officer)
        for name, age, free in _members(town.rng, team)[: size - 1]:
            _volunteer(town, team, name, age, free, [skills[code] for code in next(wanted)], captain)


def _captain(town: Settlers, team: str, skills: list[Skill], officer: User) -> User:
    is_face = team == faces.CAPTAIN_TEAM
    name, age = (faces.CAPTAIN, faces.CAPTAIN_AGE) if is_face else (None, town.rng.randint(45, 70))
    captain = _volunteer(town, team, name, age, RETIRED, skills, officer).person
    town.give_role(captain, Role.CAPTAIN, team, officer)
    return user_of(captain)


def _members(rng: Random, team: str) -> list[tuple[str | None, int, int]]:
    known: list[tuple[str | None, int, int]] = [
        (faces.YOUNG_VOLUNTEER, faces.YOUNG_AGE, IN_WORK),
        (faces.RETIRED_VOLUNTEER, faces.RETIRED_AGE, RETIRED),
    ]
    unknown = [_somebody(rng) for _ in range(max(SIZES.values()))]
    return known + unknown if team == faces.CAPTAIN_TEAM else unknown


def _somebody(rng: Random) -> tuple[str | None, int, int]:
    """No name yet, an age, and the free time that goes with it."""
    age = rng.choice((rng.randint(20, 58), rng.randint(56, 72)))
    return None, age, RETIRED if age > 57 else rng.choice((IN_WORK, IN_SHIFTS))


def _volunteer(
    town: Settlers, team: str, name: str | None, age: int, free: int, skills: list[Skill], by: User
) -> Volunteer:
    """A volunteer of one of the first teams; who can sign in reads messages, however old."""
    served = SERVES[team] if team not in TRADES else (town.rng.choice(sorted(_communities_served())),)
    home = town.nodes[town.rng.choice(served)]
    return register(town, town.nodes[team], home, name, age, free, skills, by)


def register(
    town: Settlers, team: Node, home: Node, name: str | None, age: int, free: int, skills: list[Skill], by: User
) -> Volunteer:
    """Somebody who registers with the team, and is approved by its captain or, its captain himself, by the city."""
    # By nobody: whoever wants to serve has introduced himself, which a captain cannot do for him.
    person = town.person(age=age, by=None, name=name, home=home, contact_by=ContactBy.APP)
    with clock.at(person.made_at):
        made = register_volunteer(person=person, team=team, skills=skills, free=free, by=user_of(person))
        return approve_volunteer(volunteer=made, by=by)


def _communities_served() -> set[str]:
    return {place for team, places in SERVES.items() if team not in TRADES for place in places}
