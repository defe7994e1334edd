"""Papers of a visit: the slip that is signed at the door, and the proof sheet after an accident."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from lianxin.base import clock, pdf
from lianxin.base.words import full_moment_in_words
from lianxin.needs.models.incidents import Incident, Policy
from lianxin.needs.models.visits import Assignment, Visit

HERE = Path(__file__).parent


def visit_slip(task: Assignment) -> bytes:
    """What is done, when, the door word, room for the times and both signatures; no address and no phone (rule E4)."""
    order = task.order
    facts = {
        "title": _("上门服务单"),
        "number": _("%(number)d 号") % {"number": order.number},
        "rows": [
            [_("项目"), order.item.name],
            [_("约好的时间"), f"{full_moment_in_words(order.planned_start)}–{_hour(order.planned_end)}"],
            [_("去哪里"), f"{order.place} · {order.resident.masked_name}"],
            [_("志愿者"), f"{task.volunteer.person.name}（{task.volunteer.team}）"],
        ],
        "word": [_("敲门暗语"), order.door_word, _("志愿者进门前先说这个词。不收钱。")],
        "blanks": [
            _("几点开始"),
            _("几点结束"),
            _("做得怎么样"),
            _("居民签名"),
            _("志愿者签名"),
        ],
        "satisfied": [
            _("满意吗，圈一个"),
            *(_("很满意"), _("满意"), _("一般"), _("不满意"), _("很不满意")),
        ],
        "foot": _("签好交给队长或服务站补录。%(at)s 打印") % {"at": full_moment_in_words(clock.now())},
    }
    return pdf.made(HERE / "slip.typ", facts)


def proof_sheet(incident: Incident, there: Sequence[Assignment], policy: Policy | None) -> bytes:
    """For the insurer: the activity, who was at work and when, what happened. It names no third party (rule S4)."""
    order = incident.order
    insured = f"{policy.insurer} {policy.number} {policy.phone}" if policy else _("没有登记")
    facts = {
        "title": _("志愿服务情况证明"),
        "rows": [
            [_("活动"), f"{order.item.name}（{_('%(number)d 号') % {'number': order.number}}）"],
            [_("约好的时间"), f"{full_moment_in_words(order.planned_start)}–{_hour(order.planned_end)}"],
            [_("地方"), str(order.place)],
            [_("出事的时间"), full_moment_in_words(incident.at)],
            [_("在哪里"), incident.where],
            [_("什么事"), incident.get_kind_display()],
            [_("做了什么"), incident.done],
            [_("交给了谁"), incident.handed_to or _("没有")],
            [_("编号"), incident.reference or _("没有")],
            [_("保单"), insured],
        ],
        "head": [_("姓名"), _("编号"), _("队伍"), _("开始"), _("结束")],
        "roster": [_line(each) for each in there],
        "foot": _("以上按系统记录打印，%(at)s。盖章：") % {"at": full_moment_in_words(clock.now())},
    }
    return pdf.made(HERE / "proof.typ", facts)


def _line(task: Assignment) -> list[str]:
    visits = sorted(task.visits.all(), key=lambda each: each.pk)
    visit: Visit | None = visits[-1] if visits else None
    volunteer = task.volunteer
    started = full_moment_in_words(visit.started_at) if visit else _("还没开始")
    finished = _hour(visit.finished_at) if visit and visit.finished_at else _("还没结束")
    return [volunteer.person.name, volunteer.number, str(volunteer.team), started, finished]


def _hour(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"
