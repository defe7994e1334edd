"""Providers of sign-in that run inside a test, over real HTTP: a whole little OpenID Connect provider, and two that
answer as WeChat and DingTalk describe their interfaces."""

import base64
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

Answer = Callable[[str, dict[str, str], dict[str, str]], "dict[str, Any] | None"]


@contextmanager
def served(answer: Answer) -> Iterator[str]:
    """Answer each request with JSON by `answer(path, facts, headers)`; the address is given."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._reply({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            is_json = "json" in self.headers.get("Content-Type", "")
            self._reply(json.loads(body) if is_json else _flat(body))

        def _reply(self, sent: dict[str, str]) -> None:
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            found = answer(parts.path, _flat(parts.query) | sent, headers)
            body = json.dumps(found or {"error": "invalid_grant"}).encode()
            self.send_response(200 if found else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the base names it
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


@dataclass
class OpenIdPeer:
    """Discovery, keys, and a token for a code: once, to who knows the secret and the verifier."""

    client_id: str = "lianxin"
    client_secret: str = "peer's secret"
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "employee-7"})
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1", "use": "sig"}))
    signs_with: RSAKey | None = None
    issuer: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def visited(self, address: str) -> dict[str, str]:
        """What the visitor's browser does at the provider's page: he signs in, and is sent back with state and code."""
        asked = _flat(urlsplit(address).query)
        assert asked["client_id"] == self.client_id
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"state": asked["state"], "code": code}

    def answer(self, path: str, facts: dict[str, str], headers: dict[str, str]) -> dict[str, Any] | None:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
        if path == "/keys":
            return {"keys": [self.key.as_dict(private=False)]}
        return self._token(facts, headers) if path == "/token" else None

    def _token(self, facts: dict[str, str], headers: dict[str, str]) -> dict[str, Any] | None:
        asked = self.codes.pop(facts.get("code", ""), None)
        basic = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        digest = hashlib.sha256(facts.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or challenge != asked["code_challenge"] or facts["redirect_uri"] != asked["redirect_uri"]:
            return None
        if headers.get("authorization") not in {f"Basic {basic}"} and facts.get("client_secret") != self.client_secret:
            return None
        now = int(time.time())
        told = {"iss": self.issuer, "aud": self.client_id, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        token = jwt.encode({"alg": "RS256", "kid": "1"}, told | self.claims, self.signs_with or self.key)
        return {"access_token": "unused", "token_type": "Bearer", "expires_in": 300, "id_token": token}


def wechat(path: str, facts: dict[str, str], headers: dict[str, str]) -> dict[str, Any] | None:
    """As the service account's documents say: trouble is status 200 with an `errcode`."""
    if path == "/sns/oauth2/access_token":
        if (facts["appid"], facts["secret"], facts["code"]) != ("wx1", "s1", "right"):
            return {"errcode": 40029, "errmsg": "invalid code"}
        return {"access_token": "a1", "expires_in": 7200, "openid": "o1", "scope": "snsapi_userinfo"}
    if path == "/sns/userinfo" and facts["access_token"] == "a1":
        return {"openid": "o1", "nickname": "某人", "unionid": "u1"}
    return {"errcode": 40001, "errmsg": "invalid credential"}


def dingtalk(path: str, facts: dict[str, str], headers: dict[str, str]) -> dict[str, Any] | None:
    """As the open platform's documents say: JSON in and out, trouble is status 400."""
    if path == "/v1.0/oauth2/userAccessToken":
        is_right = (facts["clientId"], facts["clientSecret"], facts["code"]) == ("d1", "s1", "right")
        return {"accessToken": "a1", "refreshToken": "r1", "expireIn": 7200} if is_right else None
    if path == "/v1.0/contact/users/me" and headers.get("x-acs-dingtalk-access-token") == "a1":
        return {"nick": "某人", "unionId": "u1", "openId": "o1"}
    return None
