"""Signs in to an instance by Basic, OAuth or API key.

pysnow's OAuthClient is not used: it has the password grant only, sends the client secret in a header that instances
refuse by default, sets no timeout and loses refreshed tokens (https://github.com/rbw/pysnow).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from pydantic import SecretStr

from connectors.http.credentials import BasicCredential, Credential, HeaderCredential, Token, TokenCredential, granted
from connectors.http.samples import sample
from connectors.http.statuses import see
from connectors.http.transport import Transport
from connectors.http.voice import at_token_endpoint
from connectors.servicenow.answers import VOICE
from connectors.servicenow.settings import NEEDS, ServiceNowSettings
from workflows.errors import Misconfigured, Refused, Unexpected
from workflows.ports import Clock

TOKEN_PATH = "/oauth_token.do"  # noqa: S105  # a path, not a password
OPERATION = "sign in by OAuth"
USUAL_LIFE = timedelta(minutes=30)  # of a token without `expires_in`
_VOICE = at_token_endpoint(VOICE)


def credential_setting(system: str, settings: ServiceNowSettings) -> str:
    """Return the settings key that holds the credential."""
    return f"desks.{system}.{NEEDS[settings.auth][-1]}"


def credential(system: str, settings: ServiceNowSettings, clock: Clock, unsigned: Transport) -> Credential:
    """Return the credential that the settings name; `unsigned` is a transport for the token endpoint."""
    if settings.auth == "api_key":
        return HeaderCredential(_required(settings.api_key), name="x-sn-apikey")
    if settings.auth == "basic":
        return BasicCredential(settings.user, _required(settings.password))
    return TokenCredential(_Tokens(system, settings, clock, unsigned), clock)


class _Tokens:
    """Gets access tokens from `/oauth_token.do`: form-encoded, with the client's id and secret in the body.

    https://www.servicenow.com/docs/r/platform-security/authentication/r_OAuthAPIRequestParameters.html: a JSON body is
    refused with an unspecified error; the password grant also returns a refresh token, the client credentials grant
    does not; a refresh returns an access token only.
    """

    def __init__(self, system: str, settings: ServiceNowSettings, clock: Clock, transport: Transport) -> None:
        self._system, self._settings, self._clock, self._transport = system, settings, clock, transport
        self._refresh: str | None = None

    def __call__(self) -> Token:
        """Return a new token, by refresh if possible, so that the password is not sent again."""
        refresh, self._refresh = self._refresh, None  # a refresh token that fails is not tried again
        if refresh is not None:
            try:
                return self._fetch({"grant_type": "refresh_token", "refresh_token": refresh}, refresh)
            except Misconfigured:
                return self._fetch(self._grant(), None)
        return self._fetch(self._grant(), None)

    def _grant(self) -> dict[str, str]:
        if self._settings.auth == "oauth_client_credentials":
            return {"grant_type": "client_credentials"}
        password = _required(self._settings.password).get_secret_value()
        return {"grant_type": "password", "username": self._settings.user, "password": password}

    def _fetch(self, grant: Mapping[str, str], refresh: str | None) -> Token:
        client = {
            "client_id": self._settings.client_id,
            "client_secret": _required(self._settings.client_secret).get_secret_value(),
        }
        transport = self._transport
        with transport.operation(OPERATION, write=False):
            response = transport.session.post(
                transport.base_url + TOKEN_PATH, data={**grant, **client}, headers={"Accept": "application/json"}
            )
            try:
                transport.check(response, _VOICE, accept=(200,))
            except Refused as error:  # a refused client, grant or account affects every call
                detail = error.detail + see(transport.credential_setting)
                raise Misconfigured(self._system, OPERATION, detail, request_id=error.request_id) from error
            body = transport.json(response)
        token = granted(body, self._clock.now(), USUAL_LIFE)
        if token is None:
            raise Unexpected(self._system, OPERATION, f"no access token came ({sample(response)})")
        again = body.get("refresh_token", refresh)
        self._refresh = again if isinstance(again, str) and again else None
        return token


def _required(secret: SecretStr | None) -> SecretStr:
    if secret is None:
        raise LookupError("the settings were accepted without a secret that this way to sign in needs")
    return secret
