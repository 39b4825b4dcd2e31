"""Jira's answers: error bodies, and JSON whose form depends on the site (field types, documents)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import requests

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
    words = [str(item) for item in body.get("errorMessages") or []]
    errors = body.get("errors")
    if isinstance(errors, Mapping):
        words += [f"{field}: {text}" for field, text in errors.items()]
    words += [str(body[name]) for name in ("message", "errorMessage") if body.get(name)]
    return "; ".join(words)


def explain(response: requests.Response) -> str:
    """Return Jira's own words for an error; a 413 is explained in ours."""
    try:
        words = error_words(response.json())
    except (ValueError, RecursionError):
        words = ""
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


RIGHTS = (  # https://support.atlassian.com/jira-cloud-administration/docs/manage-global-permissions/
    ("/user", "the global permission Browse users and groups"),
    ("/rest/servicedeskapi/", "access to the service desk as an agent"),
    ("/attachment", "the project permission Create attachments"),
    ("/comment", "the project permission Add comments"),
    ("/search", "the project permission Browse projects"),
    ("/issue", "the project permission Browse projects"),
)


def right_for(path: str) -> str:
    """Name the right that a call needs; a permission scheme may give it another name."""
    return next((right for part, right in RIGHTS if part in path), "the right to use Jira by its API")
