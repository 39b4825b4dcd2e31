"""Authentication of the simulated ServiceNow: Basic, OAuth tokens and API keys, and the token endpoint.

https://www.servicenow.com/docs/r/platform-security/authentication/r_OAuthAPIRequestParameters.html (form-encoded only),
"OAuth API response". Many reports show `access_denied` for a wrong client, user or grant.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connectors.sandbox.servicenow.switches import Switches
from connectors.sandbox.wire.frame import Frame

LIFETIME = timedelta(seconds=1799)
_DENIED = {"error_description": "access_denied", "error": "server_error"}
_UNSPECIFIED = {"error_description": "unspecified error", "error": "invalid_request"}


@dataclass(frozen=True)
class _Token:
    text: str
    ends: datetime


class Accounts:
    """Identifies callers by their credentials, and holds the issued tokens."""

    def __init__(self, frame: Frame, switches: Switches) -> None:
        self._frame, self._switches = frame, switches
        self._tokens: dict[str, _Token] = {}  # by grant; a client gets the same one until it expires
        self._refresh_token = self._new()

    def caller(self, headers: Mapping[str, str]) -> str | None:
        """Return the account of a request's credentials, or None."""
        held = self._frame.credentials
        scheme, _, text = headers.get("authorization", "").partition(" ")
        known = False
        if scheme.lower() == "basic":
            known = not self._switches.mfa and _pair(text) == (held.servicenow_user, held.servicenow_password)
        elif scheme.lower() == "bearer":
            now = self._frame.clock()
            known = any(token.text == text.strip() and now < token.ends for token in self._tokens.values())
        elif key := headers.get("x-sn-apikey"):
            known = secrets.compare_digest(key.encode(), held.servicenow_api_key.encode())
        return held.servicenow_user if known else None

    def challenge(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return the headers of a 401."""
        asked = {"WWW-Authenticate": 'BASIC realm="Service-now"', "X-Is-Logged-In": "false"}
        basic = headers.get("authorization", "").lower().startswith("basic ")
        return asked | {"X-MFA_TOKEN": "invalid"} if basic and self._switches.mfa else asked

    def token(self, request: Request, body: bytes) -> Response:
        """Answer `POST /oauth_token.do`."""
        in_url = request.query_params
        if {"password", "client_secret", "refresh_token"} & set(in_url):
            self._frame.violate("servicenow", "secret in a URL", "oauth_token.do was called with its parameters")
        if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return JSONResponse(_UNSPECIFIED, 400)
        form = {name: values[-1] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
        if not self._switches.token_parameters_in_body_only:
            basic = _pair(request.headers.get("authorization", "").partition(" ")[2])
            form = (
                dict(in_url) | (dict(zip(("client_id", "client_secret"), basic, strict=True)) if basic else {}) | form
            )
        if not self._granted(form):
            return JSONResponse(_DENIED, 401)
        return JSONResponse(self._given(form["grant_type"]), headers={"Cache-Control": "no-store"})

    def expire(self) -> None:
        """Revoke all tokens at once, as an administrator can."""
        self._tokens.clear()
        self._refresh_token = self._new()

    def _granted(self, form: dict[str, str]) -> bool:
        held, switches = self._frame.credentials, self._switches
        client = (form.get("client_id"), form.get("client_secret"))
        if client != (held.servicenow_client_id, held.servicenow_client_secret):
            return False
        grant = form.get("grant_type")
        if grant == "password":
            person = (form.get("username"), form.get("password"))
            return switches.password_grant and person == (held.servicenow_user, held.servicenow_password)
        if grant == "client_credentials":
            return switches.client_credentials_grant
        return grant == "refresh_token" and form.get("refresh_token") == self._refresh_token

    def _given(self, grant: str) -> dict[str, Any]:
        now = self._frame.clock()
        token = self._tokens.get(grant)
        if token is None or now >= token.ends:
            token = self._tokens[grant] = _Token(self._new(), now + LIFETIME)
        given: dict[str, Any] = {"access_token": token.text}
        if grant == "password":
            given["refresh_token"] = self._refresh_token
        left = int((token.ends - now).total_seconds())
        return given | {"scope": "useraccount", "token_type": "Bearer", "expires_in": left}

    def _new(self) -> str:
        return base64.urlsafe_b64encode(bytes.fromhex(self._frame.hex_id(128))).decode().rstrip("=")


def _pair(text: str) -> tuple[str, str] | None:
    try:
        user, _, password = base64.b64decode(text, validate=True).decode().partition(":")
    except ValueError:
        return None
    return user, password
