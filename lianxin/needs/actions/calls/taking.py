"""Taking a call, finding out who it is, and ending it (rule L1)."""

from collections.abc import Collection
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.freezing import require_not_frozen
from lianxin.base.refused import Forbidden, Refused
from lianxin.journal.actions import note
from lianxin.needs.models.calls import Call, CallBack
from lianxin.organisations.models import Node
from lianxin.organisations.queries import may, reach, require
from lianxin.people.actions.complaints import complain
from lianxin.people.actions.looking import look
from lianxin.people.actions.registering import register_resident
from lianxin.people.models import Complaint, ContactBy, Person
from lianxin.users.models import User

LONGEST_NUMBER = 15


@action
def start_call(
    *,
    by: User,
    number: str = "",
    person: Person | None = None,
    source: Call.Source = Call.Source.LIVE,
    started_at: datetime | None = None,
    answers: CallBack | None = None,
) -> Call:
    """A call begins; a paper slip or a message left at night is entered with the time at which it really came."""
    now = clock.now()
    if started_at and started_at > now:
        raise Refused(_("来电时间不能晚于现在。"), field="started_at")
    if len(number) > LONGEST_NUMBER or not (number.isdecimal() or number == ""):
        raise Refused(_("电话号码只写数字，最多 15 位。"), field="number")
    call = Call.objects.create(
        operator=by,
        scope=_own_desk(by),
        source=source,
        started_at=started_at or now,
        entered_at=now,
        number=number,
        answers=answers,
    )
    note("needs.call_started", call, by=by, scope=call.scope, source=source)
    return choose_caller(call=call, person=person, relation=Call.Relation.SELF, by=by) if person else call


@action
def choose_caller(*, call: Call, person: Person, relation: Call.Relation, by: User) -> Call:
    """Whom the call is about, and what the voice on the telephone is to him."""
    call = own_open(call, by)
    if person.home is None or not may(by, "needs.take_calls", person.home.path):
        raise Forbidden(_("这位居民不在您负责的范围内，请转给他所在的服务站。"))
    if call.order_id and call.person_id != person.pk:
        raise Refused(_("这个电话已经办了一单，不能再换人。请先结束，另开一个。"))
    call.person, call.relation, call.scope = person, relation, person.home.path
    call.save(update_fields=["person", "relation", "scope"])
    return call


@action
def meet_caller(
    *,
    call: Call,
    name: str,
    home: Node,
    address: str,
    by: User,
    is_own_number: bool,
    born_on: date | None = None,
    unlike: Collection[int] = (),
) -> Person:
    """Somebody whom we do not know rings: written down within the call, with a short number for the next time.

    A borrowed telephone is not written down as his. `unlike` are those whom the operator has seen and who are others.
    """
    call = own_open(call, by)
    require(by, "needs.take_calls", home.path)
    person = register_resident(
        name=name,
        home=home,
        phone=call.number.open() if call.number and is_own_number else "",
        address=address,
        born_on=born_on,
        contact_by=ContactBy.CALL,
        unlike=unlike,
        by=by,
    )
    relation = Call.Relation.SELF if is_own_number else Call.Relation.NEIGHBOUR
    choose_caller(call=call, person=person, relation=relation, by=by)
    return person


@action
def look_at_caller(*, call: Call, by: User) -> dict[str, str]:
    """Number, telephone and address while the call goes on: the call is the reason, and the look is noted (rule P2)."""
    call = own_open(call, by)
    require_not_frozen()
    number = {"number": call.number.open()} if call.number else {}
    if call.person_id is None:
        note("people.looked", call, by=by, scope=call.scope, fields=sorted(number))
        return number
    person = Person.objects.select_related("home").get(calls=call)
    return look(person=person, fields=["phone", "address"], by=by, about=call) | number


@action
def end_call(
    *,
    call: Call,
    by: User,
    kind: str = "",
    words: str = "",
    call_back_at: datetime | None = None,
    passed_to: str = "",
    is_reached: bool = True,
) -> Call:
    """The call is over: what it was, what was said (sealed), and perhaps by when we ring back."""
    call = own_open(call, by)
    call.kind = kind or call.kind
    if not call.kind:
        raise Refused(_("还差一步：请选这个电话是什么事，再结束。"), field="kind")
    if call.kind in Call.ABOUT_AN_ORDER and not call.order_id:
        raise Refused(_("请先选是哪一单。"), field="kind")
    if call_back_at:
        call.promise = _promise(call, call_back_at, by)
    call.words, call.passed_to, call.ended_at = words, passed_to, clock.now()
    call.outcome = _outcome(call, is_reached=is_reached)
    call.save()
    if call.answers and is_reached:
        CallBack.objects.filter(pk=call.answers.pk, kept_at=None).update(kept_at=call.ended_at)
        note("needs.call_back_kept", call.answers, by=by, scope=call.scope, for_person=call.person_id)
    facts = {"kind": call.kind, "outcome": call.outcome, "order": call.order_id}
    note("needs.call_ended", call, by=by, scope=call.scope, for_person=call.person_id, **facts)
    return call


@action
def complain_by_call(*, call: Call, text: str, by: User) -> Complaint:
    """A complaint told on the telephone gets a number that is read out to who complains (rule P4)."""
    call = own_open(call, by)
    if not text.strip():
        raise Refused(_("请写下对方的话。"), field="text")
    number = call.number.open() if call.number else ""
    complaint = complain(text=text.strip(), page="", contact=number, by=by, scope=call.scope)
    call.kind = Call.Kind.COMPLAINT
    call.save(update_fields=["kind"])
    return complaint


@action
def read_note(*, call: Call, by: User) -> str:
    """What was said in a call, for who took it, the operators of that reach and the city; each look is noted."""
    if call.operator_id != by.pk:
        require(by, "needs.read_call_notes", call.scope)
    require_not_frozen()
    note("people.looked", call, by=by, scope=call.scope, for_person=call.person_id, fields=["note"])
    return call.words.open() if call.words else ""


@action
def look_at_number(*, call: Call, by: User) -> str:
    """The number of a call that is over, for the operators of that reach; each look is noted."""
    require(by, "needs.read_call_notes", call.scope)
    require_not_frozen()
    note("people.looked", call, by=by, scope=call.scope, for_person=call.person_id, fields=["number"])
    return call.number.open() if call.number else ""


def own_open(call: Call, by: User) -> Call:
    """The call under its lock, if it is this operator's and goes on."""
    call = lock(Call, call.pk)
    if call.operator_id != by.pk:
        raise Forbidden(_("这是别的接线员接的电话。"))
    if call.ended_at:
        raise Refused(_("这个电话已经结束了。要接着办，请另开一个。"))
    return call


def _own_desk(by: User) -> str:
    paths = reach(by, "needs.take_calls")
    if not paths:
        raise Forbidden(_("您的身份不接电话。"))
    return paths[0]


def _promise(call: Call, due_at: datetime, by: User) -> CallBack:
    if due_at <= clock.now():
        raise Refused(_("答应回电的时间要在现在以后。"), field="call_back")
    if call.person_id is None and call.number is None:
        raise Refused(_("不知道是谁，也没有号码，没法回电。请先问清号码或姓名。"), field="call_back")
    promise = CallBack.objects.create(
        person_id=call.person_id,
        number=call.number.open() if call.number else "",
        order_id=call.order_id,
        owner=by,
        scope=call.scope,
        promised_at=clock.now(),
        due_at=due_at,
    )
    note("needs.call_back_promised", promise, by=by, scope=call.scope, for_person=call.person_id)
    return promise


def _outcome(call: Call, *, is_reached: bool) -> Call.Outcome:
    if not is_reached:
        return Call.Outcome.NOT_REACHED
    if call.promise_id:
        return Call.Outcome.PROMISED
    return Call.Outcome.PASSED if call.kind == Call.Kind.PASSED else Call.Outcome.DONE
