"""Who hears of what comes after the door: a forgotten end, silence, reopening, a poor rating, contested time."""

from django.utils.translation import gettext as _

from lianxin.base.words import moment_in_words
from lianxin.hours.models import Record
from lianxin.journal.bell import on
from lianxin.journal.models import Entry
from lianxin.needs import rules
from lianxin.needs.models.orders import Order
from lianxin.needs.models.ratings import FollowUp
from lianxin.needs.models.visits import Assignment, Visit
from lianxin.notices.actions import drop_calls
from lianxin.notices.models import Way
from lianxin.organisations.models import Role
from lianxin.organisations.queries import holders
from lianxin.people.actions.reaching import ring, tell
from lianxin.people.models import Person

ORDER_PAGE, TASK_PAGE, RECORD_PAGE = "/orders/%d/", "/tasks/%d/", "/time/%d/"
CONSOLE_ORDER = "/console/orders/%d/"
VISITS_PAGE, CONTESTED_PAGE, FOLLOW_UP_PAGE = "/console/visits/", "/console/contested/", "/console/follow-ups/%d/"


@on("needs.visit_forgotten")
def ask_when_it_ended(entry: Entry) -> None:
    """The volunteer, and his captain, unless he has said so before we come to ask (rule E6)."""
    about = "assignment__order__item", "assignment__volunteer__person", "assignment__volunteer__team"
    visit = Visit.objects.select_related(*about).filter(pk=entry.subject_id, finished_at=None).first()
    if visit is None:
        return
    order, volunteer = visit.assignment.order, visit.assignment.volunteer
    facts = {"item": order.item, "end": moment_in_words(rules.proposed_end(order, visit.started_at))}
    text = _("「%(item)s」是不是忘了点「服务完成」？约好的是 %(end)s 结束，请看看对不对。") % facts
    _tell(entry, volunteer.person, text, TASK_PAGE % visit.assignment_id)
    text = _("%(name)s 的「%(item)s」还没有结束，约好的是 %(end)s。没有手机的，请替他记。")
    _tell_holders(
        entry, Role.CAPTAIN, volunteer.team.path, text % (facts | {"name": volunteer.person.name}), VISITS_PAGE
    )


@on("needs.order_confirmed", "needs.order_vouched")
def stop_asking_whether_it_was_done(entry: Entry) -> None:
    """Whoever has said so is not rung about it any more (rule N4)."""
    if entry.for_person_id:
        drop_calls(person_id=entry.for_person_id, link=ORDER_PAGE % entry.subject_id)


@on("needs.visit_finished")
def ask_how_the_resident_is(entry: Entry) -> None:
    """At 需关注 the station hears it, and its desk rings the resident (rule E9); the journal does not tell of it."""
    about = "assignment__order__item", "assignment__order__resident__home"
    concern = Visit.objects.filter(pk=entry.subject_id, found=Visit.Found.CONCERN).select_related(*about).first()
    if concern is None:
        return
    order = concern.assignment.order
    text = _("最近上门的志愿者挂念您。您好吗？有什么要帮忙的吗？")
    ring(person=order.resident, text=text, key=f"{entry.pk}:{order.resident_id}")
    facts = {"item": order.item, "name": order.resident.masked_name, "number": order.number}
    words = _("%(number)d 号「%(item)s」：上门的人觉得%(name)s需关注。电话卡已经在台上，请问候一下。") % facts
    _tell_holders(entry, Role.STATION_WORKER, order.place_path, words, CONSOLE_ORDER % order.pk)


@on("needs.confirmation_unanswered")
def ask_again_whether_it_was_done(entry: Entry) -> None:
    """By telephone after three working days, whatever way he is usually told; then the captain's word (rule E7)."""
    order = Order.objects.select_related("item", "resident__home", "resident__user").get(pk=entry.subject_id)
    if order.state != Order.State.TO_CONFIRM:
        return
    if entry.facts["asked"] == Order.Asked.BY_CALL:
        text = _("「%(item)s」做好了吗？还满意吗？") % {"item": order.item}
        _tell(entry, order.resident, text, ORDER_PAGE % order.pk, way=Way.CALL)
        return
    text = _("%(number)d 号「%(item)s」七个工作日没有人答复。知道做好了，请您作证。")
    said = text % {"number": order.number, "item": order.item}
    for assignment in _held(order):
        _tell_holders(entry, Role.CAPTAIN, assignment.volunteer.team.path, said, VISITS_PAGE)


@on("needs.order_reopened")
def tell_that_it_goes_on(entry: Entry) -> None:
    """Who comes again hears when; the resident that we look anew."""
    order = Order.objects.select_related("item", "resident__home", "resident__user").get(pk=entry.subject_id)
    if order.round != entry.facts["round"]:
        return
    if entry.facts["state"] == Order.State.ACCEPTED:
        text = _("「%(item)s」还没做好，请您 %(when)s 再去一次。去不了请早说。")
        said = text % {"item": order.item, "when": moment_in_words(order.planned_start)}
        for assignment in _held(order):
            _tell(entry, assignment.volunteer.person, said, TASK_PAGE % assignment.pk)
    else:
        text = _("「%(item)s」没做好，对不起。我们正在另外找人，找到了马上告诉您。") % {"item": order.item}
        _tell(entry, order.resident, text, ORDER_PAGE % order.pk)


@on("needs.follow_up_opened")
def call_the_station(entry: Entry) -> None:
    follow_up = FollowUp.objects.select_related("rating__order__item").get(pk=entry.subject_id)
    text = _("「%(item)s」居民不满意，请在 %(until)s 前问清楚。") % {
        "item": follow_up.rating.order.item,
        "until": moment_in_words(follow_up.due_at),
    }
    _tell_holders(entry, Role.STATION_WORKER, follow_up.place_path, text, FOLLOW_UP_PAGE % follow_up.pk)


@on("needs.followed_up")
def tell_what_came_of_the_rating(entry: Entry) -> None:
    """The resident, and nobody of the team (rule R3)."""
    about = "rating__order__item", "rating__order__resident__home", "rating__order__resident__user"
    follow_up = FollowUp.objects.select_related(*about).get(pk=entry.subject_id)
    order = follow_up.rating.order
    text = _("您对「%(item)s」不满意的事，我们问清楚了：%(done)s") % {"item": order.item, "done": follow_up.done}
    _tell(entry, order.resident, text, ORDER_PAGE % order.pk)


@on("hours.disputed")
def call_the_captain(entry: Entry) -> None:
    record = Record.objects.select_related("person").get(pk=entry.subject_id)
    text = _("%(name)s 说「%(what)s」的时间记得不对，请在三个工作日内答复。")
    said = text % {"name": record.person.name, "what": record.what}
    _tell_holders(entry, Role.CAPTAIN, record.team_path, said, CONTESTED_PAGE)


@on("hours.settled", "hours.dispute_answered")
def tell_what_became_of_the_time(entry: Entry) -> None:
    """Whose time it is sees at once what was changed, and why (rule H6)."""
    record = Record.objects.select_related("person__home", "person__user").get(pk=entry.subject_id)
    text = _("「%(what)s」的服务时间：%(state)s。%(reason)s") % {
        "what": record.what,
        "state": record.get_state_display(),
        "reason": record.reason,
    }
    if entry.name == "hours.dispute_answered":
        answered = record.disputes.exclude(answered_at=None).order_by("-pk").first()
        text = _("「%(what)s」您提的异议有答复了：%(answer)s") % {
            "what": record.what,
            "answer": answered.answer if answered else "",
        }
    _tell(entry, record.person, text, RECORD_PAGE % record.pk)


def _held(order: Order) -> list[Assignment]:
    held = order.assignments.filter(state=Assignment.State.HELD)
    people = "volunteer__team", "volunteer__person__home", "volunteer__person__user"
    return list(held.select_related(*people).order_by("pk"))


def _tell_holders(entry: Entry, role: Role, path: str, text: str, link: str) -> None:
    users = list(holders(role, path))
    for person in Person.objects.filter(user__in=users).select_related("user", "home").order_by("pk"):
        _tell(entry, person, text, link)


def _tell(entry: Entry, person: Person, text: str, link: str, way: Way | None = None) -> None:
    """One deed is told to one person once (rule N3)."""
    tell(person=person, text=text, key=f"{entry.pk}:{person.pk}", link=link, way=way)
