"""The settings of a ServiceNow desk: what they allow, and what they refuse before any call."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.jira import JiraSettings
from connectors.servicenow import ServiceNowSettings
from connectors.servicenow.settings import TABLES, FormVariables
from workflows.model import Route

ROOT = Path(__file__).resolve().parents[4]
README = "\n".join(
    (ROOT / name).read_text(encoding="utf-8") for name in ("connectors/servicenow/README.md", "worker/README.md")
)

JIRA = {
    "url": "https://jira.example.com",
    "email": "us@example.com",
    "token": "t",
    "projects": {"ENG": {"kind": "software"}},
}


def settings(**changes: Any) -> ServiceNowSettings:
    values = {"url": "https://127.0.0.1", "user": "svc", "password": "pw", "escalation_group": "Identity Operations"}
    return ServiceNowSettings(**values | changes)


def test_the_readmes_tables_can_be_used() -> None:
    blocks = [text for text in re.findall(r"```toml\n(.*?)```", README, re.S) if "[desks.servicenow.tables." in text]
    tables = [tomllib.loads(text)["desks"]["servicenow"]["tables"] for text in blocks]
    used = settings(tables={name: table for part in tables for name, table in part.items()})
    own = "x_corp_ident_request"
    assert {"incident", "sc_req_item", own} == used.tables.keys()
    assert (used.tables[own].hold_reason, used.tables[own].state_field) == (None, "stage")
    assert used.form_of(own).user == "person"
    assert (used.group_of(own), used.group_of("incident")) == ("Directory Services", "Identity Operations")


def test_a_default_table_that_is_named_keeps_its_own_defaults() -> None:
    variables = {"user": "affected_user"}
    used = settings(tables={"sc_req_item": {"variables": variables}, "u_request": {}, "incident": {"working": "9"}})
    assert TABLES["sc_req_item"] == used.tables["sc_req_item"].model_copy(update={"variables": FormVariables()})
    assert (TABLES["incident"], "9") == (used.tables["u_request"], used.tables["incident"].working)


def test_the_readmes_routes_can_be_used() -> None:
    (block,) = (text for text in re.findall(r"```toml\n(.*?)```", README, re.S) if "[desks.servicenow.routes]" in text)
    desks = tomllib.loads(block)["desks"]
    used = settings(routes=desks["servicenow"]["routes"])
    assert set(Route) == used.routes.keys() > JiraSettings.model_validate(JIRA | desks["jira"]).routes.keys()
    assert ("Directory Services", "Identity Operations") == (
        used.group_of("incident", "directory_team"),
        used.group_of("incident"),
    )


@pytest.mark.parametrize(
    ("auth", "missing"),
    [
        ("basic", "password"),
        ("oauth_password", "password, client_id, client_secret"),
        ("oauth_client_credentials", "client_id, client_secret"),
        ("api_key", "api_key"),
    ],
)
def test_each_way_to_sign_in_names_what_it_needs(auth: str, missing: str) -> None:
    with pytest.raises(ValidationError) as caught:
        settings(auth=auth, password=None)
    told = {str(item["loc"][-1]): item["msg"] for item in caught.value.errors()}
    assert missing.split(", ") == [key for key, text in told.items() if f"auth '{auth}' needs it; set it" in text]


@pytest.mark.parametrize(
    "changes",
    [
        {"user": ""},
        {"user": " "},
        {"tag": "a^ORactive=true"},
        {"escalation_group": "a^b"},
        {"tables": {"incident^x": {}}},
        {"tables": {"incident": {"state_field": "state^x"}}},
        {"tables": {"incident": {"done": ["7"]}}},
        {"tables": {"incident": {"done": ["2", "6"]}}},
        {"tables": {}},
        {"read_timeout": 90},
        {"auth": "kerberos"},
        {"routes": {"nobody": {}}},
        {"routes": {"okta_support": {"group": "a^b"}}},
    ],
)
def test_settings_that_cannot_work_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        settings(**changes)
