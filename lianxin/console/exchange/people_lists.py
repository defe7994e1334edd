"""What the lists of residents, volunteers and past figures hold as columns."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.workbooks.writing import Value
from lianxin.console.exchange.listings import Listing, by_row
from lianxin.console.listed import as_asked
from lianxin.console.people import families, persons
from lianxin.console.volunteers import kit, ledger, members
from lianxin.organisations.models import Opening
from lianxin.organisations.queries import openings_under, reach
from lianxin.people.models import Application, Helper, Person
from lianxin.people.queries import open_applications
from lianxin.people.rules import name_in_lists
from lianxin.users.models import User
from lianxin.volunteers import queries
from lianxin.volunteers.models import Kit, Membership, Transfer, Volunteer

PHONE = {"phone": _("手机")}
LEAD = "volunteers.lead"


def _person(person: Person) -> list[Value]:
    return [
        name_in_lists(person, clock.today()),
        str(person.home or ""),
        person.call_number,
        person.phone_ending or "",
        person.get_contact_by_display(),
        person.helped_how,
    ]


def _families(user: User, batch: Sequence[Helper]) -> list[list[Value]]:
    return [_family(given, *families.names_seen_by(user, given)) for given in batch]


def _family(given: Helper, name: str, helper: str, ending: str) -> list[Value]:
    state, _tone = families.state_of(given)
    return [
        name,
        str(given.person.home or ""),
        helper,
        given.relation,
        ending,
        given.get_scopes_display(),
        given.get_given_how_display(),
        state,
        given.last_day.isoformat() if given.last_day else "",
    ]


def _application(each: Application) -> list[Value]:
    return [each.get_kind_display(), each.user.display_name, each.made_at, each.due_at]


def _skills(volunteer: Volunteer) -> str:
    return "、".join(skill.name for skill in volunteer.skills.all())


def _volunteer(volunteer: Volunteer) -> list[Value]:
    person = volunteer.person
    is_unconfirmed = person.is_imported and not person.claimed_at
    return [
        name_in_lists(person, clock.today()),
        volunteer.number,
        str(volunteer.team),
        str(person.home or ""),
        _skills(volunteer),
        person.phone_ending or "",
        volunteer.get_state_display(),
        str(_("导入未确认")) if is_unconfirmed else "",
    ]


def _applied(volunteer: Volunteer) -> list[Value]:
    return [
        name_in_lists(volunteer.person, clock.today()),
        volunteer.number,
        str(volunteer.team),
        str(volunteer.person.home or ""),
        _skills(volunteer),
        volunteer.registered_at,
    ]


def _transfer(each: Transfer) -> list[Value]:
    return [each.volunteer.person.name, str(each.from_team), str(each.to_team), each.asked_at, each.reason]


def _kit(each: Kit) -> list[Value]:
    return [str(each), each.volunteer.person.name, str(each.volunteer.team), each.issued_on.isoformat()]


def _member(each: Membership) -> list[Value]:
    volunteer: Volunteer | None = getattr(each.person, "volunteer", None)
    return [
        each.person.name,
        str(each.node),
        each.get_kind_display(),
        each.during.lower.isoformat(),
        str(_("已确认") if each.agreed_at else _("等本人确认")),
        volunteer.get_state_display() if volunteer else str(_("还没报名")),
    ]


def _opening(each: Opening) -> list[Value]:
    return [
        str(each.node),
        each.get_what_display(),
        each.number,
        each.unit,
        each.as_of.isoformat(),
        each.source,
        each.entered_by.display_name,
        each.approved_by.display_name if each.approved_by else "",
        each.get_state_display(),
    ]


PEOPLE_LISTS: Mapping[str, Listing] = {
    "people": Listing(
        _("居民"),
        persons.MAY,
        "console:people",
        (_("姓名"), _("社区"), _("点单号码"), _("手机尾号"), _("怎么通知"), _("上门注意")),
        lambda user, query: [persons.asked_for(user, query)[0]],
        by_row(_person),
        lambda person: person,
        PHONE,
    ),
    "families": Listing(
        _("家人"),
        families.SEE,
        "console:families",
        (
            _("居民"),
            _("社区"),
            _("家人"),
            _("关系"),
            _("手机尾号"),
            _("能办什么"),
            _("怎么同意的"),
            _("状态"),
            _("到哪天"),
        ),
        lambda user, query: [families.asked_for(user, query)],
        _families,
    ),
    "applications": Listing(
        _("居民申请"),
        persons.MAY,
        "console:applications",
        (_("事项"), _("申请人"), _("收到"), _("期限")),
        lambda user, query: [as_asked(user, query, "applications", open_applications(reach(user, persons.MAY)))],
        by_row(_application),
    ),
    "volunteers": Listing(
        _("志愿者台账"),
        ledger.SEE,
        "console:volunteers",
        (_("姓名"), _("编号"), _("队伍"), _("住在"), _("技能"), _("手机尾号"), _("状态"), _("是否确认")),
        lambda user, query: [queries.for_list(ledger.asked_for(user, query))],
        by_row(_volunteer),
    ),
    "review": Listing(
        _("志愿者审核"),
        "volunteers.approve",
        "console:review",
        (_("姓名"), _("编号"), _("队伍"), _("住在"), _("技能"), _("报名")),
        lambda user, query: [as_asked(user, query, "review", queries.to_review(reach(user, "volunteers.approve")))],
        by_row(_applied),
    ),
    "transfers": Listing(
        _("转队"),
        LEAD,
        "console:transfers",
        (_("姓名"), _("从"), _("到"), _("申请时间"), _("说明")),
        lambda user, query: [as_asked(user, query, "transfers", queries.transfers_to(reach(user, LEAD)))],
        by_row(_transfer),
    ),
    "kit": Listing(
        _("发出的物品"),
        LEAD,
        "console:kit_out",
        (_("物品"), _("谁"), _("队伍"), _("发放")),
        lambda user, query: [kit.asked_for(user, query)],
        by_row(_kit),
    ),
    "members": Listing(
        _("成员"),
        "volunteers.keep_members",
        "console:members",
        (_("姓名"), _("组织"), _("类型"), _("从"), _("本人"), _("志愿者")),
        lambda user, query: [members.asked_for(user, query)],
        by_row(_member),
    ),
    "openings": Listing(
        _("历史台账"),
        "organisations.enter_opening",
        "console:openings",
        (_("组织"), _("什么"), _("数量"), _("单位"), _("截至"), _("出处"), _("登记"), _("复核"), _("状态")),
        lambda user, _query: [openings_under(reach(user, "organisations.enter_opening"))],
        by_row(_opening),
    ),
}
"""By the name of their tab. Telephones go only with the residents' list, for a reason (rule X2)."""
