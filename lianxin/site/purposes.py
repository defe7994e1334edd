"""What is kept of people, what for, on which ground, how long: the privacy page is made from it (rule P9)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.people.models import Purpose as Asked

DUTY, REQUEST = _("法定职责"), _("办您要办的事，不另外问")
CONSENT, GUARDIAN = _("您单独同意，随时可以撤回"), _("监护人单独同意，随时可以撤回")
TEN_YEARS, WHILE_HELPED = _("十年（《志愿服务记录与证明出具办法》）"), _("在册期间")
WITH_THE_MATTER = _("随这件事的记录一起保存")
DESK = _("您社区的工作人员，每次查看都记下")
DESK_AND_VOLUNTEER = _("您社区的工作人员、接了单的志愿者，每次查看都记下")


@dataclass(frozen=True)
class Purpose:
    """One kind of facts. `columns` are those sealed in the database, `facts` others that say how somebody is, `asks`
    the consents it rests on; tests ask for each of them to stand here.

    Nobody is asked for what law orders or what he has asked for himself (PIPL 13): an order needs no consent.
    """

    what: str | Promise
    why: str | Promise
    ground: str | Promise
    kept: str | Promise
    seen_by: str | Promise
    is_sensitive: bool = False
    columns: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    asks: tuple[Asked, ...] = ()


PURPOSES = (
    Purpose(
        _("姓名、住在哪个社区"), _("知道替谁点单、归哪里管"), DUTY, WHILE_HELPED, _("您社区的工作人员、接了单的志愿者")
    ),
    Purpose(
        _("手机号"), _("登录、通知您"), REQUEST, WHILE_HELPED, DESK_AND_VOLUNTEER,
        columns=("people.Person.phone", "users.User.phone"),
    ),
    Purpose(
        _("住址、怎么进门"), _("志愿者找得到门"), REQUEST, WHILE_HELPED, DESK_AND_VOLUNTEER,
        columns=("people.Person.address", "people.Circumstances.way_in"),
    ),
    Purpose(
        _("证件号码"), _("一个人只登记一次、出具证明"), DUTY, TEN_YEARS, DESK, True,
        columns=("people.Person.id_number",),
    ),
    Purpose(
        _("听力、视力、行动"), _("来的人知道该注意什么"), CONSENT, WHILE_HELPED, _("您社区的工作人员、接了单的志愿者"),
        True, asks=(Asked.HEALTH,),
    ),
    Purpose(
        _("未成年人的出生日期、监护人的电话"), _("问监护人同不同意、只打监护人的电话"), GUARDIAN, WHILE_HELPED, DESK,
        True, asks=(Asked.CHILD, Asked.MINOR_SERVES),
    ),
    Purpose(
        _("组织关系"), _("计入统计；您愿意时在电子证上亮出来"), CONSENT, _("到您撤回或转出为止"),
        _("本人、所在组织一条线；亮出来后扫码的人"), True, asks=(Asked.MEMBER, Asked.MEMBER_SHOWN),
    ),
    Purpose(
        _("电子证上的姓名"), _("让扫码的人知道您是谁"), CONSENT, _("到您撤回为止"), _("扫您电子证的人"),
        asks=(Asked.CARD_NAME,),
    ),
    Purpose(
        _("紧急联系人"), _("没人应门时有人可以问"), REQUEST, WHILE_HELPED, DESK,
        columns=("people.EmergencyContact.phone",),
    ),
    Purpose(
        _("登录用的验证码和验证器"), _("证明是您本人登录"), REQUEST, _("一天；验证器到您解除为止"), _("没有人"),
        columns=("users.SignInCode.phone", "users.Authenticator.secret"),
    ),
    Purpose(
        _("点单时写的话"), _("把这一单办好"), REQUEST, WITH_THE_MATTER, _("办这一单的人"), True,
        columns=("needs.Order.details",),
    ),
    Purpose(
        _("上门的人说您怎么样：平安或需关注，只有一个词"), _("需要关心时社区打电话问候，也让家人放心"), REQUEST,
        _("在册期间；您说不对的，社区改掉或删掉"),
        _("您社区的工作人员、热线、去的那支队的队长、您让看上门情况的家人"), facts=("needs.Visit.found",),
    ),
    Purpose(
        _("没人应门、联系不上时，工作人员写下的结果"), _("知道您平安，接着把事办好"), REQUEST, WITH_THE_MATTER,
        _("热线和您社区的工作人员，每次查看都记下"), True, columns=("needs.Alarm.words",),
    ),
    Purpose(
        _("打来的电话：号码、记下的话、约好回的电话、交接班的话"), _("认出是谁、不误事"), REQUEST, WITH_THE_MATTER,
        _("热线和您社区的工作人员"), True,
        columns=(
            "needs.Call.number", "needs.Call.words", "needs.CallBack.number", "needs.Ring.number",
            "needs.Handover.words",
        ),
    ),
    Purpose(
        _("每天要上门的名单"), _("停电断网时也能上门"), REQUEST, _("七天"), _("热线和您社区的工作人员"),
        columns=("needs.DaySheet.pdf",),
    ),
    Purpose(
        _("发给您的短信"), _("通知您"), REQUEST, _("九十天"), _("没有人"),
        columns=("notices.Sms.phone", "notices.Sms.text"),
    ),
    Purpose(
        _("您的意见和申请"), _("答复您"), REQUEST, WITH_THE_MATTER, DESK,
        columns=("people.Complaint.text", "people.Complaint.contact", "people.Application.facts"),
    ),
    Purpose(
        _("成批登记和导出的表格"), _("不用重复填表"), DUTY, WITH_THE_MATTER, _("办这件事的工作人员，每次导出都记下"),
        columns=("exchange.Roster.file", "exchange.Export.file"),
    ),
    Purpose(
        _("登录的浏览器"), _("不用每次都登录"), REQUEST, _("最后一次使用后九十天"), _("没有人"),
        columns=("users.Session.kept",),
    ),
    Purpose(_("服务时间"), _("记录志愿服务、出具证明"), DUTY, TEN_YEARS, _("本人、所在的队伍")),
)  # fmt: skip
