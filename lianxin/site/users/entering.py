"""What every way in shares: a session under a new key that knows how it was proven, and where to go next."""

from datetime import timedelta
from typing import cast
from urllib.parse import urlencode

from django.contrib.auth import login, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lianxin.base.answers import SeeOther
from lianxin.base.clock import now
from lianxin.people.models import Person
from lianxin.site.known import only_works_here
from lianxin.users import queries, rules
from lianxin.users.actions.links import link_identity
from lianxin.users.actions.sessions import end_other_sessions
from lianxin.users.models import User
from lianxin.users.proofs import PROOFS, PROVED_AT, STALE, is_ours
from lianxin.users.providers.identity import Identity
from lianxin.users.sessions import BEGAN, DEVICE, SessionStore

PENDING = "pending_identity"


def enter(request: HttpRequest, user: User, way: str) -> HttpResponse:
    """Start a session under a new key; nothing of the one before is kept but an account elsewhere to be linked."""
    pending = request.session.get(PENDING)
    request.session.flush()
    login(request, user)
    request.session[DEVICE] = rules.device(request.headers.get("User-Agent", ""))
    request.session[BEGAN] = now().isoformat()
    if pending and way in {"code", "slip"}:
        link_identity(user=user, identity=Identity(*pending), by=user)
    return prove(request, way)


def prove(request: HttpRequest, way: str) -> HttpResponse:
    """One more proof for this session, under another new key; then on to what is still asked, or where one wanted."""
    user = signed_in(request)
    request.session.cycle_key()
    proofs = [*request.session.get(PROOFS, []), way]
    request.session[PROOFS] = proofs
    is_desk = user.has_perm(rules.AT_A_DESK)
    if not is_desk or rules.is_strong(user, proofs):
        request.session[PROVED_AT] = now().isoformat()
    request.session[STALE] = way != "demo" and rules.is_stale(user, queries.policy(), now())
    if is_desk:
        request.session.set_expiry(_idle(user))
        if not rules.is_strong(user, proofs):
            return SeeOther(with_query(request, "site:second"))
    if not only_works_here(user) and not Person.objects.filter(user=user).exists():
        return SeeOther(with_query(request, "site:welcome"))
    return SeeOther(target(request))


def keep_signed_in(request: HttpRequest, user: User) -> None:
    """After a new password: this browser stays in, under a new key, and no other does (rule A8)."""
    update_session_auth_hash(request, user)
    end_other_sessions(by=user, keep=session_of(request).key_hash)
    request.session[STALE] = False
    request.session[PROVED_AT] = now().isoformat()


def signed_in(request: HttpRequest) -> User:
    """The user, of whom the page's guard has made sure."""
    return cast("User", request.user)


def session_of(request: HttpRequest) -> SessionStore:
    """The session, which is one of ours."""
    return cast("SessionStore", request.session)


def target(request: HttpRequest) -> str:
    """Where the visitor was going (`next`) if that is ours, else home."""
    wanted = request.GET.get("next", "")
    return wanted if is_ours(request, wanted) else reverse("site:home")


def with_query(request: HttpRequest, name: str) -> str:
    """The route with this request's `next`, so that the way on is kept, and nothing else that came along."""
    wanted = request.GET.get("next")
    return f"{reverse(name)}?{urlencode({'next': wanted}, safe='/')}" if wanted else reverse(name)


def address(request: HttpRequest) -> str:
    """Where the request came from; behind a trusted proxy the visitor's own address (rule A7)."""
    return str(request.META.get("REMOTE_ADDR", ""))


def _idle(user: User) -> int:
    """How many seconds this user's desk may be left alone (rule A5)."""
    policy = queries.policy()
    minutes = policy.admin_idle_minutes if user.has_perm(rules.ADMINISTERS) else policy.desk_idle_minutes
    return int(timedelta(minutes=minutes).total_seconds())
