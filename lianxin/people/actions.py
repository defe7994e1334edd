"""Meeting people, reaching them, looking, hearing their complaints."""

import secrets
from datetime import date

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock, working_time
from lianxin.base.actions import action, lock
from lianxin.base.moves import move
from lianxin.base.refused import Refused
from lianxin.journal.actions import note
from lianxin.notices.actions import Recipient, send
from lianxin.notices.models import CallCard, Notice, Way
from lianxin.organisations.actions import give_role
from lianxin.organisations.models import Node, Role
from lianxin.organisations.queries import require
from lianxin.people import rules
from lianxin.people.models import Complaint, ContactBy, Helper, Person
from lianxin.users.models import User

HELP_LASTS_DAYS = 365


@action
def register_person(
    *,
    name: str,
    by: User | None,
    home: Node | None = None,
    born_on: date | None = None,
    phone: str = "",
    id_number: str = "",
    address: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    contact_by: ContactBy | None = None,
    helped_how: str = "",
) -> Person:
    """Write down a human being; he needs no user to be helped. A person with a home gets a short call number."""
    person = Person.objects.create(
        name=name,
        home=home,
        born_on=born_on,
        phone=phone,
        id_number=id_number,
        address=address,
        latitude=rules.rounded(latitude) if latitude is not None else None,
        longitude=rules.rounded(longitude) if longitude is not None else None,
        contact_by=contact_by or rules.usual_contact(born_on, clock.today()),
        helped_how=helped_how,
        made_at=clock.now(),
    )
    note("people.registered", person, by=by, scope=home.path if home else None)
    return person


@action
def give_call_number(*, person: Person, by: User | None) -> Person:
    """A short number that a person says on the telephone instead of name and address."""
    person = lock(Person, person.pk)
    if not person.call_number:
        person.call_number = _free_call_number()
        person.save(update_fields=["call_number", "search"])
        note("people.call_number_given", person, by=by, scope=person.home.path if person.home else None)
    return person


@action
def claim(*, person: Person, user: User, by: User | None) -> Person:
    """The person can sign in as this user, and is a resident from now on."""
    person = lock(Person, person.pk)
    if person.user_id and person.user_id != user.pk:
        raise Refused(_("这个人已经有账号了。如果不是您本人操作的，请联系社区。"))
    if Person.objects.filter(user=lock(User, user.pk)).exclude(pk=person.pk).exists():
        raise Refused(_("您已经登记过了，不用再填一次。"))
    person.user = user
    person.claimed_at = person.claimed_at or clock.now()
    person.save(update_fields=["user", "claimed_at", "search"])
    user.display_name = person.name
    user.save(update_fields=["display_name"])
    if person.home:
        give_role(user=user, role=Role.RESIDENT, node=person.home, by=by)
    note("people.claimed", person, by=by, scope=person.home.path if person.home else None, user=user.pk)
    return person


@action
def introduce(*, user: User, name: str, home: Node, by: User | None) -> Person:
    """Somebody new who has proven a phone says who he is and where he lives."""
    phone = user.phone.open() if user.phone else ""
    person = register_person(name=name, home=home, phone=phone, by=by)
    return claim(person=person, user=user, by=by)


@action
def let_help(
    *,
    person: Person,
    helper: Person,
    relation: str,
    scopes: list[Helper.Scope],
    given_how: Helper.GivenHow,
    by: User | None,
) -> Helper:
    """The person lets a relative act for him for a year, as told to the community's worker."""
    since = clock.today()
    during = DateRange(since, date.fromordinal(since.toordinal() + HELP_LASTS_DAYS))
    kept = Helper.objects.create(
        person=person,
        helper=helper,
        relation=relation,
        scopes=scopes,
        given_how=given_how,
        recorded_by=by,
        during=during,
    )
    note("people.helper_let", person, by=by, for_person=person.pk, helper=helper.pk, scopes=scopes)
    return kept


@action
def look(*, person: Person, fields: list[str], by: User, about: models.Model) -> dict[str, str]:
    """Open sealed fields of a person. The row it is about is the reason; the look is noted and shown to its owner."""
    opened = {name: sealed.open() for name in fields if (sealed := getattr(person, name))}
    note(
        "people.looked",
        about,
        by=by,
        scope=person.home.path if person.home else None,
        for_person=person.pk,
        fields=sorted(opened),
    )
    return opened


@action
def look_at_callee(*, card: CallCard, by: User) -> dict[str, str]:
    """The number to ring, for who makes the call; the look is noted about the card."""
    require(by, "people.call", card.scope)
    return look(person=Person.objects.get(pk=card.notice.person_id), fields=["phone"], by=by, about=card)


@action
def look_at_complainant(*, complaint: Complaint, by: User) -> str:
    """How whoever complained wants to be reached, for who answers; the look is noted about the complaint."""
    require(by, "people.answer_complaints", complaint.scope)
    note("people.looked", complaint, by=by, scope=complaint.scope, fields=["contact"])
    return complaint.contact.open() if complaint.contact else ""


@action
def tell(*, person: Person, text: str, key: str, link: str = "") -> Notice | None:
    """Reach a person the way that reaches him: a call card for whoever wants calls, else in-app, else by SMS."""
    phone = person.phone.open() if person.phone else ""
    scope = person.home.path if person.home else ""
    to = Recipient(person.pk, person.name, person.user_id, phone, scope)
    return send(to=to, way=way_to(person), text=text, key=key, link=link)


def way_to(person: Person) -> Way:
    """Which way reaches this person."""
    if rules.must_be_called(person) and person.home:
        return Way.CALL
    if person.user_id:
        return Way.IN_APP
    return Way.SMS if person.phone else Way.IN_APP


@action
def complain(*, text: str, page: str, contact: str, by: User | None, scope: str | None) -> Complaint:
    """Take a complaint or suggestion; an answer is promised within 5 working days."""
    now = clock.now()
    complaint = Complaint.objects.create(
        number=_free_complaint_number(),
        text=text,
        page=page[:200],
        contact=contact,
        user=by,
        scope=scope,
        made_at=now,
        due_at=working_time.after(now, 5 * working_time.WORKDAY),
    )
    note("people.complained", complaint, by=by, scope=scope)
    return complaint


@action
def answer_complaint(*, complaint: Complaint, answer: str, by: User) -> Complaint:
    """Answer, in words that whoever knows the number can read."""
    complaint = lock(Complaint, complaint.pk)
    require(by, "people.answer_complaints", complaint.scope)
    if not answer.strip():
        raise Refused(_("请写下答复，提意见的人会看到。"), field="answer")
    move(complaint, Complaint.State.ANSWERED)
    complaint.answer, complaint.answered_by, complaint.answered_at = answer, by, clock.now()
    complaint.save()
    note("people.complaint_answered", complaint, by=by, scope=complaint.scope)
    return complaint


def _free_call_number() -> str:
    """Five digits that nobody has; drawn, so that a number tells nothing about its owner."""
    while Person.objects.filter(call_number=(number := str(10_000 + secrets.randbelow(90_000)))).exists():
        pass
    return number


def _free_complaint_number() -> str:
    """The day and six digits that no other complaint has."""
    day = f"{clock.today():%y%m%d}"
    while Complaint.objects.filter(number=(number := f"{day}{secrets.randbelow(10**6):06}")).exists():
        pass
    return number
