"""Who may act for whom."""

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from lianxin.base import clock
from lianxin.base.actions import action
from lianxin.journal.actions import note
from lianxin.people.models import Helper, Person
from lianxin.users.models import User

HELP_LASTS_DAYS = 365


@action
def let_help(
    *,
    person: Person,
    helper: Person,
    relation: str,
    scopes: list[Helper.Scope],
    given_how: Helper.GivenHow,
    by: User | None,
) -> Helper:
    """The person lets a relative act for him for a year, as told to the community's worker."""
    since = clock.today()
    during = DateRange(since, date.fromordinal(since.toordinal() + HELP_LASTS_DAYS))
    kept = Helper.objects.create(
        person=person,
        helper=helper,
        relation=relation,
        scopes=scopes,
        given_how=given_how,
        recorded_by=by,
        during=during,
    )
    note("people.helper_let", person, by=by, for_person=person.pk, helper=helper.pk, scopes=scopes)
    return kept
