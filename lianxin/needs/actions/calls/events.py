"""One event behind many calls: linked in two keys, told to all at once (rule L6)."""

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.bulk import insert_many
from lianxin.base.refused import Refused
from lianxin.journal.actions import note
from lianxin.needs.actions.calls.taking import own_open
from lianxin.needs.models.calls import Call, CallBack
from lianxin.needs.models.events import Event, EventUpdate
from lianxin.notices.actions import send_text
from lianxin.organisations.models import Node
from lianxin.organisations.queries import require
from lianxin.people.actions.reaching import tell_many
from lianxin.people.models import Person
from lianxin.people.queries import hotline
from lianxin.users.models import User

MOBILE_DIGITS = 11


@action
def open_event(*, name: str, place: Node, script: str, by: User) -> Event:
    """Something that makes many ring: from now on each call about it is two keys."""
    require(by, "needs.lead_events", place.path)
    if not name.strip() or not script.strip():
        raise Refused(_("请写清是什么事，接线员照着说什么。"), field="script")
    event = Event.objects.create(
        name=name.strip(),
        place=place,
        place_path=place.path,
        script=script.strip(),
        opened_by=by,
        opened_at=clock.now(),
    )
    note("needs.event_opened", event, by=by, scope=place.path)
    return event


@action
def link_event(*, call: Call, event: Event, by: User) -> Call:
    """The call is about this event."""
    call = own_open(call, by)
    event = Event.objects.get(pk=event.pk)
    require(by, "needs.take_calls", event.place_path)
    if event.closed_at:
        raise Refused(_("「%(event)s」已经过去了。") % {"event": event})
    call.event, call.kind = event, call.kind or Call.Kind.QUESTION
    call.save(update_fields=["event", "kind"])
    return call


@action
def update_event(*, event: Event, text: str, by: User, is_over: bool = False) -> EventUpdate:
    """What all callers are told; `is_over` closes the event. The telling happens in the background, once."""
    event = lock(Event, event.pk)
    require(by, "needs.lead_events", event.place_path)
    if event.closed_at:
        raise Refused(_("「%(event)s」已经过去了。") % {"event": event})
    if not text.strip():
        raise Refused(_("请写下要告诉大家的话。"), field="text")
    if is_over:
        event.closed_at = clock.now()
        event.save(update_fields=["closed_at"])
    update = EventUpdate.objects.create(event=event, text=text.strip(), by=by, at=clock.now())
    note("needs.event_updated", update, by=by, scope=event.place_path, is_over=is_over)
    return update


@action
def tell_callers(*, update: EventUpdate) -> int:
    """Tell everybody who rang, each the way that reaches him; heard twice it is told once (rule N3).

    Of those whom we do not know, a mobile gets an SMS; a landline becomes a promise to ring back.
    """
    update = lock(EventUpdate, update.pk, "event__place")
    calls = Call.objects.filter(event=update.event, started_at__lte=update.at)
    people = Person.objects.filter(pk__in=calls.values("person")).select_related("home", "user").order_by("pk")
    told = tell_many(people=list(people), text=update.text, key=lambda person: f"event:{update.pk}:{person.pk}")
    if update.told_at is None:
        _tell_numbers(update, list(calls.filter(person=None, number_hash__isnull=False).order_by("pk")))
        update.told_at = clock.now()
        update.save(update_fields=["told_at"])
    return len(told)


def _tell_numbers(update: EventUpdate, calls: list[Call]) -> None:
    unknown = {bytes(call.number_hash): call for call in calls if call.number_hash is not None}
    place = hotline(update.event.place)
    landlines = []
    for call in unknown.values():
        number = call.number.open() if call.number else ""
        if len(number) == MOBILE_DIGITS and number.startswith("1"):
            send_text(phone=number, text=update.text, hotline=place.phone if place else "")
        else:
            landlines.append(call)
    now = clock.now()
    insert_many(
        CallBack(number=each.number, owner=update.by, scope=each.scope, promised_at=now, due_at=now)
        for each in landlines
        if each.number
    )
