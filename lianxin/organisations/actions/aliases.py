"""What people call a place."""

from django.utils.translation import gettext_lazy as _

from lianxin.base.actions import action
from lianxin.base.refused import Refused
from lianxin.journal.actions import note
from lianxin.organisations.models import Node, PlaceAlias
from lianxin.organisations.queries import require
from lianxin.users.models import User


@action
def name_place(*, place: Node, words: str, by: User) -> PlaceAlias:
    """Write down what people call a place, so that the desk finds it by that."""
    require(by, "organisations.name_places", place.path)
    words = words.strip()
    if len(words) < 2:
        raise Refused(_("俗称至少两个字。"), field="words")
    alias = PlaceAlias.objects.create(place=place, words=words)
    note("organisations.place_named", place, by=by, scope=place.path, alias=alias.pk)
    return alias


@action
def unname_place(*, alias: PlaceAlias, by: User) -> None:
    """Nobody calls the place that any more."""
    place = alias.place
    require(by, "organisations.name_places", place.path)
    note("organisations.place_unnamed", place, by=by, scope=place.path, alias=alias.pk)
    PlaceAlias.objects.filter(pk=alias.pk).delete()
