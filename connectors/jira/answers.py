"""Jira's answers: error bodies, and JSON whose form depends on the site (field types, documents)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import requests

from connectors.http.voice import Voice, error_object
from workflows.errors import FarSideError, Transient

# 409: someone changed the issue at the same moment, and nothing was done. Retrying later is enough.
# https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issues/ ("conflicting update")
ERRORS: Mapping[int, type[FarSideError]] = {HTTPStatus.CONFLICT: Transient}
Json = Mapping[str, Any]
_OWN_LINE = frozenset({"paragraph", "heading", "listItem", "blockquote", "codeBlock", "tableRow", "rule"})


@dataclass(frozen=True)
class Answer:
    """Jira's answer to one call."""

    status: int
    body: Any
    request_id: str | None

    def get(self, *path: str) -> Any:
        """Return a value of the body, `None` if it is missing."""
        value = self.body
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        return value

    @property
    def words(self) -> str:
        """Return Jira's own words for a refusal."""
        return error_words(self.body)


def error_words(body: Any) -> str:
    """Join the messages of an error body, in the forms of Jira, its login filter and Jira Service Management."""
    if not isinstance(body, Mapping):
        return ""
    error = body.get("error")
    told = [body.get(name) for name in ("errorMessages", "errors", "message", "errorMessage")]
    return "; ".join(text for value in (*told, error if isinstance(error, str) else "") for text in _messages(value))


def _messages(value: Any) -> list[str]:
    """Return the texts of one message, of a list of them, or of an object with one by field."""
    if isinstance(value, Mapping):
        return [f"{field}: {text}" for field, told in value.items() for text in _messages(told)]
    texts = value if isinstance(value, list) else [value]
    return [text for text in texts if isinstance(text, str) and text]


def is_own(response: requests.Response) -> bool:
    """Say whether a refusal has a form that is Jira's.

    They are those of its API and of Jira Service Management
    (https://developer.atlassian.com/cloud/jira/platform/rest/v2/intro/#status-codes,
    https://developer.atlassian.com/cloud/jira/service-desk/rest/intro/), of its framework and login filter
    (`status-code`, https://github.com/kelos-dev/kelos/issues/1439), and of Atlassian's gateway for scoped tokens
    (`code`, https://github.com/raycast/extensions/issues/11212). A `message` alone is any gateway's.
    """
    body = error_object(response)
    if any(name in body for name in ("errorMessages", "errorMessage")) or isinstance(body.get("errors"), Mapping):
        return bool(error_words(body))
    return isinstance(body.get("message"), str) and response.status_code in (body.get("status-code"), body.get("code"))


def explain(response: requests.Response) -> str:
    """Return the words of an error; a 413 is explained in ours."""
    words = error_words(error_object(response))
    if response.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        # https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issue-comments/
        return f"the issue has as many comments, files or links as Jira allows, or this one is too large. {words}"
    return words


def text_of(value: Any) -> str:
    """Return a field of any type as text: plain text, an option, a user, a document, or a list of these."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        if value.get("type") == "doc":
            return "".join(_words(value)).strip()
        named = (value.get(name) for name in ("emailAddress", "value", "name", "displayName"))
        return next((str(item) for item in named if item), "")
    if isinstance(value, list):
        return ", ".join(filter(None, map(text_of, value)))
    return str(value).strip()


def _words(node: Json) -> Iterator[str]:
    """Yield the text of an Atlassian document, used by version 3 of the API and by some fields.

    https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
    """
    if node.get("type") == "hardBreak":
        yield "\n"
    attributes = an_object(node.get("attrs"))
    yield str(node.get("text") or attributes.get("text") or attributes.get("url") or "")
    for child in objects(node.get("content")):
        yield from _words(child)
    if node.get("type") in _OWN_LINE:
        yield "\n"


def an_object(value: Any) -> Json:
    """Return an object; an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def objects(value: Any) -> list[Json]:
    """Return the objects of a list; none for anything else."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


VOICE = Voice(explain, is_own, "X-AREQUESTID")
ANY = r"GET|POST|PUT|DELETE"
RIGHTS = (  # https://support.atlassian.com/jira-cloud-administration/docs/permissions-for-company-managed-projects/
    (ANY, r"/user\b", "the global permission Browse users and groups"),
    (ANY, r"/rest/servicedeskapi/", "access to the service desk as an agent"),
    ("POST", r"/attachments$", "the project permission Create attachments"),
    ("DELETE", r"/attachment/", "the project permission Delete own attachments"),
    ("POST", r"/comment$", "the project permission Add comments"),
    ("DELETE", r"/comment/", "the project permission Delete own comments"),
    ("PUT", r"/assignee$", "the project permission Assign issues"),
    ("POST", r"/transitions$", "the project permission Transition issues"),
    ("POST", r"/(issueLink|remotelink)$", "the project permission Link issues"),
    ("PUT|POST", r"/issue/", "the project permission Edit issues"),
    (ANY, r"/(search|issue|comment|attachment)", "the project permission Browse projects"),
)


def right_for(method: str, path: str) -> str:
    """Name the right that a call needs; a permission scheme may give it another name."""
    fits = (right for methods, part, right in RIGHTS if re.fullmatch(methods, method) and re.search(part, path))
    return next(fits, "the right to use Jira by its API")
