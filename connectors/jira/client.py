"""The reads and writes of one Jira site; writes are planned and verified elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from http import HTTPStatus
from typing import Any

from connectors.http.samples import words
from connectors.http.totals import Totals
from connectors.http.transport import after_write
from connectors.jira.answers import Answer, an_object
from connectors.jira.calls import Api, JiraCalls, Request
from connectors.jira.limits import Limits
from connectors.jira.lists import JiraLists, Params
from connectors.jira.markers import PROPERTY, marker
from connectors.jira.settings import JiraSettings
from workflows.errors import FarSideError, Refused, Unexpected
from workflows.model import label
from workflows.ports import Clock

LABEL_PAGE, MOST_LABEL_PAGES = 1000, 20


class JiraClient:
    """One site as one account; threads must not share it, since its calls are not thread-safe."""

    def __init__(self, system: str, settings: JiraSettings, clock: Clock, limits: Limits, totals: Totals) -> None:
        self.system = system
        self.is_cloud = settings.is_cloud
        self._settings = settings
        self._calls = JiraCalls(system, settings, clock, limits)
        self._lists = JiraLists(self._calls, totals)

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
        answer = self._calls.call(operation, Request("GET", path, params=params), write=False)
        return self._lists.items(operation, {"list": answer.body}, "list")

    def issue(self, issue_id: str, fields: Sequence[str], expand: str | None = None) -> Mapping[str, Any]:
        """Read an issue by its number, which, unlike a search, always returns its current state."""
        params: Params = {"fields": ",".join(fields)} | ({"expand": expand} if expand else {})
        return self.read_object("read the issue", f"issue/{issue_id}", params)

    def users(self, operation: str, wanted: str) -> list[Mapping[str, Any]]:
        """Return the accounts that Jira finds for an e-mail address, account id or name; the search is fuzzy."""
        if not self._settings.is_cloud:
            return self.read_list(operation, "user/search", {"username": wanted})
        if "@" in wanted:
            return self.read_list(operation, "user/search", {"query": wanted})
        request = Request("GET", "user", params={"accountId": wanted})
        answer = self._calls.call(operation, request, write=False, tolerate=HTTPStatus.NOT_FOUND)
        return [answer.body] if answer.status == HTTPStatus.OK and isinstance(answer.body, Mapping) else []

    def assignable(self, operation: str, project: str, account: str) -> bool:
        """Return whether an account may be assigned a project's issues; by account id (Cloud) or user name.

        https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-user-search/
        """
        name, own = ("accountId", "accountId") if self._settings.is_cloud else ("username", "name")
        found = self.read_list(operation, "user/assignable/search", {"project": project, name: account})
        return any(user.get(own) == account and user.get("active") is not False for user in found)

    def priorities(self, operation: str) -> list[str]:
        """Return the names of the site's priorities, in the site's order."""
        if self._settings.is_cloud:
            found = list(self._lists.counted(operation, "priority/search", {"maxResults": 50}, "values"))
        else:
            found = self.read_list(operation, "priority")
        return [label(str(item.get("name"))) for item in found]

    def changes(self, issue_id: str) -> Iterator[Mapping[str, Any]]:
        """Yield every change of an issue from Cloud's paged list; Data Center returns all of them with the issue.

        https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issues/
        """
        params = {"maxResults": self._settings.page_size}
        return self._lists.counted("read the issue's changes", f"issue/{issue_id}/changelog", params, "values")

    def comments(self, issue_id: str, worker: str, *, newest_first: bool = False) -> Iterator[Mapping[str, Any]]:
        """Yield every comment, oldest first; those of the account `worker` with our property.

        `expand=properties` is not in Atlassian's description of the call, although Jira honours it. Where it does not,
        the property is read by its own call, which is
        (https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issue-comment-properties/).
        """
        order = "-created" if newest_first else "created"
        params: Params = {"orderBy": order, "expand": "properties", "maxResults": self._settings.page_size}
        path = f"issue/{issue_id}/comment"
        for item in self._lists.counted("read the comments", path, params, "comments", steady=True):
            author = an_object(item.get("author"))
            if (
                worker in (author.get("accountId"), author.get("name"))
                and "properties" not in item
                and marker(item) is None
            ):
                value = self.comment_property(str(item.get("id")), PROPERTY).get("value")
                yield {**item, "properties": [{"key": PROPERTY, "value": value}]}
            else:
                yield item

    def search(self, jql: str, fields: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        """Yield every issue that the index finds, by page tokens on Cloud and by offsets on Data Center.

        Cloud's index may be minutes behind
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
        """Read the transitions that the issue offers now; none if the account may not make any."""
        operation = "read the issue's transitions"
        answer = self.read_object(operation, f"issue/{issue_id}/transitions")
        return self._lists.items(operation, answer, "transitions")

    def slas(self, issue_id: str) -> list[Mapping[str, Any]]:
        """Read the SLAs of a request of the service desk."""
        operation = "read the SLAs"
        answer = self._lists.service_desk_page(operation, f"request/{issue_id}/sla")
        return self._lists.items(operation, answer, "values")

    def approvals(self, issue_id: str) -> list[Mapping[str, Any]]:
        """Read the approvals of a request of the service desk.

        https://developer.atlassian.com/cloud/jira/service-desk/rest/api-group-request/
        """
        return list(self._lists.of_service_desk("read the approvals", f"request/{issue_id}/approval"))

    def labels(self, operation: str) -> Iterator[str]:
        """Yield every label of the site, up to a bound; Cloud only."""
        start = 0
        for _ in range(MOST_LABEL_PAGES):
            page = self.read_object(operation, "label", {"startAt": start, "maxResults": LABEL_PAGE})
            values = page.get("values")
            if not isinstance(values, list):
                raise Unexpected(self.system, operation, "the answer has no list of labels")
            yield from map(str, values)
            start += len(values)
            if page.get("isLast") is not False or not values:
                return

    def projects(self, operation: str) -> Iterator[Mapping[str, Any]]:
        """Yield the projects that the account may browse.

        https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-projects/ ("Get projects paginated")
        """
        if self._settings.is_cloud:
            yield from self._lists.counted(operation, "project/search", {"maxResults": 50}, "values")
        else:
            yield from self.read_list(operation, "project")

    def service_desks(self, operation: str) -> Iterator[Mapping[str, Any]]:
        """Yield the service desks that the account may see.

        https://developer.atlassian.com/cloud/jira/service-desk/rest/api-group-servicedesk/
        """
        return self._lists.of_service_desk(operation, "servicedesk")

    def request_types(self, operation: str, service_desk_id: str) -> Iterator[Mapping[str, Any]]:
        """Yield the request types of a service desk."""
        return self._lists.of_service_desk(operation, f"servicedesk/{service_desk_id}/requesttype")

    def request_form(self, operation: str, service_desk_id: str, request_type_id: str) -> Mapping[str, Any]:
        """Read what a request type asks for, as far as the account may see it."""
        path = f"servicedesk/{service_desk_id}/requesttype/{request_type_id}/field"
        return self._lists.service_desk_page(operation, path)

    def comment_property(self, comment_id: str, name: str) -> Answer:
        """Read one property of a comment; if there is none, the answer's body is Jira's error."""
        operation = "read the comment's property"
        path = f"comment/{comment_id}/properties/{name}"
        return self._calls.call(operation, Request("GET", path), write=False, tolerate=HTTPStatus.NOT_FOUND)

    # writes

    def write(
        self,
        operation: str,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        *,
        params: Params | None = None,
        tolerate: int | None = None,
    ) -> Answer:
        """Send one write, once. Where Jira itself answers with the status `tolerate`, that is returned, not raised."""
        request = Request(method, path, params=params, json=body)
        return self._calls.call(operation, request, write=True, tolerate=tolerate)

    def assign(self, operation: str, issue_id: str, account: str | None) -> Answer:
        """Set the assignee by account id (Cloud) or user name (Data Center); `None` removes it."""
        name = "accountId" if self._settings.is_cloud else "name"
        return self.write(operation, "PUT", f"issue/{issue_id}/assignee", {name: account})

    def upload(self, operation: str, issue_id: str, name: str, content: bytes) -> Answer:
        """Attach a file by the library's own upload; on a service project customers would see it."""
        return self._calls.upload(operation, issue_id, name, content)

    def upload_temporary(
        self, operation: str, service_desk_id: str, name: str, content_type: str, content: bytes
    ) -> str:
        """Upload a file, hidden until it is attached, and return its temporary id; a lost answer does no harm."""
        path = f"servicedesk/{service_desk_id}/attachTemporaryFile"
        files = {"file": (name, content, content_type)}
        answer = self._calls.call(operation, Request("POST", path, Api.SERVICE_DESK, files=files), write=False)
        temporary = answer.get("temporaryAttachments")
        if not isinstance(temporary, list) or len(temporary) != 1 or not isinstance(temporary[0], Mapping):
            raise Unexpected(self.system, operation, "Jira named no temporary attachment")
        return str(temporary[0].get("temporaryAttachmentId"))

    def attach_internally(self, operation: str, issue_id: str, temporary: str, note: str) -> Answer:
        """Attach a temporary file to a request of a service project, hidden from customers; a comment lists it.

        https://developer.atlassian.com/cloud/jira/service-desk/rest/api-group-request/ (AttachmentCreateDTO)
        """
        body = {"temporaryAttachmentIds": [temporary], "public": False}
        body |= {"additionalComment": {"body": note}} if note else {}
        request = Request("POST", f"request/{issue_id}/attachment", Api.SERVICE_DESK, json=body)
        return self._calls.call(operation, request, write=True)

    def after_write(self, operation: str) -> AbstractContextManager[None]:
        """Turn a failed look at what a write did into `Uncertain`."""
        return after_write(self.system, operation)

    def refused(self, operation: str, answer: Answer) -> FarSideError:
        """Return the error for a tolerated status that turned out to be a refusal."""
        detail = f"HTTP {answer.status}: {words(answer.words, 200)}"
        return Refused(self.system, operation, detail, status=answer.status, request_id=answer.request_id)
