"""Writing people down, and letting them sign in as themselves."""

import secrets
from datetime import date

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, lock
from lianxin.base.refused import Refused
from lianxin.journal.actions import note
from lianxin.organisations.actions import give_role
from lianxin.organisations.models import Node, Role
from lianxin.people import rules
from lianxin.people.models import ContactBy, Person
from lianxin.users.models import User


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


def _free_call_number() -> str:
    """Five digits that nobody has; drawn, so that a number tells nothing about its owner."""
    while Person.objects.filter(call_number=(number := str(10_000 + secrets.randbelow(90_000)))).exists():
        pass
    return number
