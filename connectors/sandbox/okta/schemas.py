"""The JSON of the simulated org's schemas: of user types and of app users.

Nulls and the string for `unique` are as recorded from real orgs, even where Okta's description differs.
"""

from __future__ import annotations

from typing import Any

from connectors.sandbox.okta.instance import OktaState
from connectors.sandbox.okta.shapes import link
from connectors.sandbox.okta.tables import APP_ATTRIBUTES
from connectors.sandbox.okta.world import App, SchemaAttribute, UserType
from connectors.sandbox.wire.frame import iso


def user_schema_json(state: OktaState, kind: UserType, base: str) -> dict[str, Any]:
    """Return a user type's schema with the attributes' sources and constraints."""
    parts: dict[str, dict[str, Any]] = {"base": {}, "custom": {}}
    for name, rule in kind.schema.items():
        parts["custom" if rule.custom else "base"][name] = _attribute_json(name, rule)
    home = f"{base}/api/v1/meta/schemas/user/{kind.schema_id}"
    required = [name for name, rule in kind.schema.items() if rule.required]
    return _schema_json(home, "user", kind.title, iso(state.created), parts, required)


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
    if rule.enum:
        answer["enum"] = list(rule.enum)
    if name in ("email", "secondEmail"):
        answer["format"] = "email"
    if rule.unique:
        answer["unique"] = "UNIQUE_VALIDATED"  # recorded as a string, described as a boolean
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
