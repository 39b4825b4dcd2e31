"""One call to a Jira site through the `jira` library, with everything that the library leaves to chance decided here.

The library gives the headers, the URLs and the multipart upload. Left aside is what is known to go wrong
in 3.10: its retries (they repeat POSTs), its search (no end when a page token repeats), `validate=True` (puts the token
into an error's text), and its errors (their text holds headers and bodies); see
https://github.com/pycontribs/jira/tree/3.10.5/jira.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from io import BytesIO
from typing import Any, cast

import requests
from jira import JIRA
from jira.exceptions import JIRAError
from jira.resilientsession import ResilientSession

from connectors.http import OK, Timeouts, Transport, see
from connectors.jira.answers import MEANINGS, Answer, explain
from connectors.jira.credentials import credential, is_told, may_be_disguised, refused_credential
from connectors.jira.limits import Limits
from connectors.jira.settings import JiraSettings
from workflows.errors import Misconfigured, Refused, Transient, Uncertain
from workflows.ports import Clock

# What the library makes of an answer of another form: its own error, or whatever its reading stumbles over.
LIBRARY_FAULTS = (JIRAError, AttributeError, LookupError, TypeError, ValueError)
_PATH = re.compile(r"[A-Za-z0-9._/-]+")  # the library quotes nothing that is put into a path


class JiraCalls:
    """Makes calls to one site as one account; not to be shared by threads, since the library is not made for it."""

    def __init__(self, system: str, settings: JiraSettings, clock: Clock, limits: Limits) -> None:
        self.system = system
        self._is_cloud = settings.is_cloud
        self._limits = limits
        self._names_accounts: bool | None = None  # whether answers name our account; not known yet
        self._transport = Transport(
            system,
            settings.url,
            clock=clock,
            timeouts=Timeouts(settings.connect_timeout, settings.read_timeout),
            ca_bundle=settings.ca_bundle,
            request_id_headers=("X-AREQUESTID", "Atl-Traceid"),
            credential_setting=f"desks.{system}.token",
        )
        self._transport.session.auth = credential(settings)
        self._library = library(settings, self._transport.session, self._understand)

    def call(
        self,
        operation: str,
        method: str,
        path: str,
        *,
        write: bool,
        service_desk: bool = False,
        params: Mapping[str, str | int] | None = None,
        json: Mapping[str, Any] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        tolerate: int | None = None,
    ) -> Answer:
        """Make one call, once. The status `tolerate` is handed back to the caller instead of raised."""
        url = self._url(operation, path, service_desk=service_desk)
        headers: dict[str, str | None] = {"X-ExperimentalApi": "opt-in"} if service_desk else {}
        if files:
            headers["Content-Type"] = None  # takes the library's default off, so that the multipart boundary is set
        with self._transport.operation(operation, write=write):
            self._limits.respect(self.system, operation, method, url)
            response = self._transport.session.request(
                method, url, params=params, json=json, files=files, headers=headers
            )
            return self._understand(response, tolerate)

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

    def _understand(self, response: requests.Response, tolerate: int | None = None) -> Answer:
        """Turn one answer into a value or an error; runs inside of an operation, for the library's calls too."""
        denied = refused_credential(response)
        if not denied and self._is_cloud:
            denied = self._disguised(response)
        if denied:
            denied += see(self._transport.credential_setting)
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

    def _url(self, operation: str, path: str, *, service_desk: bool = False) -> str:
        if not _PATH.fullmatch(path) or ".." in path or "//" in path:
            raise Refused(self.system, operation, f"{path[:60]!r} is not a path that may be called")
        if service_desk:
            return f"{self._library.server_url}/rest/servicedeskapi/{path}"
        return self._library._get_url(path)


class _LibrarySession:
    """What the library takes for its session: ours, without its retries, and with every answer understood by us."""

    def __init__(self, session: requests.Session, understand: Callable[[requests.Response], object]) -> None:
        self._session = session
        self._understand = understand

    def post(self, url: str, data: Any = None, **kwargs: Any) -> requests.Response:
        """Send a POST and refuse what is not a list of objects before the library sees it, which trusts in one."""
        kwargs.pop("_prepare_retry_class", None)  # means something to the library's own retries only
        response = self._session.post(url, data=data, **kwargs)
        self._understand(response)
        body = response.json() if response.content else None
        if not isinstance(body, list) or not all(isinstance(item, Mapping) for item in body):
            raise JIRAError("the answer is not a list of objects")
        return response

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


def library(
    settings: JiraSettings, session: requests.Session, understand: Callable[[requests.Response], object]
) -> JIRA:
    """Make the library's client without a call, and put our session in the place of its own."""
    made = JIRA(
        server=settings.url.rstrip("/"),
        options={},  # a fresh one: the library writes into it
        get_server_info=False,
        max_retries=0,
        timeout=(settings.connect_timeout, settings.read_timeout),
        logging=False,
    )
    made.deploymentType = "Cloud" if settings.is_cloud else "Data Center"
    own = made._session
    session.headers.update(own.headers)
    own.close()
    made._session = cast(ResilientSession, _LibrarySession(session, understand))
    return made
