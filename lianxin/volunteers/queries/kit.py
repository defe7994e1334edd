"""Questions about vests, caps and cards in the hands of volunteers."""

from django.db.models import F, Q, QuerySet

from lianxin.organisations.models import Node, Tree
from lianxin.volunteers.models import Kit, Volunteer
from lianxin.volunteers.queries import whom_words_mean


def kit_of(volunteer: Volunteer) -> QuerySet[Kit]:
    """What he was given, what he still has first."""
    return Kit.objects.filter(volunteer=volunteer).order_by(F("returned_on").desc(nulls_first=True), "-pk")


def kit_out(paths: list[str]) -> QuerySet[Kit]:
    """What is in the hands of volunteers of teams below these paths."""
    teams = Node.objects.filter(path__in=paths, tree=Tree.SERVICE).values_list("path", flat=True)
    # Of a path in another tree PostgreSQL believes that it leads to teams, and looks at every piece of the city.
    out = Kit.objects.filter(returned_on=None, volunteer__team__path__under_any=list(teams))
    return out.select_related("volunteer__person", "volunteer__team").order_by("kind", "pk")


def kit_matching(kit: QuerySet[Kit], words: str) -> QuerySet[Kit]:
    """Those pieces with this number or size, or in the hands of whom the words mean: a volunteer's number, the end of
    his telephone, two characters of his name or its initials."""
    holders = Volunteer.objects.filter(whom_words_mean(words.strip())).values("pk")
    return kit.filter(Q(number__iexact=words.strip()) | Q(volunteer__in=holders))
