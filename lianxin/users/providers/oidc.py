"""OpenID Connect: discovery, authorization code with PKCE, nonce, and a signature by the provider's published keys."""

from dataclasses import dataclass
from typing import Any, cast

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from lianxin.users.providers.identity import Errand, Identity, NotProven

PATIENCE = 10.0
ALGORITHMS = ["RS256", "ES256", "PS256"]
"""Asymmetric ones only: with a shared secret whoever knows it could sign."""

LEEWAY = 60


@dataclass(frozen=True)
class OpenId:
    """One provider, found by its issuer's address."""

    name: str
    words: str
    issuer: str
    client_id: str
    client_secret: str

    def address(self, errand: Errand) -> str:
        """The provider's page, with state, nonce and the challenge to our verifier."""
        with self._client(errand) as client:
            url, _state = client.create_authorization_url(
                self._known()["authorization_endpoint"],
                state=errand.state,
                nonce=errand.nonce,
                code_verifier=errand.verifier,
            )
        return str(url)

    def identity(self, errand: Errand, code: str) -> Identity:
        """The subject of the ID token that the code is worth, once all of it has been checked."""
        try:
            known = self._known()
            with self._client(errand) as client:
                token = client.fetch_token(known["token_endpoint"], code=code, code_verifier=errand.verifier)
            claims = self._claims(token["id_token"], known, errand)
        except (AuthlibBaseError, JoseError, requests.RequestException, KeyError, ValueError) as error:
            raise NotProven(type(error).__name__) from error
        is_verified = claims.get("phone_number_verified") is True
        return Identity(self.name, str(claims["sub"]), str(claims.get("phone_number", "")) if is_verified else "")

    def _claims(self, id_token: str, known: dict[str, Any], errand: Errand) -> dict[str, Any]:
        keys = KeySet.import_key_set(cast("KeySetSerialization", _fetched(known["jwks_uri"])))
        token = jwt.decode(id_token, keys, algorithms=ALGORITHMS)
        jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            exp={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": errand.nonce},
        ).validate(token.claims)
        audience = token.claims["aud"]
        if isinstance(audience, list) and len(audience) > 1 and token.claims.get("azp") != self.client_id:
            raise NotProven("made for another party")
        return dict(token.claims)

    def _known(self) -> dict[str, Any]:
        known = _fetched(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if known["issuer"] != self.issuer:
            raise NotProven("another issuer answered")
        return known

    def _client(self, errand: Errand) -> OAuth2Session:
        return OAuth2Session(
            client_id=self.client_id,
            client_secret=self.client_secret,
            redirect_uri=errand.back,
            scope="openid phone",
            code_challenge_method="S256",
            default_timeout=PATIENCE,
        )


def _fetched(url: str) -> dict[str, Any]:
    answer = requests.get(url, timeout=PATIENCE)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found
