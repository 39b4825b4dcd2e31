"""Calls to one Okta org: paging by Link, rate limits minded before they refuse, and Okta's error object.

https://developer.okta.com/docs/reference/core-okta-api/ says that `errorCode` is what programs may branch on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

import requests
from pydantic import SecretStr

from connectors.http import OK, Credential, HeaderCredential, Transport
from connectors.okta.limits import RateLimits, family
from workflows.errors import FarSideError, Misconfigured, Refused, Transient, Unexpected
from workflows.ports import Clock

MOST_PAGES = 200  # of 200 items: more is a list without an end
NO_PERMISSION, NO_FEATURE = "E0000006", "E0000015"
# What single codes mean where the status alone would say something else: https://developer.okta.com/docs/reference/error-codes/
CODES: Mapping[str, type[FarSideError]] = {
    "E0000005": Misconfigured,  # "Invalid session": this kind of credential does not open the endpoint
    "E0000004": Misconfigured,
    "E0000011": Misconfigured,
    NO_FEATURE: Refused,  # a 401 about one feature of the org, not about the credential
    "E0000010": Transient,  # "The service is in read only mode"
    "E0000047": Transient,
}
NOT_FOUND = 404
ACCEPTED = tuple(range(200, 300))


class Answer(NamedTuple):
    """An answer's JSON and Okta's id of the request."""

    body: Any
    request_id: str | None
    next: str | None = None  # the link to the next page
    status: int | None = None


class Page(NamedTuple):
    """One page of a list: its objects, Okta's id of its request, and the link to the next page."""

    items: tuple[Mapping[str, Any], ...]
    request_id: str | None
    next: str | None


class OktaClient:
    """One org with one credential (a bare secret is an API token), held in the settings as `held_as`; threads share it.

    With `limits`, a call whose bucket has come to its reserve is `Transient` and not made.
    """

    def __init__(
        self,
        system: str,
        url: str,
        credential: Credential | SecretStr,
        *,
        clock: Clock,
        connect_timeout: float,
        read_timeout: float,
        limits: RateLimits | None = None,
        held_as: str = "",
    ) -> None:
        self.system = system
        self._limits = limits
        self.transport = Transport(
            system,
            url,
            clock=clock,
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            request_id_headers=("X-Okta-Request-Id",),
            credential=held_as,
        )
        self.transport.session.auth = (
            HeaderCredential(credential, "SSWS {}") if isinstance(credential, SecretStr) else credential
        )
        self.transport.session.headers["Accept"] = "application/json"

    def get(
        self, operation: str, path: str, params: Mapping[str, str | int] | None = None, *, missing_ok: bool = False
    ) -> Answer | None:
        """Read one thing; `None` for a 404 if `missing_ok`, else `Refused`."""
        url = self._url(path)
        self.mind(operation, path)
        bucket = family(urlsplit(url).path)
        with self.transport.operation(operation, write=False):
            response = self.transport.session.get(url, params=params)
            if self._limits:
                self._limits.note(bucket, response.headers, self.transport.clock.now())
            if missing_ok and response.status_code == NOT_FOUND:
                return None
            self.check(response)
            after = response.links.get("next", {}).get("url") or None
            return Answer(self.transport.json(response), self.transport.request_id(response), after)

    def need(self, operation: str, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
        """Read one thing that has to be there."""
        answer = self.get(operation, path, params)
        if answer is None:
            raise Unexpected(self.system, operation, "no answer")
        return answer

    def pages(
        self, operation: str, path: str, params: Mapping[str, str | int], *, stop_when_empty: bool = False
    ) -> Iterator[tuple[Mapping[str, Any], str | None]]:
        """Yield every item of a list with the id of its page's request, following `next` links to the end.

        A link to another host is refused by the transport. `stop_when_empty`: the System Log always names a next page.
        """
        target: str | None = path
        query, seen = dict(params), set[str]()
        for _ in range(MOST_PAGES):
            page = self.page(operation, target or path, query)
            yield from ((item, page.request_id) for item in page.items)
            target, query = page.next, {}
            if not target or (stop_when_empty and not page.items):
                return
            if target in seen:
                raise Unexpected(self.system, operation, "the next page's link came a second time")
            seen.add(target)
        raise Unexpected(self.system, operation, f"the list did not end within {MOST_PAGES} pages")

    def page(self, operation: str, path: str, params: Mapping[str, str | int]) -> Page:
        """Read one page; `path` may be the `next` of the page before, whose host the transport checks."""
        answer = self.get(operation, path, params)
        if answer is None or not isinstance(answer.body, list):
            raise Unexpected(self.system, operation, "a list was expected")
        if not all(isinstance(item, Mapping) for item in answer.body):  # left out, they would look like absence
            raise Unexpected(self.system, operation, "a list of objects was expected")
        return Page(tuple(answer.body), answer.request_id, answer.next)

    def put(self, operation: str, path: str, params: Mapping[str, str]) -> Answer:
        """Send a PUT without a body, once; any 2xx is an acceptance, whatever its body, if it is no web page."""
        with self.transport.operation(operation, write=True):
            response = self.transport.session.put(self._url(path), params=params)
            self.check(response, accept=ACCEPTED)
            if "html" in response.headers.get("Content-Type", "").lower():
                self.transport.json(response)  # tells of the page and leaves the effect open
            return Answer(None, self.transport.request_id(response), status=response.status_code)

    def check(self, response: requests.Response, accept: tuple[int, ...] = OK) -> None:
        """Raise what an answer means, by its errorCode before its status."""
        kind = CODES.get(error_code(response) or "")
        self.transport.check(
            response, accept=accept, explain=explain, overrides={response.status_code: kind} if kind else None
        )

    def mind(self, operation: str, path: str) -> None:
        """Wait for the next minute before Okta has to refuse a call of this path."""
        bucket = family(urlsplit(self._url(path)).path)
        left = self._limits.spent(bucket, self.transport.clock.now()) if self._limits else None
        if left:
            detail = f"its rate limit for {bucket} is nearly used up ({left.remaining} of {left.limit} calls are left)"
            raise Transient(self.system, operation, detail, until=left.reset + timedelta(seconds=1))

    def _url(self, path: str) -> str:
        return path if "://" in path else self.transport.base_url + path


def part(text: str) -> str:
    """Quote one part of a path: everything that is not a letter, a digit or `-._~`."""
    return quote(text, safe="")


def explain(response: requests.Response) -> str:
    """Return Okta's own words for an error: code, summary and causes."""
    body = _error(response)
    causes = body.get("errorCauses")
    listed = causes if isinstance(causes, list) else []
    texts = [str(cause.get("errorSummary", "")) for cause in listed if isinstance(cause, Mapping)]
    words = (str(body.get(name) or "") for name in ("errorCode", "errorSummary", "error", "error_description"))
    return " ".join(word for word in (*words, *texts, *challenge(response)) if word)


def challenge(response: requests.Response) -> tuple[str, ...]:
    """Return what a refusal of an access token says: it has a challenge instead of a body.

    https://support.okta.com/help/s/article/insufficient-scope-error-when-making-a-request-to-an-oauth-or-management-endpoint
    """
    found = dict(re.findall(r'(\w+)="([^"]*)"', response.headers.get("WWW-Authenticate", "")))
    told = tuple(found[name] for name in ("error", "error_description") if found.get(name))
    scope = found.get("scope")
    return (*told, f"(the scope is {scope})") if scope and found.get("error") == "insufficient_scope" else told


def error_code(response: requests.Response) -> str | None:
    """Return Okta's errorCode, `None` where the answer is no error object."""
    code = _error(response).get("errorCode")
    return code if isinstance(code, str) else None


def _error(response: requests.Response) -> Mapping[str, Any]:
    if response.ok:
        return {}
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, Mapping) else {}
