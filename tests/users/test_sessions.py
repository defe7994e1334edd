from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from lianxin.journal.models import Entry
from lianxin.users.actions.sessions import end_sessions, forget_the_old
from lianxin.users.models import Session, User
from lianxin.users.rules import RESIDENT_IDLE, VISITOR_IDLE
from lianxin.users.sessions import Middleware, SessionStore

pytestmark = pytest.mark.django_db

BACKEND = settings.AUTHENTICATION_BACKENDS[0]
MINUTE = timedelta(minutes=1)
DESK_IDLE = timedelta(minutes=30)


@pytest.fixture
def user() -> User:
    return User.objects.make("13800000001")


def session_of(user: User | None, idle: timedelta | None = None, **kept: Any) -> SessionStore:
    """A session that a browser holds."""
    session = SessionStore()
    session.update(kept | ({SESSION_KEY: str(user.pk)} if user else {}))
    if idle:
        session.set_expiry(int(idle.total_seconds()))
    session.save()
    return session


def proven(user: User) -> dict[str, Any]:
    """What else Django keeps of whoever signed in."""
    return {BACKEND_SESSION_KEY: BACKEND, HASH_SESSION_KEY: user.get_session_auth_hash()}


def visitor(request: HttpRequest) -> Any:
    """Who signed in, as a view sees him behind the two middlewares."""
    seen: list[Any] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request.user)
        bool(request.user.is_anonymous)  # a user is read when somebody asks for him
        return HttpResponse()

    Middleware(AuthenticationMiddleware(view))(request)
    return seen[0]


def again(session: SessionStore) -> SessionStore:
    """The same session, as the browser's next request finds it."""
    return SessionStore(session.session_key)


def grow_older(by: timedelta) -> None:
    Session.objects.update(seen_at=F("seen_at") - by, expires_at=F("expires_at") - by)


def test_what_is_kept_comes_back(user: User) -> None:
    assert again(session_of(user, code_sent=7))["code_sent"] == 7


def test_a_page_loads_its_session_with_one_query(user: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    session = again(session_of(user, code_sent=7))
    with django_assert_num_queries(1):
        assert (session["code_sent"], session[SESSION_KEY]) == (7, str(user.pk))


def test_session_and_user_come_together_and_nobody_gets_the_user_of_the_request_before(
    user: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    other = User.objects.make("13800000002")
    browsers = [(each, RequestFactory()) for each in (user, other, user)]
    for each, factory in browsers:
        session = session_of(each, **proven(each))
        factory.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
        with django_assert_num_queries(1):
            assert visitor(factory.get("/")) == each
    assert visitor(RequestFactory().get("/")).is_anonymous


def test_whoever_was_closed_while_his_browser_was_in_is_out(user: User) -> None:
    factory = RequestFactory()
    factory.cookies[settings.SESSION_COOKIE_NAME] = str(session_of(user, **proven(user)).session_key)
    assert visitor(factory.get("/")) == user
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert visitor(factory.get("/")).is_anonymous


def test_a_visitor_without_a_session_costs_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert SessionStore().get("code_sent") is None


def test_neither_key_nor_content_is_readable_in_the_table(user: User) -> None:
    session = session_of(user, secret="13800000001")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(users_session)::text FROM users_session")
        ((row,),) = cursor.fetchall()
    assert session.session_key
    for private in (session.session_key, "13800000001", "secret"):
        assert private not in row
        assert private.encode().hex() not in row


@pytest.mark.parametrize(
    ("is_user", "set_to", "idle"),
    [(True, None, RESIDENT_IDLE), (True, DESK_IDLE, DESK_IDLE), (False, None, VISITOR_IDLE)],
)
def test_a_session_ends_when_it_was_idle_too_long(
    user: User, is_user: bool, set_to: timedelta | None, idle: timedelta
) -> None:
    session = session_of(user if is_user else None, set_to, code_sent=7)
    grow_older(idle - MINUTE)
    assert again(session).get("code_sent") == 7
    grow_older(2 * MINUTE)
    assert again(session).get("code_sent") is None


@pytest.mark.parametrize(
    ("set_to", "too_soon", "due"),
    [
        (None, timedelta(hours=23), timedelta(hours=25)),
        (DESK_IDLE, timedelta(seconds=19), timedelta(seconds=21)),
    ],
)
def test_its_use_is_written_down_once_in_a_ninetieth_of_that(
    user: User, set_to: timedelta | None, too_soon: timedelta, due: timedelta
) -> None:
    session = session_of(user, set_to)
    for age, is_due in ((too_soon, False), (due - too_soon, True)):
        grow_older(age)
        found = again(session)
        assert found[SESSION_KEY]
        assert found.is_due == is_due


def test_ending_the_sessions_of_a_user_leaves_other_users_in(user: User) -> None:
    other = User.objects.make("13800000002")
    mine, phone, theirs = session_of(user), session_of(user), session_of(other)
    assert end_sessions(user=user, by=other) == 2
    assert [again(session).get(SESSION_KEY) for session in (mine, phone, theirs)] == [None, None, str(other.pk)]
    assert Entry.objects.get(name="users.sessions_ended").facts == {"sessions": 2}


def test_an_ended_session_does_not_come_back_to_life(user: User) -> None:
    session = again(session_of(user))
    assert session[SESSION_KEY]
    end_sessions(user=user, by=None)
    with pytest.raises(UpdateError):
        session.save()
    assert not Session.objects.exists()


def test_a_key_that_nobody_was_given_opens_nothing(user: User) -> None:
    session_of(user)
    stranger = SessionStore("a" * 64)
    assert stranger.get(SESSION_KEY) is None
    assert stranger.session_key is None


def test_run_out_sessions_are_forgotten(user: User) -> None:
    session_of(user)
    session_of(None)
    grow_older(VISITOR_IDLE + MINUTE)
    forget_the_old()
    assert Session.objects.get().user == user
