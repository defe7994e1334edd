"""What is kept of people, what for, on which ground, how long: the privacy page is made from it (rule P9)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DUTY, CONSENT = _("法定职责"), _("您同意")
TEN_YEARS, WHILE_HELPED = _("十年（《志愿服务记录与证明出具办法》）"), _("在册期间；停用后只保存、不使用")

WITH_THE_MATTER = _("随这件事的记录一起保存")
DESK = _("您社区的工作人员，每次查看都记下")
DESK_AND_VOLUNTEER = _("您社区的工作人员、接了单的志愿者，每次查看都记下")


@dataclass(frozen=True)
class Purpose:
    """One kind of facts. `columns` are those sealed in the database; a test asks for each of them to stand here."""

    what: str | Promise
    why: str | Promise
    ground: str | Promise
    kept: str | Promise
    seen_by: str | Promise
    is_sensitive: bool = False
    columns: tuple[str, ...] = ()


PURPOSES = (
    Purpose(
        _("姓名、住在哪个社区"), _("知道替谁点单、归哪里管"), DUTY, WHILE_HELPED, _("您社区的工作人员、接了单的志愿者")
    ),
    Purpose(
        _("手机号"), _("登录、通知您"), CONSENT, WHILE_HELPED, DESK_AND_VOLUNTEER,
        columns=("people.Person.phone", "users.User.phone", "users.SignInCode.phone", "notices.Sms.phone"),
    ),
    Purpose(
        _("住址、怎么进门"), _("志愿者找得到门"), CONSENT, WHILE_HELPED, DESK_AND_VOLUNTEER,
        columns=("people.Person.address", "people.Circumstances.way_in"),
    ),
    Purpose(
        _("证件号码"), _("一个人只登记一次、出具证明"), DUTY, TEN_YEARS, DESK, True,
        columns=("people.Person.id_number",),
    ),
    Purpose(
        _("听力、视力、行动"), _("来的人知道该注意什么"), CONSENT, WHILE_HELPED, _("您社区的工作人员、接了单的志愿者"),
        True,
    ),
    Purpose(
        _("紧急联系人"), _("没人应门时有人可以问"), CONSENT, WHILE_HELPED, DESK,
        columns=("people.EmergencyContact.phone", "volunteers.Volunteer.guardian_phone"),
    ),
    Purpose(
        _("点单时写的话、打来的电话"), _("把这一单办好"), CONSENT, WITH_THE_MATTER, _("办这一单的人"), True,
        columns=("needs.Order.details",),
    ),
    Purpose(
        _("发给您的短信、您的意见和申请"), _("通知您、答复您"), CONSENT, WITH_THE_MATTER, _("您社区的工作人员"),
        columns=("notices.Sms.text", "people.Complaint.contact", "people.Application.facts"),
    ),
    Purpose(
        _("登录的浏览器"), _("不用每次都登录"), CONSENT, _("最后一次使用后九十天"), _("没有人"),
        columns=("users.Session.kept",),
    ),
    Purpose(_("服务时间"), _("记录志愿服务、出具证明"), DUTY, TEN_YEARS, _("本人、所在的队伍")),
)  # fmt: skip
