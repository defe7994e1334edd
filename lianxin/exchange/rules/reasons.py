"""What may be wrong with a line, in plain words, and what to do about it."""

from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.exchange.models.rosters import Field


class Reason(NamedTuple):
    """What is wrong, and what to do; `%(about)s` stands for a line number or a name that is no secret."""

    words: str | Promise
    todo: str | Promise


_AS_TEXT = _("把这一列设成「文本」格式，照证件重新填写。")
_BY_HAND = _("复制这一列，用「选择性粘贴—数值」盖掉公式。")

REASONS = {
    "name_missing": Reason(_("没有姓名"), _("补上姓名；空行请整行删掉。")),
    "name_odd": Reason(_("姓名里有数字或别的符号"), _("只写姓名，少数民族姓名中间用「·」。")),
    "name_long": Reason(_("姓名超过 50 个字"), _("只写姓名，别的话写到备注里。")),
    "id_missing": Reason(_("没有身份证号"), _("补上 18 位身份证号；没有的请到社区当面登记。")),
    "id_number": Reason(_("身份证号是数字格式，后几位已经丢了"), _AS_TEXT),
    "id_15": Reason(_("15 位的老身份证号早已停用"), _("请填现在的 18 位身份证号。")),
    "id_length": Reason(_("身份证号不是 18 位"), _("请照证件核对；护照等其他证件请到社区当面登记。")),
    "id_date": Reason(_("身份证号里的出生日期不存在"), _("请照证件核对第 7 到 14 位。")),
    "id_check": Reason(_("身份证号的最后一位对不上"), _("多半是抄错了一位，请照证件核对。")),
    "too_young": Reason(_("未满 18 岁"), _("未成年人要监护人同意，请监护人陪同到社区当面登记。")),
    "born_odd": Reason(_("出生日期看不懂"), _("写成 1968-05-03 这样。")),
    "born_differs": Reason(_("出生日期和身份证号不一致"), _("请照证件核对这两格。")),
    "sex_odd": Reason(_("性别看不懂"), _("只写「男」或「女」。")),
    "sex_differs": Reason(_("性别和身份证号不一致"), _("请照证件核对这两格。")),
    "phone_number": Reason(_("手机号是数字格式，不能保证没有变样"), _("把这一列设成「文本」格式，重新填写。")),
    "phone_odd": Reason(
        _("电话不是手机号，也不是带区号的固定电话"), _("一格只写一个号码，固定电话写成 0414-1234567。")
    ),
    "team_missing": Reason(_("没有服务队"), _("补上服务队的名称。")),
    "team_unknown": Reason(_("您负责的范围里没有这支队"), _("请按系统里的队名填写；新队请先设立。")),
    "team_near": Reason(_("没有这支队，是不是「%(about)s」"), _("是的话改成这个名字；新队请先设立。")),
    "team_twice": Reason(_("有几支队都叫这个名字"), _("请在前面加上级的名称，比如「东湖支队和平里红帽队」。")),
    "home_unknown": Reason(_("没有这个社区"), _("请按系统里的社区名填写，或者留空。")),
    "home_twice": Reason(_("有几个社区都叫这个名字"), _("请在前面加街道的名称。")),
    "skills_unknown": Reason(_("没有「%(about)s」这个特长"), _("请从系统的特长里选，用顿号分开，或者留空。")),
    "formula": Reason(_("这一格是公式，不是写定的内容"), _BY_HAND),
    "repeated": Reason(_("和第 %(about)s 行是同一个人"), _("留一行就够了，这一行请删掉。")),
    "other_name_here": Reason(_("和第 %(about)s 行身份证号相同，姓名不同"), _("请照证件核对这两行。")),
    "two_teams_here": Reason(_("第 %(about)s 行已经把这个人写进另一支队"), _("一个人只属于一支队，请留一行。")),
    "id_of_other": Reason(
        _("这个身份证号登记的是另一个姓名，没有覆盖"), _("请照证件核对；确实是本人，请本人带证件到社区认领或提出异议。")
    ),
    "two_teams": Reason(_("这个人已经在「%(about)s」"), _("一个人只属于一支队；要换队请在志愿者台账里办转队。")),
    "left_before": Reason(_("这个人不能由名单列入"), _("愿意参加的话，请本人自己报名。")),
    "declined": Reason(_("本人说过不在这份名单里"), _("请先和本人说好，再请本人自己报名。")),
}
"""Every problem by its code; a test asserts that a messy roster meets each of them."""

ELSEWHERE = _("别处的一支队")


def reason_of(problem: dict[str, Any]) -> Reason:
    """The words for a problem as a line keeps it."""
    known = REASONS[problem["code"]]
    about = {"about": problem.get("about", "")}
    return Reason(str(known.words) % about, str(known.todo))


def column_of(problem: dict[str, Any]) -> str:
    """In which column the problem lies, by its field's name."""
    return str(Field(problem["field"]).label)
