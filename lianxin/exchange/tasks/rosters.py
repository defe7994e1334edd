"""Opening, checking and writing rosters, after somebody asked for it."""

from django.utils.translation import gettext as _

from lianxin.exchange.actions.rosters import check_roster, open_roster
from lianxin.exchange.actions.writing import LISTED, write_roster
from lianxin.exchange.models.roll import OnRoll
from lianxin.exchange.models.rosters import Roster
from lianxin.journal.bell import on
from lianxin.journal.models import Entry
from lianxin.people.actions.reaching import tell
from lianxin.users.models import User

ROLL_PAGE = "/roll/"


@on("exchange.roster_uploaded", is_long=True)
def open_it(entry: Entry) -> None:
    """Twice is harmless: a roster that is not being opened any more is left alone."""
    open_roster(roster=Roster.objects.get(pk=entry.subject_id))


@on("exchange.roster_mapped", is_long=True)
def check_it(entry: Entry) -> None:
    """A job that was killed begins again; one whose roster has moved on does nothing."""
    roster = Roster.objects.select_related("uploaded_by").get(pk=entry.subject_id)
    if roster.state == Roster.State.CHECKING:
        check_roster(roster=roster)


@on("exchange.roster_accepted", is_long=True)
def write_it(entry: Entry) -> None:
    """All or nothing, so a job that was killed has left nothing behind."""
    by = User.objects.filter(pk=entry.actor_id or 0).first()
    write_roster(roster=Roster.objects.get(pk=entry.subject_id), by=by)


@on(LISTED, is_long=True)
def ask_whom_we_know(entry: Entry) -> None:
    """Who can already sign in is asked whether he belongs to the team that named him."""
    row = OnRoll.objects.select_related("person__user", "person__home", "team").get(pk=entry.subject_id)
    text = _("「%(team)s」的名单上有您的名字。是您吗？请打开看看，说一声。") % {"team": row.team}
    tell(person=row.person, text=text, link=ROLL_PAGE, key=f"{entry.pk}:listed")
