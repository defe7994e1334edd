"""Teams, communities and skills by the names that offices write, within a clerk's reach."""

from collections import defaultdict
from collections.abc import Iterable
from difflib import get_close_matches

from django.db.models import Exists, OuterRef, Q

from lianxin.base import clock
from lianxin.base.workbooks.cells import text_of
from lianxin.exchange.models.rosters import Field
from lianxin.exchange.rules.lines import Draft
from lianxin.exchange.rules.rights import IMPORT
from lianxin.organisations.models import Kind, Node, NodeSet, Serves, Tree
from lianxin.organisations.queries import reach
from lianxin.users.models import User
from lianxin.volunteers.models import Skill


def teams_of(user: User, permission: str = IMPORT) -> NodeSet:
    """The teams that this user answers for: below a role in the service tree, or serving a place below a role.

    Who holds the role on the whole city has all of them.
    """
    paths = reach(user, permission)
    teams = Node.objects.filter(tree=Tree.SERVICE, closed_on=None)
    if Node.objects.filter(tree=Tree.PLACE, parent=None, path__in=paths).exists():
        return teams.order_by("path", "pk")
    serving = Serves.objects.filter(team=OuterRef("pk"), place__path__under_any=paths, during__contains=clock.today())
    return teams.filter(Q(path__under_any=paths) | Exists(serving)).order_by("path", "pk")


class Names:
    """Nodes by their name, and by their parent's name with it."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._found: dict[str, set[int]] = defaultdict(set)
        self.names: dict[int, str] = {}
        for node in nodes:
            self.names[node.pk] = node.name
            for words in (node.name, f"{node.parent.name}{node.name}" if node.parent else node.name):
                self._found[_folded(words)].add(node.pk)

    def find(self, words: str) -> set[int]:
        """The keys of the nodes that are called so."""
        return self._found.get(_folded(words), set())

    def near(self, words: str) -> str | None:
        """A name that looks much like these words."""
        close = get_close_matches(_folded(words), list(self._found), n=1, cutoff=0.75) if len(words) < 30 else []
        return self.names[min(self._found[close[0]])] if close else None


class Places:
    """Everything that a line may name, asked once for a roster."""

    def __init__(self, user: User) -> None:
        self.teams = Names(teams_of(user).select_related("parent"))
        homes = Node.objects.filter(kind=Kind.COMMUNITY, closed_on=None).select_related("parent")
        self.homes = Names(homes.order_by("pk"))
        self.skills = {_folded(skill.name): skill.pk for skill in Skill.objects.order_by("pk")}
        self._wrong: dict[str, tuple[str, str | None]] = {}

    def team(self, draft: Draft) -> int | None:
        """The team's key; what is wrong with its name is written down."""
        found = self.teams.find(draft.team)
        if len(found) == 1:
            return min(found)
        if draft.team:
            draft.wrong(Field.TEAM, *self._words_for(draft.team, found))
        return None

    def home(self, draft: Draft) -> int | None:
        """The community's key, if one is named."""
        found = self.homes.find(draft.home)
        if len(found) == 1:
            return min(found)
        if draft.home:
            draft.wrong(Field.HOME, "home_twice" if found else "home_unknown")
        return None

    def skills_of(self, draft: Draft) -> list[int]:
        """The keys of the skills that are named."""
        found = []
        for words in draft.skills:
            skill = self.skills.get(_folded(words))
            if skill is None:
                draft.wrong(Field.SKILLS, "skills_unknown", words[:10])
            else:
                found.append(skill)
        return sorted(found)

    def _words_for(self, team: str, found: set[int]) -> tuple[str, str | None]:
        if found:
            return "team_twice", None
        if team not in self._wrong:
            near = self.teams.near(team)
            self._wrong[team] = ("team_near", near) if near else ("team_unknown", None)
        return self._wrong[team]


def _folded(words: str) -> str:
    return "".join(text_of(words).casefold().split())
