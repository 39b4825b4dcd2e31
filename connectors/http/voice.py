"""Tells a product's own words from those of what may stand in front of it: a proxy, gateway, firewall or login page.

Gateways answer with a 4xx too, in JSON or with nothing at all: `{"message": "no Route matched"}`, `{"message":
"Forbidden"}`, problem+json. None of that says anything about a record or about our account.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import requests


def is_page(response: requests.Response) -> bool:
    """Say whether a body is a page or another text, which no API writes."""
    body = response.content.lstrip()[:1]
    return bool(body) and ("html" in response.headers.get("Content-Type", "").lower() or body not in b"{[")


def is_spoilt(response: requests.Response) -> bool:
    """Say whether an answer began as JSON and does not end as such: it was cut on its way."""
    if response.content.lstrip()[:1] not in (b"{", b"["):
        return False
    try:
        response.json()
    except (ValueError, RecursionError):
        return True
    return False


def error_object(response: requests.Response) -> Mapping[str, Any]:
    """Return the JSON object of a refusal; an empty one for an accepted answer, and for anything else."""
    if response.ok:
        return {}
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, Mapping) else {}


@dataclass(frozen=True)
class Voice:
    """How one product speaks when it refuses.

    `explain` finds words in a refusal, whoever wrote it. `owns` says whether a refusal has a form that is the product's
    own. `mark` is the header with the product's id of the request, which it puts on every answer and a gateway that
    answers in its place does not.
    """

    explain: Callable[[requests.Response], str]
    owns: Callable[[requests.Response], bool]
    mark: str

    def speaks(self, response: requests.Response) -> bool:
        """Say whether a refusal is the product's: by its form, or, where it has no words of the product, by the mark.

        One that was cut on its way is nobody's: what it would have said is not known.

        A page never is, unless it refuses the credential: Jira does so with one
        (https://github.com/GothenburgBitFactory/bugwarrior/issues/689).
        """
        if self.owns(response):
            return True
        if is_spoilt(response):
            return False
        wordless = response.status_code == HTTPStatus.UNAUTHORIZED or not is_page(response)
        return wordless and bool(response.headers.get(self.mark))


def of_oauth(response: requests.Response) -> bool:
    """Say whether a token endpoint refuses: https://www.rfc-editor.org/rfc/rfc6749#section-5.2."""
    error = error_object(response).get("error")
    return isinstance(error, str) and bool(error) and error.replace("_", "").isalpha()


def at_token_endpoint(voice: Voice) -> Voice:
    """Return a product's voice where it also speaks in OAuth's form."""

    def explain(response: requests.Response) -> str:
        if not of_oauth(response):
            return voice.explain(response)
        words = (error_object(response).get(name) for name in ("error", "error_description"))
        return " ".join(word for word in words if isinstance(word, str))

    return Voice(explain, lambda response: of_oauth(response) or voice.owns(response), voice.mark)
