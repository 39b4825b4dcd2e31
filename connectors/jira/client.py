"""Calls to one Jira site through the `jira` library, with everything that it leaves to chance decided here.

The library gives the headers, the URLs and the multipart upload (library.py). Left aside is what is known to go wrong
in 3.10: its retries (they repeat POSTs), its search (no end when a page token repeats), `validate=True` (puts the token
into an error's text), and its errors (their text holds headers and bodies); see
https://github.com/pycontribs/jira/tree/3.10.5/jira.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from io import BytesIO
from typing import Any, cast

import requests
from jira.exceptions import JIRAError

from connectors.http import OK, Transport
from connectors.jira.answers import MEANINGS, Answer, explain, is_told, may_be_disguised, refused_credential
from connectors.jira.library import credential, library
from connectors.jira.limits import Limits
from connectors.jira.settings import JiraSettings
from workflows.errors import FarSideError, Misconfigured, Refused, Transient, Uncertain, Unexpected
from workflows.ports import Clock
from workflows.redaction import plain

# What the library makes of an answer of another form: its own error, or whatever its reading stumbles over.
LIBRARY_FAULTS = (JIRAError, AttributeError, LookupError, TypeError, ValueError)
MAX_PAGES = 500  # with full pages 50,000 issues of one label, or comments of one issue: more is a list without an end
_PATH = re.compile(r"[A-Za-z0-9._/-]+")  # the library quotes nothing that is put into a path


class JiraClient:
    """One site as one account; not to be shared by threads, since the library is not made for it."""

    def __init__(self, system: str, settings: JiraSettings, clock: Clock, limits: Limits) -> None:
        self.system = system
        self._settings = settings
        self._limits = limits
        self._names_accounts: bool | None = None  # whether answers name our account; not known yet
        self._transport = Transport(
            system,
            settings.url,
            clock=clock,
            connect_timeout=settings.connect_timeout,
            read_timeout=settings.read_timeout,
            ca_bundle=settings.ca_bundle,
            request_id_headers=("X-AREQUESTID", "Atl-Traceid"),
        )
        self._transport.session.auth = credential(settings)
        self._library = library(settings, self._transport.session, self._understand)

    # reads

    def read_object(
        self, operation: str, path: str, params: Mapping[str, str | int] | None = None
    ) -> Mapping[str, Any]:
        """GET a JSON object."""
        body = self._call(operation, "GET", self._url(operation, path), params=params, write=False).body
        if not isinstance(body, Mapping):
            raise Unexpected(self.system, operation, "the answer is not a JSON object")
        return body

    def read_list(
        self, operation: str, path: str, params: Mapping[str, str | int] | None = None
    ) -> list[Mapping[str, Any]]:
        """GET a JSON list of objects."""
        body = self._call(operation, "GET", self._url(operation, path), params=params, write=False).body
        return self._items(operation, {"list": body}, "list")

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
        url = self._url(operation, "user")
        answer = self._call(
            operation, "GET", url, params={"accountId": wanted}, write=False, tolerate=HTTPStatus.NOT_FOUND
        )
        return [answer.body] if answer.status == HTTPStatus.OK and isinstance(answer.body, Mapping) else []

    def priorities(self, operation: str) -> list[str]:
        """Return the names of the site's priorities, in its own order."""
        if self._settings.is_cloud:
            found = list(self._counted(operation, "priority/search", {"maxResults": 50}, "values"))
        else:
            found = self.read_list(operation, "priority")
        return [str(item.get("name")) for item in found]

    def changes(self, issue_id: str) -> Iterator[Mapping[str, Any]]:
        """Yield every change of an issue, which Cloud pages in a list of its own; Data Center tells them all at once.

        https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issues/
        """
        params = {"maxResults": self._settings.page_size}
        return self._counted("read the issue's changes", f"issue/{issue_id}/changelog", params, "values")

    def comments(self, issue_id: str, *, newest_first: bool = False) -> Iterator[Mapping[str, Any]]:
        """Yield every comment with its properties."""
        params: dict[str, str | int] = {
            "orderBy": "-created" if newest_first else "created",
            "expand": "properties",
            "maxResults": self._settings.page_size,
        }
        return self._counted("read the comments", f"issue/{issue_id}/comment", params, "comments")

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
            return self._counted("search for tagged issues", "search", params, "issues")
        return self._by_token("search for tagged issues", "search/jql", params, "issues")

    def transitions(self, issue_id: str) -> list[Mapping[str, Any]]:
        """Read which transitions the issue offers now; none where the account may not make any."""
        operation = "read the issue's transitions"
        answer = self.read_object(operation, f"issue/{issue_id}/transitions", {"expand": "transitions.fields"})
        return self._items(operation, answer, "transitions")

    def slas(self, issue_id: str) -> list[Mapping[str, Any]]:
        """Read the SLAs of a request of the service desk."""
        operation = "read the SLAs"
        url = self._url(operation, f"request/{issue_id}/sla", service_desk=True)
        body = self._call(operation, "GET", url, write=False).body
        return self._items(operation, body if isinstance(body, Mapping) else {}, "values")

    def comment_property(self, comment_id: str, name: str) -> Answer:
        """Read one property of a comment; the answer's body is Jira's error where there is none."""
        operation = "read the comment's property"
        url = self._url(operation, f"comment/{comment_id}/properties/{name}")
        return self._call(operation, "GET", url, write=False, tolerate=HTTPStatus.NOT_FOUND)

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
        url = self._url(operation, path, service_desk=service_desk)
        return self._call(operation, method, url, json=body, write=True, tolerate=tolerate)

    def assign(self, operation: str, issue_id: str, account: str | None) -> Answer:
        """Set the assignee by account id (Cloud) or user name (Data Center); `None` takes it off."""
        name = "accountId" if self._settings.is_cloud else "name"
        return self.write(operation, "PUT", f"issue/{issue_id}/assignee", {name: account})

    def upload(self, operation: str, issue_id: str, name: str, content: bytes) -> Answer:
        """Attach a file by the library's own upload; on a service project this would be open to customers."""
        url = self._url(operation, f"issue/{issue_id}/attachments")
        with self._transport.operation(operation, write=True):
            self._limits.respect(self.system, operation, "POST", url)
            try:
                attachment = self._library.add_attachment(issue_id, cast(Any, BytesIO(content)), filename=name)
            except LIBRARY_FAULTS as error:  # their text may hold headers and the body: only the fact is told
                raise Uncertain(self.system, operation, "the library did not understand Jira's answer") from error
        return Answer(status=HTTPStatus.OK, body=attachment.raw, request_id=None)

    def upload_temporary(
        self, operation: str, service_desk_id: str, name: str, content_type: str, content: bytes
    ) -> str:
        """Upload a file that nobody sees until it is attached; to lose the answer to this does no harm."""
        url = self._url(operation, f"servicedesk/{service_desk_id}/attachTemporaryFile", service_desk=True)
        files = {"file": (name, content, content_type)}
        answer = self._call(operation, "POST", url, files=files, write=False)
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

    # below

    def _call(
        self,
        operation: str,
        method: str,
        url: str,
        *,
        write: bool,
        params: Mapping[str, str | int] | None = None,
        json: Mapping[str, Any] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        tolerate: int | None = None,
    ) -> Answer:
        headers: dict[str, str | None] = {"X-ExperimentalApi": "opt-in"} if "/servicedeskapi/" in url else {}
        if files:
            headers["Content-Type"] = None  # takes the library's default off, so that the multipart boundary is set
        with self._transport.operation(operation, write=write):
            self._limits.respect(self.system, operation, method, url)
            response = self._transport.session.request(
                method, url, params=params, json=json, files=files, headers=headers
            )
            return self._understand(response, tolerate)

    def _understand(self, response: requests.Response, tolerate: int | None = None) -> Answer:
        """Turn one answer into a value or an error; runs inside of an operation, for the library's calls too."""
        denied = refused_credential(response)
        if not denied and self._settings.is_cloud:
            denied = self._disguised(response)
        if denied:
            raise Misconfigured(self.system, "sign in", denied, request_id=self._transport.request_id(response))
        accept = OK if tolerate is None else (*OK, tolerate)
        reason = response.headers.get("RateLimit-Reason", "")
        try:
            one_issue = reason == "jira-per-issue-on-write"
            self._transport.check(response, accept=accept, explain=explain, overrides=MEANINGS, one_record=one_issue)
        except Transient as error:
            if error.until:
                self._limits.note(reason, str(response.request.method), str(response.url), error.until)
            raise
        body = self._transport.json(response) if response.content else None
        return Answer(response.status_code, body, self._transport.request_id(response))

    def _disguised(self, response: requests.Response) -> str | None:
        """Say that an answer is one to a stranger, if other answers name our account and this one does not.

        Whether a site's answers do so on their way to us (through a gateway or proxy) is found out by `/myself`.
        """
        if is_told(response):
            self._names_accounts = True
        elif may_be_disguised(response):
            if self._names_accounts is None:
                with self._transport.operation("prove the credential", write=False):
                    me = self._transport.session.get(self._url("prove the credential", "myself"))
                    self._transport.check(me, explain=explain)
                self._names_accounts = is_told(me)
            if self._names_accounts:
                return "Jira's answer names no account (X-AACCOUNTID): the credential was not accepted"
        return None

    def _counted(
        self, operation: str, path: str, params: Mapping[str, str | int], name: str
    ) -> Iterator[Mapping[str, Any]]:
        """Page by offset until the total that Jira tells."""
        start = 0
        for _ in range(MAX_PAGES):
            answer = self.read_object(operation, path, {**params, "startAt": start})
            items = self._items(operation, answer, name)
            yield from items
            start += len(items)
            total = answer.get("total")
            if not items or (isinstance(total, int) and start >= total):
                return
        raise self._endless(operation)

    def _by_token(
        self, operation: str, path: str, params: Mapping[str, str | int], name: str
    ) -> Iterator[Mapping[str, Any]]:
        """Page by token until there is none; a token holds the query's text, so it is never shown."""
        token: str | None = None
        used: set[str] = set()
        for _ in range(MAX_PAGES):
            answer = self.read_object(operation, path, {**params, **({"nextPageToken": token} if token else {})})
            yield from self._items(operation, answer, name)
            token = answer.get("nextPageToken")
            if not token or answer.get("isLast") is True:
                return
            if not isinstance(token, str):
                raise Unexpected(self.system, operation, "Jira gave a page token that is no text")
            if token in used:
                raise Unexpected(self.system, operation, "Jira gave the same page token twice")
            used.add(token)
        raise self._endless(operation)

    def _endless(self, operation: str) -> Unexpected:
        return Unexpected(self.system, operation, f"the list did not end after {MAX_PAGES} pages")

    def _items(self, operation: str, answer: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
        items = answer.get(name)
        if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
            raise Unexpected(self.system, operation, f"the answer has no list of {name}")
        return items

    def _url(self, operation: str, path: str, *, service_desk: bool = False) -> str:
        if not _PATH.fullmatch(path) or ".." in path or "//" in path:
            raise Refused(self.system, operation, f"{path[:60]!r} is not a path that may be called")
        if service_desk:
            return f"{self._library.server_url}/rest/servicedeskapi/{path}"
        return self._library._get_url(path)
