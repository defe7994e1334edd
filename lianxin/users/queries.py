"""Questions about signing in."""

from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from lianxin.base.models import Installation
from lianxin.base.prepared import Prepared
from lianxin.users.models import Authenticator, Link, Passkey, Policy, RecoveryCode, Session, SignInCode, User


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


def policy() -> Policy:
    """The numbers of signing in, as set or by default."""
    return Policy.objects.filter(pk=1).first() or Policy()


def sessions_of(user: User) -> QuerySet[Session]:
    """The browsers in which the user is signed in, the last used first."""
    return Session.objects.filter(user=user, expires_at__gt=timezone.now()).order_by("-seen_at", "pk")


def has_second_factor(user: User) -> bool:
    """Whether an authenticator or a passkey counts for this user."""
    is_bound = Authenticator.objects.filter(user=user).exclude(confirmed_at=None).exists()
    return is_bound or Passkey.objects.filter(user=user).exists()


def authenticator_of(user: User) -> Authenticator | None:
    """The app that counts for this user."""
    return Authenticator.objects.filter(user=user).exclude(confirmed_at=None).first()


def passkeys_of(user: User) -> QuerySet[Passkey]:
    """The user's passkeys, the first one first."""
    return Passkey.objects.filter(user=user).order_by("pk")


def recovery_codes_left(user: User) -> int:
    """How many recovery codes still work."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def links_of(user: User) -> QuerySet[Link]:
    """The accounts elsewhere that sign in as this user."""
    return Link.objects.filter(user=user).order_by("pk")


@dataclass(frozen=True)
class Asked:
    """A challenge that a browser was given, and the site that gave it."""

    challenge: bytes
    host: str
    origin: str
