"""Promised call-backs: keeping them, and leaving them to the next shift (rule L4)."""

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.freezing import require_not_frozen
from lianxin.base.refused import Refused
from lianxin.journal.actions import note
from lianxin.needs.actions.calls.taking import start_call
from lianxin.needs.models.calls import Call, CallBack, Handover
from lianxin.organisations.queries import reach, require
from lianxin.people.models import Person
from lianxin.users.models import User


@action
def ring_back(*, promise: CallBack, by: User) -> Call:
    """Keep a promise: a call of our own begins. Whoever rings owns the promise from then on."""
    promise = lock(CallBack, promise.pk)
    require(by, "needs.take_calls", promise.scope)
    if promise.kept_at:
        raise Refused(_("这个电话已经有人回过了。"))
    busy = Call.objects.filter(answers=promise, ended_at=None).exclude(operator=by).select_related("operator").first()
    if busy:
        raise Refused(_("%(name)s正在回这个电话。") % {"name": busy.operator.display_name})
    promise.owner = by
    promise.save(update_fields=["owner"])
    number = promise.number.open() if promise.number else ""
    person = Person.objects.select_related("home").filter(call_backs=promise).first()
    call = start_call(by=by, number=number, person=person, source=Call.Source.OUT, answers=promise)
    call.kind = Call.Kind.CALL_BACK
    call.save(update_fields=["kind"])
    return call


@action
def hand_over(*, words: str, by: User) -> Handover:
    """The shift ends: what was promised and not yet kept goes to whoever comes next, with a note (sealed)."""
    paths = reach(by, "needs.take_calls")
    require(by, "needs.take_calls", *paths)
    if Call.objects.filter(operator=by, ended_at=None).exists():
        raise Refused(_("您还有一个电话没有结束，请先结束再交班。"))
    handover = Handover.objects.create(left_by=by, scope=paths[0], words=words, left_at=clock.now())
    left = CallBack.objects.filter(owner=by, kept_at=None).update(handover=handover)
    note("needs.shift_left", handover, by=by, scope=handover.scope, promises=left)
    return handover


@action
def take_over(*, handover: Handover, by: User) -> Handover:
    """The next shift has read the note and owns the promises from now on."""
    handover = lock(Handover, handover.pk)
    require(by, "needs.take_calls", handover.scope)
    if handover.taken_at:
        raise Refused(_("已经有人接班了。"))
    if handover.left_by_id == by.pk:
        raise Refused(_("自己不能接自己的班。"))
    handover.taken_by, handover.taken_at = by, clock.now()
    handover.save()
    taken = CallBack.objects.filter(handover=handover, kept_at=None).update(owner=by)
    note("needs.shift_taken", handover, by=by, scope=handover.scope, promises=taken)
    return handover


@action
def read_handover(*, handover: Handover, by: User) -> str:
    """The note that a shift left, for those of the same desk; each look is noted."""
    require(by, "needs.take_calls", handover.scope)
    require_not_frozen()
    note("people.looked", handover, by=by, scope=handover.scope, fields=["note"])
    return handover.words.open() if handover.words else ""
