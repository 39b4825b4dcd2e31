"""The checker of answers must see a departure, and never pass because files are missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.descriptions import SPECS, Description, named_folder

TINY: dict[str, Any] = {
    "paths": {
        "/cats/{id}": {"get": {"responses": {"200": {"$ref": "#/components/responses/Cat"}, "204": {}}}},
        "/cats/count": {"get": {"responses": {"default": {"content": {"application/json": {}}}}}},
    },
    "components": {
        "responses": {"Cat": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Cat"}}}}},
        "schemas": {
            "Cat": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name"],
                "properties": {"name": {"type": "string"}, "chip": {"type": "string", "nullable": True}},
            }
        },
    },
}


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Description:
    (tmp_path / "tiny.json").write_text(json.dumps(TINY), encoding="utf-8")
    monkeypatch.setenv(SPECS, str(tmp_path))
    return Description("tiny.json")


def test_an_answer_may_say_more_than_described_but_not_less_or_other(tiny: Description) -> None:
    assert tiny.problems("GET", "/cats/1", 200, {"name": "Mo", "chip": None, "colour": "grey"}) == []
    assert tiny.problems("GET", "/cats/1", 200, {"chip": "1"}) == [": 'name' is a required property"]
    assert tiny.problems("GET", "/cats/1", 200, {"name": 3}) == ["name: 3 is not of type 'string'"]


def test_what_is_not_described_is_a_problem(tiny: Description) -> None:
    assert tiny.problems("GET", "/dogs", 200, {}) == ["GET /dogs is not described"]
    assert tiny.problems("GET", "/cats/1", 500, {}) == ["GET /cats/1: the status 500 is not described"]
    assert tiny.problems("GET", "/cats/1", 204, {"name": "Mo"}) == ["GET /cats/1: a body, where none is described"]


def test_a_path_without_placeholders_wins(tiny: Description) -> None:
    assert tiny.endpoint("GET", "/cats/count") == TINY["paths"]["/cats/count"]["get"]


def test_a_folder_that_is_named_and_missing_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(SPECS, str(tmp_path / "missing"))

    with pytest.raises(pytest.fail.Exception, match="is no folder"):
        named_folder(SPECS)


def test_a_folder_that_is_not_named_skips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SPECS, raising=False)

    with pytest.raises(pytest.skip.Exception, match="is not set"):
        named_folder(SPECS)
