"""The simulated Okta's endpoints for users, groups, apps and app users.

Only what the connector may call is here. Mappings are in mapping_endpoints.py, the org's records in org_endpoints.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from connectors.sandbox.okta import shapes
from connectors.sandbox.okta.calls import Call, OktaError, Reply, condition, not_found, paged
from connectors.sandbox.okta.filters import OneOf, Test, values_at
from connectors.sandbox.okta.instance import OktaState
from connectors.sandbox.okta.world import App, Group, User
from connectors.sandbox.wire.frame import iso

_USER_FILTER = frozenset(
    {"id", "status", "lastUpdated", "profile.login", "profile.email", "profile.firstName", "profile.lastName"}
)
_USER_SEARCH = frozenset({"id", "status", "created", "lastUpdated", "type.id"})
_APP_FILTER = frozenset({"id", "status", "name", "user.id"})


def app_of(state: OktaState, call: Call) -> App:
    """Return the app named in the path."""
    app = state.apps.get(call.params["appId"])
    if app is None:
        raise not_found(call.params["appId"], "AppInstance")
    return app


class Endpoints:
    """The endpoints over one state; each takes a call and returns a reply or raises `OktaError`."""

    def __init__(self, state: OktaState) -> None:
        self.state = state

    def user(self, call: Call) -> Reply:
        """Answer GET /api/v1/users/{id}, by id or login."""
        return Reply(shapes.user_json(self.state, self._user(call.params["id"]), call.base))

    def groups(self, call: Call) -> Reply:
        """Answer GET /api/v1/users/{id}/groups; the list is not paged."""
        user = self._user(call.params["id"])
        found = [group for group in self.state.groups.values() if user.id in group.members]
        return Reply([shapes.group_json(group, call.base) for group in found], [call.link("self")])

    def group(self, call: Call) -> Reply:
        """Answer GET /api/v1/groups/{groupId}."""
        return Reply(shapes.group_json(self._group(call.params["groupId"]), call.base))

    def group_users(self, call: Call) -> Reply:
        """Answer GET /api/v1/groups/{groupId}/users."""
        held = self._group(call.params["groupId"]).members
        found = [user for user in self.state.people.values() if user.id in held]

        def shape(user: User) -> dict[str, Any]:
            return shapes.user_json(self.state, user, call.base)

        return paged(call, found, default=1000, most=1000, key=lambda user: user.id, shape=shape)

    def _group(self, group_id: str) -> Group:
        if group_id not in self.state.groups:
            raise not_found(group_id, "UserGroup")
        return self.state.groups[group_id]

    def all_groups(self, call: Call) -> Reply:
        """Answer GET /api/v1/groups; `q` is a prefix of the name, and exact matches come first.

        https://developer.okta.com/docs/reference/api/groups/
        """
        wanted = call.query.get("q", "").lower()
        found = [group for group in self.state.groups.values() if group.name.lower().startswith(wanted)]
        found.sort(key=lambda group: group.name.lower() != wanted)

        def shape(group: Group) -> dict[str, Any]:
            return shapes.group_json(group, call.base)

        return paged(call, found, default=10000, most=10000, key=lambda group: group.id, shape=shape)

    def users(self, call: Call) -> Reply:
        """Answer GET /api/v1/users; without a filter, deactivated users are omitted."""
        tests: list[Test] = []
        if "search" in call.query:
            tests.append(condition(call.query["search"], attributes=_USER_SEARCH, prefixes=("profile.",)))
        if "filter" in call.query:
            tests.append(condition(call.query["filter"], attributes=_USER_FILTER))
        users = self._candidates(tests)
        found = [user for user in users if all(self._user_passes(test, user) for test in tests)]
        if not tests:
            found = [user for user in found if user.status != "DEPROVISIONED"]
        prefix = call.query.get("q", "").lower()
        found = [user for user in found if _begins(prefix, user.profile, ("firstName", "lastName", "email"))]

        def shape(user: User) -> dict[str, Any]:
            return shapes.user_json(self.state, user, call.base)

        return paged(call, found, default=200, most=200, key=lambda user: user.id, shape=shape)

    def app(self, call: Call) -> Reply:
        """Answer GET /api/v1/apps/{appId}."""
        return Reply(shapes.app_json(self.state, app_of(self.state, call), call.base))

    def apps(self, call: Call) -> Reply:
        """Answer GET /api/v1/apps; `expand=user/{id}` embeds the app user and needs the filter `user.id eq`."""
        if any(user_id in call.query.get("filter", "") for user_id in self.state.forbidden):
            raise OktaError("E0000006")
        test = condition(call.query["filter"], attributes=_APP_FILTER) if "filter" in call.query else None
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
        app, user_id = app_of(self.state, call), call.params["userId"]
        if user_id in self.state.forbidden:
            raise OktaError("E0000006")
        if user_id not in app.members:
            raise not_found(user_id, "AppUser")
        return Reply(self._app_user(call, app, self.state.people[user_id]))

    def app_users(self, call: Call) -> Reply:
        """Answer GET /api/v1/apps/{appId}/users."""
        app, prefix = app_of(self.state, call), call.query.get("q", "").lower()
        names = ("userName", "firstName", "lastName", "email", "mail")
        members = [self.state.people[user_id] for user_id in app.members]
        found = [user for user in members if _begins(prefix, user.links[app.id].profile, names)]

        def shape(user: User) -> dict[str, Any]:
            return self._app_user(call, app, user)

        return paged(call, found, default=50, most=500, key=lambda user: user.id, shape=shape)

    def _user(self, id_or_login: str) -> User:
        user = self.state.find_user(id_or_login) or self.state.find_by_short_name(id_or_login)
        if user is None:
            raise not_found(id_or_login, "User")
        return user

    def _app_user(self, call: Call, app: App, user: User) -> dict[str, Any]:
        answer = shapes.app_user_json(app, user, call.base)
        if call.query.get("expand") == "user":
            answer["_embedded"] = {"user": shapes.user_json(self.state, user, call.base)}
        return answer

    def _app_passes(self, test: Test, app: App) -> bool:
        fields = {"id": app.id, "status": app.status, "name": app.name}
        return test(lambda path: list(app.members) if path == "user.id" else values_at(fields, path))

    def _candidates(self, tests: list[Test]) -> Iterable[User]:
        """Return the users who may pass, in order: where a test wants ids or values, those who have one."""
        people = self.state.people
        for test in tests:
            if isinstance(test, OneOf) and all(name == "id" or name.startswith("profile.") for name in test.wanted):
                ids = set[str]()
                for name, values in test.wanted.items():
                    ids |= values if name == "id" else self.state.holders(name.removeprefix("profile."), values)
                return [user for user_id, user in people.items() if user_id in ids]
        return people.values()

    def _user_passes(self, test: Test, user: User) -> bool:
        return test(partial(_values, user))


def _values(user: User, path: str) -> list[Any]:
    kind, _, name = path.partition(".")
    match kind:
        case "profile":
            held = user.profile.get(name)
            return held if isinstance(held, list) else [held]
        case "type":
            return [user.type_id]
        case "created":
            return [iso(user.created)]
        case "lastUpdated":
            return [iso(user.last_updated)]
        case _:
            return [user.id if kind == "id" else user.status]


def _begins(prefix: str, held: dict[str, Any], names: tuple[str, ...]) -> bool:
    return not prefix or any(str(held.get(name, "")).lower().startswith(prefix) for name in names)
