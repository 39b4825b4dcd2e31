"""What Jira's error bodies say, and the answers by which it hides that it refused the credential."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import requests

from workflows.errors import FarSideError, Transient

# 409: somebody changed the issue at the same moment, and nothing was done; it is for later, not for a person.
# https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issues/ ("conflicting update")
MEANINGS: Mapping[int, type[FarSideError]] = {HTTPStatus.CONFLICT: Transient}
_DENIED = ("AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED")
_DISGUISES = frozenset({200, 201, 204, 404})  # to a stranger, searches are empty and issues do not exist


@dataclass(frozen=True)
class Answer:
    """What Jira said to one write."""

    status: int
    body: Any
    request_id: str | None

    def get(self, *path: str) -> Any:
        """Return a value of the body, `None` where it has none."""
        value = self.body
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        return value

    @property
    def words(self) -> str:
        """Return Jira's own short words for a refusal."""
        return error_words(self.body)


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


def refused_credential(response: requests.Response) -> str | None:
    """Say in words that Jira took us for a stranger and said so, `None` where it did not.

    Jira answers a refused token with a public view instead of a 401: an empty search, an unknown issue. What gives it
    away are headers (https://github.com/MrRefactoring/jira.js/issues/418; inferred for Data Center's X-AUSERNAME).
    """
    headers = response.headers
    reason = headers.get("X-Seraph-LoginReason", "")
    if any(word in reason for word in _DENIED):
        return f"Jira refused the credential ({reason}) and answered HTTP {response.status_code} as to a stranger"
    if "x-authentication-denied-reason" in headers:
        return "Jira wants a CAPTCHA to be solved: sign in once with a browser as this account"
    if headers.get("X-AUSERNAME") == "anonymous":
        return "Jira took us for an anonymous visitor: the credential was not accepted"
    return None


def is_told(response: requests.Response) -> bool:
    """Say whether an answer names the account that it is for, as every recorded one of Cloud does."""
    return bool(response.headers.get("X-AACCOUNTID"))


def may_be_disguised(response: requests.Response) -> bool:
    """Say whether a stranger could have been given an answer like this one; `/myself` has none for strangers."""
    page = "html" in response.headers.get("Content-Type", "").lower() and bool(response.content)
    open_to_all = str(response.url).split("?")[0].endswith(("/serverInfo", "/myself"))
    return response.status_code in _DISGUISES and not page and not open_to_all


def explain(response: requests.Response) -> str:
    """Return Jira's own words for an error; of a limit of entries, ours."""
    try:
        words = error_words(response.json())
    except ValueError:
        words = ""
    if response.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        # https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issue-comments/
        return f"the issue has as many comments, files or links as Jira allows, or this one is too large. {words}"
    return words
