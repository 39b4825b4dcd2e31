"""What Jira's error bodies say, and the answers by which it hides that it refused the credential."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests

_DENIED = ("AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED")
_DISGUISES = frozenset({200, 201, 204, 404})  # to a stranger, searches are empty and issues do not exist


def error_words(body: Any) -> str:
    """Join the messages of an error body, in the forms of Jira, of its login filter and of Jira Service Management."""
    if not isinstance(body, Mapping):
        return ""
    words = [str(item) for item in body.get("errorMessages") or []]
    errors = body.get("errors")
    if isinstance(errors, Mapping):
        words += [f"{field}: {text}" for field, text in errors.items()]
    words += [str(body[name]) for name in ("message", "errorMessage") if body.get(name)]
    return "; ".join(words)


def refused_credential(response: requests.Response, *, cloud: bool) -> str | None:
    """Say in words that Jira took us for a stranger, `None` where it knew us.

    Jira answers a refused token with a public view instead of a 401: an empty search, an unknown issue. What gives it
    away are headers (https://github.com/MrRefactoring/jira.js/issues/418; inferred for X-AACCOUNTID, which every
    recorded answer to a known account carries, and for Data Center's X-AUSERNAME).
    """
    headers = response.headers
    reason = headers.get("X-Seraph-LoginReason", "")
    if any(word in reason for word in _DENIED):
        return f"Jira refused the credential ({reason}) and answered HTTP {response.status_code} as to a stranger"
    if "x-authentication-denied-reason" in headers:
        return "Jira wants a CAPTCHA to be solved: sign in once with a browser as this account"
    if headers.get("X-AUSERNAME") == "anonymous":
        return "Jira took us for an anonymous visitor: the credential was not accepted"
    page = "html" in headers.get("Content-Type", "").lower() and bool(response.content)
    asked_openly = str(response.url).split("?")[0].endswith("/serverInfo")
    if cloud and response.status_code in _DISGUISES and not page and not asked_openly and "X-AACCOUNTID" not in headers:
        return "Jira's answer names no account (X-AACCOUNTID): the credential was not accepted"
    return None
