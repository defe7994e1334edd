"""What the desk works with as columns: knowledge, duty, nicknames, telephone systems, menus, policies."""

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lianxin.base.workbooks.writing import Value
from lianxin.console.calls import duty, incoming, knowledge, log, places
from lianxin.console.exchange.listings import Listing, by_row
from lianxin.console.needs import incidents, menus
from lianxin.needs.models.aids import Knowledge
from lianxin.needs.models.calls import Duty, Line
from lianxin.needs.models.incidents import Policy
from lianxin.needs.models.menu import MenuItem
from lianxin.needs.queries import calls
from lianxin.needs.queries.incidents import insured_teams
from lianxin.needs.queries.residents import whole_menu
from lianxin.organisations.models import Node, PlaceAlias
from lianxin.organisations.queries import aliases_under, reach
from lianxin.users.models import User


def _knowledge(entry: Knowledge) -> list[Value]:
    return [entry.words, entry.answer, entry.number, str(entry.place)]


def _duty(each: Duty) -> list[Value]:
    return [each.user.display_name, str(each.desk), each.during.lower, each.during.upper]


def _alias(alias: PlaceAlias) -> list[Value]:
    return [alias.words, str(alias.place)]


def _line(line: Line) -> list[Value]:
    return [line.name, str(line.desk), line.made_at, str(_("已断开") if line.closed_at else _("已接通"))]


def _policy(team: Node) -> list[Value]:
    policy: Policy | None = getattr(team, "policy", None)
    if policy is None:
        return [str(team), str(_("没有自己的，用上级的")), "", "", ""]
    return [str(team), policy.insurer, policy.number, policy.phone, policy.until.isoformat()]


def _item(item: MenuItem) -> list[Value]:
    is_open_here = item.is_open and not item.is_closed_above and not item.is_closed_here  # type: ignore[attr-defined]
    return [
        item.name,
        item.words,
        item.from_age or None,
        item.people,
        item.minutes,
        item.skill.name if item.skill else "",
        item.get_materials_display(),
        item.get_clock_display(),
        str(item.place),
        str(_("开放") if is_open_here else _("停了")),
    ]


def _menu(user: User, query: QueryDict) -> Sequence[QuerySet[MenuItem]]:
    place = menus.place_asked(user, query.get("place", ""))
    return [whole_menu(place)] if place else []


AID_LISTS: Mapping[str, Listing] = {
    "knowledge": Listing(
        _("知识库"),
        log.SEE,
        "console:knowledge",
        (_("问什么"), _("怎么答"), _("转哪个号码"), _("哪里适用")),
        lambda user, query: [knowledge.asked_for(user, query)],
        by_row(_knowledge),
    ),
    "duty": Listing(
        _("夜间值班"),
        duty.PLAN,
        "console:duty",
        (_("谁值班"), _("哪个台"), _("从"), _("到")),
        lambda user, _query: [duty.within(reach(user, duty.PLAN))],
        by_row(_duty),
    ),
    "aliases": Listing(
        _("地方俗称"),
        places.NAME,
        "console:aliases",
        (_("大家怎么叫"), _("是哪里")),
        lambda user, _query: [aliases_under(reach(user, places.NAME))],
        by_row(_alias),
    ),
    "lines": Listing(
        _("电话系统"),
        incoming.CONNECT,
        "console:lines",
        (_("名称"), _("哪个台"), _("接通时间"), _("状态")),
        lambda user, _query: [calls.lines_under(reach(user, incoming.CONNECT))],
        by_row(_line),
    ),
    "policies": Listing(
        _("各队的保单"),
        incidents.KEEP,
        "console:policies",
        (_("队伍"), _("保险公司"), _("保单号"), _("报案电话"), _("到哪天")),
        lambda user, _query: [insured_teams(reach(user, incidents.KEEP))],
        by_row(_policy),
    ),
    "menus": Listing(
        _("服务菜单"),
        menus.MAY,
        "console:menus",
        (
            _("项目"),
            _("说明"),
            _("多少岁起"),
            _("几个人"),
            _("大约几分钟"),
            _("要会什么"),
            _("材料"),
            _("时限"),
            _("哪里定的"),
            _("在这里"),
        ),
        _menu,
        by_row(_item),
    ),
}
"""By the name of their tab."""
