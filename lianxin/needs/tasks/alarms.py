"""Who hears of an alarm, and what the clock does about those that ring."""

from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from lianxin.journal.bell import on
from lianxin.journal.models import Entry
from lianxin.needs import rules
from lianxin.needs.actions.alarms import raise_alarm, remind_of_alarms, ring_round
from lianxin.needs.models.alarms import Alarm
from lianxin.needs.models.incidents import Incident
from lianxin.needs.models.visits import Assignment
from lianxin.needs.queries.alarms import answer_for, missed_orders, who_hold
from lianxin.organisations.models import Role
from lianxin.people.actions.reaching import tell
from lianxin.people.models import Person
from lianxin.people.queries import hotline, may_be_acted_for_by, told_about

TASK_PAGE, ORDER_PAGE, FAMILY_PAGE = "/tasks/%d/", "/orders/%d/", "/family/%d/"
INCIDENT_PAGE = "/console/incidents/%d/"


@app.periodic(cron="* * * * *")
@app.task(name="needs.ring", queueing_lock="needs.ring")
def ring(timestamp: int) -> None:
    """Ring for visits to which nobody came, and again for what nobody answered."""
    for order in missed_orders().select_related("resident"):
        raise_alarm(person=order.resident, kind=Alarm.Kind.MISSED, by=None, order=order)
    remind_of_alarms()


@on("needs.alarm_raised")
def call_those_who_answer(entry: Entry) -> None:
    """The station's workers and the captain, at once, whatever the hour."""
    alarm = _alarm(entry)
    text = _("%(kind)s：%(name)s，%(place)s。请在 15 分钟内查明情况，写下结果。") % {
        "kind": alarm.get_kind_display(),
        "name": alarm.person.masked_name,
        "place": alarm.person.home,
    }
    for person in answer_for(alarm, Role.STATION_WORKER, Role.CAPTAIN):
        _tell(entry, person, text, rules.ALARM_PAGE % alarm.pk)


@on("needs.alarm_raised")
def call_the_resident(entry: Entry) -> None:
    """By telephone when nobody opens, and those whom he named for this; by his own way when nobody came."""
    alarm = _alarm(entry)
    if alarm.kind != Alarm.Kind.MISSED:
        ring_round(alarm=alarm)
    elif alarm.order:
        text = _("「%(item)s」约好的时间过了，志愿者还没有到，我们正在问，马上告诉您。") % {"item": alarm.order.item}
        _tell(entry, alarm.person, text, ORDER_PAGE % alarm.order_id)


@on("needs.alarm_raised")
def tell_the_family(entry: Entry) -> None:
    """Relatives who are told of him (rule F2) hear that nobody opened or came; whoever rang the alarm knows."""
    alarm = _alarm(entry)
    home = hotline(alarm.person.home)
    text = _("%(name)s：%(kind)s。社区正在查看，一有结果就告诉您。有消息请打 %(phone)s。") % {
        "name": alarm.person.name,
        "kind": alarm.get_kind_display(),
        "phone": home.phone if home else "12345",
    }
    for relative in told_about(alarm.person.pk):
        if relative.user_id is None or relative.user_id != alarm.raised_by_id:
            _tell(entry, relative, text, FAMILY_PAGE % alarm.person_id)


@on("needs.alarm_raised")
def ask_who_should_have_come(entry: Entry) -> None:
    alarm = _alarm(entry)
    if alarm.order is None or alarm.kind != Alarm.Kind.MISSED:
        return
    held = alarm.order.assignments.filter(state=Assignment.State.HELD).select_related("volunteer__person__user")
    for assignment in held.order_by("pk"):
        text = _("「%(item)s」约好的时间过了半小时。您到了吗？去不了请马上说一声。") % {"item": alarm.order.item}
        _tell(entry, assignment.volunteer.person, text, TASK_PAGE % assignment.pk)


@on("needs.alarm_overdue")
def call_those_above(entry: Entry) -> None:
    alarm = _alarm(entry)
    if alarm.state != Alarm.State.RINGING:
        return
    text = _("%(kind)s过了 15 分钟还没有结果：%(name)s，%(place)s。") % {
        "kind": alarm.get_kind_display(),
        "name": alarm.person.masked_name,
        "place": alarm.person.home,
    }
    for person in answer_for(alarm, Role.STATION_WORKER, Role.CALL_OPERATOR, Role.CITY_OFFICER):
        _tell(entry, person, text, rules.ALARM_PAGE % alarm.pk)


@on("needs.alarm_ended")
def tell_what_came_of_it(entry: Entry) -> None:
    """The family and whoever rang; what touches health is said by voice only (rule N2). A late arrival is no news."""
    alarm = _alarm(entry)
    if alarm.outcome == Alarm.Outcome.LATE:
        return
    family = told_about(alarm.person.pk)
    helpers = {each.helper for each in may_be_acted_for_by(alarm.person)}
    raised_by = Person.objects.filter(user=alarm.raised_by).exclude(user=None).select_related("user", "home")
    for person in {*family, *raised_by}:
        if person.user_id != entry.actor_id:
            link = FAMILY_PAGE % alarm.person_id if person in helpers else ""
            _tell(entry, person, _outcome_in_words(alarm), link)


@on("needs.incident_reported")
def call_the_chain(entry: Entry) -> None:
    """Captain, station and city hear at once that something happened, and by when the insurer must (rule S4)."""
    incident = Incident.objects.select_related("order__item", "order__place").get(pk=entry.subject_id)
    text = _("出事了：%(kind)s，%(item)s，%(place)s。48 小时内要报保险。") % {
        "kind": incident.get_kind_display(),
        "item": incident.order.item,
        "place": incident.order.place,
    }
    roles = (Role.CAPTAIN, Role.STATION_WORKER, Role.CITY_OFFICER)
    for person in who_hold(roles, incident.place_path, incident.team_path):
        _tell(entry, person, text, INCIDENT_PAGE % incident.pk)


def _outcome_in_words(alarm: Alarm) -> str:
    home = hotline(alarm.person.home)
    facts = {
        "name": alarm.person.masked_name,
        "kind": alarm.get_kind_display(),
        "outcome": alarm.get_outcome_display(),
        "phone": home.phone if home else "12345",
    }
    if alarm.is_harmless:
        return _("%(name)s（%(kind)s）：%(outcome)s，请放心。") % facts
    return _("%(name)s（%(kind)s）：社区查明情况了，请打 %(phone)s 细问。") % facts


def _alarm(entry: Entry) -> Alarm:
    return Alarm.objects.select_related("person__home", "person__user", "order__item").get(pk=entry.subject_id)


def _tell(entry: Entry, person: Person, text: str, link: str) -> None:
    """Once per deed and person (rule N3), and not only in the hours in which one telephones."""
    tell(person=person, text=text, key=f"{entry.pk}:{person.pk}", link=link, at_once=True)
