"""Who may look at whom, and how a person is reached."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import sha256

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.base import working_time
from lianxin.base.limits import Limit
from lianxin.base.words import full_date_in_words
from lianxin.organisations.models import Role
from lianxin.organisations.rules import grant
from lianxin.people.models import Consent, ContactBy, Helper, Person, Purpose
from lianxin.users.rules import mobile

MAY = grant(
    {
        "people.register": {Role.STATION_WORKER, Role.CALL_OPERATOR, Role.CITY_OFFICER},
        "people.keep": {Role.STATION_WORKER, Role.CALL_OPERATOR},
        "people.see_families": {Role.STATION_WORKER, Role.CALL_OPERATOR, Role.CITY_OFFICER},
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

ADULT, CHILD_UNTIL = 18, 14
"""Under 18 somebody is a minor; under 14 all that is written of him is sensitive (PIPL 28, 31; rules P11 and P12)."""

CONSENT_WORDS = {
    Purpose.HEALTH: gettext_lazy(
        "我们把您的听力、视力、行动情况告诉来帮您的志愿者，好让他说话大声些、多等一会儿。不写病，只给这一单的人看。"
        "不说也一样帮您；什么时候不想要了，打个电话或者在「我的资料」里撤回，马上删掉。"
    ),
    Purpose.CARD_NAME: gettext_lazy("扫您电子证的人会看到您的姓名。随时可以撤回，撤回后就看不到了。"),
    Purpose.MEMBER: gettext_lazy("单位登记了您的组织关系。您确认以后计入统计，只报数、不报名。随时可以撤回。"),
    Purpose.MEMBER_SHOWN: gettext_lazy("您的电子证上会亮出您的组织身份，扫码的人看得到。随时可以撤回。"),
    Purpose.CHILD: gettext_lazy(
        "孩子未满 14 周岁。我们记下孩子的姓名、出生日期、住址和您的电话，只用来安排上门帮忙，去的是两位成年志愿者，"
        "他们只打您的电话。您随时可以看、改，也可以撤回，撤回后我们封存孩子的资料。"
    ),
    Purpose.MINOR_SERVES: gettext_lazy(
        "您的孩子报名参加志愿服务。我们只在白天安排，由成年志愿者带着，不去危险的、急的地方。"
        "您随时可以撤回，撤回后就不再安排。"
    ),
}
"""What is read aloud, or read on the own page, before the yes; other words are another version (rule P10)."""

ASKED_HOW = [(how.value, how.label) for how in (Consent.How.CALL, Consent.How.VISIT, Consent.How.PAPER)]
"""By which ways a desk asks."""

FOR_A_MINOR = frozenset({Purpose.CHILD, Purpose.MINOR_SERVES})
"""Only a guardian says yes to these."""


def consent_version(purpose: Purpose) -> str:
    """Which wording holds now: the first characters of its hash."""
    return sha256(str(CONSENT_WORDS[purpose]).encode()).hexdigest()[:16]


def is_current(consent: Consent) -> bool:
    """Whether it was given to the words that hold now; else it is asked anew."""
    return consent.version == consent_version(Purpose(consent.purpose))


def is_minor(person: Person, on: date) -> bool:
    """Under 18; whose birthday nobody knows is taken for grown up."""
    return person.born_on is not None and age(person.born_on, on) < ADULT


def name_in_lists(person: Person, on: date) -> str:
    """The name as a list shows it: a minor's is masked (rule P12)."""
    return person.masked_name if is_minor(person, on) else person.name


def is_child(born_on: date | None, on: date) -> bool:
    """Under 14: nothing is written down without a guardian's yes (rule P11)."""
    return born_on is not None and age(born_on, on) < CHILD_UNTIL


def age_in_words(person: Person, on: date) -> str:
    """What a page says of a minor's age instead of his birthday (rule P12); nothing of a grown-up's."""
    if not is_minor(person, on):
        return ""
    return _("未满 14 周岁") if is_child(person.born_on, on) else _("14 至 17 周岁")


def born_of(id_number: str) -> date | None:
    """The birthday in an ID number of 18 signs (GB 11643); None when there is no such day."""
    try:
        return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))
    except ValueError:
        return None


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
