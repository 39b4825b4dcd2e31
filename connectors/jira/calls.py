"""Makes one call to a Jira site, with the headers, URLs and multipart upload of the `jira` library.

These parts of version 3.10 are not used: its retries (they repeat POSTs), its search (endless if a page token repeats),
`validate=True` (puts the token into an error's text), and its errors (their text holds headers and bodies); see
https://github.com/pycontribs/jira/tree/3.10.5/jira.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from io import BytesIO
from typing import Any, cast

import requests
from jira import JIRA
from jira.exceptions import JIRAError
from jira.resilientsession import ResilientSession

from connectors.http.governance import Timeouts
from connectors.http.statuses import OK, see
from connectors.http.transport import Transport
from connectors.jira.answers import ERRORS, VOICE, Answer, right_for
from connectors.jira.credentials import credential, may_be_disguised, names_account, refused_credential
from connectors.jira.limits import Limits
from connectors.jira.settings import JiraSettings
from workflows.errors import Misconfigured, Refused, Transient, Uncertain
from workflows.ports import Clock

# What the library raises for an answer of another form: its own error, or whatever its parsing runs into.
LIBRARY_FAULTS = (JIRAError, AttributeError, LookupError, TypeError, ValueError)
_PATH = re.compile(r"[A-Za-z0-9._/-]+")  # the library quotes nothing in a path


class Api(Enum):
    """The two REST APIs of a site."""

    PLATFORM = "platform"
    SERVICE_DESK = "service desk"


@dataclass(frozen=True)
class Request:
    """One HTTP request; `path` is relative to its API, `files` are name, content and content type by field."""

    method: str
    path: str
    api: Api = Api.PLATFORM
    params: Mapping[str, str | int] | None = None
    json: Mapping[str, Any] | None = None
    files: Mapping[str, tuple[str, bytes, str]] | None = None


class JiraCalls:
    """Makes calls to one site as one account; threads must not share it, since the library is not thread-safe."""

    def __init__(self, system: str, settings: JiraSettings, clock: Clock, limits: Limits) -> None:
        self.system = system
        self._is_cloud = settings.is_cloud
        self._limits = limits
        self._names_accounts: bool | None = None  # whether answers name our account; `None` until known
        self._transport = Transport(
            system,
            settings.url,
            clock=clock,
            network=settings.network(Timeouts(settings.connect_timeout, settings.read_timeout)),
            request_id_headers=("X-AREQUESTID", "Atl-Traceid"),
            credential_setting=f"desks.{system}.token",
            canary="/rest/api/2/myself",
        )
        self._transport.session.auth = credential(settings)
        self._transport.right_for = right_for
        self._library = library(settings, self._transport.session, self._understand)

    def call(self, operation: str, request: Request, *, write: bool, tolerate: int | None = None) -> Answer:
        """Make one call, once. Where Jira itself answers with the status `tolerate`, that is returned, not raised."""
        url = self._url(operation, request.path, request.api)
        headers: dict[str, str | None] = {"X-ExperimentalApi": "opt-in"} if request.api is Api.SERVICE_DESK else {}
        if request.files:
            headers["Content-Type"] = None  # removes the library's default, so that the multipart boundary is set
        with self._transport.operation(operation, write=write):
            self._limits.respect(self.system, operation, request.method, url)
            response = self._transport.session.request(
                request.method, url, params=request.params, json=request.json, files=request.files, headers=headers
            )
            return self._understand(response, tolerate)

    def upload(self, operation: str, issue_id: str, name: str, content: bytes) -> Answer:
        """Attach a file by the library's own upload; on a service project customers would see it."""
        url = self._url(operation, f"issue/{issue_id}/attachments")
        with self._transport.operation(operation, write=True):
            self._limits.respect(self.system, operation, "POST", url)
            try:
                attachment = self._library.add_attachment(issue_id, cast(Any, BytesIO(content)), filename=name)
            except LIBRARY_FAULTS as error:  # their text may hold headers and the body, so it is not shown
                raise Uncertain(self.system, operation, "the library could not parse Jira's answer") from error
        return Answer(status=HTTPStatus.OK, body=attachment.raw, request_id=None)

    def _understand(self, response: requests.Response, tolerate: int | None = None) -> Answer:
        """Turn an answer into a value or an error; runs within an operation, for the library's calls too."""
        denied = refused_credential(response)
        if not denied and self._is_cloud:
            denied = self._disguised(response)
        if denied:
            denied += see(self._transport.credential_setting)
            raise Misconfigured(self.system, "sign in", denied, request_id=self._transport.request_id(response))
        accept = (*OK, tolerate) if tolerate is not None and VOICE.speaks(response) else OK
        reason = response.headers.get("RateLimit-Reason", "")
        try:
            one_issue = reason == "jira-per-issue-on-write"
            self._transport.check(response, VOICE, accept=accept, overrides=ERRORS, of_a_part=one_issue)
        except Transient as error:
            if error.until:
                self._limits.note(reason, str(response.request.method), str(response.url), error.until)
            raise
        request_id = self._transport.request_id(response)
        if response.status_code == HTTPStatus.OK and not (response.content or self._transport.current.write):
            # Data Center does so at random: https://jira.atlassian.com/browse/JRA-59676
            raise self._transport.passing("the answer is empty", request_id)
        return Answer(response.status_code, self._transport.json(response) if response.content else None, request_id)

    def _disguised(self, response: requests.Response) -> str | None:
        """Return why an answer is for an anonymous caller: the site's answers name our account, but this one does not.

        A gateway or proxy may strip the header, so `/myself` shows whether it reaches us.
        """
        if names_account(response):
            self._names_accounts = True
        elif may_be_disguised(response):
            if self._names_accounts is None:
                with self._transport.operation("prove the credential", write=False):
                    me = self._transport.session.get(self._url("prove the credential", "myself"))
                    self._transport.check(me, VOICE)
                self._names_accounts = names_account(me)
            if self._names_accounts:
                return "Jira's answer names no account (X-AACCOUNTID): the credential was not accepted"
        return None

    def _url(self, operation: str, path: str, api: Api = Api.PLATFORM) -> str:
        if not _PATH.fullmatch(path) or not all(segment.strip(".") for segment in path.split("/")):
            raise Refused(self.system, operation, f"{path[:60]!r} is not a valid path")
        if api is Api.SERVICE_DESK:
            return f"{self._library.server_url}/rest/servicedeskapi/{path}"
        return self._library._get_url(path)


class _LibrarySession:
    """The session given to the library: ours, without the library's retries; we check every answer first."""

    def __init__(self, session: requests.Session, understand: Callable[[requests.Response], object]) -> None:
        self._session = session
        self._understand = understand

    def post(self, url: str, data: Any = None, **kwargs: Any) -> requests.Response:
        """Send a POST; raise for anything but a list of objects, which the library takes for granted."""
        kwargs.pop("_prepare_retry_class", None)  # used by the library's own retries only
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
    """Create the library's client without making a call, and replace its session with ours."""
    made = JIRA(
        server=settings.url.rstrip("/"),
        options={},  # a new one each time: the library modifies it
        get_server_info=False,
        max_retries=0,
        timeout=(settings.connect_timeout, settings.read_timeout),
        logging=False,
    )
    made.deploymentType = "Cloud" if settings.is_cloud else "Data Center"
    own = made._session
    session.headers.update({name: text for name, text in own.headers.items() if name != "User-Agent"})
    own.close()
    made._session = cast(ResilientSession, _LibrarySession(session, understand))
    return made
