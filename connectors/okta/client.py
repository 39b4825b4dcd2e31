"""Calls to one Okta org: paging by Link, rate limits minded before they refuse, and Okta's error object.

https://developer.okta.com/docs/reference/core-okta-api/ says that `errorCode` is what programs may branch on.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast
from urllib.parse import quote, urlsplit

import requests
from pydantic import SecretStr

from connectors.http import OK, Credential, HeaderCredential, Transport
from connectors.okta.answers import CODES, Answer, Page, error_code, explain
from connectors.okta.limits import RateLimits, family
from workflows.errors import Transient, Unexpected
from workflows.ports import Clock

Found = TypeVar("Found")
MOST_PAGES = 200  # of 200 items: more is a list without an end
NOT_FOUND = 404
ACCEPTED = tuple(range(200, 300))


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


class Kept:
    """Keeps what was read for some seconds; threads that want the same thing wait for the one that reads it."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock, self._life = clock, timedelta(seconds=seconds)
        self._found: dict[Hashable, tuple[datetime, object]] = {}
        self._locks: defaultdict[Hashable, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()

    def get(self, key: Hashable, read: Callable[[], Found], *, not_before: datetime | None = None) -> Found:
        """Return what is kept under a key and not too old, else read it and keep that, unless it failed.

        What was read at `not_before` (UTC) or later is not too old; where that is not said, the usual seconds count.
        """
        with self._lock:
            lock = self._locks[key]
        with lock:
            at, held = self._clock.now(), self._found.get(key)
            if held is not None and (held[0] >= not_before if not_before else at - held[0] < self._life):
                return cast("Found", held[1])
            found = read()
            self._found[key] = (at, found)
            return found
