"""Taking complaints and suggestions, and answering them (rule P4)."""

import secrets

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock, limits, working_time
from lianxin.base.actions import action, lock
from lianxin.base.moves import move
from lianxin.base.paths import Carried
from lianxin.base.refused import Refused
from lianxin.journal.actions import note
from lianxin.organisations.queries import require
from lianxin.people import rules
from lianxin.people.models import Complaint
from lianxin.users.models import User
from lianxin.users.rules import network


@action
def complain(*, text: str, page: str, contact: str, by: User | None, scope: str | None, address: str = "") -> Complaint:
    """Take a complaint or suggestion; an answer is promised within 5 working days.

    `address` is where a web request came from: a flood from one place is stopped (rule A7).
    """
    now = clock.now()
    if address:
        limits.take(rules.COMPLAINTS_PER_ADDRESS, network(address))
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
def look_up_complaint(*, number: str, address: str) -> Complaint | None:
    """The complaint with this number; trying numbers that do not exist is limited by address (rule A7)."""
    limits.require_room(rules.CHECKS_PER_ADDRESS, network(address))
    found = Complaint.objects.filter(number=number).first()
    if found is None:
        limits.count(rules.CHECKS_PER_ADDRESS, network(address))
    return found


def own_words(complaint: Complaint) -> str:
    """What it says, for who wrote it; the caller has made sure that it is he, and nobody else has looked."""
    words: str = complaint.text.open()
    return words


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


@action
def carry_complaints(*, was: str, now: str) -> None:
    """Complaints that wait for an answer follow the place they are about; answered ones stay where they were."""
    waiting = Complaint.objects.filter(state=Complaint.State.RECEIVED, scope__under=was)
    waiting.update(scope=Carried("scope", was, now))


def _free_complaint_number() -> str:
    """The day and six digits that no other complaint has."""
    day = f"{clock.today():%y%m%d}"
    while Complaint.objects.filter(number=(number := f"{day}{secrets.randbelow(10**6):06}")).exists():
        pass
    return number
