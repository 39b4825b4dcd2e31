"""The JSON of the simulated Okta's answers; `base` is the address the client called.

Shapes are as recorded from real orgs and described at https://developer.okta.com/docs/api/openapi/okta-management/.
Null is sent where recordings have it, even where the description omits it.
"""

from __future__ import annotations

from typing import Any

from connectors.sandbox.okta.expressions import identity
from connectors.sandbox.okta.instance import OktaState
from connectors.sandbox.okta.world import App, AppUser, Group, Mapping, User, UserType
from connectors.sandbox.wire.frame import iso

_PROVIDERS = {"ad": "ACTIVE_DIRECTORY", "ldap": "LDAP"}
_LIFECYCLE = ("suspend", "deactivate")


def link(href: str, **more: Any) -> dict[str, Any]:
    """Return a link object."""
    return {"href": href, **more}


def user_json(state: OktaState, user: User, base: str) -> dict[str, Any]:
    """Return a user; the provider is whoever checks the password: the first directory."""
    home = f"{base}/api/v1/users/{user.id}"
    directory = next((state.apps[app_id] for app_id in user.links if state.apps[app_id].is_directory), None)
    provider = {"type": "OKTA", "name": "OKTA"}
    if directory is not None:
        provider = {"type": _PROVIDERS[directory.kind], "name": directory.label}
    kind = state.user_types[user.type_id]
    links = {
        "schema": link(f"{base}/api/v1/meta/schemas/user/{kind.schema_id}"),
        "self": link(home),
        "type": link(f"{base}/api/v1/meta/types/user/{kind.id}"),
    }
    return {
        "id": user.id,
        "status": user.status,
        "created": iso(user.created),
        "activated": None if user.status == "STAGED" else iso(user.created),
        "statusChanged": iso(user.status_changed),
        "lastLogin": iso(user.last_login),
        "lastUpdated": iso(user.last_updated),
        "passwordChanged": None,
        "type": {"id": kind.id},
        "profile": {"mobilePhone": None, "secondEmail": None, **user.profile},
        "credentials": {
            "emails": [{"value": user.profile.get("email"), "status": "VERIFIED", "type": "PRIMARY"}],
            "provider": provider,
        },
        "_links": links | {name: link(f"{home}/lifecycle/{name}", method="POST") for name in _LIFECYCLE},
    }


def app_user_json(app: App, user: User, base: str) -> dict[str, Any]:
    """Return Okta's copy of a directory's user; only provisioning apps have `lastSync` (as recorded)."""
    held: AppUser = user.links[app.id]
    answer = {
        "id": user.id,
        "externalId": held.external_id,
        "created": iso(held.created),
        "lastUpdated": iso(held.last_updated),
        "scope": held.scope,
        "status": held.status,
        "statusChanged": iso(held.created),
        "passwordChanged": None,
        "syncState": held.sync_state,
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
        "signOnMode": "OPENID_CONNECT" if app.kind in ("oidc", "ldap_interface") else None,
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

    Okta does not document this answer; the fields are those a published client reads, the values are inferred:
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


def mapping_json(app: App, kind: UserType, base: str, *, to_okta: bool, properties: bool) -> dict[str, Any]:
    """Return one of an app's two mappings with a user type; lists omit `properties`."""
    app_side = {
        "id": app.id,
        "name": app.mapping_name,
        "type": "appuser",
        "_links": {
            "self": link(f"{base}/api/v1/apps/{app.id}"),
            "schema": link(f"{base}/api/v1/meta/schemas/apps/{app.id}/default"),
        },
    }
    user_side = {"id": kind.id, "name": kind.name, "type": "user", "_links": _type_links(kind, base)}
    mapping = app.mappings[kind.id]
    mapping_id = mapping.to_okta_id if to_okta else mapping.to_app_id
    answer: dict[str, Any] = {"id": mapping_id}
    answer["source"], answer["target"] = (app_side, user_side) if to_okta else (user_side, app_side)
    if properties:
        answer["properties"] = _properties(mapping, to_okta=to_okta)
    answer["_links"] = {"self": link(f"{base}/api/v1/mappings/{mapping_id}")}
    return answer


def _properties(mapping: Mapping, *, to_okta: bool) -> dict[str, dict[str, str]]:
    rows = mapping.to_okta
    if to_okta:
        return {name: {"expression": row.expression, "pushStatus": row.push_status} for name, row in rows.items()}
    pairs = {identity(row.expression): attribute for attribute, row in rows.items()}
    return {
        name: {"expression": f"user.{attribute}", "pushStatus": "DONT_PUSH"}
        for name, attribute in pairs.items()
        if name
    }


def _type_links(kind: UserType, base: str) -> dict[str, Any]:
    return {
        "self": link(f"{base}/api/v1/meta/types/user/{kind.id}"),
        "schema": link(f"{base}/api/v1/meta/schemas/user/{kind.schema_id}"),
    }


def user_type_json(state: OktaState, kind: UserType, base: str) -> dict[str, Any]:
    """Return a user type."""
    return {
        "id": kind.id,
        "displayName": kind.title,
        "name": kind.name,
        "description": "Okta user profile template with default permission settings" if kind.default else kind.title,
        "createdBy": "sprz0000000000000000",
        "lastUpdatedBy": "sprz0000000000000000",
        "created": iso(state.created),
        "lastUpdated": iso(state.created),
        "default": kind.default,
        "_links": _type_links(kind, base),
    }


def group_json(group: Group, base: str) -> dict[str, Any]:
    """Return a group; a directory group has the directory's description of it."""
    home = f"{base}/api/v1/groups/{group.id}"
    profile: dict[str, Any] = {"name": group.name, "description": None}
    if group.kind == "APP_GROUP":
        profile |= {"windowsDomainQualifiedName": group.name, "samAccountName": group.name}
    links = {"users": link(f"{home}/users"), "apps": link(f"{home}/apps"), "logo": []}
    if group.app_id is not None:
        links["source"] = link(f"{base}/api/v1/apps/{group.app_id}")
    return {
        "id": group.id,
        "created": iso(group.created),
        "lastUpdated": iso(group.created),
        "lastMembershipUpdated": iso(group.created),
        "objectClass": ["okta:user_group" if group.kind != "APP_GROUP" else "okta:windows_security_principal"],
        "type": group.kind,
        "profile": profile,
        "_links": links,
    }
