"""Promises of a person's time: made, and given back."""

from datetime import datetime

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from lianxin.base.actions import action
from lianxin.base.bulk import insert_many
from lianxin.people.models import Person
from lianxin.volunteers.models import Commitment


@action
def commit_time(*, person: Person, start: datetime, end: datetime, about: models.Model) -> Commitment:
    """The person promises this time; an overlapping promise is refused by the database."""
    promised = Commitment(
        person=person, during=DateTimeTZRange(start, end), about_type=about._meta.label_lower, about_id=about.pk
    )
    [commitment] = insert_many([promised])
    return commitment


@action
def release_time(*, about: models.Model) -> None:
    """Give back the time promised for this row."""
    held = Commitment.objects.filter(about_type=about._meta.label_lower, about_id=about.pk, state=Commitment.State.HELD)
    held.update(state=Commitment.State.RELEASED)
