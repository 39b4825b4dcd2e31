"""The simulated ServiceNow as a Starlette application: routes, credentials, rate limits, headers and error answers.

https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html,
https://www.servicenow.com/docs/r/api-reference/rest-apis/c_AttachmentAPI.html,
https://www.servicenow.com/docs/r/api-reference/rest-api-explorer/r_RESTAPIHTTPResponseCodes.html.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from connectors.sandbox.servicenow import quirks
from connectors.sandbox.servicenow.attachment_api import AttachmentApi
from connectors.sandbox.servicenow.calls import JSON, Call, form, refusal
from connectors.sandbox.servicenow.errors import SnowError, aborted
from connectors.sandbox.servicenow.instance import ServiceNowState
from connectors.sandbox.servicenow.limits import HourlyRule, RateLimitedError
from connectors.sandbox.servicenow.table_api import TableApi

Handler = Callable[[Call, "quirks.Kind | None"], Response]
_NOT_AUTHENTICATED = SnowError(401, "User Not Authenticated", "Required to provide Auth information")
_NO_RESOURCE = SnowError(400, "Requested URI does not represent any resource")
_NO_METHOD = SnowError(405, "Method not supported", "Method not supported")


def servicenow_app(state: ServiceNowState) -> Starlette:
    """Return the application over `state`; every request holds the frame's lock."""
    return _Wire(state).application()


class _Wire:
    """Passes requests to the endpoints and returns their answers."""

    def __init__(self, state: ServiceNowState) -> None:
        self.state = state
        self.rule = HourlyRule(state.frame, state.switches)

    def application(self) -> Starlette:
        """Return the application with all routes."""
        table, files = TableApi(self.state), AttachmentApi(self.state)
        routes = [
            Route("/oauth_token.do", self._token, methods=["POST"]),
            Route(quirks.LOGIN_PATH, self._login, methods=["GET", "POST"]),
        ]
        for prefix in ("/api/now", "/api/now/{version}"):
            routes += [
                self._route(f"{prefix}/table/{{table}}", table.many, "GET", "POST"),
                self._route(f"{prefix}/table/{{table}}/{{sys_id}}", table.single, "GET", "PATCH", "PUT", "DELETE"),
                self._route(f"{prefix}/attachment", files.many, "GET"),
                self._route(f"{prefix}/attachment/file", files.upload, "POST"),
                self._route(f"{prefix}/attachment/{{sys_id}}", files.single, "GET", "PATCH", "DELETE"),
                self._route(f"{prefix}/attachment/{{sys_id}}/file", files.download, "GET"),
            ]
        handlers = {404: self._refusing(_NO_RESOURCE), 405: self._refusing(_NO_METHOD)}
        packed = Middleware(GZipMiddleware, minimum_size=500, compresslevel=1)
        return Starlette(routes=routes, exception_handlers=handlers, middleware=[packed])

    def _route(self, path: str, handler: Handler, *methods: str) -> Route:
        async def endpoint(request: Request) -> Response:
            body = await request.body()
            with self.state.frame.lock:
                self.state.settle()
                response = self._answer(handler, request, body)
                self._sign(response)
                return response

        return Route(path, endpoint, methods=list(methods))

    def _answer(self, handler: Handler, request: Request, body: bytes) -> Response:
        """Answer a call with the platform's order of checks: credentials, rate limit, media type, then the request."""
        user = self.state.accounts.caller(request.headers)
        if user is None:
            return refusal(_NOT_AUTHENTICATED, JSON, self.state.accounts.challenge(request.headers))
        table = request.path_params.get("table")
        headers: dict[str, str] = {}
        try:
            headers = self.rule.count(f"{request.method} {request.url.path}") if table else {}
            form(request.headers)
            quirk = self.state.quirks.take(request.method, table, single="sys_id" in request.path_params)
            self.state.frame.faults_hit += quirk is not None
            response = self._strange(quirk, table or "sys_attachment") or handler(Call(request, body, user), quirk)
        except RateLimitedError as error:
            return refusal(error, _form(request), error.headers)
        except SnowError as error:
            return refusal(error, _form(request), headers)
        response.headers.update(headers)
        self._people(quirk, request, user)
        return response

    def _strange(self, quirk: quirks.Kind | None, table: str) -> Response | None:
        """Return the answer of an instance that does not do what it was asked to."""
        if quirk == "aborted":
            raise aborted(table, "Sandbox guard", self.state.frame.hex_id())
        if quirk == "hibernating":
            return Response(quirks.HIBERNATING, media_type="text/html")
        return RedirectResponse(f"{quirks.LOGIN_PATH}?glide_sso_id=x", 302) if quirk == "login" else None

    def _people(self, quirk: quirks.Kind | None, request: Request, user: str) -> None:
        """Change a ticket as a person, just after the worker read it."""
        if quirk not in {"person_writes", "person_takes"} or user != self.state.frame.credentials.servicenow_user:
            return
        table, sys_id = request.path_params["table"], request.path_params.get("sys_id", "")
        person = self.state.one("sys_user", "user_name", "tag.owner@example.com")
        changes = {"work_notes": "I have a look at this as well."}
        if quirk == "person_takes":
            changes = {"assigned_to": person["sys_id"], "state": "2"}
        if sys_id in self.state.stories:
            self.state.update(table, sys_id, changes, person["user_name"])

    async def _token(self, request: Request) -> Response:
        body = await request.body()
        with self.state.frame.lock:
            response = self.state.accounts.token(request, body)
            self._sign(response)
            return response

    async def _login(self, request: Request) -> Response:
        with self.state.frame.lock:
            if {"authorization", "x-sn-apikey"} & set(request.headers):
                detail = f"{request.method} {quirks.LOGIN_PATH}"
                self.state.frame.violate("servicenow", "redirect followed with credentials", detail)
        return Response(quirks.LOGIN, media_type="text/html")

    def _refusing(self, error: SnowError) -> Callable[[Request, Exception], Any]:
        async def refuse(request: Request, _error: Exception) -> Response:
            with self.state.frame.lock:
                response = refusal(error, _form(request))
                self._sign(response)
                return response

        return refuse

    def _sign(self, response: Response) -> None:
        response.headers["Server"] = "ServiceNow"
        response.headers["X-Transaction-ID"] = self.state.frame.hex_id(12)
        response.headers.setdefault("X-Is-Logged-In", "true")
        response.headers["Server-Timing"] = "wall, sem_wait, sesh_wait"
        response.set_cookie("glide_user_route", f"glide.{self.state.instance_id}", httponly=True)


def _form(request: Request) -> str:
    try:
        return form(request.headers)
    except SnowError:
        return JSON
