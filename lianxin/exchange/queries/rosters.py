"""Questions about rosters and who is on roll."""

import re

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from lianxin.base import clock, search
from lianxin.base.sealed import keyed_hash
from lianxin.exchange.models.roll import WRONG_TRIES, OnRoll, SignedSheet
from lianxin.exchange.models.rosters import Field, Line, Outcome, Roster, Source
from lianxin.exchange.queries.names import teams_of
from lianxin.exchange.rules.rights import IMPORT
from lianxin.organisations.models import Serves
from lianxin.organisations.queries import reach
from lianxin.people.models import Person
from lianxin.users.models import User


def rosters_of(user: User) -> QuerySet[Roster]:
    """The rosters brought in within this user's reach, the newest first; their files stay in the database."""
    found = Roster.objects.filter(scope__under_any=reach(user, IMPORT)).defer("file")
    return found.select_related("source", "uploaded_by").order_by("-pk")


def rosters_to_see_to(paths: list[str]) -> QuerySet[Roster]:
    """Rosters below these paths with which somebody has to go on: columns to map, lines to look at, what failed."""
    states = (Roster.State.TO_MAP, Roster.State.CHECKED, Roster.State.FAILED)
    return Roster.objects.filter(scope__under_any=paths, state__in=states).defer("file").order_by("pk")


def sources_of(user: User) -> QuerySet[Source]:
    """The sources whose columns are remembered, the latest used first."""
    return Source.objects.filter(scope__under_any=reach(user, IMPORT)).order_by("-used_at", "pk")


def lines_of(roster: Roster, outcome: Outcome) -> QuerySet[Line]:
    """The lines with this outcome, in the order of the file."""
    return Line.objects.filter(roster=roster, outcome=outcome).order_by("number")


def same_file(roster: Roster) -> Roster | None:
    """The roster by which the very same file was accepted before, within the same reach."""
    before = Roster.objects.filter(file_hash=bytes(roster.file_hash), scope=roster.scope, pk__lt=roster.pk)
    return before.filter(state=Roster.State.ACCEPTED).defer("file").order_by("-pk").first()


def columns_of(roster: Roster) -> dict[Field, int]:
    """Which column (from 0) holds which field."""
    return {Field(field): int(column) for column, field in roster.mapping.items()}


def on_roll_of(user: User, *, team: str = "", words: str = "", state: str = "") -> QuerySet[OnRoll]:
    """Those on roll with this user's teams, narrowed; a team by its name, or by name and number (红帽队 #12)."""
    found = OnRoll.objects.filter(team__in=teams_of(user)).select_related("person__home", "team")
    if team:
        number = re.search(r"#(\d{1,18})$", team)
        found = found.filter(team_id=int(number[1])) if number else found.filter(team__name=team.strip())
    if words:
        found = found.filter(person__search__contains=search.pieces_of_query(words) or [words[:2]])
    if state == "waiting":
        found = found.filter(confirmed_at=None, left_at=None)
    elif state == "confirmed":
        found = found.exclude(confirmed_at=None)
    elif state == "left":
        found = found.exclude(left_at=None)
    return found.order_by("team__path", "pk")


def waiting_of(user: User) -> QuerySet[OnRoll]:
    """Those who have not confirmed yet."""
    return on_roll_of(user, state="waiting")


def to_claim(user: User) -> QuerySet[OnRoll]:
    """Those on roll who may be this user, and have not said so yet: he himself if we know him, else by his phone."""
    open_rows = OnRoll.objects.filter(confirmed_at=None, left_at=None, wrong_tries__lt=WRONG_TRIES)
    if Person.objects.filter(user=user).exists():
        found = open_rows.filter(person__user=user)
    elif user.phone_hash is None:
        found = open_rows.none()
    else:
        found = open_rows.filter(person__phone_hash=bytes(user.phone_hash), person__user=None)
    return found.select_related("person__home", "team").order_by("pk")


def by_slip(code: str) -> OnRoll | None:
    """Whose slip this is, while it can be used."""
    found = OnRoll.objects.filter(
        slip_hash=slip_hash(code), slip_until__gt=clock.now(), confirmed_at=None, left_at=None
    )
    return found.select_related("person__home", "team").first()


def slip_hash(code: str) -> bytes:
    """What is kept of a slip's code."""
    return keyed_hash(f"slip {''.join(filter(str.isalnum, code)).upper()}")


def written_sheets(paths: list[str]) -> QuerySet[SignedSheet]:
    """Signed sheets that a second person still has to check, of teams below these paths or whose first place is."""
    serving = Serves.objects.filter(team=OuterRef("team"), during__contains=clock.today()).order_by("place__path", "pk")
    written = SignedSheet.objects.filter(state=SignedSheet.State.WRITTEN)
    found = written.annotate(served=Subquery(serving.values("place__path")[:1]))
    return found.filter(Q(team__path__under_any=paths) | Q(served__under_any=paths)).order_by("pk")


def sheets_of(user: User) -> QuerySet[SignedSheet]:
    """The signed sheets of this user's teams that somebody still has to confirm."""
    found = SignedSheet.objects.filter(team__in=teams_of(user), state=SignedSheet.State.WRITTEN)
    return found.select_related("team", "written_by").annotate(people=Count("on_roll")).order_by("pk")
