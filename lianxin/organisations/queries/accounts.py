"""Questions about who can sign in, by the roles held."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from lianxin.base import clock
from lianxin.organisations.models import Role, RoleHeld
from lianxin.organisations.rules import roles_with
from lianxin.users.models import User
from lianxin.users.queries import policy
from lianxin.users.rules import AT_A_DESK


def accounts(*, name: str = "", ending: str = "", role: str = "", state: str = "") -> QuerySet[User]:
    """Users by name, by the ending of the phone, by a role held today, by state; by key."""
    today = clock.today()
    held = RoleHeld.objects.filter(user=OuterRef("pk"), during__contains=today)
    found = User.objects.order_by("pk")
    if name:
        found = found.filter(display_name__icontains=name)
    if ending:
        found = found.filter(phone_ending=ending)
    if role == AT_A_DESK:
        found = found.filter(Exists(held.filter(role__in=roles_with(AT_A_DESK))))
    elif role:
        found = found.filter(Exists(held.filter(role=role)))
    if state == "locked":
        found = found.filter(locked_until__gt=clock.now())
    elif state:
        found = found.filter(is_active=state == "on")
    return found


def idle_accounts() -> QuerySet[User]:
    """Who works at a desk and came in last, or was given the role, too long ago; never the last who can switch on."""
    since = clock.now() - timedelta(days=policy().account_idle_days)
    held = RoleHeld.objects.filter(user=OuterRef("pk"), during__contains=clock.today(), role__in=roles_with(AT_A_DESK))
    keeps_on = RoleHeld.objects.filter(role=Role.SECURITY_ADMINISTRATOR, during__contains=clock.today())
    last = User.objects.filter(Exists(keeps_on.filter(user=OuterRef("pk"))), is_active=True)
    spared = last.order_by(Coalesce("last_in_at", "made_at").desc(), "pk").values("pk")[:1]
    is_new = Exists(held.filter(during__startswith__gt=since.date()))
    idle = User.objects.annotate(seen_at=Coalesce("last_in_at", "made_at")).filter(Exists(held), ~is_new)
    return idle.filter(is_active=True, seen_at__lt=since).exclude(pk__in=spared).order_by("pk")
