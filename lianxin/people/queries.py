"""Questions about people."""

from collections.abc import Iterable, Sequence

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock, search
from lianxin.base.prepared import Prepared
from lianxin.base.refused import Forbidden
from lianxin.base.sealed import keyed_hash
from lianxin.journal.models import Entry
from lianxin.organisations.models import Node, Tree
from lianxin.organisations.queries import may
from lianxin.people.models import (
    Application,
    Barred,
    Circumstances,
    Complaint,
    Consent,
    EmergencyContact,
    Helper,
    Person,
    Purpose,
)
from lianxin.people.rules import consent_version
from lianxin.users.models import User

KEPT_ONLY = Q(restricted_at__isnull=False)
"""Whoever is restricted stands on no list and is found by no search (rule P13)."""


def people_with_phone(phone: str) -> QuerySet[Person]:
    """Everybody who is reached under this number; families share one."""
    return Person.objects.filter(phone_hash=keyed_hash(phone)).exclude(KEPT_ONLY).order_by("pk")


def restricted_with_phone(paths: list[str], phone: str) -> QuerySet[Person]:
    """Whose record is only kept, of those who live below these places, by the whole number that he rings from."""
    kept = Person.objects.filter(KEPT_ONLY, phone_hash=keyed_hash(phone), home__path__under_any=paths)
    return kept.select_related("home").order_by("pk")


def people_named(query: str) -> QuerySet[Person]:
    """People whose name or pinyin initials hold the query; nobody when it holds no letter."""
    pieces = search.pieces_of_query(query)
    found = Person.objects.filter(search__contains=pieces) if pieces else Person.objects.none()
    return found.exclude(KEPT_ONLY).order_by("pk")


def person_of(user: User) -> Person | None:
    """The person whom this user is; None before he has said so."""
    return Person.objects.select_related("home").filter(user=user).first()


def alike(*, name: str, phone: str, home: Node) -> QuerySet[Person]:
    """Who may be the same: under this phone anywhere, or of this name in the same place (rule P7)."""
    same = Q(name=name.strip(), home=home)
    if phone:
        same |= Q(phone_hash=keyed_hash(phone))
    return Person.objects.filter(same).exclude(KEPT_ONLY).select_related("home").order_by("pk")


def residents_under(paths: list[str]) -> QuerySet[Person]:
    """Whoever lives below these places."""
    living = Person.objects.filter(home__path__under_any=paths).exclude(KEPT_ONLY)
    return living.select_related("home").order_by("pk")


def residents_matching(paths: list[str], query: str) -> QuerySet[Person]:
    """Residents below these places whom the query means: a call number, a phone or its last four digits, two characters
    of the name or its initials; nobody when it says nothing."""
    found = residents_under(paths)
    digits = "".join(query.split()).replace("·", "")
    if digits.isdecimal():
        by_phone = Q(phone_ending=digits) if len(digits) == 4 else Q(phone_hash=keyed_hash(digits))
        numbered = Person.objects.filter(call_number=digits).values("pk")
        return found.filter(pk__in=Person.objects.filter(by_phone).values("pk").union(numbered))
    pieces = search.pieces_of_query(query)
    return found.filter(search__contains=pieces) if pieces else found.none()


def with_call_number(place: Node) -> QuerySet[Person]:
    """The residents of a place who may order by saying a number, by name."""
    living = Person.objects.filter(home__path__under=place.path).exclude(KEPT_ONLY).exclude(call_number="")
    return living.select_related("home").order_by("name", "pk")


def meant_by(paths: list[str], lines: Sequence[str]) -> list[tuple[str, list[Person]]]:
    """For each line whom it may mean among the residents below these places, in one query: a whole name, a phone or its
    last four digits, a call number, or several of these that all fit (王秀英 2345)."""
    parts = [part for line in lines for part in line.split()]
    digits = [part for part in parts if part.isdecimal()]
    by_digits = Q(phone_ending__in=digits) | Q(call_number__in=digits)
    by_phone = Q(phone_hash__in=[keyed_hash(part) for part in digits])
    people = list(residents_under(paths).filter(Q(name__in=parts) | by_digits | by_phone))
    return [(line, [each for each in people if _fits(line, each)]) for line in lines]


def _fits(line: str, person: Person) -> bool:
    said = {person.name, person.phone_ending, person.call_number}
    own = bytes(person.phone_hash) if person.phone_hash else b""
    return all(part in said or keyed_hash(part) == own for part in line.split())


def who_signs_in_matching(query: str) -> QuerySet[Person]:
    """Whoever signs in himself and whom the query means: his whole phone number, or his whole name."""
    digits = "".join(query.split())
    known = Person.objects.filter(user__isnull=False).exclude(KEPT_ONLY).select_related("home").order_by("pk")
    return known.filter(phone_hash=keyed_hash(digits)) if digits.isdecimal() else known.filter(name=query.strip())


def barred_by(person: Person) -> QuerySet[Barred]:
    """Relatives whom the person wants to be spared."""
    return Barred.objects.filter(person=person).select_related("other").order_by("pk")


def applications_under(paths: list[str]) -> QuerySet[Application]:
    """All applications below these places, answered and open."""
    return Application.objects.filter(scope__under_any=paths).select_related("user__person", "person").order_by("pk")


def open_applications(paths: list[str]) -> QuerySet[Application]:
    """Applications that wait for a worker, the most overdue first."""
    return applications_under(paths).filter(state=Application.State.RECEIVED).order_by("due_at", "pk")


def own_applications(user: User) -> QuerySet[Application]:
    """What this user has applied for, the last first."""
    return Application.objects.filter(user=user).select_related("person").order_by("-pk")


def helps_of(person: Person) -> QuerySet[Helper]:
    """For whom this person may act today, with what and until when."""
    standing = Helper.objects.filter(helper=person, during__contains=clock.today())
    return standing.select_related("person__home").order_by("pk")


def families_under(paths: list[str]) -> QuerySet[Helper]:
    """Who acts or acted for residents below these places, what ends first on top (rule F5)."""
    given = Helper.objects.filter(person__home__path__under_any=paths, person__restricted_at=None)
    return given.select_related("person__home", "helper").order_by("during__endswith", "pk")


def families_matching(given: QuerySet[Helper], query: str) -> QuerySet[Helper]:
    """Those in which the query means the resident or the relative: a call number, the last four digits of a telephone,
    two characters of a name or its initials; none when it says nothing."""
    digits = "".join(query.split()).replace("·", "")
    pieces = search.pieces_of_query(query)
    meant = Q(search__contains=pieces) if pieces else Q(pk__in=[])
    if digits.isdecimal():
        meant = Q(call_number=digits) | Q(phone_ending=digits[-4:])
    people = Person.objects.filter(meant).exclude(KEPT_ONLY).values("pk")
    return given.filter(Q(person__in=people) | Q(helper__in=people))


def told_about(person: int) -> list[Person]:
    """The relatives who asked to be told what happens with the orders of the person with this key (rule F2)."""
    return _told_about(person, clock.today())


_told_about = Prepared(
    lambda person, today: (
        Person.objects.filter(
            helps__in=Helper.objects.filter(
                person=person, scopes__contains=[Helper.Scope.NOTICES], during__contains=today
            )
        )
        .select_related("home", "user")
        .order_by("pk")
    ),
    models.BigIntegerField(),
    models.DateField(),
)


def people_for_slips(query: str, paths: list[str] | None) -> QuerySet[Person]:
    """People by name, initials or call number whose home lies below these paths (None: all); all without a query."""
    found = Person.objects.exclude(KEPT_ONLY).select_related("home", "user").order_by("pk")
    if paths is not None:
        found = found.filter(home__path__under_any=paths)
    if query.isdecimal():
        return found.filter(call_number=query)
    pieces = search.pieces_of_query(query)
    return found.filter(search__contains=pieces) if pieces else found


def helped_by(person: Person, scope: Helper.Scope) -> QuerySet[Person]:
    """For whom this person may act within the scope today."""
    standing = Helper.objects.filter(helper=person, scopes__contains=[scope], during__contains=clock.today())
    return Person.objects.filter(helpers__in=standing).order_by("pk")


def orders_for(person: Person) -> list[Person]:
    """For whom this person may order today, besides himself."""
    return _orders_for(person.pk, clock.today())


_orders_for = Prepared(
    lambda helper, today: (
        Person.objects.filter(
            helpers__in=Helper.objects.filter(
                helper=helper, scopes__contains=[Helper.Scope.ORDER], during__contains=today
            )
        )
        .select_related("home")
        .order_by("pk")
    ),
    models.BigIntegerField(),
    models.DateField(),
)


def may_act_for(helper: Person, person: Person, scope: Helper.Scope) -> bool:
    """Whether `helper` is the person himself or was given the scope by him."""
    return helper == person or helped_by(helper, scope).filter(pk=person.pk).exists()


def people_by_key(keys: Iterable[int]) -> dict[int, Person]:
    """These people with their home places, by key."""
    return Person.objects.select_related("home").in_bulk(list(keys))


def looks_at(person: Person) -> QuerySet[Entry]:
    """Who looked at this person's sealed fields, newest first (rule P2)."""
    return Entry.objects.filter(name="people.looked", for_person_id=person.pk).order_by("-pk")


def may_be_acted_for_by(person: Person) -> QuerySet[Helper]:
    """Who may act for this person today."""
    standing = Helper.objects.filter(person=person, during__contains=clock.today())
    return standing.select_related("helper").order_by("pk")


def hotline(place: Node | None) -> Node | None:
    """Whom people of this place ring: the nearest with a number at the place or above it; without a place, the city."""
    if place is None:
        return the_city()
    return Node.objects.filter(path__above=place.path).exclude(phone="").order_by("-path").first()


def hotlines_of(places: Iterable[Node]) -> dict[int | None, str]:
    """The number that people of each of these places ring, by the place's key; one query."""
    paths = {place.pk: str(place.path) for place in places}
    above = {key for path in paths.values() for key in path.split(".")}
    numbers = {str(pk): phone for pk, phone in Node.objects.filter(pk__in=above).values_list("pk", "phone") if phone}
    return {
        pk: next((numbers[key] for key in reversed(path.split(".")) if key in numbers), "")
        for pk, path in paths.items()
    }


def complaint_scope(person: Person | None) -> str | None:
    """To whom a complaint goes: the community of who complains, or else the city."""
    place = (person.home if person else None) or the_city()
    return str(place.path) if place else None


def the_city() -> Node | None:
    """The root of the places; None before there is any."""
    return Node.objects.filter(tree=Tree.PLACE, parent=None).order_by("pk").first()


def open_complaints(paths: list[str]) -> QuerySet[Complaint]:
    """Complaints below these paths that wait for an answer, the most overdue first."""
    return Complaint.objects.filter(state=Complaint.State.RECEIVED, scope__under_any=paths).order_by("due_at", "pk")


def complaints_under(paths: list[str]) -> QuerySet[Complaint]:
    """All complaints below these paths, answered and open."""
    return Complaint.objects.filter(scope__under_any=paths).order_by("pk")


def may_keep(person: Person, by: User | None) -> bool:
    """Whether `by` may write down what is known of the person: himself, or the desk of his community (rule P5).

    None is the product itself, as in an import or the making of a demo.
    """
    if by is None or (person.user_id is not None and person.user_id == by.pk):
        return True
    return may(by, "people.keep", person.home.path if person.home else None)


def require_may_keep(person: Person, by: User | None) -> None:
    """Refuse whoever may not keep this person's record."""
    if not may_keep(person, by):
        raise Forbidden(_("这位居民不在您负责的社区，不能改他的资料。"))


def emergency_contacts_of(person: Person) -> QuerySet[EmergencyContact]:
    """Whom to ring when the person does not answer, first rank first."""
    return EmergencyContact.objects.filter(person=person).order_by("rank", "pk")


def contacts_by_key(keys: Iterable[int]) -> dict[int, EmergencyContact]:
    """These emergency contacts, by key; who was named anew since is missing."""
    return EmergencyContact.objects.in_bulk(list(keys))


def guardian_of(person: Person) -> EmergencyContact | None:
    """Who answers for a minor, if somebody was named (rule P11)."""
    return EmergencyContact.objects.filter(person=person, rank=0).first()


def consents_of(person: Person) -> QuerySet[Consent]:
    """Every yes that this person gave, the last first."""
    return Consent.objects.filter(person=person).select_related("recorded_by").order_by("-pk")


def standing_consent(person: Person, purpose: Purpose) -> Consent | None:
    """The yes to this purpose that stands, to whichever words."""
    return Consent.objects.filter(person=person, purpose=purpose, ended_at=None).first()


def said_yes_to(purpose: Purpose, version: str) -> QuerySet[Consent]:
    """The standing ones to these very words; to be asked of many people at once."""
    return Consent.objects.filter(purpose=purpose, version=version, ended_at=None)


def what_to_mind(person: Person) -> list[str]:
    """What a visitor should know before he comes, in short words: no name, no illness, no way in (rule D5).

    Hearing, sight and mobility only by the yes to the words that hold now (rule P10).
    """
    lives: Circumstances | None = getattr(person, "circumstances", None)
    said = [person.helped_how]
    if lives is not None:
        health = [lives.get_hearing_display(), lives.get_sight_display(), lives.get_mobility_display()]
        if any(health) and said_yes_to(Purpose.HEALTH, consent_version(Purpose.HEALTH)).filter(person=person).exists():
            said += health
        said += [lives.get_wished_display(), lives.pets, lives.languages]
    return [str(words) for words in said if words]
