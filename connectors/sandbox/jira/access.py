"""Authentication of the simulated Jira: credentials, the various forms of a refusal, and scoped tokens at the gateway.

Scoped tokens work only below `/ex/jira/{cloudId}` (https://github.com/pycontribs/jira/issues/2368). Reports differ on
whether they are sent as Basic or as Bearer, so both work here.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.jira.instance import JiraState
from connectors.sandbox.jira.records import Account, JiraError

CLOUD_ID = "5f0c1d2e-3b4a-4c6d-8e7f-90a1b2c3d4e5"  # of the simulated site
NOT_AUTHENTICATED = "Client must be authenticated to access this resource."
CAPTCHA = "CAPTCHA_CHALLENGE; login-url=/login.jsp"


@dataclass(frozen=True)
class Caller:
    """The caller; `refused` marks an anonymous caller who sent credentials."""

    account: Account | None
    refused: bool = False


def identify(state: JiraState, header: str) -> Caller:
    """Return the caller at the site; raise if the site refuses openly."""
    if not header:
        return Caller(None)
    accounts = state.frame.credentials
    wanted = ("basic", accounts.jira_email, accounts.jira_token) if state.cloud else ("bearer", "", accounts.jira_token)
    if _shown(header) == wanted:
        return Caller(state.worker)
    refusal = state.habits.refusal or ("anonymous" if state.cloud else "unauthorized")
    if refusal == "unauthorized":
        raise JiraError(401, NOT_AUTHENTICATED)
    if refusal == "captcha":
        words = "Basic Authentication Failure - Reason : AUTHENTICATION_DENIED"
        error = JiraError(403, words)
        error.headers = {"X-Authentication-Denied-Reason": CAPTCHA, "X-Seraph-LoginReason": "AUTHENTICATION_DENIED"}
        raise error
    return Caller(None, refused=True)


def admit(state: JiraState, header: str, cloud_id: str, scope: str | None) -> Caller:
    """Return the caller at the gateway, which has no anonymous access and its own form of refusal.

    The text for a missing scope is real (https://github.com/raycast/extensions/issues/11212), the others are inferred.
    """
    if not state.cloud or cloud_id != CLOUD_ID:
        raise _at_the_gateway(404, "Not Found")
    accounts = state.frame.credentials
    known = {("basic", accounts.jira_email, accounts.jira_scoped_token), ("bearer", "", accounts.jira_scoped_token)}
    if _shown(header) not in known:
        raise _at_the_gateway(401, "Unauthorized")
    if scope is not None and scope not in state.habits.scopes:
        raise _at_the_gateway(401, "Unauthorized; scope does not match")
    return Caller(state.worker)


def scope_of(method: str, path: str) -> str | None:
    """Return the classic scope that a call needs.

    https://developer.atlassian.com/cloud/jira/platform/scopes-for-oauth-2-3LO-and-forge-apps/
    """
    reads = method == "GET" or path.startswith("/search")
    if path in {"/serverInfo", "/info"}:
        return None
    if path == "/myself" or path.startswith("/user"):
        return "read:jira-user"
    if path.startswith(("/request", "/servicedesk")):
        return "read:servicedesk-request" if reads else "write:servicedesk-request"
    return "read:jira-work" if reads else "write:jira-work"


def _at_the_gateway(status: int, words: str) -> JiraError:
    error = JiraError(status, words)
    error.body = {"code": status, "message": words}
    return error


def _shown(header: str) -> tuple[Any, ...]:
    """Return an Authorization header's scheme, user and secret."""
    kind, _, text = header.partition(" ")
    if kind.lower() == "bearer":
        return "bearer", "", text
    try:
        user, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "unreadable", "", ""
    return kind.lower(), user, secret
