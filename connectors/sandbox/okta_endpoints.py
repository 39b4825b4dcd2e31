"""What each endpoint of the simulated Okta answers, as plain functions over the state.

Only what the product may call is here, with the refusals that teach it the traps: a list of mappings without their
properties, an app's id where its user type's id is wanted, an OAuth token at an internal endpoint.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from connectors.sandbox import okta_shapes as shapes
from connectors.sandbox.frame import iso
from connectors.sandbox.okta_calls import Call, OktaError, Reply, not_found, paged
from connectors.sandbox.okta_filters import FilterError, Test, parse_filter, values_at
from connectors.sandbox.okta_state import OktaState
from connectors.sandbox.okta_world import App, User

_USER_FILTER = frozenset(
    {"id", "status", "lastUpdated", "profile.login", "profile.email", "profile.firstName", "profile.lastName"}
)
_USER_SEARCH = frozenset({"id", "status", "created", "lastUpdated", "type.id"})
_APP_FILTER = frozenset({"id", "status", "name", "user.id"})
_LOG_FILTER = ("actor.", "client.", "eventType", "outcome.", "severity", "target.", "transaction.", "uuid", "published")
_LOG_KEPT = timedelta(days=180)  # an older `since` is refused
_POOL_TYPES = frozenset({"AD", "IWA", "LDAP", "MFA", "OPP", "RUM", "Radius"})
_WRONG_KIND = "Invalid source or target id. Source or target id must be of either App Instance or UserType id"


def _test(text: str, *, attributes: Collection[str] = (), prefixes: tuple[str, ...] = ()) -> Test:
    try:
        return parse_filter(text, attributes=attributes, prefixes=prefixes)
    except FilterError as error:
        raise OktaError("E0000031", "", str(error)) from None


class Endpoints:
    """The endpoints over one state; each takes a call and returns a reply or raises `OktaError`."""

    def __init__(self, state: OktaState) -> None:
        self.state = state

    def organization(self, call: Call) -> Reply:
        """Answer GET /.well-known/okta-organization."""
        links = {"organization": {"href": call.base}}
        return Reply({"id": self.state.org_id, "pipeline": "idx", "_links": links})

    def user(self, call: Call) -> Reply:
        """Answer GET /api/v1/users/{id}, by id or login."""
        return Reply(shapes.user_json(self.state, self._user(call.params["id"]), call.base))

    def users(self, call: Call) -> Reply:
        """Answer GET /api/v1/users; without a condition, deactivated users are left out."""
        tests: list[Test] = []
        if "search" in call.query:
            tests.append(_test(call.query["search"], attributes=_USER_SEARCH, prefixes=("profile.",)))
        if "filter" in call.query:
            tests.append(_test(call.query["filter"], attributes=_USER_FILTER))
        found = [user for user in self.state.people.values() if all(self._user_passes(test, user) for test in tests)]
        if not tests:
            found = [user for user in found if user.status != "DEPROVISIONED"]
        prefix = call.query.get("q", "").lower()
        found = [user for user in found if _begins(prefix, user.profile, ("firstName", "lastName", "email"))]

        def shape(user: User) -> dict[str, Any]:
            return shapes.user_json(self.state, user, call.base)

        return paged(call, found, default=200, most=200, key=lambda user: user.id, shape=shape)

    def app(self, call: Call) -> Reply:
        """Answer GET /api/v1/apps/{appId}."""
        return Reply(shapes.app_json(self.state, self._app(call), call.base))

    def apps(self, call: Call) -> Reply:
        """Answer GET /api/v1/apps; `expand=user/{id}` embeds the app user and needs the filter `user.id eq`."""
        test = _test(call.query["filter"], attributes=_APP_FILTER) if "filter" in call.query else None
        prefix = call.query.get("q", "").lower()
        found = []
        for app in self.state.apps.values():
            if test is not None and not self._app_passes(test, app):
                continue
            if app.name.lower().startswith(prefix) or app.label.lower().startswith(prefix):
                found.append(app)
        expanded = call.query.get("expand", "").removeprefix("user/")
        if expanded and "user.id" not in call.query.get("filter", ""):
            raise OktaError("E0000001", "expand", "expand: user/{id} must be used with the filter user.id eq")

        def shape(app: App) -> dict[str, Any]:
            answer = shapes.app_json(self.state, app, call.base)
            if expanded in app.members:
                answer["_embedded"] = {"user": shapes.app_user_json(app, self._user(expanded), call.base)}
            return answer

        return paged(call, found, default=20, most=200, key=lambda app: app.id, shape=shape)

    def app_user(self, call: Call) -> Reply:
        """Answer GET /api/v1/apps/{appId}/users/{userId}: 404 where the user is not linked."""
        app, user_id = self._app(call), call.params["userId"]
        if user_id not in app.members:
            raise not_found(user_id, "AppUser")
        return Reply(self._app_user(call, app, self.state.people[user_id]))

    def app_users(self, call: Call) -> Reply:
        """Answer GET /api/v1/apps/{appId}/users."""
        app, prefix = self._app(call), call.query.get("q", "").lower()
        names = ("userName", "firstName", "lastName", "email", "mail")
        members = [self.state.people[user_id] for user_id in app.members]
        found = [user for user in members if _begins(prefix, user.links[app.id].profile, names)]

        def shape(user: User) -> dict[str, Any]:
            return self._app_user(call, app, user)

        return paged(call, found, default=50, most=500, key=lambda user: user.id, shape=shape)

    def app_user_types(self, call: Call) -> Reply:
        """Answer GET /api/v1/apps/{appId}/user/types, undocumented; one type is inferred to be the usual case."""
        return Reply([shapes.app_user_type_json(self._app(call), call.base)])

    def mappings(self, call: Call) -> Reply:
        """Answer GET /api/v1/mappings; ids that are neither an app's nor a user type's are a 400."""
        wanted = {side: call.query[f"{side}Id"] for side in ("source", "target") if f"{side}Id" in call.query}
        for id in wanted.values():
            if not id.startswith("0oa") and id != self.state.user_type_id:
                raise OktaError("E0000001", "mapping", _WRONG_KIND)
        found = []
        for app in self.state.apps.values():
            for to_okta in (True, False):
                mapping = shapes.mapping_json(self.state, app, call.base, to_okta=to_okta, properties=False)
                if all(mapping[side]["id"] == id for side, id in wanted.items()):
                    found.append(mapping)
        return paged(call, found, default=20, most=200, key=lambda mapping: str(mapping["id"]), shape=lambda m: m)

    def mapping(self, call: Call) -> Reply:
        """Answer GET /api/v1/mappings/{mappingId}, with `properties`."""
        id = call.params["mappingId"]
        for app in self.state.apps.values():
            if id in (app.to_okta_id, app.to_app_id):
                to_okta = id == app.to_okta_id
                body = shapes.mapping_json(self.state, app, call.base, to_okta=to_okta, properties=True)
                return Reply(body)
        raise not_found(id, "ProfileMapping")

    def reapply(self, call: Call) -> Reply:
        """Answer PUT /api/internal/v1/mappings/reapply, Okta's undocumented Force Sync.

        Source and target are the ids of user types, never of apps; only an SSWS token may call it:
        https://github.com/okta/terraform-provider-okta/issues/972. Status and empty body are inferred: no recording
        of an answer is public. So are the errors for wrong ids.
        """
        if call.credential == "oauth":
            raise OktaError("E0000005")
        if call.credential != "sync":
            raise OktaError("E0000006")
        source, target = call.query.get("source", ""), call.query.get("target", "")
        if not source or not target:
            raise OktaError("E0000001", "reapply", "source and target: expected the ids of two user types")
        by_type = {app.type_id: app for app in self.state.apps.values()}
        for id in (source, target):
            if id in self.state.apps:
                raise OktaError("E0000001", "reapply", f"{id} is an app instance, expected the id of its user type")
            if id not in by_type and id != self.state.user_type_id:
                raise not_found(id, "UserType")
        if target == self.state.user_type_id and source in by_type:
            self.state.reapply(by_type[source].id, call.request_id)
        elif source == self.state.user_type_id and target in by_type:
            detail = f"{by_type[target].label}: reapplied from Okta to the directory"
            self.state.frame.violate("okta", "Force Sync in the wrong direction", detail)
        else:
            raise OktaError("E0000001", "reapply", "source and target: expected an app's user type and the org's")
        return Reply(None)

    def user_schema(self, call: Call) -> Reply:
        """Answer GET /api/v1/meta/schemas/user/{schemaId}, also for `default`."""
        if call.params["schemaId"] not in (self.state.user_schema_id, "default"):
            raise not_found(call.params["schemaId"], "Schema")
        return Reply(shapes.user_schema_json(self.state, call.base))

    def app_schema(self, call: Call) -> Reply:
        """Answer GET /api/v1/meta/schemas/apps/{appId}/default."""
        return Reply(shapes.app_schema_json(self._app(call), call.base))

    def user_types(self, call: Call) -> Reply:
        """Answer GET /api/v1/meta/types/user."""
        return Reply([shapes.user_type_json(self.state, call.base)])

    def user_type(self, call: Call) -> Reply:
        """Answer GET /api/v1/meta/types/user/{typeId}, also for `default`."""
        if call.params["typeId"] not in (self.state.user_type_id, "default"):
            raise not_found(call.params["typeId"], "UserType")
        return Reply(shapes.user_type_json(self.state, call.base))

    def logs(self, call: Call) -> Reply:
        """Answer GET /api/v1/logs: the last seven days by default, always with a `next` link.

        https://developer.okta.com/docs/reference/system-log-query/
        """
        now = self.state.frame.clock()
        until = call.moment("until") or now + timedelta(milliseconds=1)  # what happened this instant counts
        since = call.moment("since") or until - timedelta(days=7)
        if since < now - _LOG_KEPT:
            raise OktaError("E0000001", "since", f"since: {iso(since)} is more than 180 days ago")
        order = call.query.get("sortOrder", "ASCENDING")
        if order not in ("ASCENDING", "DESCENDING"):
            raise OktaError("E0000001", "sortOrder", f"sortOrder: found {order!r}, expected ASCENDING or DESCENDING")
        test = _test(call.query["filter"], prefixes=_LOG_FILTER) if "filter" in call.query else None
        page = self.state.log.page(
            since=since,
            until=until,
            wanted=lambda event: test is None or test(lambda path: values_at(event, path)),
            keywords=call.query.get("q", "").split(),
            limit=call.number("limit", 100, least=0, most=1000),
            after=call.number("after", 0, least=-1, most=10**9) if "after" in call.query else None,
            descending=order == "DESCENDING",
        )
        return Reply(page.events, [call.link("self"), call.link("next", after=page.cursor)])

    def agent_pools(self, call: Call) -> Reply:
        """Answer GET /api/v1/agentPools."""
        wanted = call.query.get("poolType")
        if wanted is not None and wanted not in _POOL_TYPES:
            raise OktaError(
                "E0000001", "poolType", f"poolType: found {wanted!r}, expected one of {sorted(_POOL_TYPES)}"
            )
        most = call.number("limitPerPoolType", 5, least=1, most=200)
        directories = [app for app in self.state.apps.values() if app.is_directory]
        pools = [shapes.agent_pool_json(self.state, app, call.base) for app in directories]
        types = sorted({pool["type"] for pool in pools} if wanted is None else {wanted})
        kept = [pool for type in types for pool in [pool for pool in pools if pool["type"] == type][:most]]
        return Reply(kept, [call.link("self")])

    def support_cases(self, _call: Call) -> Reply:
        """Answer GET /api/v1/org/privacy/oktaSupport/cases; no API opens a case."""
        return Reply({"supportCases": self.state.support_cases})

    def _user(self, id_or_login: str) -> User:
        user = self.state.find_user(id_or_login)
        if user is None:
            raise not_found(id_or_login, "User")
        return user

    def _app(self, call: Call) -> App:
        app = self.state.apps.get(call.params["appId"])
        if app is None:
            raise not_found(call.params["appId"], "AppInstance")
        return app

    def _app_user(self, call: Call, app: App, user: User) -> dict[str, Any]:
        answer = shapes.app_user_json(app, user, call.base)
        if call.query.get("expand") == "user":
            answer["_embedded"] = {"user": shapes.user_json(self.state, user, call.base)}
        return answer

    def _app_passes(self, test: Test, app: App) -> bool:
        fields = {"id": app.id, "status": app.status, "name": app.name, "user": {"id": app.members}}
        return test(lambda path: values_at(fields, path))

    def _user_passes(self, test: Test, user: User) -> bool:
        fields = {
            "id": user.id,
            "status": user.status,
            "created": iso(user.created),
            "lastUpdated": iso(user.last_updated),
            "type": {"id": self.state.user_type_id},
            "profile": user.profile,
        }
        return test(lambda path: values_at(fields, path))


def _begins(prefix: str, held: dict[str, Any], names: tuple[str, ...]) -> bool:
    return not prefix or any(str(held.get(name, "")).lower().startswith(prefix) for name in names)
