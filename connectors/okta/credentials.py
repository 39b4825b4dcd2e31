"""The OAuth service app: exchanges an assertion signed with its private key for a scoped access token.

https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/main/ (client credentials with
`private_key_jwt`, the only way for a service to get Okta's scopes). The key is read for every token, so that a key in a
file rotates without a restart.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import SecretStr

from connectors.http.clocks import clocks_differ
from connectors.http.credentials import Token, TokenCredential, granted
from connectors.http.governance import DEFAULT_NETWORK, Network
from connectors.http.transport import Transport
from connectors.http.voice import at_token_endpoint, error_object
from connectors.okta.answers import VOICE
from workflows.errors import FarSideError, Misconfigured, Unexpected
from workflows.ports import Clock

PATH = "/oauth2/v1/token"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_LIFE = timedelta(minutes=5)  # Okta allows an hour; clocks differ by less than this
USUAL_LIFE = timedelta(hours=1)  # of a token without `expires_in`
BAD, UNAUTHORIZED, FORBIDDEN = 400, 401, 403
_WAYS_OUT = (
    "switch off 'Require Demonstrating Proof of Possession (DPoP) header in token requests' for the app in the Admin "
    "Console (General > Client Credentials), or set auth to 'ssws'"
)
_CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
_VOICE = at_token_endpoint(VOICE)
_DPOP_ERRORS = frozenset({"invalid_dpop_proof", "use_dpop_nonce"})


class App(NamedTuple):
    """The service app as registered; `key` is an RSA or EC private key as PEM or JWK."""

    client_id: str
    key: SecretStr
    scopes: tuple[str, ...]
    key_id: str = ""


class ServiceApp:
    """A client of the org authorization server."""

    def __init__(
        self,
        system: str,
        url: str,
        app: App,
        *,
        clock: Clock,
        network: Network = DEFAULT_NETWORK,
    ) -> None:
        self._system, self._clock = system, clock
        self._app = app
        self._transport = Transport(
            system,
            url,
            clock=clock,
            network=network,
            request_id_headers=("X-Okta-Request-Id",),
            credential_setting=f"okta.{system}.key",
        )

    def credential(self) -> TokenCredential:
        """Return a credential that signs requests with this app's tokens."""
        return TokenCredential(self.fetch, self._clock)

    def fetch(self) -> Token:
        """Get an access token; `Misconfigured` if the app, its key or its scopes are refused."""
        operation, transport = "sign in by OAuth", self._transport
        with transport.operation(operation, write=False):
            form = {
                "grant_type": "client_credentials",
                "scope": " ".join(self._app.scopes),
                "client_assertion_type": ASSERTION_TYPE,
                "client_assertion": self._assertion(operation),
            }
            response = transport.session.post(transport.base_url + PATH, data=form)
            if _error(response) in _DPOP_ERRORS:
                detail = f"the app's tokens must be bound to a key (DPoP), which forcesync does not do: {_WAYS_OUT}"
                raise Misconfigured(self._system, operation, detail, request_id=transport.request_id(response))
            overrides: dict[int, type[FarSideError]] = dict.fromkeys((BAD, UNAUTHORIZED, FORBIDDEN), Misconfigured)
            transport.check(response, replace(_VOICE, explain=self._explain), accept=(200,), overrides=overrides)
            body = transport.json(response)
        token = granted(body, self._clock.now(), USUAL_LIFE)
        if token is None:
            raise Unexpected(self._system, operation, "the answer holds no access token")
        if str(body.get("token_type", "Bearer")).lower() != "bearer":
            raise Misconfigured(self._system, operation, "the token is bound to a key (DPoP): " + _WAYS_OUT)
        return token

    def _explain(self, response: requests.Response) -> str:
        """Return the server's words and the clock difference: the server's clock decides if an assertion is valid."""
        apart, words = clocks_differ(response.headers, self._clock.now()), _VOICE.explain(response)
        return f"{words} ({apart})" if apart else words

    def _assertion(self, operation: str) -> str:
        try:
            key, algorithm, named = _private_key(self._app.key.get_secret_value())
        except (ValueError, TypeError, jwt.PyJWTError):  # their text may quote the key
            detail = "the key is not an RSA or EC private key as PEM (without a passphrase) or JWK"
            raise Misconfigured(self._system, operation, detail) from None
        now = self._clock.now()
        claims = {
            "iss": self._app.client_id,
            "sub": self._app.client_id,
            "aud": self._transport.base_url + PATH,
            "iat": int(now.timestamp()),
            "exp": int((now + ASSERTION_LIFE).timestamp()),
            "jti": secrets.token_urlsafe(24),  # the server accepts an assertion once
        }
        key_id = self._app.key_id or named
        return jwt.encode(claims, key, algorithm, headers={"kid": key_id} if key_id else None)


def _error(response: requests.Response) -> str:
    return str(error_object(response).get("error") or "")


def _private_key(text: str) -> tuple[Any, str, str]:
    """Return a key, its signing algorithm, and its id if the text has one."""
    if text.lstrip().startswith("{"):
        found = json.loads(text)
        keys = found["keys"] if isinstance(found.get("keys"), list) else [found]
        held = [item for item in keys if isinstance(item, Mapping) and "d" in item]
        if len(held) != 1:
            raise ValueError("one private key was expected")
        jwk = jwt.PyJWK(dict(held[0]))
        return jwk.key, jwk.algorithm_name, str(held[0].get("kid") or "")
    key = load_pem_private_key(text.encode(), password=None)
    if isinstance(key, RSAPrivateKey):
        return key, "RS256", ""
    if isinstance(key, EllipticCurvePrivateKey) and key.curve.name in _CURVES:
        return key, _CURVES[key.curve.name], ""
    raise ValueError("an RSA or EC key was expected")
