"""What stands below everything as columns: organisations, blank spots, skills, rosters, accounts, roles."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lianxin.base.workbooks.writing import Value
from lianxin.console.exchange.listings import Listing, by_row
from lianxin.console.organisations import serving, tree
from lianxin.console.security import accounts, roles
from lianxin.console.volunteers import members
from lianxin.exchange.models.rosters import Roster
from lianxin.exchange.queries.rosters import rosters_of
from lianxin.exchange.rules.rights import IMPORT
from lianxin.organisations.models import Node, RoleHeld, RoleProposal, Serves
from lianxin.organisations.queries import open_proposals, roles_held_by
from lianxin.organisations.rules import COUNTERSIGN, GIVE_DESK_ROLES
from lianxin.users.models import User
from lianxin.users.rules import SEE_ACCOUNTS
from lianxin.volunteers.models import Skill
from lianxin.volunteers.queries.headcounts import skills_with_holders


def _node(node: Node) -> list[Value]:
    return [node.name, node.get_kind_display(), node.parent.name if node.parent else "", "、".join(node.tags)]


def _blank(node: Node) -> list[Value]:
    return [str(node.blank), *_node(node)[:3]]  # type: ignore[attr-defined]  # annotated


def _blanks(user: User, _query: QueryDict) -> Sequence[QuerySet[Any]]:
    """Each kind of blank spot after the other; every row knows of which kind it is."""
    text = models.CharField()
    return [rows.annotate(blank=models.Value(words, output_field=text)) for words, rows in tree.blanks_of(user)]


def _serves(each: Serves) -> list[Value]:
    team, place, since = each.team, each.place, each.during.lower.isoformat()
    return [team.name, team.get_kind_display(), place.name, place.get_kind_display(), since]


def _skill(skill: Skill) -> list[Value]:
    holders: int = skill.holders  # type: ignore[attr-defined]  # annotated
    return [skill.name, holders, str(_("已停用")) if skill.closed_on else ""]


def _roster(roster: Roster) -> list[Value]:
    return [
        roster.file_name,
        str(roster.source or ""),
        roster.uploaded_by.display_name,
        roster.made_at,
        roster.get_state_display(),
        roster.counts.get("new"),
        roster.counts.get("wrong"),
    ]


def _accounts(_user: User, batch: Sequence[User]) -> list[list[Value]]:
    held = roles_held_by(batch)
    return [_account(each, held.get(each.pk, [])) for each in batch]


def _account(user: User, held: Sequence[RoleHeld]) -> list[Value]:
    said = "、".join(f"{each.get_role_display()} {each.node.name}" for each in held)
    return [user.display_name, str(user), said, user.last_in_at, accounts.state_of(user)]


def _role(held: RoleHeld) -> list[Value]:
    user = held.user
    return [
        user.display_name,
        held.get_role_display(),
        str(held.node),
        held.during.lower.isoformat(),
        held.during.upper.isoformat() if held.during.upper else "",
        user.last_in_at,
        held.reviewed_on.isoformat() if held.reviewed_on else "",
        "" if user.is_active else str(_("已停用")),
    ]


def _proposal(each: RoleProposal) -> list[Value]:
    what = each.get_role_display()
    return [each.user.display_name, what, str(each.node), each.proposed_by.display_name, each.proposed_at]


GROUND_LISTS: Mapping[str, Listing] = {
    "organisations": Listing(
        _("组织"),
        tree.SEE,
        "console:organisations",
        (_("名称"), _("类型"), _("上级"), _("标签")),
        lambda user, query: [tree.asked_for(user, query)],
        by_row(_node),
    ),
    "blank_spots": Listing(
        _("空白点"),
        tree.SEE,
        "console:blank_spots",
        (_("缺什么"), _("名称"), _("类型"), _("上级")),
        _blanks,
        by_row(_blank),
    ),
    "serving": Listing(
        _("对接"),
        serving.SEE,
        "console:serving",
        (_("队伍"), _("类型"), _("服务的地方"), _("哪一级"), _("从")),
        lambda user, query: [serving.asked_for(user, query)],
        by_row(_serves),
    ),
    "skills": Listing(
        _("技能名录"),
        members.LIST_SKILLS,
        "console:skills",
        (_("技能"), _("在册人数"), _("状态")),
        lambda _user, _query: [skills_with_holders()],
        by_row(_skill),
    ),
    "rosters": Listing(
        _("导入名单"),
        IMPORT,
        "console:rosters",
        (_("文件"), _("来源"), _("谁上传"), _("时间"), _("状态"), _("新增"), _("要改")),
        lambda user, _query: [rosters_of(user)],
        by_row(_roster),
    ),
    "accounts": Listing(
        _("账号"),
        SEE_ACCOUNTS,
        "console:accounts",
        (_("姓名"), _("手机"), _("今天的身份"), _("上次登录"), _("状态")),
        lambda _user, query: [accounts.asked_for(query)],
        _accounts,
    ),
    "role_review": Listing(
        _("季度复核"),
        GIVE_DESK_ROLES,
        "console:role_review",
        (_("姓名"), _("身份"), _("在哪里"), _("从"), _("到"), _("上次登录"), _("上次复核"), _("账号")),
        lambda _user, query: [roles.asked_for_review(query)],
        by_row(_role),
    ),
    "proposals": Listing(
        _("三员复核"),
        COUNTERSIGN,
        "console:proposals",
        (_("谁"), _("身份"), _("在哪里"), _("谁提出"), _("什么时候")),
        lambda _user, _query: [open_proposals()],
        by_row(_proposal),
    ),
}
"""By the name of their tab."""
