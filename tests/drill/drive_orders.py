"""The residents of `test_orders_survive`: a process of its own, which talks to the product as browsers do.

An order that gets no answer, or meets a fault, is sent again with the same key until it is acknowledged; then its
key and number are printed.
"""

import os
import random
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from uuid import UUID

import django

django.setup()

# ruff: noqa: E402 the models can be imported only now
import httpx
from django.conf import settings
from django.test import Client

from lianxin.base import clock
from lianxin.people.models import Person
from tests import make

URL, MANY = os.environ["DRILL_URL"], int(os.environ["DRILL_ORDERS"])
LANES, RESIDENTS = 4, 10
FIRST_PHONE = int(os.environ.get("DRILL_FIRST_PHONE", "13900000000"))
CSRF = "b" * 32


@dataclass(frozen=True)
class Resident:
    """Somebody signed in, and the page on which he orders for tomorrow morning."""

    key: int
    cookies: dict[str, str]
    page: str

    def order(self) -> str:
        """Place one order, however often it must be sent, and rest a little; gives its key and number."""
        key = make.new_key()
        while (number := self._send(key)) is None:
            time.sleep(0.2)
        time.sleep(random.uniform(0.1, 0.5))  # noqa: S311 no secret
        return f"{key} {number}"

    def _send(self, key: UUID) -> str | None:
        """The number of the acknowledged order; None when nobody knows what became of it."""
        try:
            answer = httpx.post(
                self.page,
                data={"resident": self.key, "details": "厨房的灯不亮了", "key": str(key)},
                cookies=self.cookies,
                headers={"X-CSRFToken": CSRF},
                timeout=10,
            )
        except httpx.TransportError:
            return None
        if answer.status_code >= 500:
            return None
        assert answer.status_code == 303, answer.text
        location = str(answer.headers["Location"])
        return location.removeprefix("/orders/").removesuffix("/")


def main() -> None:
    """Settle the people, then let them order from several lanes at once, with short rests."""
    make._phones = count(FIRST_PHONE)
    city = make.small_city()
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    page = f"{URL}order/{city.item.pk}/place/?day={tomorrow}&part=morning"
    people = [make.person("王秀英", home=city.community) for _ in range(RESIDENTS)]
    residents = [_signed_in(person, page) for person in people]
    with ThreadPoolExecutor(LANES) as lanes:
        for placed in as_completed([lanes.submit(residents[turn % RESIDENTS].order) for turn in range(MANY)]):
            print(placed.result(), flush=True)


def _signed_in(person: Person, page: str) -> Resident:
    client = Client()
    client.force_login(make.user_of(person))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: CSRF}
    return Resident(person.pk, cookies, page)


if __name__ == "__main__":
    main()
