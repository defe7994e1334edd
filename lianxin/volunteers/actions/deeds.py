"""How a deed about a volunteer reads in the journal."""

from lianxin.journal.actions import Deed
from lianxin.volunteers.models import Volunteer


def deed(volunteer: Volunteer, **facts: object) -> Deed:
    """What the journal says of a deed about this volunteer."""
    return Deed(volunteer, volunteer.team.path, volunteer.person_id, facts)
