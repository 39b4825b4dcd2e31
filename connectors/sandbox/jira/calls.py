"""One call to the simulated Jira: its parameters, the headers of its answer, and Jira's error bodies."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connectors.sandbox.jira.access import NOT_AUTHENTICATED, Caller, admit, identify, scope_of
from connectors.sandbox.jira.instance import JiraState
from connectors.sandbox.jira.limits import TooMany
from connectors.sandbox.jira.records import Account, Issue, JiraError
from connectors.sandbox.jira.shapes import Shapes

NO_ISSUE = "Issue does not exist or you do not have permission to see it."
JSON = "application/json;charset=UTF-8"  # as recorded
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
        self.files = files  # of the form field `file`, the only one Jira reads
        self.caller = Caller(None)
        self.service_desk = "/rest/servicedeskapi/" in request.url.path
        version = self.path.get("version", "2")
        self.version = "3" if version in {"3", "latest"} and state.cloud else "2"
        self.site = f"{request.url.scheme}://{request.url.netloc}"
        self.base = f"{self.site}/rest/api/{version}"  # even at the gateway, as reported for attachments
        self.shapes = Shapes(state, self.base, self.version)
        self.raw = body

    def identify(self, template: str) -> None:
        """Identify the caller; raise if the site or the gateway refuses."""
        header = self.headers.get("authorization", "")
        if "cloud" in self.path:
            self.caller = admit(self.state, header, self.path["cloud"], scope_of(self.method, template))
        else:
            self.caller = identify(self.state, header)

    @property
    def account(self) -> Account | None:
        """Return the caller's account, None if anonymous."""
        return self.caller.account

    @property
    def me(self) -> Account:
        """Return the caller's account; 401 if anonymous."""
        if self.account is None:
            raise JiraError(401, NOT_AUTHENTICATED)
        return self.account

    def issue(self) -> Issue:
        """Return the issue of the path; 404 if the caller may not see it."""
        if self.account is None and not self.state.cloud:
            raise JiraError(401, "You do not have the permission to see the specified issue. Login Required")
        if not self.state.may(self.account, "BROWSE_PROJECTS"):
            raise JiraError(404, NO_ISSUE)
        return self.state.issue(self.path["issue"])

    def need(self, permission: str, status: int, words: str) -> None:
        """Refuse the caller unless they have a permission."""
        if not self.state.may(self.me, permission):
            raise JiraError(status, words)

    @property
    def expand(self) -> set[str]:
        """Return the values of the `expand` parameter."""
        return set(self.words("expand") or [])

    def json(self) -> dict[str, Any]:
        """Return the body; 400 if it is not an object."""
        try:
            found = json.loads(self.raw or b"{}")
        except ValueError:
            raise JiraError(400, "There was an error parsing JSON. Check that your request body is valid.") from None
        if not isinstance(found, dict):
            raise JiraError(400, "Invalid request payload. Refer to the REST API documentation and try again.")
        return found

    def text(self, value: Any) -> str:
        """Read a text: a string on v2, a document on v3 (where a string is a 400, as in Jira)."""
        if self.version == "3":
            if not isinstance(value, dict):
                raise JiraError(400, fields={"comment": "Operation value must be an Atlassian Document"})
            return _document_text(value)
        if not isinstance(value, str) or not value:
            raise JiraError(400, "Comment body can not be empty!")
        return value

    def number(self, name: str, default: int) -> int:
        """Return an integer parameter."""
        text = self.query.get(name, "")
        return int(text) if text.isdigit() else default

    def words(self, name: str) -> list[str] | None:
        """Return a comma-separated parameter, None if missing."""
        text = self.query.get(name)
        return [word.strip() for word in text.split(",") if word.strip()] if text is not None else None


async def answer(state: JiraState, pure: Pure, request: Request, template: str) -> Response:
    """Read a request, answer it under the lock, and add Jira's headers."""
    body, files = b"", []
    if "multipart/form-data" in request.headers.get("content-type", ""):
        async with request.form() as form:
            uploads = [item for item in form.getlist("file") if isinstance(item, UploadFile)]
            files = [(item.filename or "", await item.read(), item.content_type or "") for item in uploads]
    else:
        body = await request.body()
    with state.frame.lock:
        call = Call(state, request, body, files)
        limits: dict[str, str] = {}
        try:
            call.identify(template)
            limits = state.limits.count(call.method, template)
            response = pure(call)
        except JiraError as error:
            response = _error(call, error)
        except TooMany as error:
            response, limits = _error(call, JiraError(429, str(error))), error.headers
        for name, value in {**_headers(state, call), **limits}.items():
            response.headers.setdefault(name, value)
        if response.media_type == "application/json":
            response.headers["content-type"] = JSON
    return response


def page(items: list[Any], name: str, start: int, size: int) -> dict[str, Any]:
    """Return a page by offset."""
    return {"startAt": start, "maxResults": size, "total": len(items), name: items[start : start + size]}


def refusal(words: str) -> dict[str, Any]:
    """Return an error of the Service Management API (schema ErrorResponse); the key is inferred."""
    return {"errorMessage": words, "i18nErrorMessage": {"i18nKey": "sd.error", "parameters": []}}


def _error(call: Call, error: JiraError) -> Response:
    body: dict[str, Any] = {"errorMessages": list(error.messages), "errors": error.fields}
    if error.body is not None:
        body = error.body
    elif call.service_desk:
        words = str(error) or ", ".join(error.fields.values())
        body = refusal(words)
    elif error.status == 401:  # noqa: PLR2004  # a 401 has its own body
        body = {"message": str(error), "status-code": 401}
    return JSONResponse(body, error.status, headers=error.headers)


def _headers(state: JiraState, call: Call) -> Mapping[str, str]:
    trace = state.frame.hex_id(32)
    headers = {"X-AREQUESTID": state.frame.hex_id(32), "Atl-Traceid": trace}
    headers["Set-Cookie"] = f"atlassian.xsrf.token={trace}_lout; Path=/; SameSite=None; Secure"
    if call.account is not None:
        headers["X-AACCOUNTID" if state.cloud else "X-AUSERNAME"] = quote(state.account_id(call.account), safe="")
    elif call.caller.refused:
        headers["X-Seraph-LoginReason"] = "AUTHENTICATED_FAILED"
    return headers


def _document_text(node: dict[str, Any]) -> str:
    parts = [str(node.get("text", ""))]
    parts += [_document_text(item) for item in node.get("content") or [] if isinstance(item, dict)]
    return "".join(parts) + ("\n" if node.get("type") == "paragraph" else "")
