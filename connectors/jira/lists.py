"""The lists that Jira gives by pages, each in one of three ways, and none of them without an end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.jira.calls import JiraCalls
from workflows.errors import Unexpected

MAX_PAGES = 500  # with full pages 50,000 issues of one label, or comments of one issue: more is a list without an end
Item = Mapping[str, Any]
Params = Mapping[str, str | int]


class JiraLists:
    """Reads lists of one site, page after page."""

    def __init__(self, calls: JiraCalls) -> None:
        self._calls = calls
        self._system = calls.system

    def counted(self, operation: str, path: str, params: Params, name: str) -> Iterator[Item]:
        """Page by offset until the total that Jira tells."""
        start = 0
        for _ in range(MAX_PAGES):
            answer = self.page(operation, path, {**params, "startAt": start})
            found = self.items(operation, answer, name)
            yield from found
            start += len(found)
            total = answer.get("total")
            if not found or (isinstance(total, int) and start >= total):
                return
        raise self._endless(operation)

    def by_token(self, operation: str, path: str, params: Params, name: str) -> Iterator[Item]:
        """Page by token until there is none; a token holds the query's text, so it is never shown."""
        token: str | None = None
        used: set[str] = set()
        for _ in range(MAX_PAGES):
            answer = self.page(operation, path, {**params, **({"nextPageToken": token} if token else {})})
            yield from self.items(operation, answer, name)
            token = answer.get("nextPageToken")
            if not token or answer.get("isLast") is True:
                return
            if not isinstance(token, str):
                raise Unexpected(self._system, operation, "Jira gave a page token that is no text")
            if token in used:
                raise Unexpected(self._system, operation, "Jira gave the same page token twice")
            used.add(token)
        raise self._endless(operation)

    def of_service_desk(self, operation: str, path: str) -> Iterator[Item]:
        """Page by start and limit until the last page, as Jira Service Management counts.

        https://developer.atlassian.com/cloud/jira/service-desk/rest/intro/#pagination
        """
        start = 0
        for _ in range(MAX_PAGES):
            answer = self.page(operation, path, {"start": start, "limit": 50}, service_desk=True)
            found = self.items(operation, answer, "values")
            yield from found
            start += len(found)
            if not found or answer.get("isLastPage") is not False:
                return
        raise self._endless(operation)

    def page(self, operation: str, path: str, params: Params | None = None, *, service_desk: bool = False) -> Item:
        """GET a JSON object."""
        answer = self._calls.call(operation, "GET", path, params=params, write=False, service_desk=service_desk)
        if not isinstance(answer.body, Mapping):
            raise Unexpected(self._system, operation, "the answer is not a JSON object")
        return answer.body

    def items(self, operation: str, answer: Item, name: str) -> list[Item]:
        """Return a list of objects inside of an answer."""
        found = answer.get(name)
        if not isinstance(found, list) or not all(isinstance(item, Mapping) for item in found):
            raise Unexpected(self._system, operation, f"the answer has no list of {name}")
        return found

    def _endless(self, operation: str) -> Unexpected:
        return Unexpected(self._system, operation, f"the list did not end after {MAX_PAGES} pages")
