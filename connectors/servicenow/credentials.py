"""The ways to sign in to an instance: Basic, OAuth with its token endpoint, or an API key.

Not pysnow's OAuthClient: it knows the password grant only, sends the client's secret in a header that instances refuse
by default, has no timeout there and loses refreshed tokens (https://github.com/rbw/pysnow).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import requests
from pydantic import SecretStr

from connectors.http import (
    BasicCredential,
    Credential,
    HeaderCredential,
    Token,
    TokenCredential,
    Transport,
    sample,
    see,
)
from connectors.servicenow.settings import NEEDS, ServiceNowSettings
from workflows.errors import Misconfigured, Refused, Unexpected
from workflows.ports import Clock

TOKEN_PATH = "/oauth_token.do"  # noqa: S105  # where instances give tokens
OPERATION = "get an access token"
SHORTEST, USUAL = (
    61,
    1800,
)  # seconds: a token that ends sooner is used at once; an instance that does not say means this


def credential_setting(system: str, settings: ServiceNowSettings) -> str:
    """Return the key of the settings that holds what signs requests."""
    return f"desks.{system}.{NEEDS[settings.auth][-1]}"


def credential(system: str, settings: ServiceNowSettings, clock: Clock, way: Transport) -> Credential:
    """Return what signs requests, as the settings say. `way` is an unsigned one, for the token endpoint."""
    if settings.auth == "api_key":
        return HeaderCredential(_given(settings.api_key), name="x-sn-apikey")
    if settings.auth == "basic":
        return BasicCredential(settings.user, _given(settings.password))
    return TokenCredential(_Tokens(system, settings, clock, way), clock)


class _Tokens:
    """Gets access tokens from `/oauth_token.do`: form-encoded, with the client's id and secret in the body.

    https://www.servicenow.com/docs/, "OAuth 2.0": a JSON body is refused with an unspecified error; the password grant
    gives a refresh token too, the client credentials grant none; a refresh gives an access token only.
    """

    def __init__(self, system: str, settings: ServiceNowSettings, clock: Clock, way: Transport) -> None:
        self._system, self._settings, self._clock, self._way = system, settings, clock, way
        self._refresh: str | None = None

    def __call__(self) -> Token:
        """Return a new token; one by refresh where that is possible, since it spares the password."""
        refresh, self._refresh = self._refresh, None  # one that fails is not tried a second time
        if refresh is not None:
            try:
                return self._asked({"grant_type": "refresh_token", "refresh_token": refresh}, refresh)
            except Misconfigured:
                return self._asked(self._grant(), None)
        return self._asked(self._grant(), None)

    def _grant(self) -> dict[str, str]:
        if self._settings.auth == "oauth_client_credentials":
            return {"grant_type": "client_credentials"}
        password = _given(self._settings.password).get_secret_value()
        return {"grant_type": "password", "username": self._settings.user, "password": password}

    def _asked(self, grant: Mapping[str, str], refresh: str | None) -> Token:
        client = {
            "client_id": self._settings.client_id,
            "client_secret": _given(self._settings.client_secret).get_secret_value(),
        }
        way = self._way
        with way.operation(OPERATION, write=False):
            response = way.session.post(
                way.base_url + TOKEN_PATH, data={**grant, **client}, headers={"Accept": "application/json"}
            )
            try:
                way.check(response, accept=(200,), explain=_words)
            except Refused as error:  # a client, grant or account that is not accepted concerns every call
                detail = error.detail + see(way.credential_setting)
                raise Misconfigured(self._system, OPERATION, detail, request_id=error.request_id) from error
            body = way.json(response)
        value = body.get("access_token") if isinstance(body, Mapping) else None
        if not isinstance(value, str) or not value:
            raise Unexpected(self._system, OPERATION, f"no access token came ({sample(response)})")
        again = body.get("refresh_token", refresh)
        self._refresh = again if isinstance(again, str) and again else None
        return Token(value, self._clock.now() + timedelta(seconds=_seconds(body.get("expires_in"))))


def _seconds(told: object) -> int:
    return max(SHORTEST, int(str(told))) if str(told).isdigit() else USUAL


def _words(response: requests.Response) -> str:
    try:
        body = response.json()
    except ValueError:
        return ""
    if not isinstance(body, Mapping):
        return ""
    return " ".join(str(body[name]) for name in ("error", "error_description") if isinstance(body.get(name), str))


def _given(secret: SecretStr | None) -> SecretStr:
    if secret is None:
        raise LookupError("the settings were accepted without a secret that this way to sign in needs")
    return secret
