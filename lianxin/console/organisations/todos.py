"""What waits for a second person: figures from before the system, and who becomes an administrator."""

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.base import clock
from lianxin.base.todos import Line, Todo
from lianxin.organisations.models import Opening, RoleHeld, RoleProposal
from lianxin.organisations.queries import open_proposals, openings_to_check, roles_to_review
from lianxin.organisations.rules import COUNTERSIGN, GIVE_DESK_ROLES
from lianxin.users.models import User


def _opening(row: Opening, _user: User) -> Line:
    under = gettext("%(name)s登记") % {"name": row.entered_by.display_name}
    return Line(str(row), reverse("console:openings"), under, "", row.node.path, row.entered_at)


def _proposal(row: RoleProposal, _user: User) -> Line:
    under = gettext("%(name)s提出") % {"name": row.proposed_by.display_name}
    href, who = reverse("console:proposals"), row.user.display_name
    return Line(row.get_role_display(), href, under, who, row.node.path, row.proposed_at)


def _role(row: RoleHeld, _user: User) -> Line:
    href, who = reverse("console:role_review"), row.user.display_name
    since = clock.day_begins(row.reviewed_on or row.during.lower)
    return Line(row.get_role_display(), href, "", who, row.node.path, since)


TODOS = (
    Todo(
        name="openings",
        permission="organisations.approve_opening",
        picture="notebook",
        words=_("历史数据待复核"),
        unit=_("条"),
        route="openings",
        rows=openings_to_check,
        line=_opening,
        paths=("node__path",),
        shown=lambda rows: rows.select_related("node", "entered_by"),
        not_by=("entered_by",),
        opens=False,
    ),
    Todo(
        name="proposals",
        permission=COUNTERSIGN,
        picture="shield-check",
        words=_("三员人选待复核"),
        unit=_("个"),
        route="proposals",
        rows=lambda _paths: open_proposals(),
        line=_proposal,
        paths=("node__path",),
        shown=lambda rows: rows.select_related("user", "node", "proposed_by"),
        not_by=("proposed_by", "user"),
        is_everywhere=True,
        opens=False,
    ),
    Todo(
        name="role_review",
        permission=GIVE_DESK_ROLES,
        picture="list-check",
        words=_("身份该复核了"),
        unit=_("个"),
        route="role_review",
        rows=lambda _paths: roles_to_review(due_on=clock.today()),
        line=_role,
        paths=("node__path",),
        shown=lambda rows: rows.select_related("user", "node"),
        not_by=("user",),
        is_everywhere=True,
        opens=False,
    ),
)
