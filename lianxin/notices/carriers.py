"""Who carries an SMS out of the house. The default keeps it in the outbox, where developers and demo users read it."""

import json
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings

SECONDS = 10
TRY_LATER = {408, 425, 429}


class NotTaken(Exception):
    """The carrier will never take this message: a wrong number, a text it refuses."""


class NotNow(Exception):
    """The carrier could not be reached, or is busy; the message may be handed over again."""


class Carrier(Protocol):
    """Hands one text to the telephone network; raises `NotNow` to be asked again, anything else for good.

    `key` is the same whenever the same message is handed over again, so that a carrier can send it once.
    """

    def carry(self, *, phone: str, text: str, key: str) -> None: ...


class Outbox:
    """The development carrier: the row in the outbox is the delivery."""

    def carry(self, *, phone: str, text: str, key: str) -> None:
        """Nothing leaves the house."""


class Http:
    """A carrier behind an address (`LIANXIN_SMS_URL`), with a key in a file (`LIANXIN_SMS_KEY_FILE`).

    It gets a POST with `{"phone", "text", "key"}` as JSON and the key as a bearer; 2xx is taken, 408, 425, 429 and 5xx
    mean later, everything else never.
    """

    def carry(self, *, phone: str, text: str, key: str) -> None:
        """Hand one message over."""
        status = _post(settings.SMS_URL, {"phone": phone, "text": text, "key": key}, _secret())
        if status >= 500 or status in TRY_LATER:
            raise NotNow(f"the carrier answered {status}")
        if not 200 <= status < 300:
            raise NotTaken(f"the carrier answered {status}")


def _secret() -> str:
    return Path(settings.SMS_KEY_FILE).read_text().strip() if settings.SMS_KEY_FILE else ""


def _post(url: str, facts: dict[str, str], secret: str) -> int:
    to = urlsplit(url)
    kind = HTTPSConnection if to.scheme == "https" else HTTPConnection
    line = kind(to.hostname or "", to.port, timeout=SECONDS)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {secret}"}
    try:
        line.request("POST", f"{to.path or '/'}{'?' if to.query else ''}{to.query}", json.dumps(facts), headers)
        return line.getresponse().status
    except (OSError, HTTPException) as error:
        raise NotNow("the carrier could not be reached") from error
    finally:
        line.close()
