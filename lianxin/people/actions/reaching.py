"""Telling somebody something, the way that reaches him."""

from lianxin.base.actions import action
from lianxin.notices.actions import Recipient, send
from lianxin.notices.models import Notice, Way
from lianxin.people import rules
from lianxin.people.models import Person


@action
def tell(
    *, person: Person, text: str, key: str, link: str = "", way: Way | None = None, at_once: bool = False
) -> Notice | None:
    """Reach a person the way that reaches him: a call card for whoever wants calls, else in-app, else by SMS.

    `way` is chosen where another would be too slow; `at_once` has a card rung now, whatever the hour.
    """
    phone = person.phone.open() if person.phone else ""
    scope = person.home.path if person.home else ""
    to = Recipient(person.pk, person.name, person.user_id, phone, scope)
    return send(to=to, way=way or way_to(person), text=text, key=key, link=link, at_once=at_once)


def way_to(person: Person) -> Way:
    """Which way reaches this person."""
    if rules.must_be_called(person) and person.home:
        return Way.CALL
    if person.user_id:
        return Way.IN_APP
    return Way.SMS if person.phone else Way.IN_APP


@action
def ring(*, person: Person, text: str, key: str) -> Notice | None:
    """A call card, however the person likes to be told otherwise: something that only his own voice can answer."""
    return tell(person=person, text=text, key=key, way=Way.CALL)
