"""Reads the paged lists of a site, in the three ways in which Jira pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.http.totals import Totals
from connectors.jira.answers import error_words
from connectors.jira.calls import Api, JiraCalls, Request
from workflows.errors import Transient, Unexpected
from workflows.values.masking import plain

MAX_PAGES = 500  # 50,000 issues of one label, or comments of one issue; a longer list is taken for an endless one
Item = Mapping[str, Any]
Params = Mapping[str, str | int]


class JiraLists:
    """Reads the paged lists of one site."""

    def __init__(self, calls: JiraCalls, totals: Totals) -> None:
        self._calls, self._totals = calls, totals
        self._system = calls.system

    def counted(self, operation: str, path: str, params: Params, name: str, *, steady: bool = False) -> Iterator[Item]:
        """Page by offset up to the total that Jira returns; of a `steady` list no page brings nothing but the same."""
        start, known = 0, set[str]()
        for _ in range(MAX_PAGES):
            answer = self.page(operation, path, {**params, "startAt": start})
            found = self.items(operation, answer, name)
            yield from found
            start += len(found)
            ids = {str(item.get("id")) for item in found}
            if steady and ids and ids <= known:
                raise Unexpected(self._system, operation, f"Jira gave the same {name} on two pages")
            known |= ids
            total = answer.get("total")
            if not found or (isinstance(total, int) and start >= total):
                self._totals.hold(operation, name, start, total if isinstance(total, int) else None)
                return
        raise self._endless(operation)

    def by_token(self, operation: str, path: str, params: Params, name: str) -> Iterator[Item]:
        """Page by token until there is none; a token contains the query's text, so it is never shown."""
        token: str | None = None
        used: set[str] = set()
        for _ in range(MAX_PAGES):
            answer = self.page(operation, path, {**params, **({"nextPageToken": token} if token else {})})
            yield from self.items(operation, answer, name)
            token = answer.get("nextPageToken")
            if not token and answer.get("isLast") is False:
                raise Unexpected(self._system, operation, "Jira gave a page that is not the last one, but no token")
            if not token or answer.get("isLast") is True:
                return
            if not isinstance(token, str):
                raise Unexpected(self._system, operation, "Jira gave a page token that is not a text")
            if token in used:
                raise Unexpected(self._system, operation, "Jira gave the same page token twice")
            used.add(token)
        raise self._endless(operation)

    def of_service_desk(self, operation: str, path: str) -> Iterator[Item]:
        """Page by start and limit up to the last page, as Jira Service Management does.

        https://developer.atlassian.com/cloud/jira/service-desk/rest/intro/#pagination
        """
        start = 0
        for _ in range(MAX_PAGES):
            answer = self.service_desk_page(operation, path, {"start": start, "limit": 50})
            found = self.items(operation, answer, "values")
            yield from found
            start += len(found)
            if not found or answer.get("isLastPage") is not False:
                return
        raise self._endless(operation)

    def page(self, operation: str, path: str, params: Params | None = None) -> Item:
        """GET a JSON object."""
        return self._object(operation, Request("GET", path, params=params))

    def service_desk_page(self, operation: str, path: str, params: Params | None = None) -> Item:
        """GET a JSON object of Jira Service Management's own API."""
        return self._object(operation, Request("GET", path, Api.SERVICE_DESK, params=params))

    def _object(self, operation: str, request: Request) -> Item:
        answer = self._calls.call(operation, request, write=False)
        if not isinstance(answer.body, Mapping):
            raise Unexpected(self._system, operation, "the answer is not a JSON object")
        return answer.body

    def items(self, operation: str, answer: Item, name: str) -> list[Item]:
        """Return a list of objects from an answer; one that holds an error, too, may lack some of them."""
        if words := error_words(answer):
            raise Transient(self._system, operation, f"an error came with the answer: {plain(words, 200)}")
        found = answer.get(name)
        if not isinstance(found, list) or not all(isinstance(item, Mapping) for item in found):
            raise Unexpected(self._system, operation, f"the answer has no list of {name}")
        return found

    def _endless(self, operation: str) -> Unexpected:
        return Unexpected(self._system, operation, f"the list did not end after {MAX_PAGES} pages")
