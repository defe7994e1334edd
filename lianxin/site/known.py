"""Who is asking: a signed-in user and the person he is."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.base.access import View
from lianxin.base.prepared import Prepared
from lianxin.base.refused import Forbidden
from lianxin.organisations.models import Role
from lianxin.organisations.queries import roles_of
from lianxin.people.models import Person
from lianxin.users.models import User
from lianxin.volunteers.models import Volunteer

P = ParamSpec("P")

PRIVATE_ROLES = {Role.RESIDENT, Role.VOLUNTEER}
"""Roles without a desk; every other one works in the console."""


@dataclass(frozen=True)
class Me:
    """The user in whose name things are done, and his person with, if he serves, his volunteer."""

    user: User
    person: Person

    @property
    def serves(self) -> bool:
        """Whether he is a volunteer who may take on tasks."""
        return self.user.has_perm("needs.serve") and hasattr(self.person, "volunteer")

    @property
    def volunteer(self) -> Volunteer:
        """His service; for pages of volunteers only."""
        if not self.serves:
            raise Forbidden(_("您还不是在册的志愿者。想加入请联系社区。"))
        return self.person.volunteer


def only_works_here(user: User) -> bool:
    """Whether all his roles are at work: such a colleague need live nowhere here, and his home is the desk."""
    held = {each.role for each in roles_of(user)}
    return bool(held) and not held & PRIVATE_ROLES


_person_of = Prepared(
    lambda user: Person.objects.filter(user_id=user).select_related("volunteer", "home"), models.BigIntegerField()
)


def known(view: Callable[Concatenate[HttpRequest, Me, P], HttpResponse]) -> View[P]:
    """Hand `Me` to the view (inside `@page`); whoever has not said yet who he is goes and says it first."""

    @wraps(view)
    def asked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        user = cast("User", request.user)
        person = _person_of.first(user.pk)
        if person is None:
            return redirect(f"{reverse('site:welcome')}?{urlencode({'next': request.get_full_path()})}")
        person.user = user  # the other way round is known now too: actions ask the user who he is
        return view(request, Me(user, person), *args, **kwargs)

    return asked
