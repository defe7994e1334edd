"""DingTalk, as a work application sees its colleague (钉钉扫码或免登).

Written after the public description of the interface and tried against a peer of our own that answers as described
there; not tried with DingTalk itself, which wants a registered application.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import requests

from lianxin.users.providers.identity import Errand, Identity, NotProven

PATIENCE = 10.0


@dataclass(frozen=True)
class DingTalk:
    """One application. People are known by `unionId`, which is the same in all applications of one operator."""

    name: str
    words: str
    client_id: str
    client_secret: str
    pages: str = "https://login.dingtalk.com"
    service: str = "https://api.dingtalk.com"

    def address(self, errand: Errand) -> str:
        """DingTalk's own page."""
        query = urlencode(
            {
                "redirect_uri": errand.back,
                "response_type": "code",
                "client_id": self.client_id,
                "scope": "openid",
                "state": errand.state,
                "prompt": "consent",
            }
        )
        return f"{self.pages}/oauth2/auth?{query}"

    def identity(self, errand: Errand, code: str) -> Identity:
        """Whose code it is: a token for the code, then the account for the token."""
        asked = {
            "clientId": self.client_id,
            "clientSecret": self.client_secret,
            "code": code,
            "grantType": "authorization_code",
        }
        try:
            token = self._json(
                requests.post(f"{self.service}/v1.0/oauth2/userAccessToken", json=asked, timeout=PATIENCE)
            )
            own = {"x-acs-dingtalk-access-token": str(token["accessToken"])}
            me = self._json(requests.get(f"{self.service}/v1.0/contact/users/me", headers=own, timeout=PATIENCE))
            return Identity(self.name, str(me["unionId"]))
        except (requests.RequestException, ValueError, KeyError) as error:
            raise NotProven(type(error).__name__) from error

    @staticmethod
    def _json(answer: requests.Response) -> dict[str, Any]:
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found
