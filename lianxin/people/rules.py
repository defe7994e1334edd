"""Who may look at whom, and how a person is reached."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.base import working_time
from lianxin.base.limits import Limit
from lianxin.base.words import full_date_in_words
from lianxin.organisations.models import Role
from lianxin.organisations.rules import grant
from lianxin.people.models import ContactBy, Helper, Person
from lianxin.users.rules import mobile

MAY = grant(
    {
        "people.register": {Role.STATION_WORKER, Role.CALL_OPERATOR, Role.CITY_OFFICER},
        "people.keep": {Role.STATION_WORKER, Role.CALL_OPERATOR},
        "people.call": {Role.STATION_WORKER, Role.CALL_OPERATOR},
        "people.answer_complaints": {Role.STATION_WORKER, Role.CITY_OFFICER},
        "journal.see": {Role.AUDITOR, Role.CITY_OFFICER},
    }
)

_FIXED_LINE = re.compile(r"0\d{9,11}")

ANSWERED_WITHIN = 3 * working_time.WORKDAY
"""How long the community has for an application (rule P6)."""

HELP_LASTS_DAYS, HELP_AT_MOST_DAYS = 365, 731
HELP_ENDS_SOON = timedelta(days=30)

COMPLAINTS_PER_ADDRESS = Limit(
    "complaints of an address",
    ((timedelta(hours=1), 20),),
    words=gettext_lazy("从这里交来的意见太多了，请 %(minutes)d 分钟后再交，或者打社区电话。"),
)
CHECKS_PER_ADDRESS = Limit("numbers tried from an address", ((timedelta(hours=1), 30),))
"""How often numbers that do not exist may be tried on public check pages (rule A7)."""

TELEPHONE_FROM_AGE = 70
GRID_DEGREES = 0.005


def age(born_on: date, on: date) -> int:
    """Whole years on the day `on`."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def usual_contact(born_on: date | None, on: date) -> ContactBy:
    """By telephone from 70 on (rule N1), else by message."""
    is_old = born_on is not None and age(born_on, on) >= TELEPHONE_FROM_AGE
    return ContactBy.CALL if is_old else ContactBy.APP


def rounded(degrees: float) -> float:
    """A coordinate rounded to the grid of home points."""
    return round(round(degrees / GRID_DEGREES) * GRID_DEGREES, 3)


def must_be_called(person: Person) -> bool:
    """Whether a notice to this person becomes a card for the desk: he wants calls, or no message would reach him."""
    wants_it = person.contact_by in {ContactBy.CALL, ContactBy.VISIT, ContactBy.FAMILY}
    return bool(wants_it and person.phone) or not (person.user_id or person.phone)


def telephone(typed: str) -> str:
    """The bare digits of a mobile, or of a fixed line with its area code, by which somebody can be rung."""
    digits = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", typed))
    return digits if _FIXED_LINE.fullmatch(digits) else mobile(typed)


def words_to_read(relation: str, name: str, scopes: Sequence[Helper.Scope], until: date) -> str:
    """What the worker reads aloud to the person before he says yes (rule F1)."""
    deeds = "、".join(str(Helper.Scope(scope).label) for scope in scopes)
    return _(
        "您%(relation)s%(name)s想替您办这些事：%(deeds)s，到%(until)s为止。您同意吗？不想要了，打个电话就取消。"
    ) % {
        "relation": relation,
        "name": name,
        "deeds": deeds,
        "until": full_date_in_words(until).partition(" ")[0],
    }
