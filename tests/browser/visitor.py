"""Somebody at a browser: goes to pages, taps, and sees; every page he sees is checked for what disturbs people."""

from pathlib import Path

from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Locator, expect

from lianxin.users.models import User

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
PATIENCE = 10_000
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


GIVEN_UP = ("htmx:sendAbort", "htmx:afterRequest")
"""What htmx says of a request that it gave up for a newer one, which is no fault; of any fault it says more."""


def session_of(user: User) -> str:
    """The key of a session in which this user is signed in."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


class Visitor:
    """One person, one context, one page. What the page's console complains of is kept in `complaints`."""

    def __init__(self, context: BrowserContext) -> None:
        # An init script is not subject to the content security policy, so that the real one stays in force.
        context.add_init_script(path=AXE)
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.taps = 0
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", self._hear_error)

    def goes(self, path: str) -> None:
        """Open the page at this address, which is there."""
        answer = self.page.goto(path)
        assert answer
        assert answer.ok, answer.status

    def taps_link(self, name: str) -> None:
        """Tap the first link that says this."""
        self._tap(self.page.get_by_role("link", name=name).first)

    def taps_button(self, name: str) -> None:
        """Tap the first button that says this."""
        self._tap(self.page.get_by_role("button", name=name).first)

    def sees(self, *words: str) -> None:
        """The page shows each of these words, fits the screen, and breaks no rule for people with disabilities."""
        for each in words:
            expect(self.page.locator("body")).to_contain_text(each)
        assert not self.scrolls_sideways()
        assert axe(self) == []
        assert self.complaints == []

    def knows_nothing_of(self, *secrets: str) -> None:
        """None of these words is anywhere in the page, shown or not."""
        content = self.page.content()
        assert [secret for secret in secrets if secret in content] == []

    def scrolls_sideways(self) -> bool:
        """Whether the page is wider than the screen."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))

    def _tap(self, target: Locator) -> None:
        target.click()
        # A tap may lead to another page, whose document has no element yet when the click returns.
        self.page.wait_for_load_state("domcontentloaded")
        self.taps += 1

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(GIVEN_UP):
            self.complaints.append(message.text)

    def _hear_error(self, error: Error) -> None:
        self.complaints.append(str(error))


def axe(visitor: Visitor) -> list[str]:
    """Which rules of WCAG 2.0 and 2.1, A and AA, the page breaks, and where."""
    found = visitor.page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
    return [
        f"{violation['id']}: {node['html'][:200]} ({node['failureSummary']})"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
