"""What is asked of one Jira site: the reads, and the writes as they are planned and verified elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from connectors.jira.answers import Answer
from connectors.jira.calls import JiraCalls
from connectors.jira.limits import Limits
from connectors.jira.settings import JiraSettings
from workflows.errors import FarSideError, Refused, Transient, Uncertain, Unexpected
from workflows.ports import Clock
from workflows.values.masking import plain

MAX_PAGES = 500  # with full pages 50,000 issues of one label, or comments of one issue: more is a list without an end
Item = Mapping[str, Any]
Params = Mapping[str, str | int]


class JiraClient:
    """One site as one account; not to be shared by threads, as its calls are not."""

    def __init__(self, system: str, settings: JiraSettings, clock: Clock, limits: Limits) -> None:
        self.system = system
        self._settings = settings
        self._calls = JiraCalls(system, settings, clock, limits)
        self._lists = JiraLists(self._calls)

    # reads

    def read_object(
        self, operation: str, path: str, params: Mapping[str, str | int] | None = None
    ) -> Mapping[str, Any]:
        """GET a JSON object."""
        return self._lists.page(operation, path, params)

    def read_list(
        self, operation: str, path: str, params: Mapping[str, str | int] | None = None
    ) -> list[Mapping[str, Any]]:
        """GET a JSON list of objects."""
        answer = self._calls.call(operation, "GET", path, params=params, write=False)
        return self._lists.items(operation, {"list": answer.body}, "list")

    def issue(self, issue_id: str, fields: Sequence[str], expand: str | None = None) -> Mapping[str, Any]:
        """Read an issue by its number, which, unlike a search, always gives its present state."""
        params: dict[str, str | int] = {"fields": ",".join(fields)}
        if expand:
            params["expand"] = expand
        return self.read_object("read the issue", f"issue/{issue_id}", params)

    def users(self, operation: str, wanted: str) -> list[Mapping[str, Any]]:
        """Return the accounts that Jira finds for an e-mail address, account id or name; the search is a fuzzy one."""
        if not self._settings.is_cloud:
            return self.read_list(operation, "user/search", {"username": wanted})
        if "@" in wanted:
            return self.read_list(operation, "user/search", {"query": wanted})
        answer = self._calls.call(
            operation, "GET", "user", params={"accountId": wanted}, write=False, tolerate=HTTPStatus.NOT_FOUND
        )
        return [answer.body] if answer.status == HTTPStatus.OK and isinstance(answer.body, Mapping) else []

    def priorities(self, operation: str) -> list[str]:
        """Return the names of the site's priorities, in its own order."""
        if self._settings.is_cloud:
            found = list(self._lists.counted(operation, "priority/search", {"maxResults": 50}, "values"))
        else:
            found = self.read_list(operation, "priority")
        return [str(item.get("name")) for item in found]

    def changes(self, issue_id: str) -> Iterator[Mapping[str, Any]]:
        """Yield every change of an issue, which Cloud pages in a list of its own; Data Center tells them all at once.

        https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issues/
        """
        params = {"maxResults": self._settings.page_size}
        return self._lists.counted("read the issue's changes", f"issue/{issue_id}/changelog", params, "values")

    def comments(self, issue_id: str, *, newest_first: bool = False) -> Iterator[Mapping[str, Any]]:
        """Yield every comment with its properties."""
        params: dict[str, str | int] = {
            "orderBy": "-created" if newest_first else "created",
            "expand": "properties",
            "maxResults": self._settings.page_size,
        }
        return self._lists.counted("read the comments", f"issue/{issue_id}/comment", params, "comments")

    def search(self, jql: str, fields: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        """Yield every issue that the index finds, on Cloud by page tokens, on Data Center by offsets.

        Cloud's search may be minutes behind
        (https://developer.atlassian.com/cloud/jira/platform/search-and-reconcile/).
        """
        params: dict[str, str | int] = {
            "jql": jql,
            "fields": ",".join(fields),
            "maxResults": self._settings.page_size,
        }
        if not self._settings.is_cloud:
            return self._lists.counted("search for tagged issues", "search", params, "issues")
        return self._lists.by_token("search for tagged issues", "search/jql", params, "issues")

    def transitions(self, issue_id: str) -> list[Mapping[str, Any]]:
        """Read which transitions the issue offers now; none where the account may not make any."""
        operation = "read the issue's transitions"
        answer = self.read_object(operation, f"issue/{issue_id}/transitions", {"expand": "transitions.fields"})
        return self._lists.items(operation, answer, "transitions")

    def slas(self, issue_id: str) -> list[Mapping[str, Any]]:
        """Read the SLAs of a request of the service desk."""
        operation = "read the SLAs"
        answer = self._lists.page(operation, f"request/{issue_id}/sla", service_desk=True)
        return self._lists.items(operation, answer, "values")

    def service_desks(self, operation: str) -> Iterator[Mapping[str, Any]]:
        """Yield the service desks that the account may see.

        https://developer.atlassian.com/cloud/jira/service-desk/rest/api-group-servicedesk/
        """
        return self._lists.of_service_desk(operation, "servicedesk")

    def request_types(self, operation: str, service_desk_id: str) -> Iterator[Mapping[str, Any]]:
        """Yield the request types of a service desk."""
        return self._lists.of_service_desk(operation, f"servicedesk/{service_desk_id}/requesttype")

    def comment_property(self, comment_id: str, name: str) -> Answer:
        """Read one property of a comment; the answer's body is Jira's error where there is none."""
        operation = "read the comment's property"
        path = f"comment/{comment_id}/properties/{name}"
        return self._calls.call(operation, "GET", path, write=False, tolerate=HTTPStatus.NOT_FOUND)

    # writes

    def write(
        self,
        operation: str,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        *,
        service_desk: bool = False,
        tolerate: int | None = None,
    ) -> Answer:
        """Send one write, once. The status `tolerate` is handed back to the caller instead of raised."""
        return self._calls.call(
            operation, method, path, json=body, write=True, service_desk=service_desk, tolerate=tolerate
        )

    def assign(self, operation: str, issue_id: str, account: str | None) -> Answer:
        """Set the assignee by account id (Cloud) or user name (Data Center); `None` takes it off."""
        name = "accountId" if self._settings.is_cloud else "name"
        return self.write(operation, "PUT", f"issue/{issue_id}/assignee", {name: account})

    def upload(self, operation: str, issue_id: str, name: str, content: bytes) -> Answer:
        """Attach a file by the library's own upload; on a service project this would be open to customers."""
        return self._calls.upload(operation, issue_id, name, content)

    def upload_temporary(
        self, operation: str, service_desk_id: str, name: str, content_type: str, content: bytes
    ) -> str:
        """Upload a file that nobody sees until it is attached; to lose the answer to this does no harm."""
        path = f"servicedesk/{service_desk_id}/attachTemporaryFile"
        files = {"file": (name, content, content_type)}
        answer = self._calls.call(operation, "POST", path, files=files, write=False, service_desk=True)
        temporary = answer.get("temporaryAttachments")
        if not isinstance(temporary, list) or len(temporary) != 1 or not isinstance(temporary[0], Mapping):
            raise Unexpected(self.system, operation, "Jira named no temporary attachment")
        return str(temporary[0].get("temporaryAttachmentId"))

    @contextmanager
    def after_write(self, operation: str) -> Iterator[None]:
        """Turn a failed look at what was just written into `Uncertain`: the write may stand, its echo is missing."""
        try:
            yield
        except Transient as error:
            detail = f"it was sent, but could not be verified: {error.detail}"
            raise Uncertain(self.system, operation, detail, request_id=error.request_id) from error

    def refused(self, operation: str, answer: Answer) -> FarSideError:
        """Return the error for a status that was handed back by `tolerate` and did not help."""
        detail = f"HTTP {answer.status}: {plain(answer.words, 200)}"
        return Refused(self.system, operation, detail, request_id=answer.request_id)


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
