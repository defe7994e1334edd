"""Who may do what: one registry, filled by each app's own table of permission and roles (docs/rules.md, roles).

A permission is a word like `needs.verify`. It is held through a role on a node and reaches over that node's subtree.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from typing import TypeAlias

from django.utils.translation import gettext_lazy as _

from lianxin.base.refused import Refused
from lianxin.organisations.models import Kind, Role
from lianxin.users.rules import ADMINISTERS, AT_A_DESK, ISSUE_SLIPS, SEE_ACCOUNTS, SET_POLICY

_roles_by_permission: dict[str, frozenset[Role]] = {}


def grant(table: Mapping[str, set[Role]]) -> Mapping[str, frozenset[Role]]:
    """Register an app's table; a permission is granted in one place only."""
    frozen = {permission: frozenset(roles) for permission, roles in table.items()}
    twice = frozen.keys() & _roles_by_permission.keys()
    if any(_roles_by_permission[permission] != frozen[permission] for permission in twice):
        raise ValueError(f"granted in two tables: {sorted(twice)}")
    _roles_by_permission.update(frozen)
    return frozen


def roles_with(permission: str) -> frozenset[Role]:
    """The roles that hold this permission; none for a word that no table knows."""
    return _roles_by_permission.get(permission, frozenset())


def permissions() -> Mapping[str, frozenset[Role]]:
    """The whole table, as the matrix test and the demo read it."""
    return dict(_roles_by_permission)


PRIVATE = frozenset({Role.RESIDENT, Role.VOLUNTEER})
"""Roles that come with another deed, a claim or an approval, whose own rule asked who acts."""

ADMINISTRATORS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR})
"""The three administrators; nobody holds two of these roles, and two people give them (rules A10 and A11)."""

LOAD_HOLIDAYS = "organisations.load_holidays"
GIVE_TEAM_ROLES, GIVE_DESK_ROLES = "organisations.give_team_roles", "organisations.give_desk_roles"
PROPOSE_ADMINISTRATORS, COUNTERSIGN = "organisations.propose_administrators", "organisations.countersign"

GIVEN_BY = {
    **dict.fromkeys((Role.CAPTAIN, Role.SECRETARY), GIVE_TEAM_ROLES),
    **dict.fromkeys(
        (Role.STATION_WORKER, Role.CALL_OPERATOR, Role.DISPATCHER, Role.UNIT_OFFICER, Role.CITY_OFFICER),
        GIVE_DESK_ROLES,
    ),
    **dict.fromkeys(ADMINISTRATORS, PROPOSE_ADMINISTRATORS),
}
"""Which permission gives and ends which role (rule A10)."""

MAY = grant(
    {
        "organisations.see_health": {Role.SYSTEM_ADMINISTRATOR},
        LOAD_HOLIDAYS: {Role.SYSTEM_ADMINISTRATOR},
        "organisations.open_console": set(Role) - PRIVATE,
        "organisations.see": {
            Role.CAPTAIN,
            Role.SECRETARY,
            Role.STATION_WORKER,
            Role.DISPATCHER,
            Role.UNIT_OFFICER,
            Role.CITY_OFFICER,
        },
        "organisations.shape": {Role.UNIT_OFFICER, Role.CITY_OFFICER},
        "organisations.enter_opening": {
            Role.CAPTAIN,
            Role.SECRETARY,
            Role.STATION_WORKER,
            Role.UNIT_OFFICER,
            Role.CITY_OFFICER,
        },
        "organisations.approve_opening": {Role.UNIT_OFFICER, Role.CITY_OFFICER},
        "organisations.name_places": {Role.STATION_WORKER, Role.CALL_OPERATOR, Role.CITY_OFFICER},
        AT_A_DESK: set(Role) - PRIVATE - {Role.CAPTAIN, Role.SECRETARY},
        ADMINISTERS: set(ADMINISTRATORS),
        SEE_ACCOUNTS: {Role.SECURITY_ADMINISTRATOR},
        SET_POLICY: {Role.SYSTEM_ADMINISTRATOR},
        ISSUE_SLIPS: {Role.STATION_WORKER, Role.SECURITY_ADMINISTRATOR},
        GIVE_TEAM_ROLES: {Role.CITY_OFFICER, Role.SECURITY_ADMINISTRATOR},
        GIVE_DESK_ROLES: {Role.SECURITY_ADMINISTRATOR},
        PROPOSE_ADMINISTRATORS: {Role.SECURITY_ADMINISTRATOR},
        COUNTERSIGN: {Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR},
    }
)

MOST_TAGS, LONGEST_TAG = 8, 12
NEVER_LENT = frozenset(
    {Role.RESIDENT, Role.VOLUNTEER, Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR}
)
"""What somebody is, and the three administrators, whom two people appoint: nobody stands in for them."""

LONGEST_DELEGATION = timedelta(days=180)
"""A leave, not a succession: whoever is away for longer hands the role itself over."""

_CREDIT_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_DIVISION_CODE = re.compile(r"\d{6}(?:\d{3}(?:\d{3})?)?")


def credit_code(typed: str) -> str:
    """The eighteen characters of a unified social credit code (GB 32100), or "" for none; refused if it cannot be one.

    A branch or an internal team has no such code, so none is as good as one (rule G6).
    """
    code = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed)).upper()
    if not code:
        return ""
    if len(code) != 18 or any(character not in _CREDIT_DIGITS for character in code):
        raise Refused(_("代码是 18 位数字和大写字母，没有 I、O、S、V、Z。请对照证书再填。"), field="credit_code")
    if code[-1] != credit_check_digit(code[:17]):
        raise Refused(_("代码的最后一位对不上，可能抄错了一位。请对照证书再填。"), field="credit_code")
    return code


def credit_check_digit(first: str) -> str:
    """The eighteenth character that belongs to the first seventeen: MOD 31 with the weights 3, 9, 27 …"""
    total = sum(_CREDIT_DIGITS.index(character) * pow(3, place, 31) for place, character in enumerate(first))
    return _CREDIT_DIGITS[(31 - total % 31) % 31]


def division_code(typed: str) -> str:
    """Six, nine or twelve digits (county, township, village), or a refusal."""
    code = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed))
    if not _DIVISION_CODE.fullmatch(code):
        raise Refused(_("区划代码是 6、9 或 12 位数字。"), field="code")
    return code


def tags(typed: str) -> list[str]:
    """The tags in what was typed, parted by commas or spaces, each once."""
    found = list(dict.fromkeys(tag for tag in re.split(r"[，,、;；\s]+", typed) if tag))
    if len(found) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in found):
        raise Refused(_("标签最多 8 个，每个最多 12 个字。"), field="tags")
    return found


USUALLY_BELOW = {
    Kind.COMMITTEE: Kind.BRANCH,
    Kind.GENERAL_BRANCH: Kind.BRANCH,
    Kind.CORPS: Kind.DETACHMENT,
    Kind.DETACHMENT: Kind.TEAM,
    Kind.CITY: Kind.STREET,
    Kind.COUNTY: Kind.STREET,
    Kind.STREET: Kind.COMMUNITY,
    Kind.COMMUNITY: Kind.GRID,
}
"""What a form proposes to open below a node; any other kind of its tree may be chosen."""

Line: TypeAlias = tuple[str, str]
"""A line of a pasted list: a name, and a name below it, or ""."""

MOST_LINES, LONGEST_NAME = 3_000, 60


def lines_of(pasted: str) -> list[Line]:
    """Read a list of one or two columns, parted by tabs or commas, as it comes out of Excel (rule G13).

    An empty first column means the name above: Excel leaves it so where cells are merged. Refused with the line's
    number.
    """
    found: list[Line] = []
    for number, text in enumerate(pasted.splitlines(), start=1):
        columns = [" ".join(column.split()) for column in re.split(r"[\t,，]", text.strip("\r\n"))]
        while columns and not columns[-1]:
            columns.pop()
        if not columns:
            continue
        if len(columns) > 2:
            raise Refused(_("第 %(number)s 行有 %(many)s 列，最多两列。") % {"number": number, "many": len(columns)})
        if any(len(column) > LONGEST_NAME for column in columns):
            words = _("第 %(number)s 行的名称太长，最多 %(most)s 个字。")
            raise Refused(words % {"number": number, "most": LONGEST_NAME})
        upper = columns[0] or (found[-1][0] if found else "")
        if not upper:
            raise Refused(_("第 %(number)s 行没有第一列。") % {"number": number})
        found.append((upper, columns[1] if len(columns) == 2 else ""))
    if not 1 <= len(found) <= MOST_LINES:
        raise Refused(_("请贴 1 到 %(most)s 行，多的分几次。") % {"most": MOST_LINES})
    return found


REVIEWED_EVERY = timedelta(days=92)
"""How long a role may go on without anybody looking whether it is still needed (rule A8)."""
