"""The people whom visitors of the demo meet first: one for each role, around one community.

The sign-in page shows the first holder of each role who holds no other, so faces are settled before everybody else.
"""

from dataclasses import dataclass

from lianxin.demo.places import CITY, CORPS, HOME, HOME_TEAM, NEXT_DOOR, PARTY
from lianxin.organisations.models import Role


@dataclass(frozen=True)
class Face:
    """Somebody of the staff: a name, an age, and the role on these nodes."""

    name: str
    age: int
    role: Role
    nodes: tuple[str, ...]


SECURITY = Face("高雅琴", 45, Role.SECURITY_ADMINISTRATOR, (CITY,))
CITY_OFFICER = Face("何文君", 48, Role.CITY_OFFICER, (CITY, CORPS, PARTY))
STAFF = (
    Face("陈静", 35, Role.STATION_WORKER, (HOME,)),
    Face("周晓燕", 33, Role.CALL_OPERATOR, (CITY,)),
    Face("吴志强", 41, Role.DISPATCHER, ("平山区",)),
    Face("孙立平", 52, Role.SECRETARY, ("红梅社区党支部",)),
    Face("郑海涛", 39, Role.UNIT_OFFICER, ("市供热公司",)),
    Face("林志远", 37, Role.SYSTEM_ADMINISTRATOR, (CITY,)),
    Face("马国栋", 50, Role.AUDITOR, (CITY, CORPS, PARTY)),
)

ELDER, ELDER_AGE, ELDER_HOME = "王秀兰", 78, HOME
DAUGHTER, DAUGHTER_AGE, DAUGHTER_HOME = "张敏", 46, NEXT_DOOR
YOUNG_VOLUNTEER, YOUNG_AGE = "李明远", 28
RETIRED_VOLUNTEER, RETIRED_AGE = "赵淑芳", 63
CAPTAIN, CAPTAIN_AGE, CAPTAIN_TEAM = "刘德福", 71, HOME_TEAM
NAMES = {ELDER, DAUGHTER, YOUNG_VOLUNTEER, RETIRED_VOLUNTEER, CAPTAIN, SECURITY.name, CITY_OFFICER.name} | {
    face.name for face in STAFF
}
CAN_DO = {
    CAPTAIN: ("repair",),
    YOUNG_VOLUNTEER: ("phone", "tutor"),
    RETIRED_VOLUNTEER: ("haircut",),
}
