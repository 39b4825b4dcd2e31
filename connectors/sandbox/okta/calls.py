"""One call to the simulated Okta and its reply: pages with links, and errors in Okta's words.

Endpoints return values or raise an error; the wire around them is the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar
from urllib.parse import urlencode

from connectors.sandbox.okta.filters import FilterError, Test, parse_filter

Item = TypeVar("Item")
Credential = Literal["read", "sync", "oauth", "none"]

# Status and summary per error code: https://developer.okta.com/docs/reference/error-codes/
ERRORS: dict[str, tuple[int, str]] = {
    "E0000001": (400, "Api validation failed: {}"),
    "E0000005": (403, "Invalid session"),
    "E0000006": (403, "You do not have permission to perform the requested action"),
    "E0000007": (404, "Not found: Resource not found: {}"),
    "E0000011": (401, "Invalid token provided"),
    "E0000022": (405, "The endpoint does not support the provided HTTP method"),
    "E0000031": (400, "Invalid search criteria."),
    "E0000047": (429, "API call exceeded rate limit due to too many requests."),
}


class OktaError(Exception):
    """A refusal; `subject` completes the summary, `causes` give details.

    With a `challenge`, it has no body, as when Okta refuses an access token.
    """

    def __init__(self, code: str, subject: str = "", *causes: str, challenge: str | None = None) -> None:
        self.code = code
        self.challenge = challenge
        self.status, summary = ERRORS[code]
        self.summary = summary.format(subject)
        self.causes = causes
        super().__init__(self.summary)

    def body(self, error_id: str) -> dict[str, Any]:
        """Return Okta's error object."""
        return {
            "errorCode": self.code,
            "errorSummary": self.summary,
            "errorLink": self.code,
            "errorId": error_id,
            "errorCauses": [{"errorSummary": cause} for cause in self.causes],
        }


def not_found(id: str, kind: str) -> OktaError:
    """Return the error for a missing record."""
    return OktaError("E0000007", f"{id} ({kind})")


def condition(text: str, *, attributes: Collection[str] = (), prefixes: tuple[str, ...] = ()) -> Test:
    """Parse a filter; one that Okta would reject is a 400."""
    try:
        return parse_filter(text, attributes=attributes, prefixes=prefixes)
    except FilterError as error:
        raise OktaError("E0000031", "", str(error)) from None


@dataclass(frozen=True)
class Call:
    """What an endpoint sees of a request; `base` is the address the client called, without a trailing slash."""

    base: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    credential: Credential
    request_id: str

    def number(self, name: str, default: int, *, least: int, most: int) -> int:
        """Return an integer parameter, capped at `most`; below `least` or malformed is a 400."""
        text = self.query.get(name, str(default))
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if value < least:
            raise OktaError("E0000001", name, f"{name}: found {text!r}, expected a whole number of at least {least}")
        return min(value, most)

    def moment(self, name: str) -> datetime | None:
        """Return a timestamp parameter in UTC, or None if missing; malformed is a 400."""
        text = self.query.get(name)
        if text is None:
            return None
        try:
            value = datetime.fromisoformat(text)
        except ValueError:
            raise OktaError("E0000001", name, f"{name}: found {text!r}, expected an ISO 8601 time") from None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def link(self, rel: str, **changes: str) -> str:
        """Return a Link header to this call with some parameters changed."""
        query = urlencode(dict(self.query) | changes)
        return f'<{self.base}{self.path}{"?" if query else ""}{query}>; rel="{rel}"'


@dataclass(frozen=True)
class Reply:
    """What an endpoint answers; None is an empty body. Every link is a separate header, as in Okta."""

    body: Any
    links: Sequence[str] = ()


def paged(
    call: Call,
    items: Sequence[Item],
    *,
    default: int,
    most: int,
    key: Callable[[Item], str],
    shape: Callable[[Item], Any],
) -> Reply:
    """Return the page of `items` that the call asks for; the cursor `after` is the last key of the previous page."""
    limit = call.number("limit", default, least=1, most=most)
    start = 0
    after = call.query.get("after")
    if after is not None:
        keys = [key(item) for item in items]
        if after not in keys:
            raise OktaError("E0000001", "after", f"after: {after!r} is not a cursor of this list")
        start = keys.index(after) + 1
    page = items[start : start + limit]
    links = [call.link("self")]
    if start + limit < len(items):
        links.append(call.link("next", limit=str(limit), after=key(page[-1])))
    return Reply([shape(item) for item in page], links)
