"""Schemas name the attributes of user types and of directories' copies."""

from __future__ import annotations

from typing import Any

from tests.unit.builders import directory
from tests.unit.okta_wire import org, said
from tests.unit.wire import Wire
from workflows.model import AppAttribute


def schema(*names: str) -> dict[str, Any]:
    return {"definitions": {"base": {"properties": {name: {"type": "string"} for name in names}}, "custom": {}}}


def test_the_directorys_schema_holds_each_attributes_name_in_the_directory(wire: Wire) -> None:
    base = {"properties": {"userName": {"type": "string", "required": True}}, "required": []}
    custom = {"properties": {"phone": {"type": "string", "externalName": "telephoneNumber"}, "odd": None}}
    found = org(wire, said({"definitions": {"base": base, "custom": custom}})).app_schema(directory())
    assert found == (
        AppAttribute(name="userName"),
        AppAttribute(name="phone", external_name="telephoneNumber"),
    )


def test_the_attributes_of_every_user_type_are_known_and_read_once(wire: Wire) -> None:
    kinds = [{"id": "oty1", "_links": {"schema": {"href": "https://x/api/v1/meta/schemas/user/osc1"}}}, {"id": "oty2"}]
    okta = org(wire, said(kinds), said(schema("login", "title")), said(schema("login", "badge")))
    for _ in range(2):
        assert {"login", "title", "badge"} == okta.user_attributes()
    assert ["/api/v1/meta/types/user", "/api/v1/meta/schemas/user/osc1", "/api/v1/meta/schemas/user/default"] == [
        request.line.split()[1] for request in wire.requests
    ]
