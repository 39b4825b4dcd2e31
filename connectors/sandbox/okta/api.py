"""The simulated Okta as a Starlette application: routes, credentials, rate limits, request ids and error answers.

A connector's calls get here what a real org would answer, refusals included.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox.okta.access import Access
from connectors.sandbox.okta.calls import Call, Credential, OktaError, Reply
from connectors.sandbox.okta.dpop import OAuthError
from connectors.sandbox.okta.endpoints import Endpoints
from connectors.sandbox.okta.events import digest
from connectors.sandbox.okta.instance import OktaState
from connectors.sandbox.okta.limits import Bucket
from connectors.sandbox.okta.mapping_endpoints import MappingEndpoints
from connectors.sandbox.okta.org_endpoints import OrgEndpoints

Handler = Callable[[Call], Reply]


@dataclass(frozen=True)
class _Endpoint:
    """One route: its path template, the handler, the rate-limit bucket and the scope."""

    path: str
    handler: Handler
    bucket: Bucket
    scope: str | None  # what an access token needs; None: no scope grants access
    method: str = "GET"

    @property
    def internal(self) -> bool:
        """Say whether this is one of Okta's internal endpoints."""
        return self.path.startswith("/api/internal/")


def okta_app(state: OktaState) -> Starlette:
    """Return the application over `state`; every request holds the frame's lock."""
    return _Wire(state).application()


def _routes(state: OktaState) -> list[_Endpoint]:
    e, m, o = Endpoints(state), MappingEndpoints(state), OrgEndpoints(state)
    return [
        _Endpoint("/api/v1/users", e.users, "users", "okta.users.read"),
        _Endpoint("/api/v1/users/{id}", e.user, "user", "okta.users.read"),
        _Endpoint("/api/v1/users/{id}/groups", e.groups, "groups", "okta.groups.read"),
        _Endpoint("/api/v1/groups", e.all_groups, "all groups", "okta.groups.read"),
        _Endpoint("/api/v1/groups/{groupId}", e.group, "all groups", "okta.groups.read"),
        _Endpoint("/api/v1/groups/{groupId}/users", e.group_users, "all groups", "okta.groups.read"),
        _Endpoint("/api/v1/apps", e.apps, "apps", "okta.apps.read"),
        _Endpoint("/api/v1/apps/{appId}", e.app, "app", "okta.apps.read"),
        _Endpoint("/api/v1/apps/{appId}/users", e.app_users, "app users", "okta.apps.read"),
        _Endpoint("/api/v1/apps/{appId}/users/{userId}", e.app_user, "app users", "okta.apps.read"),
        _Endpoint("/api/v1/apps/{appId}/user/types", m.app_user_types, "apps", None),
        _Endpoint("/api/v1/mappings", m.mappings, "mappings", "okta.profileMappings.read"),
        _Endpoint("/api/v1/mappings/{mappingId}", m.mapping, "mappings", "okta.profileMappings.read"),
        _Endpoint("/api/internal/v1/mappings/reapply", m.reapply, "reapply", None, method="PUT"),
        _Endpoint("/api/v1/meta/schemas/user/{schemaId}", m.user_schema, "schemas", "okta.schemas.read"),
        _Endpoint("/api/v1/meta/schemas/apps/{appId}/default", m.app_schema, "schemas", "okta.schemas.read"),
        _Endpoint("/api/v1/meta/types/user", m.user_types, "schemas", "okta.userTypes.read"),
        _Endpoint("/api/v1/meta/types/user/{typeId}", m.user_type, "schemas", "okta.userTypes.read"),
        _Endpoint("/api/v1/logs", o.logs, "logs", "okta.logs.read"),
        _Endpoint("/api/v1/agentPools", o.agent_pools, "agent pools", "okta.agentPools.read"),
        _Endpoint("/api/v1/org/privacy/oktaSupport/cases", o.support_cases, "support", "okta.orgs.read"),
    ]


class _Wire:
    """Passes requests to the endpoints and returns their replies."""

    def __init__(self, state: OktaState) -> None:
        self.state = state
        self.access = Access(state.frame, state.oauth)
        self.answers = 0

    def application(self) -> Starlette:
        """Return the application with all routes."""
        routes = [
            Route("/.well-known/okta-organization", self._locked(self._organization), methods=["GET"]),
            Route("/oauth2/v1/token", self._locked(self._token), methods=["POST"]),
            *(
                Route(item.path, self._locked(self._endpoint(item)), methods=[item.method])
                for item in _routes(self.state)
            ),
        ]
        return Starlette(routes=routes, exception_handlers={404: self._unknown_path, 405: self._wrong_method})

    def _locked(self, answer: Callable[[Request, bytes], Response]) -> Callable[[Request], Awaitable[Response]]:
        async def run(request: Request) -> Response:
            body = await request.body()
            with self.state.frame.lock:
                self.state.settle()
                return answer(request, body)

        return run

    def _organization(self, request: Request, _body: bytes) -> Response:
        """Answer without credentials or rate limits, as real orgs do (inferred)."""
        headers = self._headers()
        return self._sent(OrgEndpoints(self.state).organization(_call(request, "none", headers)), headers)

    def _token(self, request: Request, body: bytes) -> Response:
        headers = self._headers()
        form = dict(parse_qsl(body.decode("utf-8", "replace")))
        try:
            self._counted("token", "anonymous", request, headers)
            answer = self.state.oauth.issue(form, str(request.url.replace(query="")), request.headers.get("DPoP"))
        except OAuthError as error:
            if error.nonce is not None:
                headers["DPoP-Nonce"] = error.nonce
            return JSONResponse(error.body(_error_id(headers)), status_code=error.status, headers=headers)
        except OktaError as error:
            return self._refuse(error, headers)
        return JSONResponse(answer, headers=headers)

    def _endpoint(self, endpoint: _Endpoint) -> Callable[[Request, bytes], Response]:
        def answer(request: Request, _body: bytes) -> Response:
            headers = self._headers()
            try:
                caller = self.access.caller(request, scope=endpoint.scope, internal=endpoint.internal)
                self._counted(endpoint.bucket, caller.principal, request, headers)
                return self._sent(endpoint.handler(_call(request, caller.credential, headers)), headers)
            except OktaError as error:
                return self._refuse(error, headers)

        return answer

    def _counted(self, bucket: Bucket, principal: str, request: Request, headers: dict[str, str]) -> None:
        limits = self.state.limits
        quota = limits.concurrent(request.scope.get("state", {}).get("under_way", 1))
        quota = quota or limits.count(bucket, principal)
        headers |= quota.headers() if quota else {}
        if quota and quota.exceeded:
            raise OktaError("E0000047")

    def _sent(self, reply: Reply, headers: dict[str, str]) -> Response:
        response = Response(headers=headers) if reply.body is None else JSONResponse(reply.body, headers=headers)
        for link in reply.links:
            response.headers.append("Link", link)
        return response

    def _headers(self) -> dict[str, str]:
        self.answers += 1
        request_id = digest(self.state.frame.seed, "request", self.answers)[:32]
        return {"X-Okta-Request-Id": request_id, "Cache-Control": "no-cache, no-store", "Pragma": "no-cache"}

    def _refuse(self, error: OktaError, headers: dict[str, str]) -> Response:
        if error.challenge is not None:
            return Response(status_code=error.status, headers=headers | {"WWW-Authenticate": error.challenge})
        return JSONResponse(error.body(_error_id(headers)), status_code=error.status, headers=headers)

    async def _unknown_path(self, request: Request, _error: Exception) -> Response:
        with self.state.frame.lock:
            return self._refuse(OktaError("E0000007", f"{request.url.path} (Path)"), self._headers())

    async def _wrong_method(self, _request: Request, _error: Exception) -> Response:
        with self.state.frame.lock:
            return self._refuse(OktaError("E0000022"), self._headers())


def _call(request: Request, credential: Credential, headers: dict[str, str]) -> Call:
    return Call(
        base=str(request.base_url).rstrip("/"),
        path=request.url.path,
        params=request.path_params,
        query=dict(request.query_params),
        credential=credential,
        request_id=headers["X-Okta-Request-Id"],
    )


def _error_id(headers: dict[str, str]) -> str:
    return f"oae{digest(headers['X-Okta-Request-Id'])[:22]}"
