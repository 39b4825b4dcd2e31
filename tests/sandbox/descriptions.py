"""Checks answers against the vendors' published descriptions (OpenAPI 3.0), and finds recorded answers.

The files are outside the project, in folders named by environment variables. If one is unset, a test skips and says so;
if the folder is missing, it fails, so a broken set-up cannot pass.
"""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped, unused-ignore]  # no stubs among the dependencies
from jsonschema import Draft4Validator  # type: ignore[import-untyped, unused-ignore]

SPECS = "FORCESYNC_VENDOR_SPECS"
RECORDINGS = "FORCESYNC_RECORDINGS"


def named_folder(variable: str) -> Path:
    """Return the folder that an environment variable names; skip if it is unset, fail if it is missing."""
    value = os.environ.get(variable)
    if not value:
        pytest.skip(f"{variable} is not set")
    folder = Path(value)
    if not folder.is_dir():
        pytest.fail(f"{variable} names {value!r}, which is no folder")
    return folder


def named_file(variable: str, name: str) -> Path:
    """Return a file of the folder that an environment variable names; skip or fail as for the folder."""
    file = named_folder(variable) / name
    if not file.is_file():
        pytest.fail(f"{variable} names a folder without {name}")
    return file


def recorded(name: str, place: int = 0) -> Any:
    """Return the body of one recorded answer."""
    text = named_file(RECORDINGS, name).read_text(encoding="utf-8")
    return json.loads(text)["interactions"][place]["response"]["body"]


class Description:
    """One vendor's description. With `nulls`, null is allowed everywhere, as vendors send it without saying so."""

    def __init__(self, name: str, *, nulls: bool = False) -> None:
        self._whole = _read(named_file(SPECS, name), nulls)

    def endpoint(self, method: str, path: str) -> dict[str, Any] | None:
        """Return a call's description, or None; a path without placeholders takes precedence."""
        found = [template for template in self._whole["paths"] if _pattern(template).fullmatch(path)]
        for template in sorted(found, key=lambda template: template.count("{")):
            operation = self._whole["paths"][template].get(method.lower())
            if operation is not None:
                return dict(operation)
        return None

    def problems(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """Return where an answer's body departs from its description; an undescribed call or status is a problem."""
        operation = self.endpoint(method, path)
        if operation is None:
            return [f"{method} {path} is not described"]
        answer = operation["responses"].get(str(status), operation["responses"].get("default"))
        if answer is None:
            return [f"{method} {path}: the status {status} is not described"]
        if "$ref" in answer:
            answer = self._whole["components"]["responses"][answer["$ref"].rsplit("/", 1)[1]]
        schemas = [held.get("schema") for kind, held in answer.get("content", {}).items() if "json" in kind]
        if not schemas:
            return [] if body in (None, b"", "") else [f"{method} {path}: a body, where none is described"]
        return self.departures(schemas[0], body)

    def departures(self, schema: dict[str, Any], body: Any) -> list[str]:
        """Return where a value departs from a schema, which may refer to the description's components."""
        whole = {"components": self._whole["components"], "allOf": [schema]}
        return [
            f"{'/'.join(str(part) for part in problem.absolute_path)}: {problem.message}"
            for problem in Draft4Validator(whole).iter_errors(body)
        ]


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(template)))


@cache
def _read(file: Path, nulls: bool) -> dict[str, Any]:
    text = file.read_text(encoding="utf-8")
    read: dict[str, Any] = _as_json_schema(json.loads(text) if file.suffix == ".json" else yaml.safe_load(text), nulls)
    return read


def _as_json_schema(node: Any, nulls: bool) -> Any:
    """Turn OpenAPI's own words into JSON Schema's: `nullable`, no `discriminator`, and never "nothing else allowed".

    Real answers say more than the descriptions that forbid it do (`untranslatedName` of a Jira field, for one).
    """
    if isinstance(node, list):
        return [_as_json_schema(part, nulls) for part in node]
    if not isinstance(node, dict):
        return node
    changed = {name: _as_json_schema(part, nulls) for name, part in node.items() if name != "discriminator"}
    if changed.get("additionalProperties") is False:
        del changed["additionalProperties"]
    if nulls or node.get("nullable") is True:
        if isinstance(node.get("type"), str):
            changed["type"] = [node["type"], "null"]
        if isinstance(node.get("enum"), list):
            changed["enum"] = [*node["enum"], None]
    return changed
