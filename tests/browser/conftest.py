"""Debian's Chromium and a live server, for tests that tap on pages as people do."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Playwright, ViewportSize, sync_playwright
from pytest_django.live_server_helper import LiveServer

from lianxin.users.models import User
from tests.browser.visitor import Visitor, session_of

Visit = Callable[..., Visitor]

CALM = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """For one file only: its event loop runs in this thread, so other tests could not run one meanwhile.

    Because of that loop Django would take the test's own queries for asynchronous ones, and refuse them.
    """
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as running:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One browser for a file; each person has a context of his own in it."""
    program = shutil.which("chromium")
    assert program, "chromium is not installed: `make browser`"
    running = playwright.chromium.launch(executable_path=program, args=CALM)
    yield running
    running.close()


@pytest.fixture(scope="module")
def browser_context_args() -> dict[str, str]:
    """Where our people live."""
    return {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    """The product's own middleware serves static files here too: pages name them by their hashed names."""
    server = LiveServer("localhost", start=False)
    server.thread.static_handler = lambda application: application  # type: ignore[assignment]  # any wrapper will do
    server.start()
    yield server
    server.stop()


@pytest.fixture
def visit(live_server: LiveServer, new_context: Callable[..., BrowserContext]) -> Visit:
    """Let somebody come, signed in or not, with a screen of this width and height."""

    def come(user: User | None = None, *, screen: ViewportSize, **options: object) -> Visitor:
        context = new_context(base_url=live_server.url, viewport=screen, **options)
        if user:
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": session_of(user), "url": live_server.url}]
            )
        return Visitor(context)

    return come
