"""Telling somebody something, the way that reaches him."""

from collections.abc import Callable, Sequence

from lianxin.base.actions import action
from lianxin.notices.actions import Message, Recipient, send, send_many
from lianxin.notices.models import Notice, Way
from lianxin.people import rules
from lianxin.people.models import EmergencyContact, Person
from lianxin.people.queries import emergency_contacts_of, hotline, hotlines_of
from lianxin.users.models import User


@action
def tell(
    *, person: Person, text: str, key: str, link: str = "", way: Way | None = None, at_once: bool = False
) -> Notice | None:
    """Reach a person the way that reaches him: a call card for whoever wants calls, else in-app, else by SMS.

    `way` is chosen where another would be too slow; `at_once` has a card rung now, whatever the hour. Whoever is
    restricted hears nothing any more (rule P13).
    """
    if person.restricted_at:
        return None
    way = way or way_to(person)
    place = hotline(person.home) if way == Way.SMS else None
    to = _recipient(person, way, place.phone if place else "")
    return send(to=to, way=way, text=text, key=key, link=link, at_once=at_once)


@action
def tell_many(*, people: Sequence[Person], text: str, key: Callable[[Person], str], link: str = "") -> list[Notice]:
    """Tell each of them the same, each the way that reaches him, all in a few statements (rule N1)."""
    ways = {person: way_to(person) for person in people if person.restricted_at is None}
    hotlines = hotlines_of({person.home for person, way in ways.items() if person.home and way == Way.SMS})
    messages = [
        Message(_recipient(person, way, hotlines.get(person.home_id, "")), way, text, key(person), link)
        for person, way in ways.items()
    ]
    return send_many(messages=messages)


@action
def tell_now(*, person: Person, text: str, key: str, link: str = "") -> None:
    """Tell somebody who must hear it now: in-app, and by SMS as well if he has a telephone."""
    tell(person=person, text=text, key=key, link=link, way=Way.IN_APP)
    if person.phone and person.restricted_at is None:
        tell(person=person, text=text, key=f"{key}:sms", way=Way.SMS)


def _recipient(person: Person, way: Way, hotline_number: str) -> Recipient:
    """The telephone is opened only on its way into the sealed outbox."""
    phone = person.phone.open() if person.phone and way == Way.SMS else ""
    scope = person.home.path if person.home else ""
    return Recipient(person.pk, person.name, person.user_id, phone, scope, hotline_number)


def way_to(person: Person) -> Way:
    """Which way reaches this person."""
    if rules.must_be_called(person) and person.home:
        return Way.CALL
    if person.user_id:
        return Way.IN_APP
    return Way.SMS if person.phone else Way.IN_APP


@action
def ring_contacts(
    *, person: Person, text: Callable[[EmergencyContact], str], about: str, link: str, scope: str, by: User | None
) -> list[Notice]:
    """A call card at once for each whom the person named for such a moment, but not for who asks for it himself.

    Their keys begin with `about`. Whoever is restricted is asked after no more (rule P13).
    """
    if person.restricted_at:
        return []
    own = Person.objects.filter(user=by).first() if by else None
    his = bytes(own.phone_hash) if own and own.phone_hash else b""
    contacts = [each for each in emergency_contacts_of(person) if bytes(each.phone_hash) != his]
    messages = [
        Message(
            Recipient(person.pk, each.name, None, "", scope, contact_id=each.pk),
            Way.CALL,
            text(each),
            f"{about}{each.pk}",
            link,
            at_once=True,
        )
        for each in contacts
    ]
    return send_many(messages=messages)


@action
def ring(*, person: Person, text: str, key: str) -> Notice | None:
    """A call card, however the person likes to be told otherwise: something that only his own voice can answer."""
    return tell(person=person, text=text, key=key, way=Way.CALL)
