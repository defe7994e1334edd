"""Sessions in the database: found by the hash of their key, sealed, and ended by user (`SESSION_ENGINE`).

A session ends when it has been idle too long. That it is in use is written down at most once in a ninetieth of
that time: once a day for a resident, every five minutes at a desk. So reading a page costs one query and no write.
Browsers keep real time, so this is the one place that does not ask `base.clock`.
"""

import secrets
from contextvars import ContextVar
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import DatabaseError, models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from lianxin.base.prepared import Prepared
from lianxin.users.models import Session, User
from lianxin.users.rules import RESIDENT_IDLE, VISITOR_IDLE

STEPS = 90
DEVICE, BEGAN = "device", "began"


class SessionStore(SessionBase):
    """What one browser's session holds; Django's own interface."""

    seen_at: datetime | None = None

    def get_session_cookie_age(self) -> int:
        """How many seconds it may be idle, unless `set_expiry` said otherwise at sign-in."""
        return int((RESIDENT_IDLE if SESSION_KEY in self else VISITOR_IDLE).total_seconds())

    @property
    def key_hash(self) -> bytes:
        """Under which hash this session stands in the table."""
        return _hash(self.session_key)

    @property
    def is_due(self) -> bool:
        """Whether it should be written down again that this session is in use."""
        if self.seen_at is None:
            return False
        return timezone.now() - self.seen_at > timedelta(seconds=self.get_expiry_age()) / STEPS

    def look_on(self) -> None:
        """This request is not a use: a page asks by itself how things stand, whether or not anybody sits before it."""
        self.seen_at = None

    def load(self) -> dict[str, Any]:
        row = _live_session.first(_hash(self.session_key), timezone.now())
        if row is None:
            self._session_key = None
            return {}
        self.seen_at = row.seen_at
        _its_user.set(row.user)
        kept: dict[str, Any] = self.serializer().loads(row.kept.open().encode("latin-1"))
        return kept

    def exists(self, session_key: str | None = None) -> bool:
        return Session.objects.filter(key_hash=_hash(session_key)).exists()

    def create(self) -> None:
        self._session_key = secrets.token_hex(32)
        self.save(must_create=True)
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            return self.create()
        kept = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # not in the stubs
        row = self._row(kept)
        try:
            with transaction.atomic():
                row.save(force_insert=must_create, force_update=not must_create)
        except DatabaseError as error:
            if must_create:
                raise
            # Ended meanwhile, by signing out elsewhere: it must not come back to life.
            raise UpdateError from error

    def delete(self, session_key: str | None = None) -> None:
        Session.objects.filter(key_hash=_hash(session_key or self.session_key)).delete()

    def _row(self, kept: dict[str, Any]) -> Session:
        moment = timezone.now()
        return Session(
            key_hash=_hash(self.session_key),
            user_id=kept.get(SESSION_KEY),
            kept=self.serializer().dumps(kept).decode("latin-1"),
            device=kept.get(DEVICE, "")[:40],
            began_at=datetime.fromisoformat(kept[BEGAN]) if BEGAN in kept else moment,
            seen_at=moment,
            expires_at=moment + timedelta(seconds=self.get_expiry_age()),
        )


class Middleware(SessionMiddleware):
    """Django's own; it also notes that a session is in use, and a cookie that came over https stays with https."""

    def process_request(self, request: HttpRequest) -> None:
        _its_user.set(None)
        super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        session = cast("SessionStore", request.session)
        if session.is_due:
            session.modified = True
        response = super().process_response(request, response)
        _its_user.set(None)
        cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie is not None and request.is_secure():
            cookie["secure"] = True
        return response


_live_session = Prepared(
    lambda key_hash, now: Session.objects.filter(key_hash=key_hash, expires_at__gt=now).select_related("user"),
    models.BinaryField(),
    models.DateTimeField(),
)
_its_user: ContextVar[User | None] = ContextVar("user of the session of this request", default=None)


def user_of_the_session(pk: int) -> User | None:
    """The user with this key, if the session that this request came with is his: read together with it."""
    user = _its_user.get()
    return user if user is not None and user.pk == pk and user.is_active else None


def _hash(session_key: str | None) -> bytes:
    return sha256((session_key or "").encode()).digest()
