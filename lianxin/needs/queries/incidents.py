"""Questions about incidents and insurance."""

from django.db.models import QuerySet

from lianxin.needs.models.incidents import Incident, IncidentSet, Policy
from lianxin.needs.models.visits import Assignment
from lianxin.organisations.models import Node, Tree


def incidents_under(paths: list[str]) -> IncidentSet:
    """All incidents below these places or teams, what is due first on top."""
    found = Incident.objects.under_any(paths).select_related("order__item", "order__place", "reported_by", "closed_by")
    return found.order_by("due_at", "pk")


def open_incidents(paths: list[str]) -> IncidentSet:
    """Those that nobody has closed."""
    return incidents_under(paths).filter(closed_at=None)


def policy_of(team_path: str) -> Policy | None:
    """The policy of the team, or of the nearest above it that has one."""
    found = Policy.objects.filter(team__path__above=team_path).select_related("team")
    return found.order_by("-team__path", "pk").first()


def insured_teams(paths: list[str]) -> QuerySet[Node]:
    """The teams below these paths, each with its own policy if it has one."""
    teams = Node.objects.filter(tree=Tree.SERVICE, closed_on=None, path__under_any=paths)
    return teams.select_related("policy").order_by("path", "pk")


def roster(incident: Incident) -> QuerySet[Assignment]:
    """Who was at work, with the times."""
    there = Assignment.objects.filter(order=incident.order_id, state=Assignment.State.HELD)
    people = there.select_related("volunteer__person", "volunteer__team").prefetch_related("visits")
    return people.order_by("pk")
