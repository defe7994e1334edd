"""Questions about volunteers."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
)

from lianxin.base import clock, search
from lianxin.base.prepared import Slot
from lianxin.organisations.models import PARTY_KINDS, Node
from lianxin.people.models import Consent, Person, Purpose
from lianxin.people.queries import said_yes_to
from lianxin.people.rules import ADULT, consent_version
from lianxin.volunteers.models import Block, Commitment, Membership, Skill, Stay, Transfer, Volunteer


def active_in(teams: list[Node]) -> QuerySet[Volunteer]:
    """The active volunteers of these teams."""
    return Volunteer.objects.filter(state=Volunteer.State.ACTIVE, team__in=teams)


def without_promise(volunteers: QuerySet[Volunteer], during: DateTimeTZRange | Slot) -> QuerySet[Volunteer]:
    """Those who have promised nothing to anybody in that time."""
    promised = Commitment.objects.filter(person=OuterRef("person"), state=Commitment.State.HELD, during__overlap=during)
    return volunteers.exclude(Exists(promised))


def free_at(volunteers: QuerySet[Volunteer], wanted: int | Slot) -> QuerySet[Volunteer]:
    """Those whose weekly free times cover these slots of the week (`rules.slots`)."""
    # Said twice that it has eight bytes, because Django takes a mask for four and finds nobody from Thursday night on.
    mask = wanted if isinstance(wanted, Slot) else Value(wanted, output_field=BigIntegerField())
    covered = ExpressionWrapper(F("free").bitand(mask), output_field=BigIntegerField())  # type: ignore[arg-type]
    return volunteers.annotate(covered=covered).filter(covered=mask)


def skilled(volunteers: QuerySet[Volunteer], skill: int | Slot | None) -> QuerySet[Volunteer]:
    """Those who have the skill with this key; all when none is asked for."""
    return volunteers.filter(skills=skill) if skill else volunteers


def not_blocked_by(volunteers: QuerySet[Volunteer], person: int | Slot) -> QuerySet[Volunteer]:
    """Those whom this person has not asked to be spared."""
    return volunteers.exclude(Exists(Block.objects.filter(person=person, volunteer=OuterRef("pk"))))


def with_load(volunteers: QuerySet[Volunteer], since: datetime, until: datetime) -> QuerySet[Volunteer]:
    """Annotated with `load`: how many promises of time each holds between the two moments."""
    held = Q(person__commitments__state=Commitment.State.HELD, person__commitments__during__overlap=(since, until))
    return volunteers.annotate(load=Count("person__commitments", filter=held, distinct=True))


# The ledger (台账)


@dataclass(frozen=True)
class Asked:
    """What the ledger is narrowed by; what is empty narrows nothing."""

    words: str = ""
    state: str = ""
    skill: Skill | None = None
    team: Node | None = None
    place: Node | None = None
    imported: bool = False


def volunteers_within(paths: list[str]) -> QuerySet[Volunteer]:
    """The volunteers of teams, of places of residence, and of branches or units below these paths, for a list.

    Whoever is restricted stands on no list any more (rule W8). Below a few nodes the volunteers are looked up from
    the nodes; below many, where most of them are meant, each volunteer is looked at until a page is full.
    """
    if not Node.objects.under_any(paths).are_many():
        return all_volunteers_within(paths)
    return Volunteer.objects.filter(_is_below(paths)).exclude(state=Volunteer.State.RESTRICTED)


def all_volunteers_within(paths: list[str]) -> QuerySet[Volunteer]:
    """The same, for figures that need each of them."""
    own = Volunteer.objects.filter(team__path__under_any=paths).values("pk")
    living = Volunteer.objects.filter(person__home__path__under_any=paths).values("pk")
    belonging = Volunteer.objects.filter(person__in=_members(paths).values("person")).values("pk")
    found = Volunteer.objects.filter(pk__in=own.union(living, belonging))
    return found.exclude(state=Volunteer.State.RESTRICTED)


def at_node(volunteers: QuerySet[Volunteer], node: Node, *, paths: list[str]) -> QuerySet[Volunteer]:
    """Of these volunteers, who are all of those below these paths, those below the node, perhaps of another tree.

    Of few each is looked at; of a city's those of the node are looked up.
    """
    if Node.objects.under_any(paths).are_many():
        return volunteers.filter(pk__in=all_volunteers_within([node.path]).values("pk"))
    return volunteers.filter(_is_below([node.path]))


def _is_below(paths: list[str]) -> Q:
    # Not `Exists`: PostgreSQL prices it as if it were looked up for each volunteer anew, and sorts all of them instead.
    members = Q(person__in=_members(paths).values("person"))
    return Q(team__path__under_any=paths) | Q(person__home__path__under_any=paths) | members


def _members(paths: list[str]) -> QuerySet[Membership]:
    return Membership.objects.filter(node__path__under_any=paths, during__contains=clock.today())


def narrowed(volunteers: QuerySet[Volunteer], asked: Asked) -> QuerySet[Volunteer]:
    """Those that were asked for."""
    found = volunteers
    if asked.words:
        found = found.filter(whom_words_mean(asked.words.strip()))
    if asked.state:
        found = found.filter(state=asked.state)
    if asked.skill:
        found = found.filter(skills=asked.skill)
    if asked.team:
        found = found.filter(team__path__under=asked.team.path)
    if asked.place:
        found = found.filter(person__home__path__under=asked.place.path)
    if asked.imported:
        found = found.filter(person__is_imported=True, person__claimed_at=None)
    return found


def whom_words_mean(words: str) -> Q:
    """A number (V1…), four digits at the end of the telephone, two characters of the name, or its pinyin initials."""
    if words[:1] in {"V", "v"} and words[1:].isdecimal():
        return Q(number=words.upper())
    if words.isdecimal():
        return Q(person__phone_ending=words[-4:])
    return Q(person__search__contains=search.pieces_of_query(words))


def for_list(volunteers: QuerySet[Volunteer]) -> QuerySet[Volunteer]:
    """With what a line of the ledger says of each, and by when an applicant is answered; the newest first."""
    found = volunteers.annotate(due_at=_soon("registered_at")).prefetch_related("skills")
    return found.select_related("person__home", "team").order_by("-pk")


def guardians_who_agreed(people: Iterable[int]) -> set[int]:
    """Of these people those whose guardian has said yes, to the words that hold now (rule W3)."""
    return set(_yes_of_guardians().filter(person__in=list(people)).values_list("person", flat=True))


def born_by(volunteers: QuerySet[Volunteer], day: date | Slot) -> QuerySet[Volunteer]:
    """Those who were born by that day; whose birthday nobody knows is taken for grown up."""
    return volunteers.exclude(person__born_on__gt=day)


def grown_up_if_born_by(on: date) -> date:
    """Who was born by this day is not under 18 on the other."""
    return _years_before(on, ADULT)


def _years_before(day: date, years: int) -> date:
    """The last birthday of those who are that old on the day; on 29 February that of the day before."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _yes_of_guardians() -> QuerySet[Consent]:
    return said_yes_to(Purpose.MINOR_SERVES, consent_version(Purpose.MINOR_SERVES))


def to_review(paths: list[str]) -> QuerySet[Volunteer]:
    """Who waits to be taken on by teams below these paths, the longest on top; with `waits_for_guardian`."""
    is_minor = Q(person__born_on__gt=_years_before(clock.today(), ADULT))
    agreed = Exists(_yes_of_guardians().filter(person=OuterRef("person")))
    waiting = Volunteer.objects.filter(state=Volunteer.State.APPLIED, team__path__under_any=paths)
    found = waiting.select_related("person__home", "team").prefetch_related("skills")
    found = found.annotate(waits_for_guardian=ExpressionWrapper(is_minor & ~agreed, output_field=BooleanField()))
    return found.annotate(due_at=_soon("registered_at")).order_by("registered_at", "pk")


def transfers_to(paths: list[str]) -> QuerySet[Transfer]:
    """Who wants to come to teams below these paths, the longest on top."""
    waiting = Transfer.objects.filter(state=Transfer.State.ASKED, to_team__path__under_any=paths)
    found = waiting.select_related("volunteer__person", "from_team", "to_team")
    return found.annotate(due_at=_soon("asked_at")).order_by("asked_at", "pk")


ASKED_AGAIN_AFTER = timedelta(days=7)
"""How long who was written down as a member may take to say whether it is so (rule W13)."""


def silent_members(paths: list[str]) -> QuerySet[Membership]:
    """Who was written down below these paths and has not said whether it is so, the longest silent on top (rule W13).

    Whoever said yes once and took it back is not asked again.
    """
    silent = Membership.objects.filter(node__path__under_any=paths, agreed_at=None, during__upper_inf=True)
    said = Consent.objects.filter(person=OuterRef("person"), purpose=Purpose.MEMBER, about=OuterRef("pk"))
    waited = silent.filter(~Exists(said), recorded_at__lt=clock.now() - ASKED_AGAIN_AFTER)
    return waited.select_related("person", "node").order_by("recorded_at", "pk")


ANSWER_WITHIN = timedelta(days=3)
"""How long an applicant waits for a captain's word before it is late (rule W2)."""


def _soon(since: str) -> "ExpressionWrapper[Any]":
    return ExpressionWrapper(F(since) + ANSWER_WITHIN, output_field=DateTimeField())


def transfers_of(volunteer: Volunteer) -> QuerySet[Transfer]:
    """Where he asked to go, the newest first."""
    return Transfer.objects.filter(volunteer=volunteer).select_related("from_team", "to_team").order_by("-pk")


def stays_of(volunteer: Volunteer) -> QuerySet[Stay]:
    """In which teams he was, the newest first."""
    return Stay.objects.filter(volunteer=volunteer).select_related("team").order_by("-during", "-pk")


def open_skills() -> QuerySet[Skill]:
    """The skills one can choose, by name."""
    return Skill.objects.filter(closed_on=None).order_by("name", "pk")


# Members


def memberships_within(paths: list[str]) -> QuerySet[Membership]:
    """Who belongs to branches, units and mass organisations below these paths today; for their own chain (rule W9)."""
    standing = Membership.objects.filter(node__path__under_any=paths, during__contains=clock.today())
    return standing.select_related("person__volunteer", "node").order_by("node__path", "kind", "pk")


def memberships_of(person: Person) -> QuerySet[Membership]:
    """Where the person belongs today."""
    return (
        Membership.objects.filter(person=person, during__contains=clock.today()).select_related("node").order_by("pk")
    )


def shown_membership(person: Person) -> Membership | None:
    """What the person lets others see of it, the Party first."""
    shown = memberships_of(person).filter(is_shown=True, pk__in=_shown_by_consent(person))
    return shown.filter(node__kind__in=PARTY_KINDS).first() or shown.first()


def _shown_by_consent(person: Person) -> QuerySet[Consent, Any]:
    """The memberships whose showing rests on a yes to the words that hold now (rule P10)."""
    yes = said_yes_to(Purpose.MEMBER_SHOWN, consent_version(Purpose.MEMBER_SHOWN))
    return yes.filter(person=person).values("about")


def shows_name(person: Person) -> bool:
    """Whether who checks the card may read the name (rule P10)."""
    return said_yes_to(Purpose.CARD_NAME, consent_version(Purpose.CARD_NAME)).filter(person=person).exists()


# Figures

A_YEAR = timedelta(days=365)
GONE = (Volunteer.State.REFUSED, Volunteer.State.LEFT, Volunteer.State.RESTRICTED)


@dataclass(frozen=True)
class Standing:
    """How many are on roll, have confirmed it, and are active; and how many confirmed are of the Party (rule G11).

    `unconfirmed` are those of them whom an office named and who are no volunteers yet.
    """

    on_roll: int = 0
    unconfirmed: int = 0
    imported: int = 0
    confirmed: int = 0
    active: int = 0
    party: int = 0

    @property
    def others(self) -> int:
        """Of the confirmed, those who did not say that they are of the Party."""
        return self.confirmed - self.party


def standing(volunteers: QuerySet[Volunteer]) -> Standing:
    """The figures of these volunteers, in one query."""
    party = Membership.objects.filter(
        person=OuterRef("person"),
        kind__in=[Membership.Kind.FULL, Membership.Kind.PROBATIONARY],
        agreed_at__isnull=False,
        during__contains=clock.today(),
    )
    year = (clock.now() - A_YEAR, clock.now())
    promised = Commitment.objects.filter(
        person=OuterRef("person"), state=Commitment.State.HELD, during__overlap=DateTimeTZRange(*year)
    )
    claimed = Q(person__claimed_at__isnull=False)
    found = volunteers.exclude(state__in=GONE).aggregate(
        on_roll=Count("pk"),
        imported=Count("pk", filter=Q(person__is_imported=True)),
        confirmed=Count("pk", filter=claimed),
        active=Count("pk", filter=claimed & Q(Exists(promised), state=Volunteer.State.ACTIVE)),
        party=Count("pk", filter=claimed & Q(Exists(party))),
    )
    return Standing(**found)


def members_below(top: Node) -> dict[int, int]:
    """How many active volunteers each node of the service tree below this one has, its own nodes' included, by key;
    one query."""
    return _by_node_below(_active(), top, "team")


def residents_below(top: Node) -> dict[int, int]:
    """How many active volunteers live at each place below this one; one query."""
    return _by_node_below(_active(), top, "person__home")


def agreed_members_below(top: Node) -> dict[int, int]:
    """How many who agreed belong to each branch, unit or committee below this node; one query."""
    agreed = Membership.objects.filter(agreed_at__isnull=False, during__contains=clock.today())
    return _by_node_below(agreed, top, "node")


def _active() -> QuerySet[Volunteer]:
    return Volunteer.objects.filter(state=Volunteer.State.ACTIVE)


def _by_node_below(rows: QuerySet[Any], top: Node, name: str) -> dict[int, int]:
    """Each node's rows are counted for itself and for all nodes above it."""
    below = rows.filter(**{f"{name}__path__under": top.path}).order_by()
    found: Counter[int] = Counter()
    for path, many in below.values_list(f"{name}__path").annotate(many=Count("pk")):
        for key in path.split("."):
            found[int(key)] += many
    return found


@dataclass(frozen=True)
class Counts:
    """How the ledger falls apart: by skill, by state, by team and by community, with how many each."""

    by_skill: list[tuple[Skill, int]]
    by_state: list[tuple[str, str, int]]
    by_team: list[tuple[Node, int]]
    by_area: list[tuple[Node, int]]


MOST_LINES = 40


def counts(volunteers: QuerySet[Volunteer]) -> Counts:
    """The same volunteers counted by skill, state, team and community, the most first; a fixed number of queries."""
    found = volunteers.order_by()
    states = dict(found.values_list("state").annotate(many=Count("pk")))
    skills = dict(found.exclude(skills=None).values_list("skills").annotate(many=Count("pk")))
    names = Skill.objects.in_bulk(list(skills))
    return Counts(
        by_skill=sorted(((names[pk], many) for pk, many in skills.items()), key=lambda line: (-line[1], line[0].pk)),
        by_state=[(state.value, str(state.label), states[state]) for state in Volunteer.State if state in states],
        by_team=_by_node(found, "team"),
        by_area=_by_node(found.exclude(person__home=None), "person__home"),
    )


def _by_node(volunteers: QuerySet[Volunteer], name: str) -> list[tuple[Node, int]]:
    counted = volunteers.values_list(name).annotate(many=Count("pk")).order_by("-many", name)[:MOST_LINES]
    found = dict(counted)
    nodes = Node.objects.in_bulk(list(found))
    return [(nodes[pk], many) for pk, many in found.items()]


def blocks_of(person: Person) -> QuerySet[Block]:
    """Whom this person asked to be spared, the last first."""
    blocks = Block.objects.filter(person=person).select_related("volunteer__person", "volunteer__team")
    return blocks.order_by("-made_at", "-pk")
