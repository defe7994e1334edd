"""What a name, an ID number and a phone must look like (rule I3). Refused ones are never repaired."""

import re
from datetime import date

from stdnum.cn.ric import calc_check_digit

from lianxin.people.rules import born_of

LONGEST_NAME = 50
DOTS = str.maketrans(dict.fromkeys("•‧・●∙⋅.", "·"))

_NAME = re.compile(r"[^\W\d_]+(?:[· '-][^\W\d_]+)*")
_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff·])\s+(?=[\u3400-\u9fff·])")
_ID = re.compile(r"\d{17}[\dX]")
_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
_FIXED = re.compile(r"\(?(0\d{2,3})\)?-?(\d{7,8})")


def name_of(text: str) -> str:
    """The name as we write it: one kind of middle dot, no blanks between Chinese characters (「王 芳」)."""
    return _BETWEEN_HAN.sub("", text.translate(DOTS))


def wrong_with_name(name: str) -> str | None:
    """The code of what is wrong with a name, if anything."""
    if not name:
        return "name_missing"
    if len(name) > LONGEST_NAME:
        return "name_long"
    return None if len(name) > 1 and _NAME.fullmatch(name) else "name_odd"


def id_of(text: str) -> str:
    """The ID number without blanks and dashes, its X as a capital."""
    return re.sub(r"[\s-]", "", text).upper()


def wrong_with_id(number: str, today: date) -> str | None:
    """The code of what is wrong with an ID number: our own rule for its date, the standard's for its check digit.

    The division is not looked up: codes come and go, and residence permits have some of their own (GB 11643).
    """
    if re.fullmatch(r"\d{15}", number):
        return "id_15"
    if not _ID.fullmatch(number):
        return "id_length"
    born = born_of(number)
    if born is None or not date(1900, 1, 1) <= born <= today:
        return "id_date"
    return None if calc_check_digit(number) == number[-1] else "id_check"


def sex_of(number: str) -> str:
    """男 or 女, by the seventeenth digit."""
    return "男" if int(number[16]) % 2 else "女"


def phone_of(text: str) -> str | None:
    """The mobile number's eleven digits, or a fixed line with its area code; None when it is neither."""
    bare = re.sub(r"\s", "", text)
    mobile = _MOBILE.fullmatch(bare.replace("-", ""))
    if mobile:
        return mobile[1]
    fixed = _FIXED.fullmatch(bare)
    return f"{fixed[1]}{fixed[2]}" if fixed else None


def is_mobile(phone: str) -> bool:
    """Whether messages reach this number."""
    return not phone.startswith("0")
