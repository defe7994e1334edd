"""日志: what was done, by whom, when; in people's words, never with private values."""

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import path
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.access import page
from lianxin.console.frame import show, signed_in
from lianxin.journal.models import Entry
from lianxin.journal.queries import all_entries, entries_under, with_seal
from lianxin.needs.models.orders import Order
from lianxin.needs.queries.desk import entries_of_order
from lianxin.organisations.queries import administers_all, reach
from lianxin.users.models import User
from lianxin.users.queries import users_called

ROWS_A_PAGE = 50

WORDS = {
    "base.all_sessions_ended": _("让全部账号重新登录"),
    "base.frozen": _("暂停查看和导出"),
    "base.key_changed": _("更换密钥"),
    "base.old_keys_dropped": _("删除旧密钥"),
    "base.unfrozen": _("恢复查看和导出"),
    "base.upkeep_done": _("系统维护"),
    "exchange.confirmed": _("本人确认在册"),
    "exchange.declined": _("本人说不在名单里"),
    "exchange.errors_taken": _("下载要改的行"),
    "exchange.export_queued": _("排队做导出文件"),
    "exchange.export_taken": _("下载导出文件"),
    "exchange.export_wanted": _("导出名单"),
    "exchange.put_on_roll": _("导入在册名单"),
    "exchange.resident_listed": _("把已登记的人列入名单"),
    "exchange.roll_changed": _("更新未确认的资料"),
    "exchange.roster_accepted": _("同意写入名单"),
    "exchange.roster_dropped": _("放弃名单"),
    "exchange.roster_mapped": _("核对名单的列"),
    "exchange.roster_uploaded": _("上传名单"),
    "exchange.roster_written": _("写入名单"),
    "exchange.sheet_confirmed": _("核对签字表"),
    "exchange.sheet_voided": _("作废签字表"),
    "exchange.sheet_written": _("登记签字表"),
    "exchange.slip_made": _("开确认条"),
    "exchange.wrong_try": _("确认时没对上"),
    "hours.claimed": _("记下服务时间"),
    "hours.confirmed": _("确认服务时间"),
    "hours.contested": _("服务时间有冲突"),
    "hours.dispute_answered": _("答复时间异议"),
    "hours.disputed": _("提出时间异议"),
    "hours.settled": _("裁定服务时间"),
    "needs.accepted": _("接单"),
    "needs.alarm_ended": _("警报有了结果"),
    "needs.alarm_overdue": _("警报超过 15 分钟"),
    "needs.alarm_raised": _("拉响警报"),
    "needs.call_back_kept": _("回了电话"),
    "needs.call_back_promised": _("答应回电"),
    "needs.call_ended": _("结束通话"),
    "needs.call_started": _("接电话"),
    "needs.confirmation_unanswered": _("确认没有答复，再问"),
    "needs.declined": _("婉拒派单"),
    "needs.duty_dropped": _("取消值班"),
    "needs.duty_planned": _("排值班"),
    "needs.event_opened": _("开始群体事件"),
    "needs.event_updated": _("告诉来电的人"),
    "needs.fewer_sent": _("减少派人"),
    "needs.follow_up_opened": _("差评待跟进"),
    "needs.followed_up": _("差评跟进完"),
    "needs.home_visit_wanted": _("三次没打通，转上门"),
    "needs.home_visited": _("上门告知"),
    "needs.incident_closed": _("出事了结"),
    "needs.incident_reported": _("出事了"),
    "needs.knowledge_closed": _("停用知识"),
    "needs.knowledge_written": _("写知识"),
    "needs.lapsed": _("派单过期"),
    "needs.let_go": _("请志愿者不用去"),
    "needs.line_connected": _("接通电话系统"),
    "needs.line_disconnected": _("断开电话系统"),
    "needs.objected": _("派单异议"),
    "needs.objection_decided": _("决定异议"),
    "needs.objection_dropped": _("异议不用再决定"),
    "needs.offer_withdrawn": _("撤回派单"),
    "needs.offered": _("派单"),
    "needs.order_cancelled": _("取消"),
    "needs.order_confirmed": _("确认做好"),
    "needs.order_handed_over": _("交接负责人"),
    "needs.order_paused": _("暂停"),
    "needs.order_placed": _("点单"),
    "needs.order_raised": _("升级"),
    "needs.order_rated": _("评价"),
    "needs.order_redirected": _("转办"),
    "needs.order_reopened": _("还没做好，再来"),
    "needs.order_rescheduled": _("改约"),
    "needs.order_resubmitted": _("补充后重交"),
    "needs.order_resumed": _("继续办"),
    "needs.order_returned": _("退回"),
    "needs.order_urged": _("催单"),
    "needs.order_verified": _("核实通过"),
    "needs.order_vouched": _("队长作证完成"),
    "needs.policy_kept": _("登记保单"),
    "needs.promise_renewed": _("重新答应回话时间"),
    "needs.redirect_answered": _("回访转办结果"),
    "needs.sheet_made": _("做上门单"),
    "needs.shift_left": _("交班"),
    "needs.shift_taken": _("接班"),
    "needs.team_asked": _("派单给队伍"),
    "needs.team_declined": _("队伍婉拒派单"),
    "needs.visit_finished": _("服务结束"),
    "needs.visit_forgotten": _("忘了结束服务"),
    "needs.visit_started": _("上门开始服务"),
    "needs.visit_taken_back": _("没人应门，撤回开始"),
    "needs.withdrew": _("退出接单"),
    "notices.call_tried": _("打电话"),
    "notices.call_withdrawn": _("电话不用打了"),
    "organisations.division_code_set": _("登记区划代码"),
    "organisations.holidays_dropped": _("删除节假日表"),
    "organisations.holidays_loaded": _("装入节假日表"),
    "organisations.node_closed": _("撤销组织"),
    "organisations.node_described": _("改电话、代码或标签"),
    "organisations.node_merged": _("合并组织"),
    "organisations.node_moved": _("调整上级"),
    "organisations.node_opened": _("设立组织"),
    "organisations.node_renamed": _("组织改名"),
    "organisations.opening_approved": _("复核历史数据"),
    "organisations.opening_entered": _("登记历史数据"),
    "organisations.opening_withdrawn": _("撤回历史数据"),
    "organisations.place_named": _("记地方俗称"),
    "organisations.place_unnamed": _("去掉地方俗称"),
    "organisations.role_ended": _("结束身份"),
    "organisations.role_given": _("授予身份"),
    "organisations.role_given_back": _("结束代理"),
    "organisations.role_lent": _("请人代理"),
    "organisations.role_countersigned": _("复核管理员身份"),
    "organisations.role_kept": _("复核身份，继续保留"),
    "organisations.role_proposed": _("提出管理员身份"),
    "organisations.team_serves": _("队伍对接地方"),
    "organisations.team_stopped_serving": _("停止对接"),
    "people.application_answered": _("答复居民申请"),
    "people.application_withdrawn": _("撤回申请"),
    "people.applied": _("居民申请"),
    "people.birthday_said": _("填出生日期"),
    "people.call_number_given": _("给电话点单号码"),
    "people.changed": _("改居民资料"),
    "people.circumstances_described": _("记生活情况"),
    "people.claimed": _("认领账号"),
    "people.complained": _("投诉或建议"),
    "people.complaint_answered": _("答复投诉"),
    "people.consent_given": _("记下同意"),
    "people.consent_withdrawn": _("撤回同意"),
    "people.contact_chosen": _("改通知方式"),
    "people.copied": _("要一份自己的资料"),
    "people.emergency_contacts_set": _("登记紧急联系人"),
    "people.help_stopped": _("取消家人代办"),
    "people.helper_let": _("登记家人代办"),
    "people.looked": _("查看联系方式"),
    "people.relative_barred": _("不要这位家人代办"),
    "people.relative_unbarred": _("又可以请这位家人"),
    "people.restricted": _("停用并封存资料"),
    "people.taken_up_again": _("恢复封存的资料"),
    "people.registered": _("登记人员"),
    "timebank.deposited": _("存入时间"),
    "timebank.taken_back": _("冲回时间"),
    "users.account_opened": _("开账号"),
    "users.authenticator_bound": _("绑定验证器"),
    "users.authenticator_unbound": _("解除验证器"),
    "users.code_asked": _("获取验证码"),
    "users.code_locked": _("验证码输错 5 次"),
    "users.linked": _("绑定外部账号"),
    "users.locked": _("连续输错，账号锁定"),
    "users.passkey_added": _("添加通行密钥"),
    "users.passkey_removed": _("删除通行密钥"),
    "users.password_set": _("设密码"),
    "users.phone_changed": _("换登录手机"),
    "users.policy_set": _("改登录规则"),
    "users.proved": _("再次确认本人"),
    "users.recovery_code_used": _("用了一个恢复码"),
    "users.recovery_codes_made": _("生成恢复码"),
    "users.sessions_ended": _("结束登录"),
    "users.signed_in": _("登录"),
    "users.signed_out": _("退出登录"),
    "users.slip_issued": _("打印登录条"),
    "users.started_afresh": _("重置登录方式"),
    "users.switched_off": _("停用账号"),
    "users.switched_on": _("启用账号"),
    "users.unlinked": _("解除外部账号"),
    "users.unlocked": _("解除锁定"),
    "users.user_made": _("新账号"),
    "volunteers.approved": _("通过志愿者审核"),
    "volunteers.asked_back": _("退回报名补充"),
    "volunteers.block_lifted": _("可以再请这位"),
    "volunteers.blocked": _("请换个人"),
    "volunteers.card_renewed": _("换电子证号码"),
    "volunteers.followed_merger": _("随队伍合并"),
    "volunteers.guardian_noted": _("记下监护人同意"),
    "volunteers.kit_issued": _("发放物品"),
    "volunteers.kit_returned": _("归还物品"),
    "volunteers.left": _("志愿者退出"),
    "volunteers.member_agreed": _("确认组织关系"),
    "volunteers.member_ended": _("转出成员"),
    "volunteers.member_hidden": _("不再亮身份"),
    "volunteers.member_recorded": _("登记成员"),
    "volunteers.member_shown": _("亮身份"),
    "volunteers.member_withdrew": _("撤回组织关系确认"),
    "volunteers.offer_set": _("改技能和时间"),
    "volunteers.refused": _("报名不通过"),
    "volunteers.registered": _("报名志愿者"),
    "volunteers.restricted": _("封存资料"),
    "volunteers.resumed": _("恢复志愿者"),
    "volunteers.skill_closed": _("停用技能"),
    "volunteers.skill_opened": _("新增技能"),
    "volunteers.suspended": _("暂停志愿者"),
    "volunteers.taken_on": _("确认后成为志愿者"),
    "volunteers.transfer_asked": _("申请转队"),
    "volunteers.transfer_declined": _("不接收转队"),
    "volunteers.transfer_withdrawn": _("撤回转队申请"),
    "volunteers.transferred": _("转队"),
}
SUBJECTS = {
    "hours.record": _("服务时间"),
    "needs.call": _("电话"),
    "needs.callback": _("回电"),
    "needs.handover": _("交班"),
    "needs.homevisit": _("上门告知"),
    "notices.callcard": _("电话卡"),
    "people.complaint": _("投诉"),
    "volunteers.volunteer": _("志愿者"),
}
APPS = {
    "base": _("系统维护"),
    "needs": _("点单和派单"),
    "hours": _("服务时间"),
    "timebank": _("时间银行"),
    "volunteers": _("志愿者"),
    "people": _("人员和投诉"),
    "notices": _("通知和电话"),
    "organisations": _("组织和身份"),
    "exchange": _("导入和导出"),
    "users": _("登录和账号"),
}


class Narrowing(forms.Form):
    """The filters of the journal; what makes no sense is passed over."""

    order = forms.IntegerField(
        label=_("单号"),
        min_value=1,
        max_value=2**62,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "inputmode": "numeric"}),
    )
    actor = forms.CharField(label=_("谁做的"), max_length=20, required=False)
    app = forms.ChoiceField(label=_("哪一类"), choices=[("", _("全部")), *APPS.items()], required=False)
    day = forms.DateField(label=_("哪一天"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def narrowed(self) -> Q:
        """What was asked for and makes sense."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        found = Q()
        if "order" in asked:
            found &= entries_of_order(asked["order"])
        if "actor" in asked:
            found &= Q(actor_id__in=users_called(asked["actor"]).values("pk"))
        if "app" in asked:
            found &= Q(name__startswith=f"{asked['app']}.")
        if "day" in asked:
            found &= Q(at__range=(clock.day_begins(asked["day"]), clock.day_ends(asked["day"])))
        return found


@page(may="journal.see")
def journal(request: HttpRequest) -> HttpResponse:
    """The entries in reach, the newest first, page by page by key."""
    form = Narrowing(request.GET)
    narrowed = form.narrowed()
    listed = found_by(signed_in(request), narrowed)
    before = request.GET.get("before", "")
    if before.isdecimal():
        listed = listed.filter(pk__lt=int(before))
    found = list(listed[: ROWS_A_PAGE + 1])
    shown = found[:ROWS_A_PAGE]
    facts = {
        "form": form,
        "is_narrowed": bool(narrowed),
        "rows": [(entry, WORDS.get(entry.name, entry.name), _order(entry), _subject(entry)) for entry in shown],
        "earlier": _address(request, before=str(shown[-1].pk)) if len(found) > len(shown) else "",
        "later": _address(request, before=None) if before else "",
    }
    return show(request, "console/journal/journal.html", facts)


def entries(user: User, query: QueryDict) -> QuerySet[Entry]:
    """The entries in the user's reach that an address asks for."""
    return found_by(user, Narrowing(query).narrowed())


def found_by(user: User, narrowed: Q) -> QuerySet[Entry]:
    """The narrowed entries in reach, with their seals."""
    seen = all_entries() if administers_all(user, "journal.see") else entries_under(reach(user, "journal.see"))
    return with_seal(seen.filter(narrowed))


def about(entry: Entry) -> str:
    """What the entry is about, in words."""
    number = _order(entry)
    return _("%(number)d 号单") % {"number": number} if number else _subject(entry)


def _order(entry: Entry) -> int | None:
    """The number of the order that the entry is about, be it through an offer or a visit."""
    number: int | None = entry.facts.get("order")
    return entry.subject_id if entry.subject_type == Order._meta.label_lower else number


def _subject(entry: Entry) -> str:
    """What the entry is about, with its kind where the name alone would not say."""
    kind = SUBJECTS.get(entry.subject_type)
    return f"{kind} {entry.subject_name}" if kind else entry.subject_name


def _address(request: HttpRequest, *, before: str | None) -> str:
    query = request.GET.copy()
    query.pop("before", None)
    if before:
        query["before"] = before
    return f"?{query.urlencode()}"


urlpatterns = [path("journal/", journal, name="journal")]
