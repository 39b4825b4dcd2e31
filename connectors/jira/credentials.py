"""Signs in with a token, and detects a refused one: Jira then answers as to an anonymous caller instead of a 401."""

from __future__ import annotations

import requests

from connectors.http.credentials import BasicCredential, Credential, HeaderCredential
from connectors.jira.answers import VOICE
from connectors.jira.settings import JiraSettings

_DENIED = ("AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED")
_DISGUISES = frozenset({200, 201, 204, 404})  # anonymous callers get empty searches and 404s for issues


def credential(settings: JiraSettings) -> Credential:
    """Return the credential; the library would keep the token, so that a new one would need a restart."""
    if settings.sends_bearer:
        return HeaderCredential(settings.token, "Bearer {}")
    return BasicCredential(settings.email, settings.token)


def refused_credential(response: requests.Response) -> str | None:
    """Return why Jira treated us as an anonymous caller, `None` if its headers do not say so.

    Jira answers a refused token with the public view instead of a 401: an empty search, an unknown issue. Only headers
    show it (https://github.com/MrRefactoring/jira.js/issues/418; inferred for Data Center's X-AUSERNAME).
    """
    headers = response.headers
    reason = headers.get("X-Seraph-LoginReason", "")
    if any(word in reason for word in _DENIED):
        return (
            f"Jira refused the credential ({reason}) and answered HTTP {response.status_code} as to an anonymous caller"
        )
    if "x-authentication-denied-reason" in headers:
        return "Jira wants a CAPTCHA to be solved: sign in once with a browser as this account"
    if headers.get("X-AUSERNAME") == "anonymous":
        return "Jira took us for an anonymous visitor: the credential was not accepted"
    return None


def names_account(response: requests.Response) -> bool:
    """Say whether an answer names the account that it is for, as every recorded answer of Cloud does."""
    return bool(response.headers.get("X-AACCOUNTID"))


def may_be_disguised(response: requests.Response) -> bool:
    """Say whether an anonymous caller could get an answer like this one; `/myself` never answers one."""
    page = "html" in response.headers.get("Content-Type", "").lower() and bool(response.content)
    in_front = page if response.ok else not VOICE.speaks(response)
    open_to_all = str(response.url).split("?")[0].endswith(("/serverInfo", "/myself"))
    return response.status_code in _DISGUISES and not in_front and not open_to_all
