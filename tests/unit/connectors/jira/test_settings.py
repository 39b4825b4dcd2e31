"""Settings of a Jira desk that cannot work are refused, and the error names the setting."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from connectors.jira import JiraSettings, ProjectSettings
from tests.unit.jira_site import TOKEN


@pytest.mark.parametrize(
    ("changes", "reported"),
    [
        ({"email": ""}, "email\n  Value error, Jira Cloud needs"),
        ({"deployment": "datacenter", "auth": "basic", "email": ""}, "user's name"),
        ({"url": "https://api.atlassian.com/ex/jira/11f4"}, "browse_url"),
        ({"browse_url": "javascript:alert(1)"}, "browse_url"),
        ({"projects": {"ENG": {"kind": "software", "request_types": ["Get help"]}}}, "projects.ENG.request_types"),
        ({"projects": {"sup": {"kind": "software"}}}, "sup: allowed: a project's key"),
        ({"projects": {"SUP": {"kind": "service_desk"}}}, "SUP.service_desk_id: needed"),
        ({"projects": {}}, "projects"),
        ({"label": 'a" OR 1=1'}, "label"),
        ({"deployment": "server"}, "'cloud' or 'datacenter'"),
        ({"lable": "x"}, "lable"),
        ({"fields": {"user": "Affected user"}}, "fields.user"),
        ({"token": SecretStr(f"Basic {TOKEN}")}, "token\n  Value error, found a blank; allowed: the secret alone"),
        (
            {"deployment": "datacenter", "token": SecretStr(f"{TOKEN} ")},
            "token\n  Value error, found a blank; allowed: the secret alone",
        ),
    ],
)
def test_settings_that_cannot_work_are_refused_by_name(changes: dict[str, Any], reported: str) -> None:
    values: dict[str, Any] = {
        "url": "https://example.atlassian.net",
        "email": "forcesync@example.com",
        "token": SecretStr(TOKEN),
        "projects": {"ENG": {"kind": "software"}},
    }
    assert JiraSettings(**values).projects["ENG"].kind == "software"
    with pytest.raises(ValidationError) as caught:
        JiraSettings(**values | changes)
    assert reported in str(caught.value)
    assert TOKEN not in str(caught.value)


def test_the_password_of_a_data_center_user_may_hold_blanks_and_any_letter() -> None:
    settings = JiraSettings(
        url="https://jira.example.com",
        deployment="datacenter",
        auth="basic",
        email="svc.forcesync",
        token=SecretStr("päss →  word"),
        projects={"ENG": ProjectSettings(kind="software")},
    )
    assert settings.token.get_secret_value() == "päss →  word"
