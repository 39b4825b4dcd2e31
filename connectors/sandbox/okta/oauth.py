"""The simulated org's authorization server: service apps exchange a signed assertion for a scoped access token.

It has only the grant for machines, client credentials with `private_key_jwt`:
https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/main/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt

from connectors.sandbox.okta.dpop import ALGORITHMS, OAuthError, Proofs, signed_claims
from connectors.sandbox.okta.events import digest
from connectors.sandbox.wire.frame import Frame

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LIFETIME = timedelta(hours=1)  # of an access token, and the most for an assertion
SCOPES = frozenset(
    f"okta.{area}.read"
    for area in (
        "users",
        "groups",
        "apps",
        "profileMappings",
        "schemas",
        "userTypes",
        "logs",
        "agentPools",
        "orgs",
    )
)


@dataclass(frozen=True)
class ServiceApp:
    """A client that may request tokens; `keys` are public JWKs; with `dpop`, its tokens are bound to a key."""

    client_id: str
    keys: tuple[dict[str, Any], ...]
    scopes: frozenset[str]
    dpop: bool
    role: bool  # an admin role is assigned; scopes alone grant nothing


@dataclass(frozen=True)
class AccessToken:
    """An issued token; `thumbprint` is that of the key it is bound to, if any."""

    value: str
    client_id: str
    scopes: frozenset[str]
    expires_at: datetime
    thumbprint: str | None
    role: bool


class AuthorizationServer:
    """Holds the service apps and their tokens. Time comes from the frame, never from the machine."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._apps: dict[str, ServiceApp] = {}
        self._tokens: dict[str, AccessToken] = {}
        self._used: set[tuple[str, str]] = set()  # (client, jti) of past assertions
        self.proofs = Proofs(frame)

    def register(
        self,
        client_id: str,
        keys: list[dict[str, Any]],
        *,
        scopes: list[str] | None = None,
        dpop: bool = False,
        role: bool = True,
    ) -> None:
        """Create a service app, or replace its keys, scopes and switches."""
        if not client_id or not keys:
            raise ValueError("a service app: expected a client id and at least one public JWK")
        for key in keys:
            if "d" in key:
                raise ValueError("a service app: found a private key; expected public JWKs")
            try:
                jwt.PyJWK(key)
            except jwt.PyJWTError as error:
                raise ValueError(f"a service app: a key is no usable JWK: {error}") from None
        allowed = SCOPES if scopes is None else frozenset(scopes)
        self._apps[client_id] = ServiceApp(client_id, tuple(keys), allowed, dpop, role)

    def revoke(self) -> None:
        """Revoke every issued token."""
        self._tokens.clear()

    def held(self, value: str) -> AccessToken | None:
        """Return the token with this value if it is still valid."""
        token = self._tokens.get(value)
        return token if token is not None and self._frame.clock() < token.expires_at else None

    def issue(self, form: Mapping[str, str], url: str, proof: str | None) -> dict[str, Any]:
        """Answer a token request to `url`, or raise `OAuthError`."""
        if form.get("grant_type") != "client_credentials":
            raise OAuthError("unsupported_grant_type", "The authorization grant type is not supported by the server.")
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise OAuthError("invalid_client", "The client_assertion_type is invalid.", status=401)
        app = self._authenticated(form.get("client_assertion", ""), url)
        thumbprint = self.proofs.for_token(proof, url) if app.dpop or proof else None
        asked = form.get("scope", "").split()
        if not asked:
            raise OAuthError("invalid_scope", "The authorization server resource has no default scopes: name some.")
        granted = frozenset(asked) & app.scopes  # the others are silently dropped
        if not granted:
            raise OAuthError("consent_required", "You are not allowed any of the requested scopes.")
        value = f"eyJ{digest(self._frame.seed, 'token', app.client_id, len(self._used))}"
        ends = self._frame.clock() + LIFETIME
        self._tokens[value] = AccessToken(value, app.client_id, granted, ends, thumbprint, app.role)
        return {
            "token_type": "DPoP" if thumbprint else "Bearer",
            "expires_in": int(LIFETIME.total_seconds()),
            "access_token": value,
            "scope": " ".join(sorted(granted)),
        }

    def _authenticated(self, assertion: str, url: str) -> ServiceApp:
        """Return the client that signed the assertion; error texts are Okta's where public, else inferred."""
        try:
            header = jwt.get_unverified_header(assertion)
            claims: dict[str, Any] = jwt.decode(assertion, options={"verify_signature": False})
        except jwt.PyJWTError:
            raise _refused("The client_assertion is not a JWT.") from None
        app = self._apps.get(str(claims.get("sub")))
        if app is None:
            # Okta's own error object instead of OAuth's, as recorded by several of its clients.
            raise OAuthError("invalid_client", "Invalid value for 'client_id' parameter.", status=401, own=True)
        self._signed(assertion, header, app)
        if claims.get("iss") != app.client_id:
            raise _refused("The issuer and the subject of the client_assertion must be the client_id.")
        if claims.get("aud") not in (url, [url]):
            raise _refused("The audience claim for client_assertion must be the endpoint invoked for the request.")
        self._in_time(claims)
        used = (app.client_id, str(claims.get("jti")))
        if "jti" in claims and used in self._used:
            raise _refused("The client_assertion token has been used already.")
        self._used.add(used if "jti" in claims else (app.client_id, digest(assertion)))
        return app

    def _signed(self, assertion: str, header: dict[str, Any], app: ServiceApp) -> None:
        kid = header.get("kid")
        keys = [key for key in app.keys if key.get("kid") == kid or (kid is None and len(app.keys) == 1)]
        if not keys:
            raise _refused("The client_assertion names no key of the client.")
        if header.get("alg") not in ALGORITHMS:
            raise _refused("The client_assertion is signed with an algorithm that is not supported.")
        try:
            signed_claims(assertion, keys[0], header["alg"])
        except jwt.PyJWTError:
            raise _refused("The client_assertion signature is invalid.") from None

    def _in_time(self, claims: dict[str, Any]) -> None:
        if not isinstance(claims.get("exp"), int | float):
            raise _refused("The client_assertion has no expiration.")
        ends, now = claims["exp"], self._frame.clock().timestamp()
        if ends <= now:
            raise _refused("The client_assertion token is expired.")
        if ends > now + LIFETIME.total_seconds():
            raise _refused("The client_assertion token has an expiration too far into the future.")


def _refused(description: str) -> OAuthError:
    return OAuthError("invalid_client", description, status=401)
