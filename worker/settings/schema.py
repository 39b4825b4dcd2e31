"""The JSON Schema of the settings file, for editors: every table, the desks' by their kind, and secrets from files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from worker.settings.faults import is_secret
from worker.settings.model import Settings
from worker.settings.tables import AudienceSettings

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Json = dict[str, Any]


def schema_of(desks: Mapping[str, type[BaseModel]]) -> Json:
    """Return the schema; `desks` are the settings of each kind of desk.

    No table requires what the environment may hold instead, so a file that fits may still lack a key.
    """
    schema = Settings.model_json_schema()
    definitions: Json = schema.setdefault("$defs", {})
    audience = AudienceSettings.model_json_schema()["properties"]
    for kind, model in desks.items():
        own = model.model_json_schema(ref_template=f"#/$defs/{kind}.{{model}}")
        definitions |= {f"{kind}.{name}": held for name, held in own.pop("$defs", {}).items()}
        own["properties"] = {**own["properties"], **audience, "kind": {"const": kind}}
        definitions[kind] = own | {"required": ["kind"]}
    schema["properties"]["desks"]["additionalProperties"] = {
        "type": "object",
        "required": ["kind"],
        "allOf": [_if_kind(kind) for kind in desks],
        "properties": {"kind": {"enum": sorted(desks)}},
    }
    for table in (schema, *definitions.values()):
        _with_files(table)
    return {"$schema": DIALECT, **schema}


def _if_kind(kind: str) -> Json:
    """Hold a desk's table against its own kind alone, so that an editor tells the fault and not all kinds' faults."""
    return {
        "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
        "then": {"$ref": f"#/$defs/{kind}"},
    }


def _with_files(table: Json) -> None:
    """Let each secret of a table come from a file, and require nothing that the environment may hold."""
    properties: Json = table.get("properties", {})
    for name, held in list(properties.items()):
        if is_secret(name) and _is_password(held):
            properties[f"{name}_file"] = {"type": "string", "description": f"A file that holds `{name}`."}
    required = [name for name in table.get("required", []) if name == "kind"]
    table.pop("required", None)
    if required:
        table["required"] = required


def _is_password(held: Any) -> bool:
    options = [held, *held.get("anyOf", [])]
    return any(item.get("format") == "password" for item in options)
