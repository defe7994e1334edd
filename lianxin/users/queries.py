"""Questions about signing in."""

from django.conf import settings
from django.db import models
from django.db.models import QuerySet

from lianxin.base.models import Installation
from lianxin.base.prepared import Prepared
from lianxin.users.models import SignInCode, User


def user_who_may_be_in(pk: int) -> User | None:
    """The user with this key, unless closed; asked once for every request of a signed-in browser."""
    return _active_user.first(pk)


_active_user = Prepared(lambda pk: User.objects.filter(pk=pk, is_active=True), models.BigIntegerField())


def code_sent(pk: int) -> SignInCode | None:
    """The code with this key, unless it is long forgotten."""
    return SignInCode.objects.filter(pk=pk).first()


def is_demo_open() -> bool:
    """Whether anybody may sign in as anybody: in a demo city that only this machine, or who dared, can reach."""
    return bool(settings.DEMO_ALLOWED) and Installation.objects.filter(is_demo=True).exists()


def users_called(name: str) -> QuerySet[User]:
    """The users whose displayed name holds this."""
    return User.objects.filter(display_name__icontains=name).order_by("pk")
