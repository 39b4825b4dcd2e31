"""The schema for editors accepts what the program accepts, and tells a wrong key of a desk."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped, unused-ignore]

from worker import wiring
from worker.settings.schema import schema_of

ROOT = Path(__file__).resolve().parents[4]
SCHEMA = schema_of(wiring.desk_models())


def examples() -> list[dict[str, Any]]:
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "worker/README.md")]
    blocks = [block for text in texts for block in re.findall(r"^```toml\n(.*?)^```", text, re.M | re.S)]
    return [tomllib.loads(block) for block in blocks if "[okta." in block]


def faults(table: dict[str, Any]) -> list[str]:
    return [error.message for error in Draft202012Validator(SCHEMA).iter_errors(table)]


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("table", examples(), ids=lambda table: "+".join(table["desks"]))
def test_the_documented_settings_fit(table: dict[str, Any]) -> None:
    assert [] == faults(table)


def test_there_are_documented_settings() -> None:
    assert len(examples()) >= 2


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"policy": {"poll_evry": 5}}, "poll_evry"),
        ({"desks": {"jira": {"kind": "jira", "lable": "x"}}}, "lable"),
        ({"desks": {"snow": {"kind": "servicenow", "label": "x"}}}, "label"),
        ({"desks": {"snow": {"kind": "remedy"}}}, "remedy"),
        ({"policy": {"default_autonomy": "always"}}, "always"),
    ],
)
def test_a_wrong_key_or_value_is_told_alone(change: dict[str, Any], named: str) -> None:
    (text,) = faults(change)
    assert named in text


def test_a_secret_may_come_from_a_file_and_nothing_else_may() -> None:
    assert [] == faults({"okta": {"main": {"token_file": "/run/secrets/okta"}}})
    assert ["url_file"] == re.findall(
        r"'(\w+_file)' was unexpected", str(faults({"okta": {"main": {"url_file": "x"}}}))
    )
