"""The JSON of the simulated Okta's answers, made from its state; `base` is the address that the client called.

Shapes are those recorded from real orgs and described at https://developer.okta.com/docs/api/openapi/okta-management/.
Null is sent where recordings have it, also where the description leaves it out.
"""

from __future__ import annotations

from typing import Any

from connectors.sandbox.frame import iso
from connectors.sandbox.okta_events import digest
from connectors.sandbox.okta_expressions import identity
from connectors.sandbox.okta_state import OktaState
from connectors.sandbox.okta_world import APP_ATTRIBUTES, App, AppUser, SchemaAttribute, User

_PROVIDERS = {"ad": "ACTIVE_DIRECTORY", "ldap": "LDAP"}
_POOL_TYPES = {"ad": "AD", "ldap": "LDAP"}
_LIFECYCLE = ("suspend", "deactivate")


def link(href: str, **more: Any) -> dict[str, Any]:
    """Return a link object."""
    return {"href": href, **more}


def user_json(state: OktaState, user: User, base: str) -> dict[str, Any]:
    """Return a user; the provider names who checks the password, which is the first directory."""
    home = f"{base}/api/v1/users/{user.id}"
    directory = next((state.apps[app_id] for app_id in user.links if state.apps[app_id].is_directory), None)
    provider = {"type": "OKTA", "name": "OKTA"}
    if directory is not None:
        provider = {"type": _PROVIDERS[directory.kind], "name": directory.label}
    links = {
        "schema": link(f"{base}/api/v1/meta/schemas/user/{state.user_schema_id}"),
        "self": link(home),
        "type": link(f"{base}/api/v1/meta/types/user/{state.user_type_id}"),
    }
    return {
        "id": user.id,
        "status": user.status,
        "created": iso(user.created),
        "activated": None if user.status == "STAGED" else iso(user.created),
        "statusChanged": iso(user.created),
        "lastLogin": None,
        "lastUpdated": iso(user.last_updated),
        "passwordChanged": None,
        "type": {"id": state.user_type_id},
        "profile": {"mobilePhone": None, "secondEmail": None, **user.profile},
        "credentials": {
            "emails": [{"value": user.profile.get("email"), "status": "VERIFIED", "type": "PRIMARY"}],
            "provider": provider,
        },
        "_links": links | {name: link(f"{home}/lifecycle/{name}", method="POST") for name in _LIFECYCLE},
    }


def app_user_json(app: App, user: User, base: str) -> dict[str, Any]:
    """Return Okta's copy of a directory's user; `lastSync` is there for provisioning apps only (recorded so)."""
    held: AppUser = user.links[app.id]
    answer = {
        "id": user.id,
        "externalId": held.external_id,
        "created": iso(held.created),
        "lastUpdated": iso(held.last_updated),
        "scope": held.scope,
        "status": "ACTIVE",
        "statusChanged": iso(held.created),
        "passwordChanged": None,
        "syncState": "SYNCHRONIZED" if app.is_directory else "DISABLED",
        "credentials": {"userName": held.user_name},
        "profile": dict(held.profile),
        "_links": {
            "app": link(f"{base}/api/v1/apps/{app.id}"),
            "user": link(f"{base}/api/v1/users/{user.id}"),
        },
    }
    if "IMPORT_PROFILE_UPDATES" in app.features:
        answer["lastSync"] = iso(held.last_sync)
    return answer


def app_json(state: OktaState, app: App, base: str) -> dict[str, Any]:
    """Return an application; a directory's `signOnMode` is null and its domain is the `namingContext`."""
    home = f"{base}/api/v1/apps/{app.id}"
    settings: dict[str, Any] = {}
    if app.kind == "ad":
        settings = {
            "jitGroupsAcrossDomains": False,
            "password": None,
            "scanRate": None,
            "searchOrgUnit": None,
            "filterGroupsByOU": False,
            "namingContext": app.label,
            "login": None,
            "activationEmail": None,
        }
    return {
        "id": app.id,
        "orn": f"orn:oktapreview:idp:{state.org_id}:apps:{app.name}:{app.id}",
        "name": app.name,
        "label": app.label,
        "status": app.status,
        "lastUpdated": iso(app.created),
        "created": iso(app.created),
        "accessibility": {"selfService": False, "errorRedirectUrl": None, "loginRedirectUrl": None},
        "visibility": {"autoSubmitToolbar": False, "hide": {"iOS": False, "web": False}, "appLinks": {}},
        "features": list(app.features),
        "signOnMode": None if app.is_directory else "OPENID_CONNECT",
        "credentials": {"userNameTemplate": {"template": "${source.login}", "type": "BUILT_IN"}, "signing": {}},
        "universalLogout": {"status": "UNSUPPORTED"},
        "settings": {
            "app": settings,
            "notifications": {"vpn": {"network": {"connection": "DISABLED"}, "message": None, "helpUrl": None}},
            "manualProvisioning": False,
            "implicitAssignment": False,
            "emOptInStatus": "NONE",
        },
        "_links": {
            "appLinks": [],
            "policies": link(f"{home}/policies", hints={"allow": ["PUT"]}),
            "profileEnrollment": link(f"{base}/api/v1/policies/rst{app.id[3:]}"),
            "accessPolicy": link(f"{base}/api/v1/policies/rst{app.id[:2:-1]}"),
            "uploadLogo": link(f"{home}/logo", hints={"allow": ["POST"]}),
            "logo": [{"name": "medium", "href": f"{base}/img/logos/{app.name}.png", "type": "image/png"}],
            "groups": link(f"{home}/groups"),
            "users": link(f"{home}/users"),
            "deactivate": link(f"{home}/lifecycle/deactivate"),
        },
    }


def app_user_type_json(app: App, base: str) -> dict[str, Any]:
    """Return the app's user type, whose id a reapply takes.

    Okta does not document this answer; its fields are those that a published client reads, the values inferred:
    https://github.com/okta/terraform-provider-okta/blob/master/sdk/app_user_type.go
    """
    return {
        "id": app.type_id,
        "displayName": f"{app.label} User",
        "name": app.name,
        "schemas": [f"{base}/api/v1/meta/schemas/apps/{app.id}/default"],
        "isDefault": True,
        "type": "AppUser",
        "_links": {"self": link(f"{base}/api/v1/apps/{app.id}/user/types/{app.type_id}")},
    }


def mapping_json(state: OktaState, app: App, base: str, *, to_okta: bool, properties: bool) -> dict[str, Any]:
    """Return one of an app's two mappings; lists leave `properties` out."""
    app_side = {
        "id": app.id,
        "name": app.name,
        "type": "appuser",
        "_links": {
            "self": link(f"{base}/api/v1/apps/{app.id}"),
            "schema": link(f"{base}/api/v1/meta/schemas/apps/{app.id}/default"),
        },
    }
    user_side = {
        "id": state.user_type_id,
        "name": "user",
        "type": "user",
        "_links": {
            "self": link(f"{base}/api/v1/meta/types/user/{state.user_type_id}"),
            "schema": link(f"{base}/api/v1/meta/schemas/user/{state.user_schema_id}"),
        },
    }
    mapping_id = app.to_okta_id if to_okta else app.to_app_id
    answer: dict[str, Any] = {"id": mapping_id}
    answer["source"], answer["target"] = (app_side, user_side) if to_okta else (user_side, app_side)
    if properties:
        answer["properties"] = _properties(app, to_okta=to_okta)
    answer["_links"] = {"self": link(f"{base}/api/v1/mappings/{mapping_id}")}
    return answer


def _properties(app: App, *, to_okta: bool) -> dict[str, dict[str, str]]:
    if to_okta:
        return {k: {"expression": row.expression, "pushStatus": row.push_status} for k, row in app.to_okta.items()}
    pairs = {identity(row.expression): attribute for attribute, row in app.to_okta.items()}
    return {
        name: {"expression": f"user.{attribute}", "pushStatus": "DONT_PUSH"}
        for name, attribute in pairs.items()
        if name
    }


def user_type_json(state: OktaState, base: str) -> dict[str, Any]:
    """Return the org's one user type."""
    return {
        "id": state.user_type_id,
        "displayName": "User",
        "name": "user",
        "description": "Okta user profile template with default permission settings",
        "createdBy": "sprz0000000000000000",
        "lastUpdatedBy": "sprz0000000000000000",
        "created": iso(state.created),
        "lastUpdated": iso(state.created),
        "default": True,
        "_links": {
            "self": link(f"{base}/api/v1/meta/types/user/{state.user_type_id}"),
            "schema": link(f"{base}/api/v1/meta/schemas/user/{state.user_schema_id}"),
        },
    }


def user_schema_json(state: OktaState, base: str) -> dict[str, Any]:
    """Return the user schema with the attributes' sources and constraints."""
    parts: dict[str, dict[str, Any]] = {"base": {}, "custom": {}}
    for name, rule in state.schema.items():
        parts["custom" if rule.custom else "base"][name] = _attribute_json(name, rule)
    home = f"{base}/api/v1/meta/schemas/user/{state.user_schema_id}"
    required = [name for name, rule in state.schema.items() if rule.required]
    return _schema_json(home, "user", "User", iso(state.created), parts, required)


def app_schema_json(app: App, base: str) -> dict[str, Any]:
    """Return the app user's schema; `externalName` is the attribute's name in the directory itself."""
    home = f"{base}/api/v1/meta/schemas/apps/{app.id}/default"
    attributes = {
        name: {
            "title": name,
            "type": "string",
            "externalName": external,
            "required": name == "userName",
            "scope": "NONE",
            "master": {"type": "PROFILE_MASTER"},
        }
        for name, external in APP_ATTRIBUTES[app.kind]
    }
    user_name = {"userName": attributes.pop("userName")} if "userName" in attributes else {}
    parts = {"base": user_name, "custom": attributes}
    return _schema_json(home, app.name, f"{app.label} User", iso(app.created), parts, list(user_name))


def _attribute_json(name: str, rule: SchemaAttribute) -> dict[str, Any]:
    answer: dict[str, Any] = {"title": rule.title, "type": "string", "required": rule.required or None}
    answer |= {"mutability": "READ_WRITE", "scope": "NONE"}
    if rule.min_length is not None:
        answer["minLength"] = rule.min_length
    if rule.max_length is not None:
        answer["maxLength"] = rule.max_length
    if name in ("email", "secondEmail"):
        answer["format"] = "email"
    if name == "login":
        answer["unique"] = "UNIQUE_VALIDATED"  # recorded as a text, described as a boolean
    answer["permissions"] = [{"principal": "SELF", "action": "READ_ONLY"}]
    answer["master"] = {"type": rule.master} if rule.master else None
    if rule.master == "OVERRIDE":
        answer["master"]["priority"] = [{"type": "APP", "value": app_id} for app_id in rule.priority]
    return answer


def _schema_json(
    home: str, name: str, title: str, created: str | None, parts: dict[str, dict[str, Any]], required: list[str]
) -> dict[str, Any]:
    return {
        "id": home,
        "$schema": "http://json-schema.org/draft-04/schema#",
        "name": name,
        "title": title,
        "lastUpdated": created,
        "created": created,
        "definitions": {
            "custom": {"id": "#custom", "type": "object", "properties": parts["custom"], "required": []},
            "base": {"id": "#base", "type": "object", "properties": parts["base"], "required": required},
        },
        "type": "object",
        "properties": {"profile": {"allOf": [{"$ref": "#/definitions/custom"}, {"$ref": "#/definitions/base"}]}},
        "_links": {"self": link(home, method="GET", rel="self")},
    }


def agent_pool_json(state: OktaState, app: App, base: str) -> dict[str, Any]:
    """Return a directory's agent pool; its id is the directory's app id (seen in recordings, not documented)."""
    working = app.agents == "OPERATIONAL"
    agents = [
        {
            "id": f"a53{digest(app.id, number)[:17]}",
            "poolId": app.id,
            "name": f"agent{number}.{app.label}",
            "type": _POOL_TYPES[app.kind],
            "version": "3.22.0",
            "operationalStatus": app.agents,
            "lastConnection": int((state.frame.clock() if working else app.created).timestamp() * 1000),
            "isHidden": False,
            "isLatestGAedVersion": True,
            "latestGAedVersion": "3.22.0",
            "_links": {},
        }
        for number in (1, 2)
    ]
    return {
        "id": app.id,
        "name": app.label,
        "type": _POOL_TYPES[app.kind],
        "operationalStatus": app.agents,
        "disruptedAgents": len(agents) if app.agents == "DISRUPTED" else 0,
        "inactiveAgents": len(agents) if app.agents == "INACTIVE" else 0,
        "agents": agents,
        "_links": {"self": link(f"{base}/api/v1/agentPools/{app.id}")},
    }
