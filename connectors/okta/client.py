"""Calls one Okta org: follows `Link` pages, keeps within the rate limits, and reads Okta's error objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import requests
from pydantic import SecretStr

from connectors.http.credentials import Credential, HeaderCredential
from connectors.http.governance import Network
from connectors.http.statuses import OK, Denied, of_the_system
from connectors.http.transport import Transport
from connectors.okta.answers import (
    CODES,
    VOICE,
    Answer,
    Page,
    error_code,
    lacking_scope,
    list_besides,
    right_for,
    tells_absence,
)
from connectors.okta.limits import RateLimits, family, tells_bucket
from workflows.errors import Misconfigured, Refused, Transient, Unexpected
from workflows.ports import Clock

Item = Mapping[str, Any]
Params = Mapping[str, str | int]
MOST_PAGES = 200  # of 200 items; a longer list is taken for an endless one
FORBIDDEN = 403
ELSEWHERE = frozenset("/\\%;?#")
ACCEPTED = tuple(range(200, 300))


class OktaClient:
    """One org with one credential; a bare secret is an API token. Threads share it.

    `credential_setting` is the settings key that holds the credential. With `limits`, a call whose bucket is down to
    its reserve is not made and raises `Transient`.
    """

    def __init__(
        self,
        system: str,
        url: str,
        credential: Credential | SecretStr,
        *,
        clock: Clock,
        network: Network,
        limits: RateLimits | None = None,
        credential_setting: str = "",
    ) -> None:
        self.system = system
        self._limits = limits
        self.transport = Transport(
            system,
            url,
            clock=clock,
            network=network,
            request_id_headers=("X-Okta-Request-Id",),
            credential_setting=credential_setting,
            canary="/api/v1/users/me",
        )
        self.transport.session.auth = (
            HeaderCredential(credential, "SSWS {}") if isinstance(credential, SecretStr) else credential
        )
        self.transport.session.headers["Accept"] = "application/json"
        self.transport.right_for = right_for

    def get(self, operation: str, path: str, params: Params | None = None) -> Answer:
        """Read an object; `Refused` for a 404."""
        with self.transport.operation(operation, write=False):
            return self._answer(self._get(operation, path, params))

    def find(self, operation: str, path: str, params: Params | None = None) -> Answer | None:
        """Read an object; `None` where Okta answers that there is none."""
        with self.transport.operation(operation, write=False):
            response = self._get(operation, path, params)
            return None if tells_absence(response) else self._answer(response)

    def items(self, operation: str, path: str, params: Params) -> Iterator[tuple[Item, str | None]]:
        """Yield every item of a list with its page's request id, following `next` links to the end."""
        for page in self._pages(operation, path, params):
            yield from ((item, page.request_id) for item in page.items)

    def items_until_empty_page(
        self, operation: str, path: str, params: Params, most: int = MOST_PAGES
    ) -> Iterator[Item]:
        """Yield every item of a list that always names a next page, as the System Log does, up to an empty page.

        No more than `most` pages are read.
        """
        for page in islice(self._pages(operation, path, params), most):
            if not page.items:
                return
            yield from page.items

    def page(self, operation: str, path: str, params: Params) -> Page:
        """Read one page; `path` may be the `next` of the previous page, whose host the transport checks.

        Raises `Misconfigured` if a full page has no `next` because answers lose their `Link` header.
        """
        page = self._page(operation, path, params)
        self._prove_the_end(page, operation, path, params)
        return page

    def _page(self, operation: str, path: str, params: Params) -> Page:
        answer = self.get(operation, path, params)
        if not isinstance(answer.body, list):
            raise Unexpected(self.system, operation, "a list was expected")
        if not all(isinstance(item, Mapping) for item in answer.body):  # skipping these would make them look absent
            raise Unexpected(self.system, operation, "a list of objects was expected")
        return Page(tuple(answer.body), answer.request_id, answer.next)

    def _prove_the_end(self, page: Page, operation: str, path: str, params: Params) -> None:
        """Raise `Misconfigured` if a page ends its list only because a proxy removed the `Link` header.

        A full page may be the last. So the list is read again in pages of one, of which several items need more than
        one, or in pages of two where it was read in pages of one.
        """
        if page.next or len(page.items) != params.get("limit"):
            return
        limit = 1 if params["limit"] != 1 else 2
        again = self.get(operation, path, {**params, "limit": limit})
        if isinstance(again.body, list) and len(again.body) == limit and not again.next:
            detail = (
                "the answers have no `Link` header, so that every list ends with its first page; allowed: answers as "
                "Okta sends them. Let the proxy or gateway in front of Okta pass that header"
            )
            raise Misconfigured(self.system, operation, detail, cause="no Link header")

    def put(self, operation: str, path: str, params: Mapping[str, str]) -> Answer:
        """Send a PUT without a body, once; any 2xx except an HTML page counts as accepted, whatever its body."""
        with self.transport.operation(operation, write=True):
            response = self.transport.session.put(self._url(operation, path), params=params)
            self.check(response, accept=ACCEPTED)
            if "html" in response.headers.get("Content-Type", "").lower():
                self.transport.json(response)  # raises `Uncertain`, which describes the page
            return Answer(None, self.transport.request_id(response), status=response.status_code)

    def check(self, response: requests.Response, accept: tuple[int, ...] = OK) -> None:
        """Raise the error of an answer; its errorCode takes precedence over its status.

        A refused read that is about no single user, or that lacks a scope, concerns the account: `NotAllowed`.
        """
        kind = CODES.get(error_code(response) or "")
        overrides = {response.status_code: kind} if kind else None
        one_limit = self._limits is not None and tells_bucket(response.headers)  # `keep_within_limits` leaves it alone
        try:
            self.transport.check(response, VOICE, accept=accept, overrides=overrides, one_limit=one_limit)
        except Denied as error:
            scope = lacking_scope(response)
            concerns_all = error.status == FORBIDDEN and not self.transport.current.write
            if concerns_all and (scope or self._refuses_all(str(response.url))):
                raise of_the_system(Denied(error, setting=error.setting, right=scope or error.right)) from error
            raise

    def _refuses_all(self, url: str) -> bool:
        """Say whether a refusal is the account's: it is about no user, or any user is refused likewise."""
        others = list_besides(url)
        if others is None:
            return True
        beside = self.transport.session.get(self._url(self.transport.current.name, others), params={"limit": 1})
        return beside.status_code == FORBIDDEN and VOICE.speaks(beside)

    def keep_within_limits(self, operation: str, path: str, *, take: bool = False) -> None:
        """Raise `Transient` until the bucket of this path is reset, if only its reserve is left; `take` counts one."""
        bucket = family(urlsplit(self._url(operation, path)).path)
        left = self._limits.spent(bucket, self.transport.clock.now(), take=take) if self._limits else None
        if left:
            detail = f"its rate limit for {bucket} is nearly used up ({left.remaining} of {left.limit} calls are left)"
            raise Transient(self.system, operation, detail, until=left.reset + timedelta(seconds=1))

    def _pages(self, operation: str, path: str, params: Params) -> Iterator[Page]:
        target, query, seen = path, params, set[str]()
        for _ in range(MOST_PAGES):
            page = self._page(operation, target, query)
            yield page
            if not page.next:
                self._prove_the_end(page, operation, target, query)
                return
            if page.next in seen:
                raise Unexpected(self.system, operation, "the link to the next page repeats")
            seen.add(page.next)
            target, query = page.next, {}
        raise Unexpected(self.system, operation, f"the list did not end within {MOST_PAGES} pages")

    def _get(self, operation: str, path: str, params: Params | None) -> requests.Response:
        url = self._url(operation, path)
        self.keep_within_limits(operation, path, take=True)
        response = self.transport.session.get(url, params=params)
        if self._limits:
            self._limits.note(family(urlsplit(url).path), response.headers, self.transport.clock.now())
        return response

    def _answer(self, response: requests.Response) -> Answer:
        self.check(response)
        after = response.links.get("next", {}).get("url") or None
        return Answer(self.transport.json(response), self.transport.request_id(response), after)

    def _url(self, operation: str, path: str) -> str:
        """Return the URL of a path whose every segment is an id or a name; a `next` link is a URL already."""
        if "://" in path:
            return path
        strange = [segment for segment in path.split("/")[1:] if not addressable(unquote(segment))]
        if strange:
            raise Refused(self.system, operation, f"{unquote(strange[0])[:40]!r} is not an id that Okta may have given")
        return self.transport.base_url + path


def part(text: str) -> str:
    """Quote one segment of a path: everything except letters, digits and `-._~`."""
    return quote(text, safe="")


def addressable(text: str) -> bool:
    """Say whether a text may be a segment of a path.

    Dots alone lead elsewhere, even quoted (https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2.2). So may what servers
    and proxies unquote before they route: slashes, `%`, `;`, `?` and `#` (inferred).
    """
    return bool(text.strip(".")) and text.isprintable() and not ELSEWHERE & set(text)
