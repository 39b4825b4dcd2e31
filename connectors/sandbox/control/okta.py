"""The control server's commands for the Okta org: users, directories and org-wide settings."""

from __future__ import annotations

from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connectors.sandbox.control.checks import TEXT_OR_NULL, Json, one_of, only, texts
from connectors.sandbox.okta.instance import OktaState
from connectors.sandbox.okta.views import directory_view
from connectors.sandbox.okta.world import App, MasterType, PushStatus
from connectors.sandbox.okta.world import Scope as LinkScope

AGENTS = ("OPERATIONAL", "DEGRADED", "DISRUPTED", "INACTIVE")
NULL = type(None)


class OktaCommands:
    """Commands on the org; the caller holds the frame's lock."""

    def __init__(self, okta: OktaState) -> None:
        self._okta = okta

    def user(self, request: Request, asked: Json) -> Response:
        """Set a user's three copies, and anything else about the user."""
        id, okta = request.path_params["id"], self._okta
        asked = only(
            asked,
            profile=dict,
            directories=list,
            status=str,
            stuck=bool,
            reject=TEXT_OR_NULL,
            by=str,
            overwrite_next=dict,
            sign_in=str,
            open_profile=bool,
            groups=list,
        )
        okta.user(id)
        entries = [self._entry(id, entry) for entry in asked.get("directories", [])]
        groups = texts("groups", asked.get("groups", []))
        if "sign_in" in asked:
            okta.link(id, okta.directory(asked["sign_in"]).id)
        okta.set_user(id, profile=None if "by" in asked else asked.get("profile"), directories=entries)
        if "by" in asked:
            okta.actors.update(id, asked.get("profile", {}), by=asked["by"])
        if "status" in asked:
            okta.actors.status(id, asked["status"])
        if "stuck" in asked:
            okta.stuck(id, stuck=asked["stuck"])
        if "reject" in asked:
            okta.reject(id, asked["reject"])
        if "overwrite_next" in asked:
            okta.actors.overwrite_next(id, asked["overwrite_next"])
        for name in groups:
            okta.actors.group(name, [id])
        if "sign_in" in asked:
            okta.actors.sign_in(id, asked["sign_in"])
        if asked.get("open_profile"):
            okta.actors.open_profile(id)
        return JSONResponse(okta.shown(id))

    def _entry(self, user_id: str, entry: Any) -> Json:
        """Check one directory of a user, update its link, and return the entry for `set_user`."""
        entry = only(entry, app_id=str, source=dict, app_user=dict, scope=str, status=str, sync_state=str, skipped=bool)
        if "app_id" not in entry:
            raise ValueError("directories: every entry needs an app_id")
        app = self._okta.source(entry["app_id"])
        if app.id not in self._okta.user(user_id).links:
            self._okta.assign(user_id, app.id)
        link = self._okta.link(user_id, app.id)
        if "scope" in entry:
            one_of("scope", entry["scope"], get_args(LinkScope))
        for name in ("scope", "status", "sync_state", "skipped"):
            if name in entry:
                setattr(link, name, entry[name])
        return {name: entry[name] for name in ("app_id", "source", "app_user") if name in entry}

    def directory(self, request: Request, asked: Json) -> Response:
        """Change a directory integration, and run or stop its imports."""
        try:
            app = self._okta.directory(request.path_params["app_id"])
        except ValueError as error:
            raise KeyError(str(error)) from None
        asked = only(
            asked,
            status=str,
            features=list,
            agents=str,
            mapping=dict,
            roadblock=bool,
            approved=list,
            **{"import": bool},
        )
        if "agents" in asked:
            one_of("agents", asked["agents"], AGENTS)
        rows = {attribute: _row(attribute, row) for attribute, row in asked.get("mapping", {}).items()}
        features = tuple(texts("features", asked.get("features", list(app.features))))
        approved = texts("approved", asked.get("approved", []))
        known = sorted({name for kind in self._okta.user_types.values() for name in kind.schema})
        for attribute in approved:
            one_of("approved", attribute, known)
        self._settle(app, asked, features)
        app.approved |= set(approved)
        for attribute, (expression, push_status) in rows.items():
            self._okta.set_mapping(app.id, attribute, expression, push_status)
        return JSONResponse(directory_view(app))

    def _settle(self, app: App, asked: Json, features: tuple[str, ...]) -> None:
        imports = self._okta.imports
        app.status, app.features = asked.get("status", app.status), features
        if "agents" in asked:
            imports.agents(app.id, asked["agents"])
        if asked.get("roadblock") is True:
            imports.roadblock(app.id)
        elif asked.get("roadblock") is False:
            imports.resume()
        if asked.get("import"):
            imports.run(app.id)

    def org(self, _request: Request, asked: Json) -> Response:
        """Set the attributes' source priorities and limits, user types, pools and support cases."""
        asked = only(
            asked,
            attributes=dict,
            user_types=list,
            odd_pools=list,
            support_cases=list,
            bare_support_cases=bool,
            add_source=str,
            profile_sources=list,
        )
        okta = self._okta
        if asked.get("add_source"):
            okta.add_source(asked["add_source"])
        if "profile_sources" in asked:
            okta.order_sources(texts("profile_sources", asked["profile_sources"]))
        for attribute, rules in asked.get("attributes", {}).items():
            self._attribute(attribute, rules)
        for name in texts("user_types", asked.get("user_types", [])):
            okta.add_user_type(name)
        if "odd_pools" in asked:
            okta.odd_pools[:] = texts("odd_pools", asked["odd_pools"])
        if "support_cases" in asked:
            okta.support_cases[:] = asked["support_cases"]
        okta.bare_support_cases = asked.get("bare_support_cases", okta.bare_support_cases)
        kinds = [{"id": kind.id, "name": kind.name, "default": kind.default} for kind in okta.user_types.values()]
        sources = [{"app_id": app.id, "label": app.label} for app in okta.sources()]
        return JSONResponse({"user_types": kinds, "profile_sources": sources})

    def _attribute(self, attribute: str, asked: Any) -> None:
        rules = only(
            asked,
            master=TEXT_OR_NULL,
            priority=list,
            required=bool,
            min_length=(int, NULL),
            max_length=(int, NULL),
            enum=list,
        )
        schemas = [kind.schema for kind in self._okta.user_types.values()]
        if any(attribute not in schema for schema in schemas):
            raise ValueError(f"attributes: found {attribute!r}; allowed: {', '.join(schemas[0])}")
        if "master" in rules:
            if rules["master"] is not None:
                one_of("master", rules["master"], get_args(MasterType))
            priority = texts("priority", rules.get("priority", []))
            self._okta.set_master(attribute, rules["master"], tuple(priority))
        if "enum" in rules:
            rules["enum"] = tuple(texts("enum", rules["enum"]))
        for schema in schemas:
            for name in ("required", "min_length", "max_length", "enum"):
                if name in rules:
                    setattr(schema[attribute], name, rules[name])

    def service_app(self, _request: Request, asked: Json) -> Response:
        """Register a service app by its public keys."""
        asked = only(asked, client_id=str, keys=list, scopes=list, dpop=bool, role=bool)
        if "scopes" in asked:
            texts("scopes", asked["scopes"])
        client_id, keys = asked.pop("client_id", ""), asked.pop("keys", [])
        if not all(isinstance(key, dict) for key in keys):
            raise ValueError("keys: expected a list of public JWKs")
        self._okta.oauth.register(client_id, keys, **asked)
        return JSONResponse({"client_id": client_id}, 201)

    def revoke(self, _request: Request, _asked: Json) -> Response:
        """Revoke all issued access tokens."""
        self._okta.oauth.revoke()
        return Response(status_code=204)


def _row(attribute: str, row: Any) -> tuple[str | None, PushStatus]:
    if row is None:
        return None, "PUSH"
    held = only(row, expression=str, push_status=str)
    if "expression" not in held:
        raise ValueError(f"mapping: {attribute}: expected an expression, or null for none")
    push: PushStatus = held.get("push_status", "PUSH")
    one_of("push_status", push, get_args(PushStatus))
    return held["expression"], push
