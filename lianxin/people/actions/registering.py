"""Writing people down, and letting them sign in as themselves."""

import secrets
from collections.abc import Collection, Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.actions import action, alone, lock, lock_many
from lianxin.base.bulk import insert_many, update_many
from lianxin.base.refused import Forbidden, Refused
from lianxin.base.sealed import keyed_hash
from lianxin.journal.actions import Deed, note, note_many
from lianxin.organisations.actions.belonging import let_belong
from lianxin.organisations.models import Node, Role
from lianxin.organisations.queries import may, reach
from lianxin.people import rules
from lianxin.people.actions.applications import apply_to_be
from lianxin.people.actions.circumstances import Guardian, name_guardian
from lianxin.people.actions.consents import keep_consent
from lianxin.people.models import Application, ContactBy, Person, Purpose
from lianxin.people.queries import alike, require_may_keep, standing_consent
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
    guardian: Guardian | None = None,
) -> Person:
    """Write down a human being; he needs no user to be helped. The desk of his community does it (rule P5).

    The ID number says the birthday; a child's guardian must have said yes (rule P11).
    """
    _require_may_register(home, by)
    return _write_down(
        name=name,
        home=home,
        born_on=born_on,
        phone=phone,
        id_number=id_number,
        address=address,
        latitude=latitude,
        longitude=longitude,
        contact_by=contact_by,
        helped_how=helped_how,
        guardian=guardian,
        by=by,
    )


@action
def register_people(*, people: list[Person], by: User | None) -> list[Person]:
    """Write down many human beings at once, who come from an office's list; the caller asks who may (rule I4)."""
    for person in people:
        person.fill_search()
    made = insert_many(people)
    homes = Node.objects.in_bulk({person.home_id for person in made if person.home_id})
    paths = {key: home.path for key, home in homes.items()}
    note_many("people.registered", [Deed(person, paths.get(person.home_id or 0)) for person in made], by=by)
    return made


@action
def register_resident(
    *,
    name: str,
    home: Node,
    by: User,
    phone: str = "",
    born_on: date | None = None,
    address: str = "",
    contact_by: ContactBy | None = None,
    helped_how: str = "",
    unlike: Collection[int] = (),
    guardian: Guardian | None = None,
) -> Person:
    """Write a resident down and give him a call number, unless he may stand there already (rule P7).

    `unlike` are those whom the worker has seen and who are somebody else. Two workers who write down the same phone at
    once wait for each other, so that the second is shown what the first has written.
    """
    _require_may_register(home, by)
    if not name.strip():
        raise Refused(_("请填姓名。"), field="name")
    phone = rules.telephone(phone) if phone.strip() else ""
    alone(keyed_hash(f"resident {phone or name}"))
    if any(each.pk not in set(unlike) for each in alike(name=name, phone=phone, home=home)):
        raise Refused(_("可能已经登记过。请先看看下面是不是同一个人。"), field="unlike")
    person = _write_down(
        name=name.strip(),
        home=home,
        born_on=born_on,
        phone=phone,
        address=address,
        contact_by=contact_by,
        helped_how=helped_how,
        latitude=home.latitude,
        longitude=home.longitude,
        guardian=guardian,
        by=by,
    )
    return give_call_number(person=person, by=by)


@action
def change_person(
    *,
    person: Person,
    by: User | None,
    name: str,
    home: Node,
    born_on: date | None,
    contact_by: ContactBy,
    helped_how: str,
    phone: str | None = None,
    address: str | None = None,
    guardian: Guardian | None = None,
) -> Person:
    """The desk puts a record right. Phone and address are sealed: None leaves what stands there (rule P5)."""
    person = lock(Person, person.pk, "home")
    require_desk_of(person, by)
    _require_may_register(home, by)
    if not name.strip():
        raise Refused(_("请填姓名。"), field="name")
    said: dict[str, object] = {
        "name": name.strip(),
        "home": home,
        "born_on": born_on,
        "contact_by": contact_by,
        "helped_how": helped_how,
    }
    if phone is not None:
        said["phone"] = rules.telephone(phone) if phone.strip() else None
    if address is not None:
        said["address"] = address.strip() or None
    _require_guardian(person, born_on, guardian)
    changed = sorted(name for name, value in said.items() if getattr(person, name) != value)
    for field, value in said.items():
        setattr(person, field, value)
    person.save()
    _keep_guardian(person, guardian, by)
    note("people.changed", person, by=by, scope=home.path, for_person=person.pk, fields=changed)
    return person


@action
def choose_contact(*, person: Person, contact_by: ContactBy, by: User) -> Person:
    """How somebody wants to be told: he says it himself, or his community writes it down (rule N1)."""
    person = lock(Person, person.pk, "home")
    require_may_keep(person, by)
    person.contact_by = contact_by
    person.save(update_fields=["contact_by", "search"])
    scope = person.home.path if person.home else None
    note("people.contact_chosen", person, by=by, scope=scope, for_person=person.pk, way=contact_by)
    return person


@action
def move_homes(*, place: int, into: int) -> None:
    """Everybody who lived in a place that was merged lives in its successor; what he did before stays on record."""
    Person.objects.filter(home=place).update(home=into)


@action
def give_call_number(*, person: Person, by: User | None) -> Person:
    """A short number that a person says on the telephone instead of name and address."""
    return give_call_numbers(people=[person], by=by)[0]


@action
def give_call_numbers(*, people: Sequence[Person], by: User | None) -> list[Person]:
    """A number for each of them who has none yet, with as many statements as for one."""
    found = lock_many(Person, [person.pk for person in people], "home")
    for home in {person.home for person in found}:
        _require_may_register(home, by)
    without = [person for person in found if not person.call_number]
    for person, number in zip(without, _free_call_numbers(len(without)), strict=True):
        person.call_number = number
    update_many(without, "call_number")
    deeds = [Deed(person, person.home.path if person.home else None) for person in without]
    note_many("people.call_number_given", deeds, by=by)
    return found


@action
def claim(*, person: Person, user: User, by: User | None) -> Person:
    """The person can sign in as this user, and is a resident from now on; the desk has made sure of it (rule P7)."""
    person = lock(Person, person.pk, "home")
    require_desk_of(person, by)
    return _let_in(person, user, by)


@action
def introduce(*, user: User, name: str, home: Node, by: User | None) -> Person | Application:
    """Somebody new who has proven a phone says who he is and where he lives.

    Families share phones, so a phone proves nobody: where a person of that name already stands under that phone, the
    community is asked to make sure, and no second person is made (rule P7).
    """
    if by is not None and by != user:
        raise Forbidden(_("只能介绍您自己。替别人登记请到社区。"))
    phone = user.phone.open() if user.phone else ""
    alone(keyed_hash(f"resident {phone or name}"))
    same = [each for each in alike(name=name, phone=phone, home=home) if each.name == name.strip()]
    unclaimed = [each for each in same if each.user_id is None and each.phone_hash and phone]
    if unclaimed and not Person.objects.filter(user=user).exists():
        return apply_to_be(person=unclaimed[0], user=user, by=by)
    person = _write_down(name=name.strip(), home=home, phone=phone, by=by)
    return _let_in(person, user, by)


def require_desk_of(person: Person, by: User | None) -> None:
    """Refuse whoever does not work at the desk of the person's community; None is the product itself."""
    if by is not None and not may(by, "people.keep", person.home.path if person.home else None):
        raise Forbidden(_("这位居民不在您负责的社区，不能改他的资料。"))


def _require_may_register(home: Node | None, by: User | None) -> None:
    """At that place; somebody without one may be written down by whoever writes people down anywhere."""
    is_allowed = by is None or (may(by, "people.register", home.path) if home else reach(by, "people.register"))
    if not is_allowed:
        raise Forbidden(_("您不能在%(place)s登记居民，请联系那里的社区。") % {"place": home or _("这里")})


def _write_down(
    *,
    name: str,
    by: User | None,
    home: Node | None,
    phone: str = "",
    address: str = "",
    id_number: str = "",
    born_on: date | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
    contact_by: ContactBy | None = None,
    helped_how: str = "",
    guardian: Guardian | None = None,
) -> Person:
    born_on = (rules.born_of(id_number) if id_number else None) or born_on
    _require_guardian(None, born_on, guardian)
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
    _keep_guardian(person, guardian, by)
    return person


def _require_guardian(person: Person | None, born_on: date | None, guardian: Guardian | None) -> None:
    """A child under 14 is written down with a guardian's yes, said now or standing (PIPL 31, rule P11)."""
    if guardian or not rules.is_child(born_on, clock.today()):
        return
    if person is None or standing_consent(person, Purpose.CHILD) is None:
        raise Refused(_("未满 14 周岁，要先问监护人。请填监护人的姓名、电话和怎么问的。"), field="guardian_name")


def _keep_guardian(person: Person, guardian: Guardian | None, by: User | None) -> None:
    if guardian is None:
        return
    name_guardian(person=person, guardian=guardian.contact)
    if rules.is_child(person.born_on, clock.today()):
        keep_consent(person=person, purpose=Purpose.CHILD, said=guardian.said(), by=by)


def _let_in(person: Person, user: User, by: User | None) -> Person:
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
        let_belong(users={user: person.home}, role=Role.RESIDENT, by=by)
    note("people.claimed", person, by=by, scope=person.home.path if person.home else None, user=user.pk)
    return person


def _free_call_numbers(many: int) -> list[str]:
    """Five digits that nobody has, so many times; drawn, so that a number tells nothing about its owner."""
    free: set[str] = set()
    while len(free) < many:
        drawn = {str(10_000 + secrets.randbelow(90_000)) for _ in range(many - len(free))}
        taken = Person.objects.filter(call_number__in=drawn).values_list("call_number", flat=True)
        free |= drawn - set(taken)
    return list(free)
