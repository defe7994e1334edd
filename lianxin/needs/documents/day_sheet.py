"""今日上门单: what an operator needs when the computers are down, and nothing more (rule L9)."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from lianxin.base import clock, pdf
from lianxin.base.words import full_date_in_words, full_moment_in_words
from lianxin.needs import rules
from lianxin.needs.models.orders import Order
from lianxin.organisations.models import Node

TEMPLATE = Path(__file__).parent / "day_sheet.typ"


def day_sheet(*, place: Node, day: date, visits: Sequence[Order]) -> bytes:
    """A PDF with hour, what, whom, where, who comes, and room to write by hand when he came and left.

    No ID number, no door word, not what the resident wrote.
    """
    facts = {
        "title": _("%(place)s 今日上门单") % {"place": place},
        "day": full_date_in_words(day),
        "made": _("%(at)s 打印 · 含居民电话和住址，用完请销毁") % {"at": full_moment_in_words(clock.now())},
        "head": [_("时间"), _("单号和项目"), _("居民"), _("住址和电话"), _("谁去"), _("到／走")],
        "rows": [_row(visit) for visit in visits],
        "empty": _("今天没有要上门的单。"),
        "count": _("共 %(count)d 单") % {"count": len(visits)},
    }
    return pdf.made(TEMPLATE, facts)


def _row(order: Order) -> list[str]:
    resident = order.resident
    start, end = timezone.localtime(order.planned_start), timezone.localtime(order.window.upper)
    hour = f"{start:%H:%M}" if order.starts_at else f"{start:%H:%M}–{end:%H:%M}"
    reached = [sealed.open() for sealed in (resident.address, resident.phone) if sealed]
    who = [
        f"{rules.called(each.volunteer.person.name)}（{each.volunteer.team}）"
        for each in order.held  # type: ignore[attr-defined]
    ]
    return [
        hour,
        f"{order.number}\n{order.item}",
        f"{resident.name}\n{order.place}",
        "\n".join(reached),
        "\n".join(who) or _("还没有人"),
        "",
    ]
