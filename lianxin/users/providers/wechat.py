"""WeChat, as a service account's page sees its visitor (网页授权).

Written after the public description of the interface and tried against a peer of our own that answers as described
there; not tried with WeChat itself, which wants a verified service account and a domain on file.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import requests

from lianxin.users.providers.identity import Errand, Identity, NotProven

PATIENCE = 10.0


@dataclass(frozen=True)
class WeChat:
    """One service account. People are known by `unionid`, which is the same in all accounts of one operator."""

    name: str
    words: str
    client_id: str
    client_secret: str
    pages: str = "https://open.weixin.qq.com"
    service: str = "https://api.weixin.qq.com"

    def address(self, errand: Errand) -> str:
        """WeChat's own page; the order of the parameters and the ending are as it demands them."""
        query = urlencode(
            {
                "appid": self.client_id,
                "redirect_uri": errand.back,
                "response_type": "code",
                "scope": "snsapi_userinfo",
                "state": errand.state,
            }
        )
        return f"{self.pages}/connect/oauth2/authorize?{query}#wechat_redirect"

    def identity(self, errand: Errand, code: str) -> Identity:
        """Whose code it is; errors come with status 200 and an `errcode`."""
        asked = {
            "appid": self.client_id,
            "secret": self.client_secret,
            "code": code,
            "grant_type": "authorization_code",
        }
        token = self._answer("/sns/oauth2/access_token", asked)
        subject = token.get("unionid") or self._answer(
            "/sns/userinfo", {"access_token": token["access_token"], "openid": token["openid"], "lang": "zh_CN"}
        ).get("unionid")
        if not subject:
            raise NotProven("no unionid: the service account is not bound to an open platform account")
        return Identity(self.name, str(subject))

    def _answer(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = requests.get(f"{self.service}{path}", params=query, timeout=PATIENCE).json()
        except (requests.RequestException, ValueError) as error:
            raise NotProven(type(error).__name__) from error
        if answer.get("errcode"):
            raise NotProven(f"errcode {answer['errcode']}")
        return answer
