"""Who comes in and who may do what: 身份鉴别, 访问控制, 三员分立."""

from collections.abc import Iterator

from django.conf import settings

from lianxin.base.clock import today
from lianxin.base.models import Installation
from lianxin.cli.findings import Finding, State, danger_unless, gap_unless
from lianxin.config import environment
from lianxin.notices.carriers import Outbox
from lianxin.organisations.models import Role, RoleHeld
from lianxin.organisations.rules import permissions, roles_with
from lianxin.users.models import User
from lianxin.users.rules import AT_A_DESK

AREA = "identity and access 身份与访问"
ADMINISTRATORS = (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR)


def is_demo() -> bool:
    """Whether this is a demo, of which less is asked."""
    return Installation.objects.filter(is_demo=True).exists()


def exposure() -> Iterator[Finding]:
    """A demo is for this machine only."""
    what, where = "a demo" if is_demo() else "not a demo", environment.host()
    is_well = environment.is_loopback() or not is_demo()
    yield Finding(AREA, danger_unless(is_well), f"{what}, listening on {where}", "config/preparation.py")


def debug() -> Iterator[Finding]:
    """No tracebacks for visitors."""
    words = "tracebacks are shown to visitors (LIANXIN_DEBUG)" if settings.DEBUG else "no tracebacks for visitors"
    yield Finding(AREA, danger_unless(not settings.DEBUG or environment.is_loopback()), words, "LIANXIN_DEBUG")


def administrators() -> Iterator[Finding]:
    """Three administrators, three people."""
    if is_demo():
        yield Finding(AREA, State.NOTE, "a demo: anybody is any administrator", "lianxin demo")
        return
    held = RoleHeld.objects.filter(role__in=ADMINISTRATORS, during__contains=today()).values_list("role", flat=True)
    missing = "、".join(str(role.label) for role in ADMINISTRATORS if role not in set(held))
    words = (
        f"nobody is {missing}" if missing else "system, security, audit: held apart, the database refuses two in one"
    )
    yield Finding(AREA, gap_unless(not missing), words, "organisations/models.py")


def second_factors() -> Iterator[Finding]:
    """Whoever works at a desk proves himself twice."""
    desks = RoleHeld.objects.filter(role__in=roles_with(AT_A_DESK), during__contains=today()).values("user")
    without = User.objects.filter(pk__in=desks, is_active=True, authenticator__confirmed_at=None, passkeys=None).count()
    words = f"{without} people work at a desk without a second factor" if without else "every desk has a second factor"
    yield Finding(AREA, State.NOTE if is_demo() else gap_unless(not without), words, "users/rules.py")


def access() -> Iterator[Finding]:
    """One table of permissions, proven page by page."""
    words = f"{len(permissions())} permissions, each page and role tried by a test; rows by subtree of the organisation"
    yield Finding(AREA, State.OK, words, "docs/rules.md, roles")


def sign_in() -> Iterator[Finding]:
    """How people prove who they are, and whether the code reaches them."""
    if is_demo():
        yield Finding(AREA, State.NOTE, "a demo: one click signs in, codes stay in the outbox", "lianxin demo")
        return
    is_carried = settings.SMS_CARRIER.rpartition(".")[2] != Outbox.__name__
    words = "sign-in codes are carried" if is_carried else "no SMS carrier: sign-in codes lie in the outbox unsent"
    yield Finding(AREA, gap_unless(is_carried), words, "SMS_CARRIER in config/settings.py")
    yield Finding(AREA, State.OK, "codes: five tries, five minutes, caps per phone and address", "users/rules.py")


EXAMINATIONS = (exposure, debug, administrators, second_factors, access, sign_in)
