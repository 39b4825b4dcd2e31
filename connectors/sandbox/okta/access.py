"""Authenticates and authorizes calls to the simulated Okta: API tokens by their admin's role, OAuth tokens by scope.

Refusals match the real product: an error object for API tokens, a challenge without a body for access tokens.
https://support.okta.com/help/s/article/insufficient-scope-error-when-making-a-request-to-an-oauth-or-management-endpoint
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from starlette.requests import Request

from connectors.sandbox.okta.calls import Credential, OktaError
from connectors.sandbox.okta.dpop import OAuthError
from connectors.sandbox.okta.oauth import SCOPES, AuthorizationServer
from connectors.sandbox.wire.frame import Frame


@dataclass(frozen=True)
class Caller:
    """The sender of a call; `principal` is the token or app whose rate limit the call counts against."""

    credential: Credential
    principal: str
    scopes: frozenset[str] | None = None  # None: scopes do not apply
    role: bool = True  # whether it has an admin role


class Access:
    """Identifies callers; refuses unknown ones with `OktaError`."""

    def __init__(self, frame: Frame, oauth: AuthorizationServer) -> None:
        self._frame, self._oauth = frame, oauth

    def caller(self, request: Request, *, scope: str | None, internal: bool) -> Caller:
        """Return the caller of an endpoint that needs this scope; None: no scope grants access."""
        scheme, token = _shown(request.headers.get("Authorization", ""))
        if scheme in {"bearer", "dpop"}:
            app = self._application(request, scheme, token, scope)
            if internal or scope is None:
                # Whether undocumented public paths accept OAuth is unknown; refused here, as internal ones are.
                raise OktaError("E0000005")
            self._permitted(request, app, scope)
            return app
        caller = self._administrator(scheme, token)
        if caller is None:
            raise OktaError("E0000011")
        return caller

    def _administrator(self, scheme: str, token: str) -> Caller | None:
        held = self._frame.credentials
        known: tuple[tuple[str, Credential], ...] = ((held.okta_token, "read"), (held.okta_sync_token, "sync"))
        for value, credential in known:
            if scheme == "ssws" and hmac.compare_digest(token.encode("utf-8"), value.encode("utf-8")):
                return Caller(credential, f"token {credential}")
        return None

    def _application(self, request: Request, scheme: str, token: str, scope: str | None) -> Caller:
        if scheme == "bearer" and token == self._frame.credentials.okta_oauth_token:
            return Caller("oauth", "app without end", SCOPES)
        held = self._oauth.held(token)
        if held is None:
            raise _challenged(request, scope, "invalid_token", "The access token is invalid.")
        if (held.thumbprint is not None) != (scheme == "dpop"):
            raise _challenged(request, scope, "invalid_token", "The access token is bound to a key, or is not.")
        if held.thumbprint is not None:
            try:
                address = str(request.url.replace(query=""))
                proved = self._oauth.proofs.for_call(request.headers.get("DPoP"), request.method, address, token)
            except OAuthError as error:
                raise _challenged(request, scope, error.error, error.description) from None
            if proved != held.thumbprint:
                raise _challenged(request, scope, "invalid_dpop_proof", "The DPoP proof is by another key.")
        return Caller("oauth", f"app {held.client_id}", held.scopes, held.role)

    def _permitted(self, request: Request, caller: Caller, scope: str) -> None:
        if caller.scopes is not None and scope not in caller.scopes:
            words = "The access token provided does not contain the required scopes."
            raise _challenged(request, scope, "insufficient_scope", words, code="E0000006")
        if not caller.role:
            raise OktaError("E0000006")


def _shown(header: str) -> tuple[str, str]:
    """Return an Authorization header's scheme and token.

    Okta's own Python SDK (3.4.6) sends `SSWS<token>` without a blank, so that is accepted (inferred).
    """
    if header[:4].lower() == "ssws":
        return "ssws", header[4:].strip()
    scheme, _, token = header.partition(" ")
    return scheme.lower(), token.strip()


def _challenged(
    request: Request, scope: str | None, error: str, description: str, *, code: str = "E0000011"
) -> OktaError:
    home = str(request.base_url).rstrip("/")
    scheme = "DPoP" if "dpop" in error else "Bearer"
    parts = {
        "authorization_uri": f"{home}/oauth2/v1/authorize",
        "realm": home,
        "scope": scope or "",
        "error": error,
        "error_description": description,
        "resource": request.url.path,
    }
    challenge = ", ".join(f'{name}="{value}"' for name, value in parts.items())
    return OktaError(code, challenge=f"{scheme} {challenge}")
