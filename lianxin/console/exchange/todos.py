"""What waits on its way in: rosters that somebody has to look at, signed sheets for a second person."""

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.base.todos import Line, Todo
from lianxin.exchange.models.roll import SignedSheet
from lianxin.exchange.models.rosters import Roster
from lianxin.exchange.queries.rosters import rosters_to_see_to, written_sheets
from lianxin.exchange.rules.rights import IMPORT
from lianxin.users.models import User


def _roster(roster: Roster, _user: User) -> Line:
    href, who = reverse("console:roster", args=[roster.pk]), roster.uploaded_by.display_name
    return Line(roster.file_name, href, roster.get_state_display(), who, roster.scope, roster.made_at)


def _sheet(sheet: SignedSheet, _user: User) -> Line:
    under = gettext("%(name)s登记") % {"name": sheet.written_by.display_name}
    return Line(
        str(sheet.team), f"{reverse('console:roll')}#sheet-{sheet.pk}", under, "", sheet.scope, sheet.written_at
    )


TODOS = (
    Todo(
        name="rosters",
        permission=IMPORT,
        picture="list-check",
        words=_("导入的名单"),
        unit=_("份"),
        route="rosters",
        rows=rosters_to_see_to,
        line=_roster,
        paths=("scope",),
        shown=lambda rows: rows.select_related("uploaded_by").defer("file"),
        opens=False,
    ),
    Todo(
        name="sheets",
        permission=IMPORT,
        picture="list-check",
        words=_("签字表待核对"),
        unit=_("张"),
        route="roll",
        rows=written_sheets,
        line=_sheet,
        paths=("team__path", "served"),
        shown=lambda rows: rows.select_related("team", "written_by"),
        not_by=("written_by",),
        opens=False,
    ),
)
