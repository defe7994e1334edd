"""Every list of the console that can be taken away or copied."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lianxin.base.words import moment_in_words
from lianxin.base.workbooks.writing import Value
from lianxin.console import journal
from lianxin.console.exchange.aid_lists import AID_LISTS
from lianxin.console.exchange.desk_lists import desk_lists
from lianxin.console.exchange.ground_lists import GROUND_LISTS
from lianxin.console.exchange.listings import Listing
from lianxin.console.exchange.people_lists import PEOPLE_LISTS, PHONE
from lianxin.console.exchange.task_lists import TASK_LISTS
from lianxin.console.listed import as_asked
from lianxin.console.needs import rows
from lianxin.exchange.models.exports import Export
from lianxin.exchange.models.roll import OnRoll
from lianxin.exchange.queries.exports import exports_seen_by
from lianxin.exchange.queries.rosters import on_roll_of
from lianxin.exchange.rules.rights import IMPORT, REGISTER
from lianxin.journal.models import Entry
from lianxin.needs.models.orders import Order
from lianxin.needs.queries.desk import name_seen_by
from lianxin.notices.models import CallCard
from lianxin.notices.queries import open_calls
from lianxin.organisations.queries import reach
from lianxin.people.models import Complaint
from lianxin.people.queries import open_complaints, people_by_key
from lianxin.users.models import User

ORDER_HEADS = (
    _("单号"),
    _("项目"),
    _("时限类别"),
    _("居民"),
    _("社区"),
    _("希望从"),
    _("希望到"),
    _("点单方式"),
    _("点单时间"),
    _("状态"),
    _("期限"),
)


def _orders(user: User, batch: Sequence[Order]) -> list[list[Value]]:
    return [
        [
            order.number,
            str(order.item),
            order.get_clock_display(),
            name_seen_by(user, order),
            str(order.place),
            order.window.lower,
            order.window.upper,
            order.get_way_display(),
            order.placed_at,
            order.get_state_display(),
            order.due_at,
        ]
        for order in batch
    ]


def _complaints(user: User, batch: Sequence[Complaint]) -> list[list[Value]]:
    return [[complaint.number, complaint.made_at, complaint.due_at] for complaint in batch]


def _calls(user: User, batch: Sequence[CallCard]) -> list[list[Value]]:
    people = people_by_key(card.notice.person_id for card in batch)
    return [
        [
            _callee(card),
            str(people[card.notice.person_id].home or ""),
            card.notice.text,
            len(card.tries.all()),
            card.due_at,
        ]
        for card in batch
    ]


def _callee(card: CallCard) -> str:
    return str(_("%(name)s（紧急联系人）") % {"name": card.person_name}) if card.contact_id else card.person_name


def _entries(user: User, batch: Sequence[Entry]) -> list[list[Value]]:
    return [
        [
            entry.pk,
            entry.at,
            entry.actor_name,
            str(journal.WORDS.get(entry.name, entry.name)),
            journal.about(entry),
            str(_("已封存") if entry.is_sealed else _("未封存")),  # type: ignore[attr-defined]
        ]
        for entry in batch
    ]


def _on_roll(user: User, batch: Sequence[OnRoll]) -> list[list[Value]]:
    return [
        [
            row.person.name,
            row.person.id_ending or "",
            str(row.team),
            str(row.person.home or ""),
            str(row.state_words),
            row.confirmed_at,
        ]
        for row in batch
    ]


def _exports(user: User, batch: Sequence[Export]) -> list[list[Value]]:
    return [
        [
            export.wanted_at,
            export.wanted_by.display_name,
            export.title,
            export.rows,
            str(_("有") if export.with_sealed else _("没有")),
            export.reason,
        ]
        for export in batch
    ]


def _roll_rows(user: User, query: QueryDict) -> Sequence[QuerySet[OnRoll]]:
    facts = {name: query.get(name, "") for name in ("team", "words", "state")}
    return [on_roll_of(user, **facts)]


LISTINGS: Mapping[str, Listing] = {
    "orders": Listing(
        _("全部单子"),
        "needs.see_orders",
        "console:orders",
        ORDER_HEADS,
        lambda user, query: [rows.every(user, query)],
        _orders,
    ),
    "verify": Listing(
        _("待核实"),
        "needs.verify",
        "console:verify",
        ORDER_HEADS,
        lambda user, query: [rows.to_verify(user, query)],
        _orders,
        lambda order: order.resident,
        PHONE,
    ),
    "to_confirm": Listing(
        _("待回访"),
        "needs.confirm_for_resident",
        "console:to_confirm",
        ORDER_HEADS,
        lambda user, query: [rows.to_confirm(user, query)],
        _orders,
        lambda order: order.resident,
        PHONE,
    ),
    "dispatch": Listing(
        _("派单"),
        "needs.dispatch",
        "console:dispatch",
        ORDER_HEADS,
        lambda user, query: [rows.to_dispatch(user, query), rows.asked_already(user, query)],
        _orders,
    ),
    "complaints": Listing(
        _("投诉与建议"),
        "people.answer_complaints",
        "console:complaints",
        (_("号码"), _("收到"), _("期限")),
        lambda user, query: [
            as_asked(user, query, "complaints", open_complaints(reach(user, "people.answer_complaints")))
        ],
        _complaints,
    ),
    "call_cards": Listing(
        _("要打的电话"),
        "people.call",
        "console:call_cards",
        (_("打给谁"), _("社区"), _("说什么"), _("打过几次"), _("期限")),
        lambda user, query: [as_asked(user, query, "call_cards", open_calls(reach(user, "people.call")))],
        _calls,
    ),
    "journal": Listing(
        _("日志"),
        "journal.see",
        "console:journal",
        (_("编号"), _("时间"), _("谁"), _("做了什么"), _("关于"), _("封存")),
        lambda user, query: [journal.entries(user, query)],
        _entries,
    ),
    "roll": Listing(
        _("在册名单"),
        IMPORT,
        "console:roll",
        (_("姓名"), _("证件尾号"), _("服务队"), _("居住社区"), _("状态"), _("确认时间")),
        _roll_rows,
        _on_roll,
        lambda row: row.person,
        PHONE | {"id_number": _("身份证号")},
    ),
    "exports": Listing(
        _("导出登记"),
        REGISTER,
        "console:exports",
        (_("时间"), _("谁"), _("哪份名单"), _("行数"), _("手机或证件"), _("用途")),
        lambda user, _query: [exports_seen_by(user)],
        _exports,
    ),
    **TASK_LISTS,
    **PEOPLE_LISTS,
    **AID_LISTS,
    **GROUND_LISTS,
    **desk_lists(ORDER_HEADS, _orders),
}
"""By the name of their tab. What a page shows and what stands here is compared by a test."""

TEXT_ROWS = 200


def as_text(name: str, user: User, query: QueryDict, title: str) -> str:
    """The list as plain text to paste elsewhere: numbered lines, and how many more there are."""
    listing, lines = LISTINGS[name], [title]
    for batch in listing.batches(user, query):
        for cells in listing.cells(user, batch):
            if len(lines) > TEXT_ROWS:
                break
            lines.append(f"{len(lines)}. {' '.join(filter(None, map(_words, cells)))}")
    total = listing.count(user, query)
    if total > TEXT_ROWS:
        lines.append(str(_("……共 %(total)d 行，只列了前 %(shown)d 行。") % {"total": total, "shown": TEXT_ROWS}))
    return "\n".join(lines)


def _words(value: Value) -> str:
    if value is None:
        return ""
    return moment_in_words(value) if isinstance(value, datetime) else str(value)
