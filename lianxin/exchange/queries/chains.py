"""Who is meant by the entries of a 接龙, with doubts said."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from lianxin.base.chains import Link
from lianxin.base.sealed import keyed_hash
from lianxin.organisations.models import Node
from lianxin.people.models import Person


@dataclass(frozen=True)
class Meant:
    """An entry, the people whom it may mean, and the doubt about it: "" when it is the one person."""

    link: Link
    people: Sequence[Person]
    doubt: str

    @property
    def person(self) -> Person | None:
        """Who is meant, if there is no doubt."""
        return self.people[0] if self.people and not self.doubt else None


NOBODY, SEVERAL, OTHER_NAME, TWICE = "nobody", "several", "other_name", "twice"


def people_of_teams(teams: QuerySet[Node]) -> QuerySet[Person]:
    """Those who serve with these teams or are on roll with them."""
    return Person.objects.filter(Q(volunteer__team__in=teams) | Q(on_roll__team__in=teams)).distinct()


def meant(links: Sequence[Link], among: QuerySet[Person]) -> list[Meant]:
    """Each entry matched by phone and name among these people, in one query; never guessed (rule X5)."""
    hashes = {link.phone: keyed_hash(link.phone) for link in links if link.phone}
    wanted = Q(name__in=[link.name for link in links if link.name]) | Q(phone_hash__in=list(hashes.values()))
    by_name: dict[str, list[Person]] = defaultdict(list)
    by_phone: dict[bytes, list[Person]] = defaultdict(list)
    for person in among.filter(wanted).order_by("pk"):
        by_name[person.name].append(person)
        if person.phone_hash is not None:
            by_phone[bytes(person.phone_hash)].append(person)
    found = [_one(link, by_name.get(link.name, []), by_phone.get(hashes.get(link.phone, b""), [])) for link in links]
    times = Counter(one.person.pk for one in found if one.person)
    return [Meant(one.link, one.people, TWICE) if one.person and times[one.person.pk] > 1 else one for one in found]


def _one(link: Link, named: list[Person], phoned: list[Person]) -> Meant:
    both = [person for person in phoned if person.name == link.name]
    if len(both) == 1:
        return Meant(link, both, "")
    if link.phone and phoned:
        return Meant(link, phoned, OTHER_NAME)
    if len(named) == 1:
        return Meant(link, named, "")
    return Meant(link, named, SEVERAL if named else NOBODY)
