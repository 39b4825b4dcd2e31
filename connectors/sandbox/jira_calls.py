"""One call to the simulated Jira: who makes it, in which disguise a refused credential comes, and Jira's error bodies.

A token that is not accepted makes the caller anonymous: searches find nothing, issues do not exist, and the header
`X-Seraph-LoginReason` tells (https://github.com/MrRefactoring/jira.js/issues/418).
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connectors.sandbox.jira_shapes import Shapes
from connectors.sandbox.jira_state import Account, Issue, JiraError, JiraState

Pure = Callable[["Call"], Response]
Upload = tuple[str, bytes, str]  # name, content, content type


class Call:
    """A request with its account; `account` is None for an anonymous caller."""

    def __init__(self, state: JiraState, request: Request, body: bytes, files: list[Upload]) -> None:
        self.state = state
        self.method = request.method
        self.path = {name: str(value) for name, value in request.path_params.items()}
        self.query = request.query_params
        self.headers = request.headers
        self.files = files  # of the form field `file`, the only one that Jira reads
        self.account = _account(state, request.headers.get("authorization", ""))
        version = self.path.get("version", "2")
        self.version = "3" if version in {"3", "latest"} and state.cloud else "2"
        self.site = f"{request.url.scheme}://{request.url.netloc}"
        self.base = f"{self.site}/rest/api/{version}"
        self.shapes = Shapes(state, self.base, self.version)
        self.raw = body

    @property
    def me(self) -> Account:
        """Return the caller; 401 for an anonymous one."""
        if self.account is None:
            raise JiraError(401, "Client must be authenticated to access this resource.")
        return self.account

    def issue(self) -> Issue:
        """Return the issue of the path; an anonymous caller sees none."""
        if self.account is None:
            raise JiraError(404, "Issue does not exist or you do not have permission to see it.")
        return self.state.issue(self.path["issue"])

    def json(self) -> dict[str, Any]:
        """Return the body; 400 where it is no object."""
        try:
            found = json.loads(self.raw or b"{}")
        except ValueError:
            raise JiraError(400, "There was an error parsing JSON. Check that your request body is valid.") from None
        if not isinstance(found, dict):
            raise JiraError(400, "Invalid request payload. Refer to the REST API documentation and try again.")
        return found

    def text(self, value: Any) -> str:
        """Read a text: a string on v2, a document on v3 (a string there is a 400, as in Jira)."""
        if self.version == "3":
            if not isinstance(value, dict):
                raise JiraError(400, fields={"comment": "Operation value must be an Atlassian Document"})
            return _document_text(value)
        if not isinstance(value, str) or not value:
            raise JiraError(400, "Comment body can not be empty!")
        return value

    def number(self, name: str, default: int) -> int:
        """Return a whole-number parameter."""
        text = self.query.get(name, "")
        return int(text) if text.isdigit() else default

    def words(self, name: str) -> list[str] | None:
        """Return a comma-separated parameter, None where it is missing."""
        text = self.query.get(name)
        return [word.strip() for word in text.split(",") if word.strip()] if text is not None else None


async def answer(state: JiraState, pure: Pure, request: Request) -> Response:
    """Read a request, make its answer under the lock, and put Jira's headers on it."""
    body, files = b"", []
    if "multipart/form-data" in request.headers.get("content-type", ""):
        async with request.form() as form:
            uploads = [item for item in form.getlist("file") if isinstance(item, UploadFile)]
            files = [(item.filename or "", await item.read(), item.content_type or "") for item in uploads]
    else:
        body = await request.body()
    with state.frame.lock:
        call = Call(state, request, body, files)
        try:
            response = pure(call)
        except JiraError as error:
            response = _error(error)
        response.headers.update(_headers(state, call))
    return response


def page(items: list[Any], name: str, start: int, size: int) -> dict[str, Any]:
    """Return a page counted by offsets."""
    return {"startAt": start, "maxResults": size, "total": len(items), name: items[start : start + size]}


def _error(error: JiraError) -> Response:
    if error.status == 401:  # noqa: PLR2004  # Unauthorized has a body of its own
        return JSONResponse({"message": str(error), "status-code": 401}, 401)
    body = {"errorMessages": list(error.messages), "errors": error.fields}
    return JSONResponse(body, error.status, headers=error.headers)


def _headers(state: JiraState, call: Call) -> Mapping[str, str]:
    headers = {"X-AREQUESTID": state.frame.hex_id(32), "Atl-Traceid": state.frame.hex_id(32)}
    if call.account is not None:
        headers["X-AACCOUNTID" if state.cloud else "X-AUSERNAME"] = quote(state.account_id(call.account), safe="")
    elif call.headers.get("authorization"):
        headers["X-Seraph-LoginReason"] = "AUTHENTICATED_FAILED"
    if state.cloud:
        headers |= {"X-RateLimit-Limit": "350", "X-RateLimit-Remaining": "349"}
    else:
        headers |= {"Retry-After": "0", "X-RateLimit-Limit": "5", "X-RateLimit-Interval-Seconds": "1"}
    return headers


def _account(state: JiraState, header: str) -> Account | None:
    kind, _, text = header.partition(" ")
    accounts = state.frame.credentials
    if not state.cloud:
        return state.worker if (kind, text) == ("Bearer", accounts.jira_token) else None
    if kind.lower() != "basic":
        return None
    try:
        user, _, token = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return state.worker if (user, token) == (accounts.jira_email, accounts.jira_token) else None


def _document_text(node: dict[str, Any]) -> str:
    parts = [str(node.get("text", ""))]
    parts += [_document_text(item) for item in node.get("content") or [] if isinstance(item, dict)]
    return "".join(parts) + ("\n" if node.get("type") == "paragraph" else "")
