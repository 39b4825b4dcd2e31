"""The simulated Okta as a Starlette application: routes, credentials, rate limits, request ids and error answers.

Whatever the product's connector does over the wire meets here what a real org would do, refusals included.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox.okta_calls import Call, Credential, OktaError, Reply
from connectors.sandbox.okta_endpoints import Endpoints
from connectors.sandbox.okta_events import digest
from connectors.sandbox.okta_limits import Bucket, RateLimits
from connectors.sandbox.okta_state import OktaState

Handler = Callable[[Call], Reply]


@dataclass(frozen=True)
class _Endpoint:
    """One route: its path template, the handler, the rate-limit bucket (None: unlimited) and whether it is public."""

    path: str
    handler: Handler
    bucket: Bucket | None
    method: str = "GET"
    public: bool = False


def okta_app(state: OktaState) -> Starlette:
    """Return the application over `state`; every request holds the frame's lock while it works."""
    return _Wire(state).application()


def _routes(endpoints: Endpoints) -> list[_Endpoint]:
    return [
        _Endpoint("/.well-known/okta-organization", endpoints.organization, None, public=True),
        _Endpoint("/api/v1/users", endpoints.users, "users"),
        _Endpoint("/api/v1/users/{id}", endpoints.user, "user"),
        _Endpoint("/api/v1/apps", endpoints.apps, "apps"),
        _Endpoint("/api/v1/apps/{appId}", endpoints.app, "app"),
        _Endpoint("/api/v1/apps/{appId}/users", endpoints.app_users, "app users"),
        _Endpoint("/api/v1/apps/{appId}/users/{userId}", endpoints.app_user, "app users"),
        _Endpoint("/api/v1/apps/{appId}/user/types", endpoints.app_user_types, "apps"),
        _Endpoint("/api/v1/mappings", endpoints.mappings, "mappings"),
        _Endpoint("/api/v1/mappings/{mappingId}", endpoints.mapping, "mappings"),
        _Endpoint("/api/internal/v1/mappings/reapply", endpoints.reapply, "reapply", method="PUT"),
        _Endpoint("/api/v1/meta/schemas/user/{schemaId}", endpoints.user_schema, "schemas"),
        _Endpoint("/api/v1/meta/schemas/apps/{appId}/default", endpoints.app_schema, "schemas"),
        _Endpoint("/api/v1/meta/types/user", endpoints.user_types, "schemas"),
        _Endpoint("/api/v1/meta/types/user/{typeId}", endpoints.user_type, "schemas"),
        _Endpoint("/api/v1/logs", endpoints.logs, "logs"),
        _Endpoint("/api/v1/agentPools", endpoints.agent_pools, "agent pools"),
        _Endpoint("/api/v1/org/privacy/oktaSupport/cases", endpoints.support_cases, "support"),
    ]


class _Wire:
    """Carries calls to the endpoints and their replies back."""

    def __init__(self, state: OktaState) -> None:
        self.state = state
        self.limits = RateLimits(state.frame)
        self.answers = 0

    def application(self) -> Starlette:
        """Return the application with all routes."""
        routes = [self._route(endpoint) for endpoint in _routes(Endpoints(self.state))]
        return Starlette(routes=routes, exception_handlers={404: self._unknown_path, 405: self._wrong_method})

    def _route(self, endpoint: _Endpoint) -> Route:
        async def run(request: Request) -> Response:
            await request.body()
            with self.state.frame.lock:
                return self._answer(endpoint, request)

        return Route(endpoint.path, run, methods=[endpoint.method])

    def _answer(self, endpoint: _Endpoint, request: Request) -> Response:
        self.state.settle()
        headers = self._headers()
        try:
            reply = self._reply(endpoint, request, headers)
        except OktaError as error:
            return self._refuse(error, headers)
        response = Response(headers=headers) if reply.body is None else JSONResponse(reply.body, headers=headers)
        for link in reply.links:
            response.headers.append("Link", link)
        return response

    def _reply(self, endpoint: _Endpoint, request: Request, headers: dict[str, str]) -> Reply:
        credential = self._credential(request)
        if credential == "none" and not endpoint.public:
            raise OktaError("E0000011")
        if endpoint.bucket is not None:
            quota = self.limits.count(endpoint.bucket)
            headers |= quota.headers()
            if quota.exceeded:
                raise OktaError("E0000047")
        call = Call(
            base=str(request.base_url).rstrip("/"),
            path=request.url.path,
            params=request.path_params,
            query=dict(request.query_params),
            credential=credential,
            request_id=headers["X-Okta-Request-Id"],
        )
        return endpoint.handler(call)

    def _credential(self, request: Request) -> Credential:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        accepted = self.state.frame.credentials
        known: dict[tuple[str, str], Credential] = {
            ("ssws", accepted.okta_token): "read",
            ("ssws", accepted.okta_sync_token): "sync",
            ("bearer", accepted.okta_oauth_token): "oauth",
        }
        return known.get((scheme.lower(), token.strip()), "none")

    def _headers(self) -> dict[str, str]:
        self.answers += 1
        request_id = digest(self.state.frame.seed, "request", self.answers)[:32]
        return {"X-Okta-Request-Id": request_id, "Cache-Control": "no-cache, no-store", "Pragma": "no-cache"}

    def _refuse(self, error: OktaError, headers: dict[str, str]) -> Response:
        error_id = f"oae{digest(headers['X-Okta-Request-Id'])[:22]}"
        return JSONResponse(error.body(error_id), status_code=error.status, headers=headers)

    async def _unknown_path(self, request: Request, _error: Exception) -> Response:
        with self.state.frame.lock:
            return self._refuse(OktaError("E0000007", f"{request.url.path} (Path)"), self._headers())

    async def _wrong_method(self, _request: Request, _error: Exception) -> Response:
        with self.state.frame.lock:
            return self._refuse(OktaError("E0000022"), self._headers())
