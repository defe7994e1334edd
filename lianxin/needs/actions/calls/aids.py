"""What helps the desk: knowledge, night duty, the sheet of the day, visits for whom no call reaches."""

from base64 import b64decode, b64encode
from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock, working_time
from lianxin.base.actions import action, lock
from lianxin.base.freezing import require_not_frozen
from lianxin.base.refused import Refused
from lianxin.journal.actions import Deed, note, note_many
from lianxin.needs import rules
from lianxin.needs.documents.day_sheet import day_sheet
from lianxin.needs.models.aids import DaySheet, HomeVisit, Knowledge
from lianxin.needs.models.calls import Duty
from lianxin.needs.queries.day import visits_of_day
from lianxin.notices.models import CallCard
from lianxin.organisations.models import Node
from lianxin.organisations.queries import may, require
from lianxin.people.actions.looking import look
from lianxin.people.models import Person
from lianxin.users.models import User


@action
def write_knowledge(
    *, place: Node, words: str, answer: str, by: User, number: str = "", entry: Knowledge | None = None
) -> Knowledge:
    """A question with its answer, new or put right."""
    require(by, "needs.edit_knowledge", place.path)
    if entry:
        entry = lock(Knowledge, entry.pk, "place")
        require(by, "needs.edit_knowledge", entry.place.path)
    kept = entry or Knowledge(place=place)
    kept.place, kept.words, kept.answer, kept.number = place, words.strip(), answer.strip(), number.strip()
    kept.changed_by, kept.changed_at = by, clock.now()
    kept.save()
    note("needs.knowledge_written", kept, by=by, scope=place.path)
    return kept


@action
def close_knowledge(*, entry: Knowledge, by: User) -> Knowledge:
    """It holds no longer."""
    entry = lock(Knowledge, entry.pk, "place")
    require(by, "needs.edit_knowledge", entry.place.path)
    entry.closed_at = entry.closed_at or clock.now()
    entry.save()
    note("needs.knowledge_closed", entry, by=by, scope=entry.place.path)
    return entry


@action
def plan_duty(*, desk: Node, user: User, since: datetime, until: datetime, by: User) -> Duty:
    """Somebody is on duty at the desk outside office hours (rule L5)."""
    require(by, "needs.plan_duty", desk.path)
    if until <= since or until <= clock.now():
        raise Refused(_("值班结束要晚于开始，也要晚于现在。"), field="until")
    if not may(user, "needs.take_calls", desk.path):
        raise Refused(_("只能排这个台的接线员或站点工作人员。"), field="user")
    duty = Duty.objects.create(desk=desk, user=user, during=DateTimeTZRange(since, until))
    note("needs.duty_planned", duty, by=by, scope=desk.path, user=user.pk)
    return duty


@action
def drop_duty(*, duty: Duty, by: User) -> None:
    """The plan has changed."""
    duty = lock(Duty, duty.pk, "desk")
    require(by, "needs.plan_duty", duty.desk.path)
    note("needs.duty_dropped", duty, by=by, scope=duty.desk.path, user=duty.user_id)
    Duty.objects.filter(pk=duty.pk).delete()


@action
def make_sheet(*, place: Node, by: User | None, day: date | None = None) -> DaySheet:
    """The visits of the day at a place as a PDF, sealed; made anew it takes the old one's place (rule L9)."""
    if by:
        require(by, "needs.print_sheets", place.path)
    day = day or clock.today()
    visits = visits_of_day(place, day)
    pdf = b64encode(day_sheet(place=place, day=day, visits=visits)).decode()
    people = sorted({visit.resident_id for visit in visits})
    facts = {"pdf": pdf, "people": people, "made_at": clock.now()}
    sheet, _is_new = DaySheet.objects.update_or_create(place=place, day=day, defaults=facts)
    note("needs.sheet_made", sheet, by=by, scope=place.path, visits=len(visits))
    return sheet


@action
def open_sheet(*, sheet: DaySheet, by: User) -> bytes:
    """The PDF. It holds telephones and addresses, so everybody on it is noted as looked at (rule P2)."""
    sheet = DaySheet.objects.select_related("place").get(pk=sheet.pk)
    require(by, "needs.print_sheets", sheet.place.path)
    require_not_frozen()
    looks = [Deed(sheet, sheet.place.path, pk, {"fields": ["address", "phone"]}) for pk in sheet.people]
    note_many("people.looked", looks, by=by)
    return b64decode(sheet.pdf.open())


@action
def drop_old_sheets() -> None:
    """A week later nobody needs them."""
    DaySheet.objects.filter(day__lt=clock.today() - rules.SHEETS_KEPT).delete()


@action
def send_somebody(*, card: CallCard) -> HomeVisit | None:
    """Three tries reached nobody: the station goes there; once per card (rule N1)."""
    person = Person.objects.select_related("home").get(pk=card.notice.person_id)
    if person.home is None:
        return None
    now = clock.now()
    visit, is_new = HomeVisit.objects.get_or_create(
        card=card.pk,
        defaults={
            "person": person,
            "place_path": person.home.path,
            "text": card.notice.text,
            "made_at": now,
            "due_at": working_time.after(now, rules.VISIT_WITHIN),
        },
    )
    if is_new:
        note("needs.home_visit_wanted", visit, by=None, scope=visit.place_path, for_person=person.pk)
    return visit


@action
def close_home_visit(*, visit: HomeVisit, outcome: str, by: User) -> HomeVisit:
    """How the visit went. Nobody at home: the next working day again."""
    visit = lock(HomeVisit, visit.pk)
    require(by, "needs.visit_homes", visit.place_path)
    if visit.done_at:
        raise Refused(_("这一家已经有人去过了。"))
    visit.times += 1
    if outcome:
        visit.outcome, visit.done_by, visit.done_at = HomeVisit.Outcome(outcome), by, clock.now()
    else:
        visit.due_at = working_time.after(clock.now(), rules.VISIT_WITHIN)
    visit.save()
    note("needs.home_visited", visit, by=by, scope=visit.place_path, for_person=visit.person_id, outcome=outcome)
    return visit


@action
def look_for_home_visit(*, visit: HomeVisit, by: User) -> dict[str, str]:
    """Where to go; the look is noted."""
    require(by, "needs.visit_homes", visit.place_path)
    person = Person.objects.select_related("home").get(pk=visit.person_id)
    return look(person=person, fields=["address", "phone"], by=by, about=visit)
