"""Okta's answers: an object, a page of a list, or an error object; and the rights whose lack they tell.

`errorCode` is stable, so programs may branch on it (https://developer.okta.com/docs/reference/core-okta-api/).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests

from connectors.http.voice import Voice, error_object, of_oauth
from workflows.errors import FarSideError, Misconfigured, Refused, Transient

# Three forms: the API's, the authorization server's, and the `status` and `message` of some endpoints (recorded in
# https://github.com/okta/okta-sdk-python/tree/master/tests/integration/cassettes).
WORDS = ("errorCode", "errorSummary", "error", "error_description", "message")
INSUFFICIENT_SCOPE = "insufficient_scope"
NO_PERMISSION, NOT_FOUND, NO_FEATURE = "E0000006", "E0000007", "E0000015"

# Error codes whose meaning differs from their status: https://developer.okta.com/docs/reference/error-codes/
CODES: Mapping[str, type[FarSideError]] = {
    "E0000005": Misconfigured,  # "Invalid session": the endpoint does not accept this kind of credential
    "E0000004": Misconfigured,
    "E0000011": Misconfigured,
    NO_FEATURE: Refused,  # a 401 about a feature of the org, not the credential
    "E0000010": Transient,  # "The service is in read only mode"
    "E0000047": Transient,
}


class Answer(NamedTuple):
    """An answer's JSON and Okta's request id."""

    body: Any
    request_id: str | None
    next: str | None = None  # the link to the next page
    status: int | None = None


class Page(NamedTuple):
    """One page of a list: its objects, Okta's request id, and the link to the next page."""

    items: tuple[Mapping[str, Any], ...]
    request_id: str | None
    next: str | None


def explain(response: requests.Response) -> str:
    """Return the words of an error: code, summary and causes."""
    body = error_object(response)
    causes = body.get("errorCauses")
    listed = causes if isinstance(causes, list) else []
    texts = [cause.get("errorSummary") for cause in listed if isinstance(cause, Mapping)]
    words = (*(body.get(name) for name in WORDS), *texts, *challenge(response))
    return " ".join(word for word in words if isinstance(word, str) and word)


def is_own(response: requests.Response) -> bool:
    """Say whether a refusal has a form that is Okta's; a `message` is any gateway's, so that only its mark counts."""
    authorizes = "authorization_uri=" in response.headers.get("WWW-Authenticate", "")
    by_its_server = of_oauth(response) and "error_description" in error_object(response)
    return error_code(response) is not None or authorizes or by_its_server


VOICE = Voice(explain, is_own, "X-Okta-Request-Id")


def tells_absence(response: requests.Response) -> bool:
    """Say whether Okta answers that there is no such object: by its own code, for a gateway's 404 proves nothing."""
    return response.status_code == HTTPStatus.NOT_FOUND and error_code(response) == NOT_FOUND


def challenge(response: requests.Response) -> tuple[str, ...]:
    """Return the reason why an access token was refused; it is in the challenge header, not in a body.

    https://support.okta.com/help/s/article/insufficient-scope-error-when-making-a-request-to-an-oauth-or-management-endpoint
    """
    found = dict(re.findall(r'\b(\w+)="([^"]*)"', response.headers.get("WWW-Authenticate", "")))
    words = tuple(found[name] for name in ("error", "error_description") if found.get(name))
    scope = found.get("scope")
    return (*words, f"(the scope is {scope})") if scope and found.get("error") == INSUFFICIENT_SCOPE else words


def lacking_scope(response: requests.Response) -> str:
    """Return the scope that an access token lacks; "" where that is not why it was refused."""
    found = dict(re.findall(r'\b(\w+)="([^"]*)"', response.headers.get("WWW-Authenticate", "")))
    return found.get("scope", "") if found.get("error") == INSUFFICIENT_SCOPE else ""


def error_code(response: requests.Response) -> str | None:
    """Return Okta's errorCode, `None` if the answer is not an error object."""
    code = error_object(response).get("errorCode")
    return code if isinstance(code, str) else None


# Scopes: https://developer.okta.com/docs/api/oauth2/; the role of an API token's administrator grants the same reads.
_RIGHTS = (
    (r"/api/v1/users/[^/]+/groups|/api/v1/groups(/.*)?", "okta.groups.read"),
    (r"/api/v1/users(/.*)?", "okta.users.read"),
    (r"/api/v1/apps(/.*)?", "okta.apps.read"),
    (r"/api/v1/mappings(/.*)?", "okta.profileMappings.read"),
    (r"/api/v1/meta/types/.*", "okta.userTypes.read"),
    (r"/api/v1/meta/schemas/.*", "okta.schemas.read"),
    (r"/api/v1/logs", "okta.logs.read"),
    (r"/api/v1/agentPools", "okta.agentPools.read"),
)
# Reads about one user, each with the list that the same right opens. An administrator's role may be limited to some
# users: https://help.okta.com/oie/en-us/content/topics/security/custom-admin-role/about-resource-sets.htm
_OF_A_USER = (
    (r"/api/v1/users/[^/]+/groups", "/api/v1/groups"),
    (r"/api/v1/users/[^/]+", "/api/v1/users"),
    (r"(/api/v1/apps/[^/]+/users)/[^/]+", r"\1"),
    (r"/api/v1/apps\?.*user\.id.*", "/api/v1/apps"),
)


def right_for(_method: str, path: str) -> str:
    """Return the right that a read of this path needs."""
    return next((right for pattern, right in _RIGHTS if re.fullmatch(pattern, path)), f"the right to read {path}")


def list_besides(url: str) -> str | None:
    """Return the list whose refusal would show that not this one user is refused; `None` for a read about no user."""
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    tried = ((re.fullmatch(pattern, text), other) for pattern, other in _OF_A_USER for text in (target, parts.path))
    return next((found.expand(other) for found, other in tried if found), None)
