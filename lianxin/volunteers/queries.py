"""Questions about volunteers."""

from datetime import datetime

from django.db.models import BigIntegerField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value

from lianxin.organisations.models import Node
from lianxin.people.models import Person
from lianxin.volunteers import rules
from lianxin.volunteers.models import Block, Commitment, Skill, Volunteer


def active_in(teams: list[Node]) -> QuerySet[Volunteer]:
    """The active volunteers of these teams."""
    return Volunteer.objects.filter(state=Volunteer.State.ACTIVE, team__in=teams)


def without_promise(volunteers: QuerySet[Volunteer], start: datetime, end: datetime) -> QuerySet[Volunteer]:
    """Those who have promised nothing to anybody in that time."""
    promised = Commitment.objects.filter(
        person=OuterRef("person"), state=Commitment.State.HELD, during__overlap=(start, end)
    )
    return volunteers.exclude(Exists(promised))


def free_at(volunteers: QuerySet[Volunteer], start: datetime, end: datetime) -> QuerySet[Volunteer]:
    """Those whose weekly free times cover that time."""
    wanted = rules.slots(start, end)
    # Said twice that it has eight bytes, because Django takes a mask for four and finds nobody from Thursday night on.
    mask = Value(wanted, output_field=BigIntegerField())
    covered = ExpressionWrapper(F("free").bitand(mask), output_field=BigIntegerField())  # type: ignore[arg-type]
    return volunteers.annotate(covered=covered).filter(covered=wanted)


def skilled(volunteers: QuerySet[Volunteer], skill: Skill | None) -> QuerySet[Volunteer]:
    """Those who have the skill; all when none is asked for."""
    return volunteers.filter(skills=skill) if skill else volunteers


def not_blocked_by(volunteers: QuerySet[Volunteer], person: Person) -> QuerySet[Volunteer]:
    """Those whom this person has not asked to be spared."""
    return volunteers.exclude(Exists(Block.objects.filter(person=person, volunteer=OuterRef("pk"))))


def with_load(volunteers: QuerySet[Volunteer], since: datetime, until: datetime) -> QuerySet[Volunteer]:
    """Annotated with `load`: how many promises of time each holds between the two moments."""
    held = Q(person__commitments__state=Commitment.State.HELD, person__commitments__during__overlap=(since, until))
    return volunteers.annotate(load=Count("person__commitments", filter=held, distinct=True))
