"""The demo city from the first start: when the sign-in page answers, when everybody can come in, when it is grown.

While it grows, somebody of each role clicks through his first pages; the slowest of them is a figure as well. With a
size as argument, that size: `python -m bench.demo volunteers=500,orders=800`.
"""

import os
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import psycopg

from bench.figures import Figure, say
from tests.drill.product import RunningProduct

WANTED_PAGE, WANTED_GROWN, WANTED_P95 = 20.0, 240.0, 500.0
BETWEEN_CLICKS, PATIENCE = 0.5, 1800.0
PAGES = {
    "resident": ("/", "/order/", "/orders/"),
    "volunteer": ("/tasks/", "/time/"),
    "captain": ("/console/", "/console/dispatch/"),
    "station_worker": ("/console/", "/console/verify/", "/console/orders/"),
    "call_operator": ("/console/calls/", "/console/"),
    "dispatcher": ("/console/dispatch/", "/console/"),
    "city_officer": ("/console/", "/console/orders/", "/console/volunteers/", "/console/organisations/"),
}
"""What each role looks at; the roles are found on the sign-in page in this order of their names."""


@dataclass
class Clicks:
    """How long the pages took while the worker was at it, in milliseconds."""

    took: list[float] = field(default_factory=list)
    slowest: str = ""

    def note(self, page: str, milliseconds: float) -> None:
        """One more page."""
        if not self.took or milliseconds > max(self.took):
            self.slowest = page
        self.took.append(milliseconds)

    def at(self, share: float) -> float:
        """So many of the pages were quicker."""
        return sorted(self.took)[int(share * (len(self.took) - 1))]


def main() -> int:
    """Start an empty product, and wait until its city is grown."""
    os.environ["LIANXIN_DEMO_SIZE"] = sys.argv[1] if sys.argv[1:] else "city"
    product, clicks = RunningProduct("--demo"), Clicks()
    since = time.monotonic()
    product.start()
    try:
        page = _until(lambda: _answers(product), since)
        come_in = _until(lambda: len(_roles(product)) == 12, since)
        grown = _until(lambda: _is_grown(product), since, meanwhile=_clicking(product, clicks))
    finally:
        product.stop()
        product.clean_up()
    print(f"slowest page: {clicks.slowest}")
    figures = [
        Figure("sign-in page answers", round(page, 1), "s", "wanted", WANTED_PAGE, "s"),
        Figure("every role can come in", round(come_in, 1), "s", "page answers", round(page, 1), "s"),
        Figure("city is grown", round(grown, 1), "s", "wanted", WANTED_GROWN, "s"),
        Figure("page while it grows, median", round(clicks.at(0.5)), "ms", "wanted p95", WANTED_P95, "ms"),
        Figure("page while it grows, p95", round(clicks.at(0.95)), "ms", "wanted", WANTED_P95, "ms"),
        Figure("page while it grows, slowest", round(clicks.at(1)), "ms", "pages", len(clicks.took), "clicks"),
    ]
    say("demo", figures)
    return 0


def _until(is_so: object, since: float, meanwhile: Iterator[None] | None = None) -> float:
    """Seconds since then, when it is so."""
    while not is_so():  # type: ignore[operator]
        if time.monotonic() - since > PATIENCE:
            raise TimeoutError
        if meanwhile:
            next(meanwhile)
        time.sleep(BETWEEN_CLICKS if meanwhile else 0.1)
    return time.monotonic() - since


def _answers(product: RunningProduct) -> bool:
    try:
        return httpx.get(f"{product.url}sign-in/", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def _roles(product: RunningProduct) -> list[str]:
    """The users who are one click away."""
    return re.findall(r'name="user" value="(\d+)"', httpx.get(f"{product.url}sign-in/", timeout=30).text)


def _is_grown(product: RunningProduct) -> bool:
    with psycopg.connect(product.database_url) as database:
        row = database.execute("SELECT count(*) FROM journal_entry WHERE name = 'demo.grown'").fetchone()
    return bool(row and row[0])


def _clicking(product: RunningProduct, clicks: Clicks) -> Iterator[None]:
    """One page after the other, for ever; each role in a browser of its own."""
    browsers = {role: _browser(product, user) for role, user in _users(product).items() if role in PAGES}
    while True:
        for role, browser in browsers.items():
            for page in PAGES[role]:
                began = time.perf_counter()
                answer = browser.get(page)
                clicks.note(f"{role} {page}", 1000 * (time.perf_counter() - began))
                if answer.status_code != 200:
                    raise RuntimeError(f"{role} {page}: {answer.status_code}")
                yield


def _users(product: RunningProduct) -> dict[str, str]:
    with psycopg.connect(product.database_url) as database:
        rows = database.execute("SELECT user_id, role FROM organisations_roleheld").fetchall()
    shown = _roles(product)
    return {role: str(user) for user, role in rows if str(user) in shown}


def _browser(product: RunningProduct, user: str) -> httpx.Client:
    browser = httpx.Client(base_url=product.url, timeout=60, follow_redirects=True)
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get("/sign-in/").text)[0]
    browser.post("/sign-in/demo/", data={"user": user, "csrfmiddlewaretoken": token})
    return browser


if __name__ == "__main__":
    sys.exit(main())
